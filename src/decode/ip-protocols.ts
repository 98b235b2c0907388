/** What an IP protocol number leads to (IANA protocol numbers), and the IPsec authentication header (RFC 4302). */
import type { Frame } from './frame.js'
import * as layer from './layers.js'

/** Layer of an IP protocol number; NOT_TCP for all that can't hold TCP. */
export function layerOfIpProtocol(protocol: number): number {
  switch (protocol) {
    case 6:
      return layer.TCP
    case 17:
    case 136:
      return layer.UDP
    case 1:
      return layer.ICMP
    case 58:
      return layer.ICMPV6
    case 4:
      return layer.IPV4
    case 41:
      return layer.IPV6
    case 47:
      return layer.GRE
    case 50:
      return layer.ENCRYPTED
    case 51:
      return layer.AUTHENTICATION_HEADER
    case 97:
      return layer.ETHER_IP
    case 108:
      return layer.IPCOMP
    case 115:
      return layer.NOT_TCP
    case 137:
      return layer.MPLS
    case 143:
      return layer.ETHERNET
    default:
      return layer.NOT_TCP
  }
}

/** AH: next header, length in words less two, then fields that need no reading. */
export function authenticationHeader(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 12 > end) return layer.CUT_SHORT
  frame.at = at + (bytes[at + 1] + 2) * 4
  frame.protocol = bytes[at]
  return frame.at > end ? layer.CUT_SHORT : layer.IP_PROTOCOL
}

/** EtherIP (RFC 3378): two bytes, then a whole Ethernet frame. */
export function etherIp(_bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 2 > end) return layer.CUT_SHORT
  frame.at = at + 2
  return layer.ETHERNET
}
