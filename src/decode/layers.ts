/**
 * What comes next in a frame. Every header function returns one of these: a layer (not negative), or the reason why the frame holds
 * no TCP segment for us (negative). The walk in decoder.ts turns the layer into the call of the next header function.
 */

export const ETHERNET = 0
/** What an EtherType names; the type itself is in `frame.protocol`. */
export const ETHERTYPE = 1
export const VLAN = 2
export const MAC_IN_MAC = 3
export const VNTAG = 4
export const FABRIC_PATH = 5
export const LLC = 6
export const SLL = 7
export const SLL2 = 8
export const LOOPBACK = 9
/** IPv4 or IPv6, told by the version nibble. */
export const RAW_IP = 10
export const PPP = 11
export const PPP_HDLC = 12
export const PPPOE = 13
export const CISCO_HDLC = 14
export const MPLS = 15
export const FDDI = 16
export const TOKEN_RING = 17
export const ARCNET_BSD = 18
export const ARCNET_LINUX = 19
export const RADIOTAP = 20
export const PRISM = 21
export const WLAN = 22
export const WLAN_WITH_FCS = 23
export const PPI = 24
export const NFLOG = 25
export const IPOIB = 26
export const MPACKET = 27
export const IPV4 = 30
export const IPV6 = 31
/** What an IP protocol number names; the number is in `frame.protocol`. */
export const IP_PROTOCOL = 32
export const AUTHENTICATION_HEADER = 33
export const TCP = 34
export const UDP = 35
export const ICMP = 36
export const ICMPV6 = 37
export const GRE = 38
export const ERSPAN = 39
export const VXLAN = 40
export const GENEVE = 41
export const GTP = 42
export const TEREDO = 43
export const SFLOW = 44
export const L2TP = 45
export const LINUX_IPNET = 46
export const PKTAP = 47
export const FRAME_RELAY = 48
export const SUN_ATM = 49
export const ATM_RFC1483 = 50
export const IP_OVER_FC = 52
/** Ethernet with a switch's tag of 4 or 8 bytes after the addresses, or of 4 bytes before them. */
export const SWITCH_TAG_4 = 60
export const SWITCH_TAG_8 = 61
export const SWITCH_TAG_FIRST = 62
export const SLIP = 63
export const APPLE_IP_OVER_1394 = 53
export const IPCOMP = 54
export const ETHER_IP = 55
export const WLAN_PADDED = 56
export const WLAN_PADDED_WITH_FCS = 57
/** What a link type names; its number is in `frame.protocol`. */
export const LINK_TYPE = 66
export const OPENBSD_ENC = 64
export const PPP_WITH_DIRECTION = 65

/** The frame gave its segments (or needs no further look). */
export const DONE = -1
/** No IP in the frame: ARP, LLDP, spanning tree … */
export const NOT_IP = -2
/** IP, but no TCP in it. */
export const NOT_TCP = -3
/** The frame ends, or was cut by the snap length, before the TCP header's window field. */
export const CUT_SHORT = -4
/** Header fields that contradict each other or the frame's length. */
export const MALFORMED = -5
/** A fragment of an IP datagram; the frame that completes the datagram gets its segment. */
export const FRAGMENT = -6
/** Encrypted before IP could be seen: WPA, ESP. */
export const ENCRYPTED = -7
/** A link type that pcap-why can't read. */
export const UNKNOWN_LINK = -8
/** More tunnels in tunnels than a sane frame has. */
export const TOO_DEEP = -9

/** Names of the reasons as `CaptureSummary.notDecoded` shows them; index = −reason. */
export const REASON_NAMES: readonly (string | null)[] = [
  null,
  null,
  'notIp',
  'notTcp',
  'cutShort',
  'malformed',
  'fragment',
  'encrypted',
  'unknownLinkType',
  'tooDeep',
]
