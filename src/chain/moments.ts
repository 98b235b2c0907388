/** Ends that came in one moment: what of them is no coincidence, and no timer. */
import type { FlowFacts } from '../facts/flow-facts.js'
import type { ShutdownFacts } from '../facts/leg-facts.js'
import { shutdownPolicy } from './policy.js'

/** A shutdown, with the time of one of its closes in nanoseconds. */
export interface ShutdownMoment {
  readonly ns: number
  readonly facts: ShutdownFacts
}

/** When a flow was closed first; nanoseconds. 0: it was not. */
export function closeNs(flow: FlowFacts): number {
  return flow.close.first?.ns ?? 0
}

/** Puts ends in order, and those together that came within one moment of the first of them. */
export function inMoments<End>(ends: End[], nsOf: (end: End) => number): End[][] {
  ends.sort((a, b) => nsOf(a) - nsOf(b))
  const moments: End[][] = []
  for (let from = 0; from < ends.length;) {
    let to = from + 1
    while (to < ends.length && nsOf(ends[to]) - nsOf(ends[from]) <= shutdownPolicy.oneMomentNs) to++
    moments.push(ends.slice(from, to))
    from = to
  }
  return moments
}

/**
 * How far ends lie apart, and the silences before them; null: not far enough for more than one timer.
 * @param leastApartNs silences of one timer may differ by so much, if by more than usual
 */
export function differing(
  timesNs: readonly number[],
  silencesNs: readonly number[],
  leastApartNs = 0,
): Pick<ShutdownFacts, 'withinNs' | 'silencesSpreadNs'> | null {
  const withinNs = Math.max(...timesNs) - Math.min(...timesNs)
  const silencesSpreadNs = Math.max(...silencesNs) - Math.min(...silencesNs)
  const apart = Math.max(shutdownPolicy.spreadRatio * withinNs, shutdownPolicy.sameGapNs, leastApartNs)
  return silencesSpreadNs > apart ? { withinNs, silencesSpreadNs } : null
}

/** The one of these shutdowns in whose moment this time lies; null: none. */
export function shutdownAt(moments: readonly ShutdownMoment[], ns: number): ShutdownFacts | null {
  return moments.find((moment) => Math.abs(moment.ns - ns) <= shutdownPolicy.oneMomentNs)?.facts ?? null
}
