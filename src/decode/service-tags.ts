/** Tags and encapsulations of provider, campus and factory networks: NSH, TRILL, HSR, MACsec, Cisco metadata, LISP, VXLAN-GPE. */
import { u16 } from './big-endian.js'
import { layerOfEtherType } from './ethernet.js'
import type { Frame } from './frame.js'
import * as layer from './layers.js'

/** Next-protocol numbers that NSH and VXLAN-GPE share. */
function layerOfNextProtocol(protocol: number): number {
  switch (protocol) {
    case 1:
      return layer.IPV4
    case 2:
      return layer.IPV6
    case 3:
      return layer.ETHERNET
    case 4:
      return layer.NSH
    case 5:
      return layer.MPLS
    default:
      return layer.NOT_IP
  }
}

/** Network service header (RFC 8300): length in words in the low six bits of the second byte. */
export function nsh(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 8 > end) return layer.CUT_SHORT
  const length = (bytes[at + 1] & 0x3f) * 4
  if (length < 8) return layer.MALFORMED
  frame.at = at + length
  return frame.at > end ? layer.CUT_SHORT : layerOfNextProtocol(bytes[at + 3])
}

/** VXLAN with the generic protocol extension: the next protocol is in the fourth byte. */
export function vxlanGpe(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 8 > end) return layer.CUT_SHORT
  frame.at = at + 8
  return layerOfNextProtocol(bytes[at + 3])
}

/** LISP data (RFC 9300): eight bytes, then IP. */
export function lisp(_bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 8 > end) return layer.CUT_SHORT
  frame.at = at + 8
  return layer.RAW_IP
}

/** TRILL (RFC 6325): six bytes and options, then a whole Ethernet frame. */
export function trill(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 6 > end) return layer.CUT_SHORT
  frame.at = at + 6 + ((u16(bytes, at) >> 6) & 0x1f) * 4
  return layer.ETHERNET
}

/** HSR (IEC 62439-3): path, size and sequence number, then an EtherType. */
export function hsr(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 6 > end) return layer.CUT_SHORT
  frame.at = at + 6
  return layerOfEtherType(u16(bytes, at + 4))
}

/** MACsec (802.1AE): readable only where it protects integrity and doesn't encrypt. */
export function macSec(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 6 > end) return layer.CUT_SHORT
  const control = bytes[at]
  if ((control & 0x0c) !== 0) return layer.ENCRYPTED
  const next = at + 6 + ((control & 0x20) !== 0 ? 8 : 0)
  if (next + 2 > end) return layer.CUT_SHORT
  // The integrity check value ends the frame.
  frame.limit(next, Math.max(0, frame.wireEnd - next - 16))
  frame.at = next + 2
  return layerOfEtherType(u16(bytes, next))
}

/** Cisco metadata: version, length in words and one option, then an EtherType. */
export function ciscoMetadata(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 8 > end) return layer.CUT_SHORT
  frame.at = at + 8
  return layerOfEtherType(u16(bytes, at + 6))
}
