/**
 * Thresholds and bounds of following connections, with unit and reason. Constants one by one, not fields of an object: some are asked with
 * every segment. A bound on what is followed that was hit is counted in `FlowLimits`, never passed over. What TCP itself fixes stands
 * where it is read.
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
/** Ended flows from which on their ring is as long as it ever gets. */
export const ENDED_LEAP_FROM = 81_920
/**
 * Rows from which columns grow to ten times as many in one go. What has never been written to takes no memory, but every column that is
 * outgrown leaves a hole in the heap that its successor does not fit into: with many small steps a flood took 50 MB more.
 */
export const COLUMNS_LEAP_FROM = 8192

/** Copies of one packet reach the capture this close together (bridges and `-i any`; measured well under 1 ms). */
export const COPY_WINDOW_NS = 5e6
/**
 * An identical packet on the same interface is a mirror's copy only if it comes faster than any retransmission timer, and if its checksum
 * is the same: there are stacks whose IP identification never changes. What takes no sequence numbers (bare RSTs, plain ACKs) is a copy only
 * where it has an identification: it comes in bursts. (From interface to interface offload may change the checksum.)
 */
export const MIRROR_WINDOW_NS = 1e6
/** Latest segments among which copies are looked for, a power of two: at a million a second they cover 16 ms. */
export const COPY_SLOTS = 1 << 14

/** Bytes that fill a gap this soon were only overtaken on the way: reordering on a path whose round trip is not known. */
export const REORDERED_WITHIN_NS = 3e6
/** A retransmission that comes this soon after the duplicate ACKs is their answer. */
export const FAST_WITHIN_NS = 20e6
/** Segments of one side that are remembered until acknowledged; of more, only the oldest are known (Wireshark: 10,000). */
export const MOST_UNACKED = 1000
/** Out-of-order segments and bytes of a side that are kept; of more, the gap before them is given up. */
export const MAX_WAITING_SEGMENTS = 64
export const MAX_WAITING_BYTES = 1 << 20
/** All flows together: a capture of nothing but gaps must not fill the memory. */
export const MAX_WAITING_BYTES_ALL = 1 << 26
/** An acknowledged gap is given up as capture loss only after this time: captures can be slightly out of order. */
export const GAP_PATIENCE_NS = 20e6

/** A stateless RST is provoked by what came at most this long before it, or so many round trips (seen: up to 39 ms). */
export const PROVOKED_WITHIN_NS = 200e6
export const PROVOKED_ROUND_TRIPS = 3
/** A series of RSTs: at most this long after the first, each further ahead than a SYN or FIN explains. */
export const SERIES_WITHIN_NS = 2e9
export const SERIES_SEQ_SLACK = 2
/** Most that a side's IP IDs grow from one segment to the next, where they count its packets (offload: up to 45 at once). */
export const COUNT_STEP = 64
/** Steps in a row that show that a side counts; of numbers drawn at random one step in a thousand looks like one. */
export const COUNTED_STEPS = 3
/** From a side's latest segment to its RST, packets of it may be missing in the capture. */
export const COUNT_SLACK = 1024
/** Sequence numbers of a SYN or RST that are farther off than this are not believed. */
export const BELIEVED_WITHIN = 1 << 20
/** First port that operating systems hand out for outgoing connections (Linux 32768, IANA 49152). */
export const EPHEMERAL_FROM = 32768

/** A packet passes a NAT within microseconds; this leaves room for a slow one. */
export const TWINS_WITHIN_NS = 20e6
/** Clocks of captures taken on both sides of a NAT may differ this much, and the flows must overlap. */
export const TWINS_OF_TWO_CAPTURES_WITHIN_NS = 10e9
/** More flows than this with one ISN were made by a program that does not choose at random: they prove nothing. */
export const MOST_WITH_ONE_ISN = 4
/** More places than this on one host are not listed. */
export const MOST_PLACES = 4
/** More addresses and unanswered SYNs than this are not remembered for the paths. */
export const MOST_PATHS_REMEMBERED = 10_000

/** Rows of a ladder kept from the start of a flow, before its first close (a ring of the latest), and from the close on. */
export const HEAD_ROWS = 12
export const RING_ROWS = 24
export const TAIL_ROWS = 24
/** Taken at a time: a SYN that nobody answers needs one row, a short exchange a dozen. */
export const CHUNK_ROWS = 4
/** Plain data and ACKs are gathered into one row only while they follow each other within this time. */
export const RUN_GAP_NS = 500e6
/** Copies of one segment further apart are rows of their own: what happened in between has its place, and the backing off shows. */
export const REPEAT_GAP_NS = 1e9
/** Longest history that is kept, in letters. */
export const HISTORY_LENGTH = 24
