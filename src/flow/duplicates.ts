import { u16 } from '../decode/big-endian.js'
import { ODD_HEADER_CUT, type SegmentBatch } from '../decode/segments.js'

/** Copies of one packet reach the capture this close together (bridges and `-i any`; measured well under 1 ms). */
const COPY_WINDOW_NS = 5e6
/**
 * An identical packet on the same interface is a mirror's copy only if it comes faster than any retransmission timer, and if its checksum
 * is the same: there are stacks whose IP identification never changes. (From interface to interface offload may change the checksum.)
 */
const MIRROR_WINDOW_NS = 1e6
const SLOTS = 1 << 14
const CHECKSUM_AT = 16

/**
 * Tells copies of a packet (several interfaces of one host, bridges, mirror ports) from retransmissions. A retransmission gets a
 * new IP identification; a copy keeps it and differs in interface, packet type or TTL. Fixed memory: one slot per hash.
 */
export class CopyDetector {
  private readonly hash = new Int32Array(SLOTS)
  private readonly check = new Int32Array(SLOTS)
  private readonly timeNs = new Float64Array(SLOTS).fill(-Infinity)
  private readonly place = new Int32Array(SLOTS)
  private readonly ttl = new Uint8Array(SLOTS)
  private readonly checksum = new Uint16Array(SLOTS)

  /** Whether this segment is another copy of one seen just before; if not, it is remembered. */
  isCopy(batch: SegmentBatch, row: number, sideIndex: number): boolean {
    const ipId = batch.ipId[row]
    let hash = Math.imul(batch.seq[row] ^ Math.imul(sideIndex + 1, 0x9e3779b1), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 15) ^ batch.ack[row], 0xc2b2ae35)
    hash ^= hash >>> 14
    let check = Math.imul(batch.payloadLength[row] ^ (batch.flags[row] << 20), 0x27d4eb2f)
    check = Math.imul(check ^ (check >>> 15) ^ (ipId << 16) ^ batch.window[row], 0x165667b1)
    const slot = (hash ^ check) & (SLOTS - 1)
    const now = batch.timeNs[row]
    const place = (batch.interfaceId[row] << 8) | batch.packetType[row]
    const ttl = batch.ttl[row]
    const checksum = batch.odd[row] & ODD_HEADER_CUT ? 0 : u16(batch.bytes, batch.tcpAt[row] + CHECKSUM_AT)
    if (this.hash[slot] === hash && this.check[slot] === check) {
      const elapsed = Math.abs(now - this.timeNs[slot])
      const elsewhere = place !== this.place[slot] || ttl !== this.ttl[slot]
      if (elapsed < COPY_WINDOW_NS && elsewhere) return true
      if (elapsed < MIRROR_WINDOW_NS && ipId !== 0 && checksum === this.checksum[slot]) return true
    }
    this.hash[slot] = hash
    this.check[slot] = check
    this.timeNs[slot] = now
    this.place[slot] = place
    this.ttl[slot] = ttl
    this.checksum[slot] = checksum
    return false
  }
}
