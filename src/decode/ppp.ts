/** PPP (RFC 1661), PPP in HDLC framing (RFC 1662), PPPoE (RFC 2516), Cisco HDLC and L2TPv2 (RFC 2661). */
import { u16 } from './big-endian.js'
import { layerOfEtherType } from './ethernet.js'
import type { Frame } from './frame.js'
import * as layer from './layers.js'

/** A protocol number of one byte (when odd) or two. */
export function ppp(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 2 > end) return layer.CUT_SHORT
  // Address and control are there unless the peers agreed to leave them out.
  if (bytes[at] === 0xff && bytes[at + 1] === 0x03) {
    at += 2
    if (at + 2 > end) return layer.CUT_SHORT
  }
  const short = (bytes[at] & 1) !== 0
  frame.at = at + (short ? 1 : 2)
  switch (short ? bytes[at] : u16(bytes, at)) {
    // Some makers write EtherTypes.
    case 0x0800:
    case 0x21:
      return layer.IPV4
    case 0x57:
    case 0x86dd:
      return layer.IPV6
    case 0x281:
    case 0x283:
      return layer.MPLS
    default:
      return layer.NOT_IP
  }
}

/** What files call PPP: a first byte of 0F or 8F is Cisco's HDLC, which routers write under the same link type. */
export function pppHdlc(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at >= end) return layer.CUT_SHORT
  const first = bytes[at]
  // pppd writes a direction (0 or 1) in place of the address.
  if (first <= 1 && at + 1 < end && bytes[at + 1] === 0x03) return ppp(bytes, at + 2, end, frame)
  return first === 0x0f || first === 0x8f ? ciscoHdlc(bytes, at, end, frame) : ppp(bytes, at, end, frame)
}

/** PPPoE session data: six bytes with the payload's length, then PPP. */
export function pppoe(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 6 > end) return layer.CUT_SHORT
  if (bytes[at + 1] !== 0) return layer.NOT_IP
  frame.limit(at + 6, u16(bytes, at + 4))
  frame.at = at + 6
  return layer.PPP
}

/** Address, control, EtherType. */
export function ciscoHdlc(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 4 > end) return layer.CUT_SHORT
  frame.at = at + 4
  const type = u16(bytes, at + 2)
  return type > 1500 ? layerOfEtherType(type) : layer.NOT_IP
}

/** L2TP data messages: optional fields by flags, then PPP. */
export function l2tp(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 6 > end) return layer.CUT_SHORT
  const flags = u16(bytes, at)
  if ((flags & 0x8000) !== 0 || (flags & 15) !== 2) return layer.NOT_TCP
  let next = at + 6
  if ((flags & 0x4000) !== 0) next += 2
  if ((flags & 0x0800) !== 0) next += 4
  if ((flags & 0x0200) !== 0) {
    if (next + 2 > end) return layer.CUT_SHORT
    next += 2 + u16(bytes, next)
  }
  if (next >= end) return layer.CUT_SHORT
  frame.at = next
  return layer.PPP
}
