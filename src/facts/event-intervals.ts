import type { Conversation } from '../exchange/exchange.js'

/** How often events came on a flow's latest event stream. */
export interface EventIntervals {
  /** Pauses between segments of its body. */
  readonly count: number
  /** The middle one, nanoseconds; of a long stream the middle of an evenly spread part of them. */
  readonly medianNs: number
  readonly longestNs: number
}

/** The intervals of the latest `text/event-stream` response; null: there is none, or it never paused. */
export function eventIntervals(conversation: Conversation | null): EventIntervals | null {
  const pauses = conversation?.exchanges.findLast((exchange) => exchange.eventPauses !== null)?.eventPauses
  if (pauses == null) return null
  const sorted = [...pauses.sample].sort((a, b) => a - b)
  const median = sorted[Math.floor((sorted.length - 1) / 2)]
  return median === undefined ? null : { count: pauses.count, medianNs: median, longestNs: pauses.longestNs }
}
