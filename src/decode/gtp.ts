/** GTP user plane, versions 0 and 1 (3GPP TS 29.281, TS 09.60). */
import { u16 } from './big-endian.js'
import type { Frame } from './frame.js'
import * as layer from './layers.js'

const USER_DATA = 255
const PROTOCOL_TYPE = 0x10
const EXTENSION = 4
const SEQUENCE = 2
const N_PDU = 1

/** A G-PDU holds an IP packet; all other messages are signalling. */
export function gtp(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 8 > end) return layer.CUT_SHORT
  const flags = bytes[at]
  if (bytes[at + 1] !== USER_DATA) return layer.NOT_TCP
  // Without the protocol type bit it is GTP', which carries charging records.
  if ((flags & PROTOCOL_TYPE) === 0) return layer.NOT_TCP
  if (flags >> 5 === 0) {
    frame.at = at + 20
    return frame.at > end ? layer.CUT_SHORT : layer.RAW_IP
  }
  if (flags >> 5 !== 1) return layer.NOT_TCP
  frame.limit(at + 8, u16(bytes, at + 2))
  let next = at + 8
  if ((flags & (EXTENSION | SEQUENCE | N_PDU)) !== 0) {
    next += 4
    if (next > end) return layer.CUT_SHORT
    // Each extension header: its length in words, content, and the type of the one after it in its last byte.
    let type = (flags & EXTENSION) !== 0 ? bytes[next - 1] : 0
    while (type !== 0) {
      if (next >= end) return layer.CUT_SHORT
      const length = bytes[next] * 4
      if (length === 0) return layer.MALFORMED
      next += length
      if (next > end) return layer.CUT_SHORT
      type = bytes[next - 1]
    }
  }
  frame.at = next
  return layer.RAW_IP
}
