/**
 * What comes next in a frame. Every header function returns one of these: a layer (not negative), or the reason why the frame holds
 * no TCP segment for us (negative). The walk (walk.ts) turns the layer into the call of the next header function.
 */

/** Link layers of every day: read in the walk itself. */
export const ETHERNET = 0
export const VLAN = 1
export const SLL = 2
export const SLL2 = 3
export const LOOPBACK = 4

/** Link layers met now and then: otherLink. */
/** IPv4 or IPv6, told by the version nibble. */
export const RAW_IP = 5
export const MAC_IN_MAC = 6
export const VNTAG = 7
export const FABRIC_PATH = 8
export const LLC = 9
export const PPP = 10
export const PPP_HDLC = 11
export const PPPOE = 12
export const CISCO_HDLC = 13
export const MPLS = 14
export const RADIOTAP = 15
export const PRISM = 16
export const WLAN = 17
export const WLAN_WITH_FCS = 18
export const WLAN_PADDED = 19
export const WLAN_PADDED_WITH_FCS = 20
export const PPI = 21
export const NFLOG = 22
export const PKTAP = 23
/** What a link type names; its number is in `frame.protocol`. */
export const LINK_TYPE = 24

/** Rare ones, the first of them first: rareLink. */
export const FIRST_RARE_LINK = 25
export const FDDI = 25
export const TOKEN_RING = 26
export const ARCNET_BSD = 27
export const ARCNET_LINUX = 28
export const IPOIB = 29
export const MPACKET = 30
export const IP_OVER_FC = 31
export const APPLE_IP_OVER_1394 = 32
export const FRAME_RELAY = 33
export const SUN_ATM = 34
export const ATM_RFC1483 = 35
export const LINUX_IPNET = 36
/** Ethernet with a switch's tag of 4 or 8 bytes after the addresses, or of 4 bytes before them. */
export const SWITCH_TAG_4 = 37
export const SWITCH_TAG_8 = 38
export const SWITCH_TAG_FIRST = 39
export const SLIP = 40
export const OPENBSD_ENC = 41
export const NSH = 42
export const TRILL = 43
export const HSR = 44
export const MACSEC = 45
export const CISCO_METADATA = 46
export const PPP_WITH_DIRECTION = 47

export const PFLOG = 48
/** A byte for the direction, then Cisco HDLC or frame relay. */
export const CISCO_HDLC_WITH_DIRECTION = 49
export const FRAME_RELAY_WITH_DIRECTION = 50
export const DOCSIS = 51
export const E_TAG = 52
/** 802.11 whose frame control field has its bytes swapped (CAPWAP of some makers). */
export const WLAN_SWAPPED = 53

/** IP and what is in it, IPv4 first. */
export const IPV4 = 54
export const IPV6 = 55
/** What an IP protocol number names; the number is in `frame.protocol`. */
export const IP_PROTOCOL = 56
export const TCP = 57
export const UDP = 58
export const ICMP = 59
export const ICMPV6 = 60
export const GRE = 61
export const ERSPAN = 62
export const VXLAN = 63
export const GENEVE = 64
export const GTP = 65
export const TEREDO = 66
export const L2TP = 67
export const AUTHENTICATION_HEADER = 68
export const ETHER_IP = 69
export const IPCOMP = 70
export const VXLAN_GPE = 71
export const LISP = 72
export const TZSP = 73
export const SFLOW = 74
export const AYIYA = 75
export const CAPWAP = 76
/** Several frames in one: the caller of the walk takes them apart. */
export const A_MSDU = 77

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
