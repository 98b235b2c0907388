/**
 * What following connections may cost, and how long one is waited for: every limit of this floor with its unit and its reason. A limit
 * that was hit is counted in `FlowLimits`, never passed over.
 */

/** Both FINs acknowledged: nobody remembers the connection after TIME_WAIT, 60 s on Linux. */
export const FINISHED_QUIET_NS = 60e9
/** After a RST its receiver may not have got it and goes on asking: retransmission timers grow to 120 s (Linux TCP_RTO_MAX). */
export const RESET_QUIET_NS = 130e9
/** The same two in a live run, whose reader waits; less, and what ends like it a little later could not be seen beside it. */
export const LIVE_FINISHED_QUIET_NS = 30e9
export const LIVE_RESET_QUIET_NS = 60e9
/** Flows held at which closed ones are no longer waited for that long: 5 MB of state, and what was said on them. */
export const PATIENT_FLOWS = 4096
/** What is waited for even then: retransmitted FINs and a RST after the close come within a few round trips. */
export const HASTY_QUIET_NS = 2e9
/**
 * Flows that have not got beyond the first two steps of the handshake, or of which only one end has spoken, as a SYN flood makes them;
 * beyond it the oldest of them ends. About 35 MB; a SYN is older than 3 s then, and was not answered, unless 10,000 come in a second.
 */
export const MOST_ONE_SIDED = 32_768
/** Flows held in all; beyond it one of those that have been silent longest ends. */
export const MOST_FLOWS = 262_144
/** Flows compared to find one that has been silent long. */
export const SILENCE_SAMPLE = 32
/** Ended flows whose 4-tuple and stream number are still known, so that a late segment is not taken for a new connection: 36 MB. */
export const MOST_ENDED_KNOWN = 1_048_576

/** How often limits of this floor were hit in a run. */
export interface FlowLimits {
  /** Segments of flows that had ended before: they have a stream number and were not looked at. */
  lateSegments: number
  /** Flows that were ended while open, because too many were held (MOST_ONE_SIDED, MOST_FLOWS). */
  endedOpen: number
  /** Ended flows that are no longer known (MOST_ENDED_KNOWN): later segments of theirs count as new connections. */
  forgotten: number
  /** Gaps that were given up although nothing had acknowledged them, because too much payload waited behind them (reassembly.ts). */
  gapsGivenUp: number
}

/** Counts of a run that has hit nothing. */
export function noLimits(): FlowLimits {
  return { lateSegments: 0, endedOpen: 0, forgotten: 0, gapsGivenUp: 0 }
}
