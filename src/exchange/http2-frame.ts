import { ascii } from './octets.js'
import { MAX_FRAME_BELIEVED, MAX_SETTINGS } from './policy.js'
import type { Match } from './start-line.js'

/** What a client with prior knowledge sends first (RFC 9113, 3.4). */
export const HTTP2_PREFACE = ascii('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

export const FRAME_HEADER = 9

/** Frame types. */
export const DATA = 0
export const HEADERS = 1
export const RST_STREAM = 3
const SETTINGS = 4
export const PUSH_PROMISE = 5
const PING = 6
export const GOAWAY = 7
export const CONTINUATION = 9

/** Flags of DATA and HEADERS (END_HEADERS: of CONTINUATION and PUSH_PROMISE, too). */
export const END_STREAM = 1
export const END_HEADERS = 4
const PADDED = 8
const PRIORITY = 32

/** Flags that each type, 0 to 9, may have. */
const FLAGS = [END_STREAM | PADDED, END_STREAM | 4 | PADDED | PRIORITY, 0, 0, 1, 4 | PADDED, 1, 0, 0, 4]
/** Types of the connection, not of a stream: SETTINGS, PING, GOAWAY. */
const OF_CONNECTION = [SETTINGS, PING, GOAWAY]

export interface FrameHeader {
  length: number
  type: number
  flags: number
  stream: number
}

/** Reads nine bytes. */
export function readFrameHeader(bytes: Uint8Array, at: number, header: FrameHeader): void {
  header.length = (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2]
  header.type = bytes[at + 3]
  header.flags = bytes[at + 4]
  header.stream =
    ((bytes[at + 5] & 0x7f) << 24) | (bytes[at + 6] << 16) | (bytes[at + 7] << 8) | bytes[at + 8]
}

/** Whether frames begin here: a header that says nothing unlikely, and another one after it, as far as the bytes go. */
export function beginsFrames(bytes: Uint8Array, at: number, end: number): boolean {
  const header: FrameHeader = { length: 0, type: 0, flags: 0, stream: 0 }
  let next = at
  for (let i = 0; i < 2 && next + FRAME_HEADER <= end; i++) {
    readFrameHeader(bytes, next, header)
    if (!isLikely(header) || bytes[next + 5] & 0x80) return false
    next += FRAME_HEADER + header.length
  }
  return next > at
}

/** Compares with the SETTINGS frame that a server sends first. */
export function matchServerSettings(bytes: Uint8Array, at: number, end: number): Match {
  const here = (offset: number): number => (at + offset < end ? bytes[at + offset] : -1)
  const length = here(2)
  if (here(0) > 0 || here(1) > 0 || (length > 0 && (length % 6 !== 0 || length > 6 * MAX_SETTINGS)))
    return 'no'
  if (here(3) >= 0 && here(3) !== SETTINGS) return 'no'
  for (let i = 4; i < FRAME_HEADER; i++) if (here(i) > 0) return 'no'
  return end - at >= FRAME_HEADER ? 'yes' : 'begins'
}

function isLikely({ length, type, flags, stream }: FrameHeader): boolean {
  if (type > CONTINUATION || length > MAX_FRAME_BELIEVED || (flags & ~FLAGS[type]) !== 0) return false
  if (OF_CONNECTION.includes(type)) return stream === 0 && length <= 16384
  return stream !== 0 || type === 8 /* WINDOW_UPDATE is of both kinds */
}

/** Where the piece of a header block stands in the content of a frame: after priority and promised stream, before padding. */
export function blockPiece(
  { type, flags, length }: Readonly<FrameHeader>,
  content: { readonly bytes: Uint8Array; readonly length: number },
): { readonly from: number; readonly to: number } {
  const padded = type !== CONTINUATION && (flags & PADDED) !== 0
  const priority = type === HEADERS && (flags & PRIORITY) !== 0 ? 5 : type === PUSH_PROMISE ? 4 : 0
  const padding = padded && content.length > 0 ? content.bytes[0] : 0
  const from = (padded ? 1 : 0) + priority
  return { from, to: Math.max(from, Math.min(content.length, length - padding)) }
}
