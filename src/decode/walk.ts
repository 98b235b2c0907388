/** The walk down a frame: calls the header function of each layer until there is a segment or a reason why there is none. */
import type { AddressTable } from './addresses.js'
import * as cooked from './linux-cooked.js'
import * as envelopes from './envelopes.js'
import * as ethernet from './ethernet.js'
import type { FragmentTable } from './fragments.js'
import type { Frame } from './frame.js'
import { erspan, gre } from './gre.js'
import { gtp } from './gtp.js'
import { icmp, icmpV6 } from './icmp.js'
import { authenticationHeader, etherIp, layerOfIpProtocol } from './ip-protocols.js'
import { ipv4 } from './ipv4.js'
import { ipv6 } from './ipv6.js'
import * as layer from './layers.js'
import { layerOfLinkType } from './link-types.js'
import * as lan from './llc.js'
import { loopback, rawIp } from './loopback.js'
import { mpls } from './mpls.js'
import * as overlays from './overlays.js'
import * as ppp from './ppp.js'
import type { SegmentBatch } from './segments.js'
import { tcp } from './tcp.js'
import { udp } from './udp.js'
import * as wifi from './wifi.js'

/** Headers in one frame, tunnels included; a sane one has fewer than a dozen. */
const MOST_HEADERS = 40

/** Decodes from `frame.at` on, beginning with layer `first`; returns DONE, SFLOW (for the caller to unpack) or a reason. */
export function walk(
  bytes: Uint8Array,
  first: number,
  frame: Frame,
  batch: SegmentBatch,
  addresses: AddressTable,
  fragments: FragmentTable,
): number {
  let next = first
  while (next >= 0) {
    if (++frame.depth > MOST_HEADERS) return layer.TOO_DEEP
    switch (next) {
      case layer.ETHERNET:
        next = ethernet.ethernet(bytes, frame.at, frame.end, frame)
        break
      case layer.IPV4:
        next = ipv4(bytes, frame.at, frame.end, frame, fragments)
        break
      case layer.IPV6:
        next = ipv6(bytes, frame.at, frame.end, frame, fragments)
        break
      case layer.IP_PROTOCOL:
        next = layerOfIpProtocol(frame.protocol)
        break
      case layer.TCP:
        next = tcp(bytes, frame.at, frame.end, frame, batch, addresses)
        break
      case layer.VLAN:
        next = ethernet.vlan(bytes, frame.at, frame.end, frame)
        break
      case layer.SLL:
        next = cooked.linuxCooked(bytes, frame.at, frame.end, frame)
        break
      case layer.SLL2:
        next = cooked.linuxCooked2(bytes, frame.at, frame.end, frame)
        break
      case layer.LOOPBACK:
        next = loopback(bytes, frame.at, frame.end, frame)
        break
      case layer.SFLOW:
        return next
      default:
        next =
          next < layer.IPV4 || next >= layer.SWITCH_TAG_4
            ? linkLayer(bytes, next, frame)
            : tunnel(bytes, next, frame)
    }
  }
  return next
}

