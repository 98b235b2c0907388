/** Values that agree better than chance would have it. Plain arithmetic: knows no connection. */
import { perWindow } from '../chain/chance.js'
import { firstAtLeast } from '../chain/ordered.js'
import { timerPolicy } from './policy.js'

/** A run of ascending values, `from` (inclusive) to `to`. */
export interface Run {
  readonly from: number
  readonly to: number
}

/** What a run has to be. Values and widths in one unit. */
export interface Wanted {
  /** Runs begin at this value or above; smaller values count as surroundings only. */
  readonly least: number
  /** How far the values of a run that begins at this value may spread. */
  readonly width: (value: number) => number
  /** Fewest values of a run. */
  readonly count: number
}

/** The run of ascending values that stands out most from its surroundings; the tightest of equal ones. Null: none stands out. */
export function bestRun(values: readonly number[], wanted: Wanted): Run | null {
  let best: Run | null = null
  let bestSurplus = 0
  let from = firstAtLeast(values, wanted.least)
  const middle = values.length === 0 ? 0 : wanted.width(median(values, { from: 0, to: values.length }))
  const anywhere = middle >= timerPolicy.wideNs ? perWindow(values, middle) / middle : 0
  for (let to = from + 1; to <= values.length; to++) {
    while (values[to - 1] - values[from] > wanted.width(values[from])) from++
    const run = { from, to }
    if (to - from < wanted.count) continue
    const surplus = to - from - needed(values, run, wanted.width(values[from]), anywhere)
    const tighter = best === null || spread(values, run) < spread(values, best)
    if (surplus > bestSurplus || (surplus === bestSurplus && tighter)) [best, bestSurplus] = [run, surplus]
  }
  return best
}

/** Last minus first value of a run. */
function spread(values: readonly number[], { from, to }: Run): number {
  return values[to - 1] - values[from]
}

/** Middle value of a run. */
export function median(values: readonly number[], { from, to }: Run): number {
  const middle = (from + to) >> 1
  return (to - from) % 2 === 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
}

/**
 * How many values a window has to hold to be no accident. The values nearby, spread evenly, would put `expected` of them into it, and a
 * Poisson count of that mean stays below expected + 6 √expected + 2 in all windows of any capture. None nearby: what falls into any
 * window counts (`anywhere`, by unit of width), and one more; windows that are not wide: 0.
 */
function needed(values: readonly number[], run: Run, width: number, anywhere: number): number {
  const centre = median(values, run)
  const reach = centre * timerPolicy.surroundings
  const nearby = firstAtLeast(values, centre + reach) - firstAtLeast(values, centre - reach)
  const others = nearby - (run.to - run.from)
  const everywhere = anywhere * width
  if (others <= 0)
    return everywhere === 0 ? 0 : everywhere + timerPolicy.chanceDeviations * Math.sqrt(everywhere) + 1
  const expected = Math.max(everywhere, (others * width) / Math.max(width, 2 * reach - width))
  return expected + timerPolicy.chanceDeviations * Math.sqrt(expected) + timerPolicy.chanceExtra
}
