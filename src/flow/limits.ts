/** How often limits of this floor were hit in a run. */
export interface FlowLimits {
  /** Segments of flows that had ended before: they have a stream number and were not looked at. */
  lateSegments: number
  /** Flows that were ended while open, because too many were held (MOST_ONE_SIDED, MOST_FLOWS). */
  endedOpen: number
  /** Ended flows that are no longer known (MOST_ENDED_KNOWN): later segments of theirs count as new connections. */
  forgotten: number
  /** Gaps that were given up although nothing had acknowledged them, because too much payload waited behind them (MAX_WAITING_…). */
  gapsGivenUp: number
}

/** Counts of a run that has hit nothing. */
export function noLimits(): FlowLimits {
  return { lateSegments: 0, endedOpen: 0, forgotten: 0, gapsGivenUp: 0 }
}
