import type { EventPauses } from './exchange.js'

/** Pauses kept to find the middle one; of longer streams every second, fourth, eighth … is kept. */
const KEEP_PAUSES = 256

/** Segments this close together are pieces of one event, or the head and the first one. */
const SAME_EVENT_NS = 1e6

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
  if (pauses.sample.length < KEEP_PAUSES) return
  pauses.sample = pauses.sample.filter((_, i) => i % 2 === 0)
  pauses.stride *= 2
}
