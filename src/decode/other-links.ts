/** Link layers and wrappers that are not everyday ones, by layer. */
import * as envelopes from './envelopes.js'
import * as ethernet from './ethernet.js'
import type { Frame } from './frame.js'
import * as layer from './layers.js'
import { layerOfLinkType } from './link-types.js'
import * as lan from './llc.js'
import { rawIp } from './loopback.js'
import { mpls } from './mpls.js'
import * as ppp from './ppp.js'
import * as tags from './service-tags.js'
import * as wifi from './wifi.js'

/** Reads the header of `next`, a link layer met now and then. */
export function otherLink(bytes: Uint8Array, next: number, frame: Frame): number {
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
    case layer.RADIOTAP:
      return wifi.radiotap(bytes, at, end, frame)
    case layer.PRISM:
      return wifi.prism(bytes, at, end, frame)
    case layer.WLAN:
      return wifi.wlan(bytes, at, end, frame)
    case layer.WLAN_WITH_FCS:
      return wifi.wlanWithFcs(bytes, at, end, frame)
    case layer.WLAN_PADDED:
      return wifi.wlanPadded(bytes, at, end, frame, 0)
    case layer.WLAN_PADDED_WITH_FCS:
      return wifi.wlanPadded(bytes, at, end, frame, 4)
    case layer.PPI:
      return wifi.ppi(bytes, at, end, frame)
    case layer.NFLOG:
      return envelopes.nflog(bytes, at, end, frame)
    case layer.PKTAP:
      return envelopes.pktap(bytes, at, end, frame)
    case layer.LINK_TYPE:
      return layerOfLinkType(frame.protocol)
    default:
      return layer.NOT_IP
  }
}

/** Reads the header of `next`, a rare link layer. */
export function rareLink(bytes: Uint8Array, next: number, frame: Frame): number {
  const { at, end } = frame
  switch (next) {
    case layer.FDDI:
      return lan.fddi(bytes, at, end, frame)
    case layer.TOKEN_RING:
      return lan.tokenRing(bytes, at, end, frame)
    case layer.ARCNET_BSD:
      return lan.arcnetBsd(bytes, at, end, frame)
    case layer.ARCNET_LINUX:
      return lan.arcnetLinux(bytes, at, end, frame)
    case layer.IPOIB:
      return lan.ipOverInfiniband(bytes, at, end, frame)
    case layer.MPACKET:
      return envelopes.mPacket(bytes, at, end, frame)
    case layer.IP_OVER_FC:
      return lan.ipOverFibreChannel(bytes, at, end, frame)
    case layer.APPLE_IP_OVER_1394:
      return lan.ipOver1394(bytes, at, end, frame)
    case layer.FRAME_RELAY:
      return envelopes.frameRelay(bytes, at, end, frame)
    case layer.SUN_ATM:
      return envelopes.sunAtm(bytes, at, end, frame)
    case layer.ATM_RFC1483:
      return envelopes.atm(bytes, at, end, frame)
    case layer.LINUX_IPNET:
      return envelopes.ipNet(bytes, at, end, frame)
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
    case layer.NSH:
      return tags.nsh(bytes, at, end, frame)
    case layer.TRILL:
      return tags.trill(bytes, at, end, frame)
    case layer.HSR:
      return tags.hsr(bytes, at, end, frame)
    case layer.MACSEC:
      return tags.macSec(bytes, at, end, frame)
    case layer.CISCO_METADATA:
      return tags.ciscoMetadata(bytes, at, end, frame)
    case layer.PPP_WITH_DIRECTION:
      return envelopes.withDirection(at, end, frame, layer.PPP_HDLC)
    case layer.CISCO_HDLC_WITH_DIRECTION:
      return envelopes.withDirection(at, end, frame, layer.CISCO_HDLC)
    case layer.FRAME_RELAY_WITH_DIRECTION:
      return envelopes.withDirection(at, end, frame, layer.FRAME_RELAY)
    case layer.PFLOG:
      return envelopes.pfLog(bytes, at, end, frame)
    case layer.DOCSIS:
      return envelopes.docsis(bytes, at, end, frame)
    case layer.E_TAG:
      return ethernet.eTag(bytes, at, end, frame)
    case layer.WLAN_SWAPPED:
      return wifi.wlanSwapped(bytes, at, end, frame)
    default:
      return layer.NOT_IP
  }
}
