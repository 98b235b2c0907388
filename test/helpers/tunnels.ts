/** Link layers and tunnels, each as a function that wraps an IPv4 packet into a frame. */
import { deflateRawSync } from 'node:zlib'
import { concat, ipPacket, u16, u32 } from './packet-bytes.js'

/** One way to wrap an IP packet. */
export interface Tunnel {
  readonly name: string
  /** Number of the link type of the frame. */
  readonly linkType: number
  readonly frame: (packet: Uint8Array) => Uint8Array
}

const MACS = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]
const SNAP_IP = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0]

const ethernet = (type: number, ...rest: (Uint8Array | readonly number[])[]): Uint8Array =>
  concat(MACS, u16(type), ...rest)
const ip = (protocol: number, ...rest: (Uint8Array | readonly number[])[]): Uint8Array =>
  ethernet(0x0800, ipPacket('192.0.2.1', '192.0.2.2', protocol, concat(...rest)))
const ipv6 = (next: number, ...rest: (Uint8Array | readonly number[])[]): Uint8Array => {
  const body = concat(...rest)
  const addresses = concat(
    [0x20, 1, 13, 184],
    new Uint8Array(11),
    [1],
    [0x20, 1, 13, 184],
    new Uint8Array(11),
    [2],
  )
  return concat([0x60, 0, 0, 0], u16(body.length), [next, 64], addresses, body)
}
const udp = (port: number, ...rest: (Uint8Array | readonly number[])[]): Uint8Array => {
  const body = concat(...rest)
  return ip(17, u16(50_000), u16(port), u16(8 + body.length), [0, 0], body)
}

const over = (name: string, frame: Tunnel['frame'], linkType = 1): Tunnel => ({ name, linkType, frame })

