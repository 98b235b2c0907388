import type { Durations } from '../result.js'
import { exposurePolicy } from './policy.js'

/** Bins of one power of ten: 10, 11 … 99. */
const PER_DECADE = 90

/** Counts durations in bins of two significant digits. At most some thousand bins, however many durations. */
export class DurationCount {
  private readonly bins = new Map<number, number>()
  private count = 0
  private longestNs = -1
  private longestStream: number | null = null

  /** Adds one duration in nanoseconds; a negative one (the ends crossed) is none and is left out. */
  add(ns: number, stream: number): void {
    if (!(ns >= 0)) return
    this.count++
    if (ns > this.longestNs) {
      this.longestNs = ns
      this.longestStream = stream
    }
    const bin = binOf(Math.floor(ns))
    this.bins.set(bin, (this.bins.get(bin) ?? 0) + 1)
  }

  /** As plain data, bins ascending. */
  durations(): Durations {
    const bins = [...this.bins].sort((a, b) => a[0] - b[0])
    return {
      count: this.count,
      longest: this.count === 0 ? null : this.longestNs / 1e9,
      longestStream: this.longestStream,
      bins: bins.map(([bin, count]) => [lowerEdge(bin), lowerEdge(bin + 1), count]),
    }
  }
}

/** 0 for everything below a microsecond, then 90 bins for each power of ten. */
function binOf(ns: number): number {
  if (ns < exposurePolicy.shortestNs) return 0
  // Whole nanoseconds, and powers of ten that are exact: no logarithm that might round a limit onto its wrong side.
  let decade = 0
  let unit = exposurePolicy.shortestNs / 10
  while (ns >= unit * 100) {
    unit *= 10
    decade++
  }
  let digits = Math.floor(ns / unit)
  if (digits * unit > ns) digits--
  return 1 + decade * PER_DECADE + (digits - 10)
}

/** Lower edge of a bin in seconds. */
function lowerEdge(bin: number): number {
  if (bin === 0) return 0
  const decade = Math.floor((bin - 1) / PER_DECADE)
  return Number(`${((bin - 1) % PER_DECADE) + 10}e${decade - 7}`)
}
