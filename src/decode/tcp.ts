/** TCP (RFC 9293): one row of the batch per header. */
import type { AddressTable } from './addresses.js'
import { u16, u32 } from './big-endian.js'
import type { Frame } from './frame.js'
import * as layer from './layers.js'
import type { SegmentBatch } from './segments.js'
import { ODD_HEADER_CUT, ODD_PORTS_ONLY, ODD_QUOTED, ODD_SHORT_SEGMENT } from './segments.js'

/** The fields up to the window are what a segment needs to be numbered (and what Wireshark reads before it looks up the stream). */
const LEAST_HEADER = 16
const CHECKSUM = 16
/** What an ICMP error quotes at least (RFC 792): ports and sequence number. */
const LEAST_QUOTED = 8

/** Writes the next row of the batch. */
export function tcp(
  bytes: Uint8Array,
  at: number,
  end: number,
  frame: Frame,
  batch: SegmentBatch,
  addresses: AddressTable,
): number {
  if (at + LEAST_HEADER > end) return quotedPorts(bytes, at, end, frame, batch, addresses)
  const row = batch.length
  const offsetAndFlags = u16(bytes, at + 12)
  const headerLength = (offsetAndFlags >> 12) * 4
  const payloadAt = at + headerLength
  const wire = frame.wireEnd - payloadAt
  const captured = end - payloadAt
  const badHeader = headerLength < 20 || wire < 0
  ports(bytes, at, frame, batch, addresses)
  batch.headerLength[row] = headerLength
  batch.ack[row] = u32(bytes, at + 8)
  batch.flags[row] = offsetAndFlags & 0x1ff
  batch.window[row] = u16(bytes, at + 14)
  batch.payloadAt[row] = captured < 0 || badHeader ? end : payloadAt
  // A header length below the minimum is counted with all the same, as Wireshark does: it keeps streams alike.
  batch.payloadLength[row] = wire < 0 ? 0 : wire
  batch.payloadCaptured[row] = captured < 0 || badHeader ? 0 : captured
  let odd = frame.odd
  if (captured < 0 || badHeader) odd |= ODD_HEADER_CUT
  if (wire < 0) odd |= ODD_SHORT_SEGMENT
  batch.odd[row] = odd
  batch.checksum[row] = odd & ODD_HEADER_CUT ? 0 : u16(bytes, at + CHECKSUM)
  batch.length = row + 1
  frame.segments++
  return layer.DONE
}

/** What stands in the first 8 bytes, and around them. */
function ports(
  bytes: Uint8Array,
  at: number,
  frame: Frame,
  batch: SegmentBatch,
  addresses: AddressTable,
): void {
  const row = batch.length
  batch.frame[row] = frame.number
  batch.timeNs[row] = frame.timeNs
  batch.interfaceId[row] = frame.interfaceId
  batch.packetType[row] = frame.packetType
  batch.linkAt[row] = frame.linkAt
  batch.ipAt[row] = frame.ipAt
  batch.family[row] = frame.family
  if (frame.family === 4) {
    batch.source[row] = u32(bytes, frame.sourceAt)
    batch.destination[row] = u32(bytes, frame.destinationAt)
  } else {
    batch.source[row] = addresses.intern(bytes, frame.sourceAt)
    batch.destination[row] = addresses.intern(bytes, frame.destinationAt)
  }
  batch.sourcePort[row] = u16(bytes, at)
  batch.destinationPort[row] = u16(bytes, at + 2)
  batch.ttl[row] = frame.ttl
  batch.ipId[row] = frame.ipId
  batch.tcpAt[row] = at
  batch.seq[row] = u32(bytes, at + 4)
}

/** A quotation in an ICMP error that ends before the flags do. */
function quotedPorts(
  bytes: Uint8Array,
  at: number,
  end: number,
  frame: Frame,
  batch: SegmentBatch,
  addresses: AddressTable,
): number {
  if (!(frame.odd & ODD_QUOTED) || at + LEAST_QUOTED > end) return layer.CUT_SHORT
  const row = batch.length
  ports(bytes, at, frame, batch, addresses)
  batch.headerLength[row] = batch.ack[row] = batch.flags[row] = batch.window[row] = batch.checksum[row] = 0
  batch.payloadAt[row] = end
  batch.payloadLength[row] = batch.payloadCaptured[row] = 0
  batch.odd[row] = frame.odd | ODD_HEADER_CUT | ODD_PORTS_ONLY
  batch.length = row + 1
  frame.segments++
  return layer.DONE
}
