/** IEEE 802.2 LLC with SNAP, and the LANs that use it or something like it: FDDI, Token Ring, ARCNET, IP over InfiniBand. */
import { u16 } from './big-endian.js'
import { layerOfEtherType } from './ethernet.js'
import type { Frame } from './frame.js'
import * as layer from './layers.js'

const SNAP = 0xaa
const SAP_IP = 0x06
/** SNAP's organisation codes under which the protocol is an EtherType: encapsulated Ethernet, Cisco (CDP has no IP), bridged. */
const OUI_ETHERNET = 0x000000
const OUI_BRIDGED_ETHERNET = 0x0000f8
const OUI_BRIDGED_802_1 = 0x0080c2

/** Two service access points and a control field; IP comes under SNAP or, rarely, under its own SAP. */
export function llc(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 3 > end) return layer.CUT_SHORT
  const sap = bytes[at] & 0xfe
  // Unnumbered frames (low bits 11) have one control byte, others two.
  const header = (bytes[at + 2] & 3) === 3 ? 3 : 4
  frame.at = at + header
  if (sap === SNAP && bytes[at + 1] >> 1 === SNAP >> 1) return snap(bytes, at + header, end, frame)
  return sap === SAP_IP ? layer.IPV4 : layer.NOT_IP
}

function snap(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 5 > end) return layer.CUT_SHORT
  const organisation = (bytes[at] << 16) | u16(bytes, at + 1)
  const protocol = u16(bytes, at + 3)
  frame.at = at + 5
  if (organisation === OUI_ETHERNET || organisation === OUI_BRIDGED_ETHERNET)
    return layerOfEtherType(protocol)
  if (organisation === OUI_BRIDGED_802_1 && (protocol === 1 || protocol === 7)) {
    // RFC 2684: two bytes of padding before a bridged Ethernet frame.
    frame.at += 2
    return layer.ETHERNET
  }
  return layer.NOT_IP
}

/** FDDI: frame control, two addresses, LLC. Only LLC frames (control 01xxxxxx with the low bits of 0x50) hold data. */
export function fddi(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 13 > end) return layer.CUT_SHORT
  if ((bytes[at] & 0xf0) !== 0x50 && (bytes[at] & 0xf0) !== 0xd0) return layer.NOT_IP
  frame.at = at + 13
  return layer.LLC
}

/** Token Ring: access and frame control, two addresses, source routing when the source's top bit is set, LLC. */
export function tokenRing(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 14 > end) return layer.CUT_SHORT
  if ((bytes[at + 1] & 0xc0) !== 0x40) return layer.NOT_IP
  const routed = (bytes[at + 8] & 0x80) !== 0
  if (routed && at + 15 > end) return layer.CUT_SHORT
  frame.at = at + 14 + (routed ? bytes[at + 14] & 0x1f : 0)
  return layer.LLC
}

/** ARCNET as Linux records it: source, destination, offset (two bytes), protocol. */
export function arcnetLinux(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 5 > end) return layer.CUT_SHORT
  return arcnetProtocol(bytes, at + 4, end, frame)
}

/** ARCNET as BSD records it: source, destination, protocol. */
export function arcnetBsd(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 3 > end) return layer.CUT_SHORT
  return arcnetProtocol(bytes, at + 2, end, frame)
}

/** RFC 1051 protocols have no more header; RFC 1201 ones have a split flag (four bytes more if it is FF) and a sequence number. */
function arcnetProtocol(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  const protocol = bytes[at]
  if (protocol === 0xf0) {
    frame.at = at + 1
    return layer.IPV4
  }
  if (protocol !== 0xd4 && protocol !== 0xc4) return layer.NOT_IP
  if (at + 4 > end) return layer.CUT_SHORT
  frame.at = at + (bytes[at + 1] === 0xff ? 8 : 4)
  return protocol === 0xd4 ? layer.IPV4 : layer.IPV6
}

/** IP over InfiniBand (RFC 4391) with the 40-byte global route before it, as captured. */
export function ipOverInfiniband(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 44 > end) return layer.CUT_SHORT
  frame.at = at + 44
  return layerOfEtherType(u16(bytes, at + 40))
}

/** IP over Fibre Channel (RFC 2625): two network addresses, LLC. */
export function ipOverFibreChannel(_bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 16 > end) return layer.CUT_SHORT
  frame.at = at + 16
  return layer.LLC
}

/** IP over IEEE 1394 as Apple records it: two addresses of eight bytes, EtherType. */
export function ipOver1394(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 18 > end) return layer.CUT_SHORT
  frame.at = at + 18
  return layerOfEtherType(u16(bytes, at + 16))
}
