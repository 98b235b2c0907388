/** Bounds of decoding one frame, with unit and reason. What the protocols themselves fix stands where it is read. */

/** Headers in one frame, tunnels included; a sane one has fewer than a dozen. */
export const MOST_HEADERS = 40
/** Segments one frame may hold (sFlow reports hold several); the batch keeps room for them. */
export const MOST_SEGMENTS_A_FRAME = 32
/** Bytes; lengths beyond it are corrupt, and would not fit the columns. */
export const LONGEST_ON_WIRE = 2 ** 30
/** Datagrams under way in fragments at once; the oldest gives way. */
export const MOST_DATAGRAMS = 128
/** Fragments of one datagram; beyond it the datagram is given up. */
export const MOST_FRAGMENTS = 1024
