/** GRE (RFC 2784, 2890), its PPTP form (RFC 2637), WCCP redirection, EoIP, and ERSPAN mirrors inside it. */
import { u16 } from './big-endian.js'
import { layerOfEtherType } from './ethernet.js'
import type { Frame } from './frame.js'
import * as layer from './layers.js'

const CHECKSUM = 0x8000
const ROUTING = 0x4000
const KEY = 0x2000
const SEQUENCE = 0x1000
const ACKNOWLEDGEMENT = 0x0080

const WCCP = 0x883e
const ERSPAN_1_OR_2 = 0x88be
const ERSPAN_3 = 0x22eb
const EOIP = 0x6400
const FRAME_RELAY = 0x6559

/** Flags tell which optional fields are there; the protocol type tells what follows. */
export function gre(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 4 > end) return layer.CUT_SHORT
  const flags = u16(bytes, at)
  const type = u16(bytes, at + 2)
  let next = at + 4
  if ((flags & (CHECKSUM | ROUTING)) !== 0) next += 4
  if ((flags & KEY) !== 0) next += 4
  if ((flags & SEQUENCE) !== 0) next += 4
  if ((flags & 7) === 1 && (flags & ACKNOWLEDGEMENT) !== 0) next += 4
  if ((flags & ROUTING) !== 0) {
    while (next + 4 <= end && bytes[next + 3] !== 0) next += 4 + bytes[next + 3]
    next += 4
  }
  if (next > end) return layer.CUT_SHORT
  frame.at = next
  switch (type) {
    case WCCP:
      // The second version of the redirect protocol puts four bytes before the IP header.
      if (next < end && bytes[next] >> 4 !== 4) frame.at += 4
      return layer.IPV4
    case ERSPAN_1_OR_2:
      // Without a sequence number it is type I: no header of its own.
      return (flags & SEQUENCE) !== 0 ? layer.ERSPAN : layer.ETHERNET
    case ERSPAN_3:
      return layer.ERSPAN
    case EOIP:
      return layer.ETHERNET
    case FRAME_RELAY:
      return layer.FRAME_RELAY
    default:
      return isArubaWlan(type) ? layer.WLAN : layerOfEtherType(type)
  }
}

/** Aruba access points carry 802.11 frames under these protocol types. */
function isArubaWlan(type: number): boolean {
  return (type >= 0x8200 && type <= 0x8370 && (type & 15) === 0) || type === 0x9000
}

/** ERSPAN type II (8 bytes) and III (12 bytes and perhaps 8 more) around a mirrored Ethernet frame. */
export function erspan(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 8 > end) return layer.CUT_SHORT
  const version = bytes[at] >> 4
  if (version === 1) {
    frame.at = at + 8
    return layer.ETHERNET
  }
  if (version !== 2) return layer.NOT_IP
  if (at + 12 > end) return layer.CUT_SHORT
  const platformHeader = (bytes[at + 11] & 1) !== 0
  frame.at = at + (platformHeader ? 20 : 12)
  return frame.at > end ? layer.CUT_SHORT : layer.ETHERNET
}