export const TUNNELS: readonly Tunnel[] = [
  over('VLAN', (p) => ethernet(0x8100, u16(7), u16(0x0800), p)),
  over('802.1ad over 802.1Q', (p) => ethernet(0x88a8, u16(7), u16(0x8100), u16(8), u16(0x0800), p)),
  over('802.1ah', (p) => ethernet(0x88e7, u32(5), MACS, u16(0x0800), p)),
  over('VN-Tag', (p) => ethernet(0x8926, u32(5), u16(0x0800), p)),
  over('FabricPath', (p) => ethernet(0x8903, u16(1), ethernet(0x0800, p))),
  over('LLC/SNAP', (p) => ethernet(8 + p.length, SNAP_IP, p)),
  over('PPPoE', (p) => ethernet(0x8864, [0x11, 0], u16(1), u16(p.length + 2), u16(0x21), p)),
  over('MPLS', (p) => ethernet(0x8847, [0, 1, 0, 64, 0, 1, 1, 64], p)),
  over('MPLS pseudo-wire', (p) => ethernet(0x8847, [0, 1, 1, 64], u32(0), ethernet(0x0800, p))),
  over('IP in IP', (p) => ip(4, p)),
  over('authentication header', (p) => ip(51, [4, 4], new Uint8Array(22), p)),
  over('GRE', (p) => ip(47, u16(0), u16(0x0800), p)),
  over('GRE with key and sequence', (p) => ip(47, u16(0x3000), u16(0x0800), u32(1), u32(2), p)),
  over('GRE around Ethernet', (p) => ip(47, u16(0x2000), u16(0x6558), u32(1), ethernet(0x0800, p))),
  over('ERSPAN I', (p) => ip(47, u16(0), u16(0x88be), ethernet(0x0800, p))),
  over('ERSPAN II', (p) =>
    ip(47, u16(0x1000), u16(0x88be), u32(9), [0x10, 0, 0, 1], u32(0), ethernet(0x0800, p)),
  ),
  over('ERSPAN III', (p) =>
    ip(47, u16(0x1000), u16(0x22eb), u32(9), [0x20, 0, 0, 1], u32(0), u32(0), ethernet(0x0800, p)),
  ),
  over('VXLAN', (p) => udp(4789, u32(0x08000000), u32(0), ethernet(0x0800, p))),
  over('TZSP', (p) => udp(37008, u16(0x0100), u16(1), [10, 1, 5, 0, 1], ethernet(0x0800, p))),
  over('Geneve', (p) => udp(6081, [1, 0], u16(0x6558), u32(0), u32(0), ethernet(0x0800, p))),
  over('GTP', (p) => udp(2152, [0x30, 255], u16(p.length), u32(1), p)),
  over('GTP with extensions', (p) =>
    udp(2152, [0x34, 255], u16(p.length + 8), u32(1), [0, 0, 0, 0x85, 1, 0, 0, 0], p),
  ),
  over('L2TP', (p) => udp(1701, u16(2), u16(1), u16(1), [0xff, 3], u16(0x21), p)),
  over('EtherIP', (p) => ip(97, u16(0x3000), ethernet(0x0800, p))),
  over('MPLS pseudo-wire without control word', (p) => ethernet(0x8847, [0, 1, 1, 64], ethernet(0x0800, p))),
  over('MPLS in UDP', (p) => udp(6635, [0, 1, 1, 64], p)),
  over('VXLAN-GPE', (p) => udp(4790, u32(0x0c000001), u32(0), p)),
  over('LISP', (p) => udp(4341, u32(0), u32(0), p)),
  over('NSH', (p) => ethernet(0x894f, u32(0x0fc60201), u32(0), new Uint8Array(16), p)),
  over('TRILL', (p) => ethernet(0x22f3, u16(0), u32(0), ethernet(0x0800, p))),
  over('HSR', (p) => ethernet(0x892f, u16(0), u16(1), u16(0x0800), p)),
  over('MACsec, not encrypted', (p) => ethernet(0x88e5, u16(0), u32(1), u16(0x0800), p, new Uint8Array(16))),
  over('Cisco metadata', (p) => ethernet(0x8909, u16(0x0101), u16(1), u16(5), u16(0x0800), p)),
  over('Teredo', (p) =>
    udp(3544, u16(0), new Uint8Array(6), [0x60, 0, 0, 0], u16(p.length), [4, 64], new Uint8Array(32), p),
  ),
  over('PPTP', (p) => ip(47, u16(0x3081), u16(0x880b), u32(1), u32(2), u32(3), [0xff, 3], u16(0x21), p)),
  over('PPP', (p) => concat([0xff, 3], u16(0x21), p), 9),
  over('Cisco HDLC', (p) => concat([0x0f, 0], u16(0x0800), p), 104),
  over('frame relay', (p) => concat([0x18, 0x41, 3, 0xcc], p), 107),
  over('OpenBSD enc', (p) => concat(new Uint8Array(12), p), 109),
  over('FDDI', (p) => concat([0x50], MACS, SNAP_IP, p), 10),
  over('Token Ring', (p) => concat([0x10, 0x40], MACS, SNAP_IP, p), 6),
  over('ARCNET', (p) => concat([1, 2, 0, 0, 0xf0], p), 129),
  over('802.11', (p) => concat([8, 1], new Uint8Array(22), SNAP_IP, p), 105),
  over(
    '802.11 with QoS, radiotap, check sequence',
    (p) => concat([0, 0, 9, 0, 2, 0, 0, 0, 0x10, 0x88, 1], new Uint8Array(24), SNAP_IP, p, u32(0)),
    127,
  ),
  over('PPI', (p) => concat([0, 0, 8, 0, 105, 0, 0, 0, 8, 1], new Uint8Array(22), SNAP_IP, p), 192),
  over('NFLOG', (p) => concat([2, 0, 0, 0, 8, 0, 1, 0, 0, 0, 0, 0, p.length + 4, 0, 9, 0], p), 239),
  over('IPoIB', (p) => concat(new Uint8Array(40), u16(0x0800), u16(0), p), 242),
  over(
    'mPacket',
    (p) => concat([0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0xd5], ethernet(0x0800, p), u32(0)),
    274,
  ),
  over('PKTAP', (p) => concat([12, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0], ethernet(0x0800, p)), 258),
  over('DSA', (p) => concat(MACS, u32(0x40000000), u16(0x0800), p), 284),
  over('IPv4 link type', (p) => p, 228),
  over('WCCP', (p) => ip(47, u16(0), u16(0x883e), p)),
  over('WCCP 2', (p) => ip(47, u16(0), u16(0x883e), u32(0x00510001), p)),
  over('EoIP', (p) => ip(47, u16(0x2001), u16(0x6400), u16(14 + p.length), u16(1), ethernet(0x0800, p))),
  over('IPComp', (p) => ip(108, [4, 0], u16(2), deflateRawSync(p))),
  over('ATM', (p) => concat(SNAP_IP, p), 100),
  over('SunATM', (p) => concat([2, 0, 0, 5], SNAP_IP, p), 123),
  over('IP over Fibre Channel', (p) => concat(new Uint8Array(16), SNAP_IP, p), 122),
  over('IP over IEEE 1394', (p) => concat(new Uint8Array(16), u16(0x0800), p), 138),
  over('SLIP', (p) => concat(new Uint8Array(16), p), 8),
  over('IPNET', (p) => concat([1, 2, 0, 0], u32(p.length), new Uint8Array(16), p), 226),
  over('Broadcom switch tag', (p) => concat(MACS, u32(0x40000000), u16(0x0800), p), 281),
  over('6in4', (p) => ip(41, ipv6(4, p))),
  over('IPv6 with every extension header', (p) =>
    ethernet(
      0x86dd,
      ipv6(
        0,
        [60, 0, 1, 4, 0, 0, 0, 0],
        [43, 0, 1, 4, 0, 0, 0, 0],
        [44, 0, 0, 0, 0, 0, 0, 0],
        [51, 0, 0, 0, 0, 0, 0, 7],
        [4, 4],
        new Uint8Array(22),
        p,
      ),
    ),
  ),
  over('IPv6 link type', (p) => ipv6(4, p), 229),
  over('raw IPv6', (p) => ipv6(4, p), 101),
  over('GRE with checksum', (p) => ip(47, u16(0x8000), u16(0x0800), u32(0), p)),
  over('GRE with routing', (p) =>
    ip(47, u16(0x4000), u16(0x0800), u32(0), u16(0x0800), [0, 4], u32(1), u32(0), p),
  ),
  over('GRE around frame relay', (p) => ip(47, u16(0), u16(0x6559), [0x18, 0x41, 3, 0xcc], p)),
  over('GRE around 802.11 (Aruba)', (p) =>
    ip(47, u16(0), u16(0x8230), [8, 1], new Uint8Array(22), SNAP_IP, p),
  ),
  over('NVGRE', (p) => ip(47, u16(0x2000), u16(0x6558), u32(0x12345601), ethernet(0x0800, p))),
  over('R-TAG', (p) => ethernet(0xf1c1, u32(1), u16(0x0800), p)),
  over('E-TAG', (p) => ethernet(0x893f, u32(1), u16(0), u16(0x0800), p)),
  over('AYIYA', (p) => udp(5072, [0x41, 0x52, 0x11, 41], u32(1), new Uint8Array(16 + 20), ipv6(4, p))),
  over('CAPWAP around Ethernet', (p) => udp(5247, [0, 0x10, 2, 0], u32(0), ethernet(0x0800, p))),
  over('CAPWAP around 802.11', (p) =>
    udp(5247, [0, 0x10, 3, 0], u32(0), [1, 8], new Uint8Array(22), SNAP_IP, p),
  ),
  over('GTP on the control port', (p) => udp(2123, [0x30, 255], u16(p.length), u32(1), p)),
  over('GTP version 0', (p) => udp(3386, [0x1e, 255], u16(p.length), new Uint8Array(16), p)),
  over('PPP with an EtherType', (p) => concat([0xff, 3], u16(0x0800), p), 9),
  over('PPP of pppd', (p) => concat([0, 3], u16(0x21), p), 166),
  over('PPP with a direction', (p) => concat([1, 0xff, 3], u16(0x21), p), 204),
  over('Cisco HDLC with a direction', (p) => concat([1, 0x0f, 0], u16(0x0800), p), 205),
  over('frame relay with a direction', (p) => concat([1, 0x18, 0x41, 3, 0xcc], p), 206),
  over('frame relay with a long address', (p) => concat([0x18, 0x40, 0, 1, 3, 0xcc], p), 107),
  over('frame relay around PPP', (p) => concat([0x18, 0x41, 3, 0xcf], u16(0x21), p), 107),
  over('PFLOG', (p) => concat([61, 2], new Uint8Array(62), p), 117),
  over('DOCSIS', (p) => concat([0, 0], u16(14 + p.length), u16(0), ethernet(0x0800, p)), 143),
  over(
    'DOCSIS with an extended header',
    (p) => concat([1, 2], u16(16 + p.length), [0, 0], u16(0), ethernet(0x0800, p)),
    143,
  ),
  over(
    'SLL around Ethernet',
    (p) => concat([0, 0, 0, 1], new Uint8Array(10), u16(3), ethernet(0x0800, p)),
    113,
  ),
  over('SLL around LLC', (p) => concat([0, 0, 0, 1], new Uint8Array(10), u16(4), SNAP_IP, p), 113),
  over(
    'SLL around PPP',
    (p) => concat([0, 0, 2, 0], new Uint8Array(10), u16(7), [0xff, 3], u16(0x21), p),
    113,
  ),
  over(
    'SLL with a VLAN',
    (p) => concat([0, 0, 0, 1], new Uint8Array(10), u16(0x8100), u16(7), u16(0x0800), p),
    113,
  ),
  over('NULL, big endian', (p) => concat(u32(2), p), 0),
  over('802.11 between access points', (p) => concat([8, 3], new Uint8Array(28), SNAP_IP, p), 105),
  over(
    'A-MSDU',
    (p) => concat([0x88, 1], new Uint8Array(22), [0x80, 0], MACS, u16(p.length + 8), SNAP_IP, p),
    105,
  ),
  over(
    'Prism',
    (p) => concat(u32(0x44000000), new Uint8Array(140), [8, 1], new Uint8Array(22), SNAP_IP, p),
    119,
  ),
  over(
    'AVS',
    (p) => concat(u32(0x80211001), u32(64), new Uint8Array(56), [8, 1], new Uint8Array(22), SNAP_IP, p),
    163,
  ),
]
