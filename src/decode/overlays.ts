/** Tunnels of data centres over UDP: VXLAN (RFC 7348) and its GPE form, Geneve (RFC 8926); Teredo (RFC 4380); TZSP, a sniffer's mirror. */
import { u16 } from './big-endian.js'
import { layerOfEtherType } from './ethernet.js'
import type { Frame } from './frame.js'
import * as layer from './layers.js'

/** Eight bytes with the network identifier, then an Ethernet frame. */
export function vxlan(_bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 8 > end) return layer.CUT_SHORT
  frame.at = at + 8
  return layer.ETHERNET
}

/** Eight bytes and options, then what the protocol type says. */
export function geneve(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 8 > end) return layer.CUT_SHORT
  if (bytes[at] >> 6 !== 0) return layer.MALFORMED
  frame.at = at + 8 + (bytes[at] & 0x3f) * 4
  if (frame.at > end) return layer.CUT_SHORT
  return layerOfEtherType(u16(bytes, at + 2))
}

/** Optional authentication and origin headers, then an IPv6 packet. */
export function teredo(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  let next = at
  if (next + 4 > end) return layer.CUT_SHORT
  if (u16(bytes, next) === 1) next += 4 + bytes[next + 2] + bytes[next + 3] + 9
  if (next + 8 > end) return layer.CUT_SHORT
  if (u16(bytes, next) === 0) next += 8
  if (next >= end) return layer.CUT_SHORT
  frame.at = next
  return bytes[next] >> 4 === 6 ? layer.IPV6 : layer.NOT_TCP
}

const AYIYA_FORWARD = 1

/** AYIYA, of the SixXS tunnel broker: lengths of identity (a power of two) and signature, what follows, time; forwarded packets only. */
export function ayiya(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 8 > end) return layer.CUT_SHORT
  if ((bytes[at + 2] & 15) !== AYIYA_FORWARD) return layer.NOT_TCP
  frame.at = at + 8 + 2 ** (bytes[at] >> 4) + (bytes[at + 1] >> 4) * 4
  frame.protocol = bytes[at + 3]
  return frame.at > end ? layer.CUT_SHORT : layer.IP_PROTOCOL
}

const CAPWAP_DTLS = 1
const CAPWAP_NATIVE = 0x0100
const CAPWAP_FRAGMENT = 0x0080
const CAPWAP_KEEP_ALIVE = 0x0008

/** CAPWAP data (RFC 5415) between access point and controller: 802.11 with its frame control swapped, as most send it, or Ethernet. */
export function capwap(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 8 > end) return layer.CUT_SHORT
  if ((bytes[at] & 15) === CAPWAP_DTLS) return layer.ENCRYPTED
  const flags = u16(bytes, at + 2)
  if ((flags & (CAPWAP_FRAGMENT | CAPWAP_KEEP_ALIVE)) !== 0) return layer.NOT_TCP
  frame.at = at + (bytes[at + 1] >> 3) * 4
  if (frame.at > end) return layer.CUT_SHORT
  return (flags & CAPWAP_NATIVE) !== 0 ? layer.WLAN_SWAPPED : layer.ETHERNET
}

const TZSP_PADDING = 0
const TZSP_END = 1

/** TZSP, with which access points and MikroTik routers mirror: tags up to an end tag, then what the encapsulation number says. */
export function tzsp(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 5 > end) return layer.CUT_SHORT
  let next = at + 4
  while (next < end && bytes[next] !== TZSP_END)
    next += bytes[next] === TZSP_PADDING ? 1 : 2 + bytes[next + 1]
  if (next >= end) return layer.CUT_SHORT
  frame.at = next + 1
  const encapsulation = u16(bytes, at + 2)
  return encapsulation === 1 ? layer.ETHERNET : encapsulation === 18 ? layer.WLAN : layer.NOT_TCP
}
