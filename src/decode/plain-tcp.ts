import type { AddressTable } from './addresses.js'
import { u16 } from './big-endian.js'
import type { Frame } from './frame.js'
import { FRAGMENT, takeHeader } from './ipv4.js'
import type { SegmentBatch } from './segments.js'
import { tcp } from './tcp.js'

const ETHERNET_HEADER = 14
const IPV4_HEADER = 20
const LEAST = ETHERNET_HEADER + IPV4_HEADER + 20
const VERSION_4_NO_OPTIONS = 0x45
const PROTOCOL_TCP = 6

/**
 * The frame of every day: Ethernet, IPv4 without options and whole, TCP. Does what the walk would do, in one step, and writes the row.
 * Returns false, with nothing done, for any other frame.
 */
export function plainTcp(
  bytes: Uint8Array,
  frame: Frame,
  batch: SegmentBatch,
  addresses: AddressTable,
): boolean {
  const at = frame.at + ETHERNET_HEADER
  if (frame.end - frame.at < LEAST || u16(bytes, at - 2) !== 0x0800 || bytes[at] !== VERSION_4_NO_OPTIONS)
    return false
  const totalLength = u16(bytes, at + 2)
  if (
    bytes[at + 9] !== PROTOCOL_TCP ||
    (u16(bytes, at + 6) & FRAGMENT) !== 0 ||
    totalLength < IPV4_HEADER + 20
  )
    return false
  takeHeader(bytes, at, IPV4_HEADER, totalLength, frame)
  tcp(bytes, frame.at, frame.end, frame, batch, addresses)
  return true
}
