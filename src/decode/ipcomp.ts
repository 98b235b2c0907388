/** Compressed IP payloads (RFC 3173, RFC 2394). */
import { LARGEST_DATAGRAM } from './annex.js'
import type { Annex } from './annex.js'
import type { Frame } from './frame.js'
import { inflate } from './inflate.js'
import * as layer from './layers.js'

/** Next header, flags and the index of an algorithm that the peers agreed on; deflate is the one in use. */
export function ipComp(bytes: Uint8Array, at: number, end: number, frame: Frame, annex: Annex): number {
  if (at + 4 > end || end < frame.wireEnd) return layer.CUT_SHORT
  const to = annex.at
  const length = inflate(bytes, at + 4, end, to, Math.min(bytes.length, to + LARGEST_DATAGRAM))
  if (length <= 0) return layer.ENCRYPTED
  annex.take(bytes, length)
  frame.protocol = bytes[at]
  frame.at = to
  frame.end = frame.wireEnd = to + length
  return layer.IP_PROTOCOL
}
