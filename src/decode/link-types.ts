/** Link types of capture files (the LINKTYPE_ registry of tcpdump.org): their names, and where decoding starts. */
import * as layer from './layers.js'

/** Number → [name as `tcpdump -L` and Wireshark's users know it, first layer]. */
const LINK_TYPES: ReadonlyMap<number, readonly [name: string, first: number]> = new Map([
  [0, ['NULL', layer.LOOPBACK]],
  [1, ['EN10MB', layer.ETHERNET]],
  [6, ['IEEE802_5', layer.TOKEN_RING]],
  [7, ['ARCNET_BSD', layer.ARCNET_BSD]],
  [8, ['SLIP', layer.SLIP]],
  [9, ['PPP', layer.PPP_HDLC]],
  [10, ['FDDI', layer.FDDI]],
  [11, ['ATM_RFC1483', layer.ATM_RFC1483]],
  // What BSDs wrote for raw IP before the numbers were separated from their own.
  [12, ['RAW', layer.RAW_IP]],
  [14, ['RAW', layer.RAW_IP]],
  [50, ['PPP_HDLC', layer.PPP_HDLC]],
  [51, ['PPP_ETHER', layer.PPPOE]],
  [100, ['ATM_RFC1483', layer.ATM_RFC1483]],
  [101, ['RAW', layer.RAW_IP]],
  [104, ['C_HDLC', layer.CISCO_HDLC]],
  [105, ['IEEE802_11', layer.WLAN]],
  [106, ['ATM_CLIP', layer.ATM_RFC1483]],
  [107, ['FRELAY', layer.FRAME_RELAY]],
  [108, ['LOOP', layer.LOOPBACK]],
  [109, ['ENC', layer.OPENBSD_ENC]],
  [113, ['LINUX_SLL', layer.SLL]],
  [117, ['PFLOG', layer.PFLOG]],
  [119, ['PRISM_HEADER', layer.PRISM]],
  [122, ['IP_OVER_FC', layer.IP_OVER_FC]],
  [123, ['SUNATM', layer.SUN_ATM]],
  [127, ['IEEE802_11_RADIO', layer.RADIOTAP]],
  [129, ['ARCNET_LINUX', layer.ARCNET_LINUX]],
  [138, ['APPLE_IP_OVER_IEEE1394', layer.APPLE_IP_OVER_1394]],
  [143, ['DOCSIS', layer.DOCSIS]],
  [149, ['USER2', layer.PKTAP]],
  [163, ['IEEE802_11_RADIO_AVS', layer.PRISM]],
  [166, ['PPP_PPPD', layer.PPP_HDLC]],
  [192, ['PPI', layer.PPI]],
  [204, ['PPP_WITH_DIR', layer.PPP_WITH_DIRECTION]],
  [205, ['C_HDLC_WITH_DIR', layer.CISCO_HDLC_WITH_DIRECTION]],
  [206, ['FRELAY_WITH_DIR', layer.FRAME_RELAY_WITH_DIRECTION]],
  [226, ['IPNET', layer.LINUX_IPNET]],
  [228, ['IPV4', layer.IPV4]],
  [229, ['IPV6', layer.IPV6]],
  [239, ['NFLOG', layer.NFLOG]],
  [242, ['IPOIB', layer.IPOIB]],
  [258, ['PKTAP', layer.PKTAP]],
  [274, ['ETHERNET_MPACKET', layer.MPACKET]],
  [276, ['LINUX_SLL2', layer.SLL2]],
  [281, ['DSA_TAG_BRCM', layer.SWITCH_TAG_4]],
  [282, ['DSA_TAG_BRCM_PREPEND', layer.SWITCH_TAG_FIRST]],
  [284, ['DSA_TAG_DSA', layer.SWITCH_TAG_4]],
  [285, ['DSA_TAG_EDSA', layer.SWITCH_TAG_8]],
])

/** The layer a frame of this link type begins with; UNKNOWN_LINK for all that can't be read. */
export function layerOfLinkType(linkType: number): number {
  return LINK_TYPES.get(linkType)?.[1] ?? layer.UNKNOWN_LINK
}

/** The link type's name; its number as text when pcap-why has none for it. */
export function linkTypeName(linkType: number): string {
  return LINK_TYPES.get(linkType)?.[0] ?? String(linkType)
}
