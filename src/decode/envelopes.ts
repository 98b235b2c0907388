/** Wrappers that capturing systems put around packets: netfilter log, Solaris IPNET, Apple PKTAP, Ethernet preemption, frame relay, ATM. */
import { u16 } from './big-endian.js'
import type { Frame } from './frame.js'
import { layerOfEtherType } from './ethernet.js'
import * as layer from './layers.js'

const NFLOG_PAYLOAD = 9

/** Address family, version and resource, then fields of host byte order: length, type, value. The payload field is the packet. */
export function nflog(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 4 > end) return layer.CUT_SHORT
  const family = bytes[at]
  for (let field = at + 4; field + 4 <= end;) {
    const big = u16(bytes, field)
    const little = bytes[field] | (bytes[field + 1] << 8)
    // Nothing tells the byte order: a length that fits the frame does.
    const swapped = little >= 4 && field + little <= end
    const length = swapped ? little : big
    const type = swapped ? bytes[field + 2] | (bytes[field + 3] << 8) : u16(bytes, field + 2)
    if (length < 4) return layer.MALFORMED
    if ((type & 0x7fff) === NFLOG_PAYLOAD) {
      frame.at = field + 4
      frame.limit(frame.at, length - 4)
      return family === 2 ? layer.IPV4 : family === 10 ? layer.IPV6 : layer.NOT_IP
    }
    field += (length + 3) & ~3
  }
  return layer.NOT_IP
}

/** Ethernet with the preamble (IEEE 802.3br): eight bytes whose last is the start delimiter, then a frame with its check sequence. */
export function mPacket(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 8 > end) return layer.CUT_SHORT
  let delimiter = at
  while (delimiter < at + 7 && bytes[delimiter] === 0x55) delimiter++
  frame.at = delimiter + 1
  // Only a whole frame (0xD5) or an express frame is a packet in itself; fragments of preempted frames are not put together.
  if (bytes[delimiter] !== 0xd5 && bytes[delimiter] !== 0x07) return layer.NOT_IP
  frame.limit(frame.at, Math.max(0, frame.wireEnd - frame.at - 4))
  return layer.ETHERNET
}

/** Solaris and Linux IPNET: 24 bytes, the IP version among them. */
export function ipNet(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 24 > end) return layer.CUT_SHORT
  frame.at = at + 24
  return bytes[at + 1] === 2 ? layer.IPV4 : bytes[at + 1] === 26 ? layer.IPV6 : layer.NOT_IP
}

/** Apple's tcpdump on several interfaces: a little-endian header length and the link type of what follows. */
export function pktap(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 12 > end) return layer.CUT_SHORT
  const length = bytes[at] | (bytes[at + 1] << 8)
  if (length < 12 || at + length > end) return layer.MALFORMED
  frame.at = at + length
  frame.protocol = bytes[at + 8] | (bytes[at + 9] << 8)
  return layer.LINK_TYPE
}

const NLPID_SNAP = 0x80
const NLPID_IP = 0xcc
const NLPID_IPV6 = 0x8e
const NLPID_PPP = 0xcf

/** Frame relay with an address of two to four bytes, whose last is odd (RFC 2427), or Cisco's form with an EtherType. */
export function frameRelay(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 5 > end) return layer.CUT_SHORT
  let next = at + 2
  while (next < at + 4 && (bytes[next - 1] & 1) === 0) next++
  if (bytes[next] !== 3) {
    frame.at = next + 2
    return layerOfEtherType(u16(bytes, next))
  }
  next++
  if (bytes[next] === 0) next++
  if (next + 6 > end) return layer.CUT_SHORT
  frame.at = next + 1
  switch (bytes[next]) {
    case NLPID_IP:
      return layer.IPV4
    case NLPID_IPV6:
      return layer.IPV6
    case NLPID_PPP:
      return layer.PPP
    case NLPID_SNAP:
      frame.at = next + 6
      return bytes[next + 1] === 0 && bytes[next + 3] === 0
        ? layerOfEtherType(u16(bytes, next + 4))
        : layer.NOT_IP
    default:
      return layer.NOT_IP
  }
}

/** SunATM: a pseudo header of four bytes that says what the cells carried. */
export function sunAtm(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 5 > end) return layer.CUT_SHORT
  frame.at = at + 4
  const traffic = bytes[at] & 15
  if (traffic === 2) return layer.LLC
  if (traffic !== 1) return layer.NOT_IP
  // LAN emulation: two bytes, then Ethernet.
  frame.at = at + 6
  return layer.ETHERNET
}

/** ATM as RFC 2684 wants it: LLC, or IP at once where the circuit says so. */
export function atm(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 3 > end) return layer.CUT_SHORT
  frame.at = at
  return bytes[at] === 0xaa || bytes[at] === 0xfe ? layer.LLC : layer.RAW_IP
}

/** OpenBSD's decrypted IPsec traffic: family, SPI and flags, then IP. */
export function openBsdEnc(_bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 12 > end) return layer.CUT_SHORT
  frame.at = at + 12
  return layer.RAW_IP
}

/** A byte for the direction, then the layer `next`. */
export function withDirection(at: number, end: number, frame: Frame, next: number): number {
  if (at + 1 > end) return layer.CUT_SHORT
  frame.at = at + 1
  return next
}

/** SLIP with libpcap's 16 bytes of direction and compressed header before the packet. */
export function slip(_bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 16 > end) return layer.CUT_SHORT
  frame.at = at + 16
  return layer.RAW_IP
}

/** OpenBSD's packet filter log: the header's length, the address family, and much that needs no reading; padded to 32 bits. */
export function pfLog(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 4 > end) return layer.CUT_SHORT
  frame.at = at + ((bytes[at] + 3) & ~3)
  if (frame.at > end) return layer.CUT_SHORT
  const family = bytes[at + 1]
  // AF_INET6 of OpenBSD and NetBSD, FreeBSD, Darwin.
  if (family === 24 || family === 28 || family === 30) return layer.IPV6
  return family === 2 ? layer.IPV4 : layer.NOT_IP
}

/** DOCSIS: frame control (type in the top two bits, bit 0: extended header), its length, length, header check; then Ethernet. */
export function docsis(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 6 > end) return layer.CUT_SHORT
  if (bytes[at] >> 6 !== 0) return layer.NOT_IP
  frame.at = at + 6 + ((bytes[at] & 1) !== 0 ? bytes[at + 1] : 0)
  return frame.at > end ? layer.CUT_SHORT : layer.ETHERNET
}
