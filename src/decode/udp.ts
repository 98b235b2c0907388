/** UDP (RFC 768), of interest for the tunnels on its well-known ports. */
import { u16 } from './big-endian.js'
import type { Frame } from './frame.js'
import * as layer from './layers.js'

/** Limits the layer to the datagram and picks the tunnel by port, the lower port first as Wireshark does. */
export function udp(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 8 > end) return layer.CUT_SHORT
  const source = u16(bytes, at)
  const destination = u16(bytes, at + 2)
  const length = u16(bytes, at + 4)
  if (length >= 8) frame.limit(at, length)
  frame.at = at + 8
  const lower = layerOfPort(Math.min(source, destination))
  return lower === layer.NOT_TCP ? layerOfPort(Math.max(source, destination)) : lower
}

function layerOfPort(port: number): number {
  switch (port) {
    case 1701:
      return layer.L2TP
    case 2123:
    case 2152:
    case 3386:
      return layer.GTP
    case 3544:
      return layer.TEREDO
    case 4341:
      return layer.LISP
    case 4789:
      return layer.VXLAN
    case 4790:
      return layer.VXLAN_GPE
    case 5072:
      return layer.AYIYA
    case 5247:
      return layer.CAPWAP
    case 6081:
      return layer.GENEVE
    case 6635:
      return layer.MPLS
    case 6343:
      return layer.SFLOW
    case 37008:
      return layer.TZSP
    default:
      return layer.NOT_TCP
  }
}