/** Link layers and their wrappers that are not everyday ones. */
function linkLayer(bytes: Uint8Array, next: number, frame: Frame): number {
  const { at, end } = frame
  switch (next) {
    case layer.RAW_IP:
      return rawIp(bytes, at, end, frame)
    case layer.MAC_IN_MAC:
      return ethernet.macInMac(bytes, at, end, frame)
    case layer.VNTAG:
      return ethernet.vnTag(bytes, at, end, frame)
    case layer.FABRIC_PATH:
      return ethernet.fabricPath(bytes, at, end, frame)
    case layer.LLC:
      return lan.llc(bytes, at, end, frame)
    case layer.PPP:
      return ppp.ppp(bytes, at, end, frame)
    case layer.PPP_HDLC:
      return ppp.pppHdlc(bytes, at, end, frame)
    case layer.PPPOE:
      return ppp.pppoe(bytes, at, end, frame)
    case layer.CISCO_HDLC:
      return ppp.ciscoHdlc(bytes, at, end, frame)
    case layer.MPLS:
      return mpls(bytes, at, end, frame)
    case layer.FDDI:
      return lan.fddi(bytes, at, end, frame)
    case layer.TOKEN_RING:
      return lan.tokenRing(bytes, at, end, frame)
    case layer.ARCNET_BSD:
      return lan.arcnetBsd(bytes, at, end, frame)
    case layer.ARCNET_LINUX:
      return lan.arcnetLinux(bytes, at, end, frame)
    case layer.RADIOTAP:
      return wifi.radiotap(bytes, at, end, frame)
    case layer.PRISM:
      return wifi.prism(bytes, at, end, frame)
    case layer.WLAN:
      return wifi.wlan(bytes, at, end, frame)
    case layer.WLAN_WITH_FCS:
      return wifi.wlanWithFcs(bytes, at, end, frame)
    case layer.PPI:
      return wifi.ppi(bytes, at, end, frame)
    case layer.NFLOG:
      return envelopes.nflog(bytes, at, end, frame)
    case layer.IPOIB:
      return lan.ipOverInfiniband(bytes, at, end, frame)
    case layer.MPACKET:
      return envelopes.mPacket(bytes, at, end, frame)
    case layer.LINK_TYPE:
      return layerOfLinkType(frame.protocol)
    case layer.SWITCH_TAG_4:
      return ethernet.switchTagged(bytes, at, end, frame, 4)
    case layer.SWITCH_TAG_8:
      return ethernet.switchTagged(bytes, at, end, frame, 8)
    case layer.SWITCH_TAG_FIRST:
      return ethernet.switchTagFirst(bytes, at, end, frame)
    case layer.SLIP:
      return envelopes.slip(bytes, at, end, frame)
    case layer.OPENBSD_ENC:
      return envelopes.openBsdEnc(bytes, at, end, frame)
    case layer.PPP_WITH_DIRECTION:
      return envelopes.pppWithDirection(bytes, at, end, frame)
    default:
      return layer.NOT_IP
  }
}

/** Tunnels over IP, and link layers that came late. */
function tunnel(bytes: Uint8Array, next: number, frame: Frame): number {
  const { at, end } = frame
  switch (next) {
    case layer.AUTHENTICATION_HEADER:
      return authenticationHeader(bytes, at, end, frame)
    case layer.ETHER_IP:
      return etherIp(bytes, at, end, frame)
    case layer.UDP:
      return udp(bytes, at, end, frame)
    case layer.ICMP:
      return icmp(bytes, at, end, frame)
    case layer.ICMPV6:
      return icmpV6(bytes, at, end, frame)
    case layer.GRE:
      return gre(bytes, at, end, frame)
    case layer.ERSPAN:
      return erspan(bytes, at, end, frame)
    case layer.VXLAN:
      return overlays.vxlan(bytes, at, end, frame)
    case layer.GENEVE:
      return overlays.geneve(bytes, at, end, frame)
    case layer.TEREDO:
      return overlays.teredo(bytes, at, end, frame)
    case layer.GTP:
      return gtp(bytes, at, end, frame)
    case layer.L2TP:
      return ppp.l2tp(bytes, at, end, frame)
    case layer.LINUX_IPNET:
      return envelopes.ipNet(bytes, at, end, frame)
    case layer.PKTAP:
      return envelopes.pktap(bytes, at, end, frame)
    case layer.FRAME_RELAY:
      return envelopes.frameRelay(bytes, at, end, frame)
    case layer.SUN_ATM:
      return envelopes.sunAtm(bytes, at, end, frame)
    case layer.ATM_RFC1483:
      return envelopes.atm(bytes, at, end, frame)
    case layer.IP_OVER_FC:
      return lan.ipOverFibreChannel(bytes, at, end, frame)
    case layer.APPLE_IP_OVER_1394:
      return lan.ipOver1394(bytes, at, end, frame)
    case layer.WLAN_PADDED:
      return wifi.wlanPadded(bytes, at, end, frame, 0)
    case layer.WLAN_PADDED_WITH_FCS:
      return wifi.wlanPadded(bytes, at, end, frame, 4)
    default:
      return layer.NOT_TCP
  }
}
