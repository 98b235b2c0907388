import type { FlowReport, Report, VerdictClass } from '../result.js'
import type { Item } from './items.js'
import type { Leg, Legs } from './legs.js'
import { SHORTEST_SILENCE } from './policy.js'
import type { SilenceRow } from './story.js'
import { duration } from './units.js'

/** Verdicts that rest on nothing more having come. */
const RESTS_ON_SILENCE: ReadonlySet<VerdictClass> = new Set(['half-open-zombie', 'connect-timeout', 'open'])

/**
 * The silence between the last row and the end of the capture, where the verdict rests on it. Of several captures it is that one's in which the
 * next packet would have been seen.
 */
export function silenceToTheEnd(
  { captures }: Report,
  legs: Legs,
  focus: FlowReport,
  items: readonly Item[],
): SilenceRow[] {
  const last = items.at(-1)
  if (focus.watchedUntil === undefined || last?.kind !== 'step') return []
  // After a RST nothing is waited for, nor when other legs went on since an attempt to connect was given up.
  const wentOn = focus.verdict.class === 'connect-timeout' && last.step.leg.flow !== focus
  const isOver = focus.close.second !== null || focus.close.first?.flag === 'RST' || wentOn
  if (!RESTS_ON_SILENCE.has(focus.verdict.class) || isOver) return []
  const until = last.step.lastTime
  const seconds = focus.watchedUntil - until
  // Rows of other legs may stand below its own; where its own last packet is not shown, nothing is known of what came after the last row.
  if (until < focus.end || seconds < SHORTEST_SILENCE) return []
  const [capture, another] = captures
  const isEnd = another !== undefined || (capture?.seconds ?? 0) - focus.watchedUntil < SHORTEST_SILENCE
  const what = isEnd ? 'the end of the capture' : 'a pause of the capture'
  const { client, server } = legs.legs.find((leg) => leg.flow === focus) as Leg
  return [
    {
      kind: 'silence',
      seconds,
      label: `${duration(seconds)} without a packet, to ${what}`,
      shortLabel: `${duration(seconds)} to ${isEnd ? "the capture's end" : 'a pause'}`,
      size: 'long',
      from: client,
      to: server,
    },
  ]
}
