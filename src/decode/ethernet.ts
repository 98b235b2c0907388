/** Ethernet and its tags: 802.1Q, 802.1ad, 802.1ah, Cisco VN-Tag and FabricPath (IEEE 802.3, 802.1Q). */
import { u16 } from './big-endian.js'
import type { Frame } from './frame.js'
import * as layer from './layers.js'

/** Layer of an EtherType; NOT_IP for all that can't lead to IP. */
export function layerOfEtherType(type: number): number {
  switch (type) {
    case 0x0800:
      return layer.IPV4
    case 0x86dd:
      return layer.IPV6
    case 0x8100:
    case 0x88a8:
    case 0x9100:
    case 0x9200:
      return layer.VLAN
    case 0x8847:
    case 0x8848:
      return layer.MPLS
    case 0x8864:
      return layer.PPPOE
    case 0x88e7:
      return layer.MAC_IN_MAC
    case 0x8926:
      return layer.VNTAG
    case 0x6558:
      return layer.ETHERNET
    case 0x880b:
      return layer.PPP
    case 0x894f:
      return layer.NSH
    case 0x22f3:
      return layer.TRILL
    // R-TAG (802.1CB) has the shape of HSR: four bytes, then an EtherType.
    case 0xf1c1:
    case 0x892f:
      return layer.HSR
    case 0x893f:
      return layer.E_TAG
    case 0x88e5:
      return layer.MACSEC
    case 0x8909:
      return layer.CISCO_METADATA
    case 0x8870:
      return layer.LLC
    default:
      return layer.NOT_IP
  }
}

/** Two addresses, then an EtherType or (802.3) a length. */
export function ethernet(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 14 > end) return layer.CUT_SHORT
  return typeOrLength(bytes, at + 12, frame)
}

/** Tag control information, then an EtherType or a length. */
export function vlan(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 4 > end) return layer.CUT_SHORT
  return typeOrLength(bytes, at + 2, frame)
}

/** 802.1ah service tag with the customer's addresses. */
export function macInMac(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 18 > end) return layer.CUT_SHORT
  return typeOrLength(bytes, at + 16, frame)
}

/** VN-Tag (802.1Qbh): four bytes, then an EtherType. */
export function vnTag(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 6 > end) return layer.CUT_SHORT
  return typeOrLength(bytes, at + 4, frame)
}

/** E-TAG (802.1BR): six bytes, then an EtherType. */
export function eTag(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 8 > end) return layer.CUT_SHORT
  return typeOrLength(bytes, at + 6, frame)
}

/** FabricPath: an outer Ethernet-like header of 16 bytes around a whole Ethernet frame. */
export function fabricPath(_bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 2 > end) return layer.CUT_SHORT
  frame.at = at + 2
  return layer.ETHERNET
}

/** Frames between a host and its Ethernet switch chip (Broadcom, Marvell DSA and EDSA): a tag of that size after the addresses. */
export function switchTagged(bytes: Uint8Array, at: number, end: number, frame: Frame, size: number): number {
  if (at + 14 + size > end) return layer.CUT_SHORT
  return typeOrLength(bytes, at + 12 + size, frame)
}

/** The same with a tag of four bytes before the addresses. */
export function switchTagFirst(_bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 4 > end) return layer.CUT_SHORT
  frame.at = at + 4
  return layer.ETHERNET
}

function typeOrLength(bytes: Uint8Array, at: number, frame: Frame): number {
  const type = u16(bytes, at)
  frame.at = at + 2
  if (type > 1500) return type === 0x8903 ? layer.FABRIC_PATH : layerOfEtherType(type)
  frame.limit(at + 2, type)
  return layer.LLC
}
