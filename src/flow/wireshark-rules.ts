/**
 * Whose rules hold where Wireshark changed its mind: 4.4 (what users have today; the default) or 4.0 (what the references of the
 * parity check were made with). They differ in when a SYN-ACK or an equal SYN begins a new stream, in fast retransmissions told by
 * SACK, in what counts as out of order, and in how an acknowledgement of something unseen is told.
 */
export type WiresharkRules = '4.0' | '4.4'

/** Whose rules hold when nobody asks for others. */
export const DEFAULT_RULES: WiresharkRules = '4.4'
