import { PACKET_TYPE_UNKNOWN } from './segments.js'

/**
 * Notes about the frame that is being decoded: one object for all frames. Header functions read and write it; offsets are into the
 * chunk. `end` (what was captured) and `wireEnd` (what was sent) shrink as IP lengths are read, and never grow.
 */
export class Frame {
  /** 1-based; in its file, or in the run where several captures are read together (frame-numbers.ts). */
  number = 0
  timeNs = NaN
  interfaceId = 0
  packetType = PACKET_TYPE_UNKNOWN
  /** The frame's first byte. */
  linkAt = 0
  /** Where the next header begins. */
  at = 0
  /** One past the last captured byte of the current layer. */
  end = 0
  /** One past the last byte of the current layer as sent; `wireEnd >= end`. */
  wireEnd = 0
  /** IP protocol number, or link type, of the next header: what IP_PROTOCOL and LINK_TYPE refer to. */
  protocol = 0
  /** Innermost IP header so far: version, place, addresses, hop limit, identification. */
  family = 0
  ipAt = 0
  sourceAt = 0
  destinationAt = 0
  ttl = 0
  ipId = 0
  /** ODD_… bits gathered on the way down. */
  odd = 0
  /** TCP segments found in this frame so far. */
  segments = 0
  /** Headers walked through, against frames that nest without end. */
  depth = 0

  /** Makes the layer at `at` end `length` bytes later on the wire, if that is less than it was. */
  limit(at: number, length: number): void {
    const end = at + length
    if (end < this.wireEnd) this.wireEnd = end
    if (end < this.end) this.end = end
  }
}
