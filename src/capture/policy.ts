/** Bounds and thresholds of reading captures, with unit and reason. */

/** Bytes of the longest frame that capturing programs write (libpcap's MAXIMUM_SNAPLEN, Wireshark's limit): a longer one is a corrupt length. */
export const LONGEST_FRAME = 262_144
/** Bytes of the longest pcapng block there can be; Wireshark's limit too. */
export const LONGEST_BLOCK = 16 * 1024 * 1024

/** Bytes of records that a capture begins with: one that waits for its turn among others has seen only its beginning. */
export const FIRST_ROOM = 64 * 1024
/** Bytes of records in memory at a time; grows only for a longer record, up to LONGEST_BLOCK. */
export const ROOM = 1024 * 1024
/** Segments that are handed on together. */
export const ROWS = 4096
/** Segments that are enough for whoever only wants to know when a capture begins. */
export const ROWS_OF_A_LOOK = 64
/** Buffers kept for the next captures: captures rarely overlap with more than one or two others. */
export const BUFFERS_KEPT = 4
/** Compressed bytes read at a time. */
export const GZIP_INPUT_BYTES = 256 * 1024
/** Files open at a time: a process may have few (256 on macOS), and captures that overlap in time are still read in turns without opening any twice. */
export const MOST_OPEN = 64

/** How long to wait before a non-blocking pipe without data is asked again; grows up to the second value. Milliseconds. */
export const FIRST_WAIT_MS = 1
export const LONGEST_WAIT_MS = 20

/** Frames of one interface that are late by less were written late (several processors write them); by more, the clock was set back. Nanoseconds. */
export const WRITTEN_LATE_NS = 1e6
/** As many frames may be late together (buffers written out of turn) before it is the clock that is late. */
export const LATE_FRAMES = 8
/** A clock that goes back by this much was set, or captures of other times were joined; nanoseconds. */
export const CLOCK_STEP_NS = 1e9
/** Such steps kept: after the first two the clock is not to be trusted anywhere. */
export const CLOCK_STEPS_KEPT = 2
/** A chain that serves anybody is not silent for a day; a capture that is has been interrupted, or was joined from several. Nanoseconds. */
export const PAUSE_NS = 86_400e9
/** Such pauses kept, the first ones. */
export const PAUSES_KEPT = 64

/** Digits of the longest number in a file name that is compared as one. */
export const LONGEST_NUMBER = 24
/** A number in file names that tells a host is looked at together with so many that follow it, as the parts of an address do. */
export const PAIRED_WITH = 3
