import type { EventPauses } from './exchange.js'
import { MAX_PAUSES, SAME_EVENT_NS } from './policy.js'

/** An event stream that has not yet paused. */
export function noPauses(): EventPauses {
  return { count: 0, shortestNs: 0, longestNs: 0, sample: [], stride: 1 }
}

/** Counts a pause of `ns` nanoseconds between two segments. */
export function notePause(pauses: EventPauses, ns: number): void {
  if (ns < SAME_EVENT_NS) return
  pauses.shortestNs = pauses.count === 0 ? ns : Math.min(pauses.shortestNs, ns)
  pauses.longestNs = Math.max(pauses.longestNs, ns)
  if (pauses.count % pauses.stride === 0) pauses.sample.push(ns)
  pauses.count++
  if (pauses.sample.length < MAX_PAUSES) return
  pauses.sample = pauses.sample.filter((_, i) => i % 2 === 0)
  pauses.stride *= 2
}
