import type { CloseSample } from './close-samples.js'
import type { Found } from './inferred-timer.js'
import { timerPolicy } from './policy.js'
import { bestRun } from './steady.js'

/** What is compared: the silence before the close, or the age of the connection. */
export type Measure = 'silence' | 'age'

/** Which closes make a cluster. */
export interface ClusterRule {
  readonly measure: Measure
  readonly leastNs: number
  /** Fewest of them; two will do only where verdicts call both a timer's. */
  readonly closes: number
  /** Nanoseconds that a cluster which begins at this value may spread. */
  readonly width: (value: number) => number
}

/** The closes that agree, by one measure, more than their surroundings explain; null: none do. */
export function clusterOf(samples: readonly CloseSample[], rule: ClusterRule): Found | null {
  const measured: { readonly sample: CloseSample; readonly value: number }[] = []
  let longEnough = 0
  for (const sample of samples) {
    const value = rule.measure === 'silence' ? sample.gapNs : sample.ageNs
    if (value === null) continue
    measured.push({ sample, value })
    if (value >= rule.leastNs) longEnough++
  }
  // Most sides close as soon as they are done: there is nothing to sort then.
  if (longEnough < rule.closes) return null
  measured.sort((a, b) => a.value - b.value)
  const values = measured.map(({ value }) => value)
  const run = bestRun(values, { least: rule.leastNs, width: rule.width, count: rule.closes })
  if (run === null) return null
  // Busy servers fire late now and then: what the verdicts give to a timer as well, close by, is the same one.
  let { from, to } = run
  const isLate = (at: number, edge: number): boolean =>
    measured[at].sample.byTimer && Math.abs(values[at] - edge) <= timerPolicy.lateNs
  while (from > 0 && isLate(from - 1, values[run.from]) && values[from - 1] >= rule.leastNs) from--
  while (to < values.length && isLate(to, values[run.to - 1])) to++
  const closes = measured.slice(from, to).map(({ sample }) => sample)
  const sure = closes.every(({ byTimer }) => byTimer)
  if (!sure && (closes.length < timerPolicy.steadyCloses || moments(closes) < 2)) return null
  return { kind: rule.measure, closes, values: values.slice(from, to), ticking: false }
}

/** How many events the closes were: a sweep or a script's end closes several at once. */
export function moments(closes: readonly CloseSample[]): number {
  const times = closes.map(({ closeNs }) => closeNs).sort((a, b) => a - b)
  return times.filter((time, at) => at === 0 || time - times[at - 1] > timerPolicy.oneMomentNs).length
}
