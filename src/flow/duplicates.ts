import { FIN, SYN, type SegmentBatch } from '../decode/segments.js'
import { COPY_SLOTS, COPY_WINDOW_NS, MIRROR_WINDOW_NS } from './policy.js'

const LOWER = COPY_SLOTS - 1

/** Numbers of a place in the ring: they stand together, so that a look costs one cache line. The time takes two of them. */
const SLOT = 8
const HASH = 0
const CHECK = 1
const PLACE = 2
const TTL_AND_CHECKSUM = 3
const TIME = 2 /* as a Float64, of which a place has four */

/**
 * Tells copies of a packet (several interfaces of one host, bridges, mirror ports) from retransmissions. A retransmission gets a
 * new IP identification; a copy keeps it and differs in interface, packet type or TTL. Fixed memory: the latest segments in a ring, and
 * where the latest with a hash stands. The ring is written from front to back and seldom read: a segment waits for no memory.
 */
export class CopyDetector {
  private readonly numbers = new Int32Array(COPY_SLOTS * SLOT)
  /**
   * By hash, the place in the ring, under the upper bits of the hash: where those are others, and nearly everywhere they are, the ring
   * need not be asked.
   */
  private readonly places = new Int32Array(COPY_SLOTS)
  private next = 0
  /** After `isCopy` said yes: where the packet was seen first, as interface << 8 | packet type. */
  firstPlace = 0
  private readonly times = new Float64Array(this.numbers.buffer)

  constructor() {
    // In one go: at start-up the code is not compiled yet. Where a hash should stand it means nothing, since no time is near −∞.
    this.times.fill(-Infinity)
  }

  /** Remembers a segment that is known to be no copy: the same as `isCopy`, without a look at what is remembered. */
  remember(batch: SegmentBatch, row: number, sideIndex: number): void {
    const hash = hashOf(batch, row, sideIndex)
    const check = checkOf(batch, row)
    const place = (batch.interfaceId[row] << 8) | batch.packetType[row]
    const marks = (batch.ttl[row] << 16) | batch.checksum[row]
    this.write((hash ^ check) & LOWER, hash, check, place, marks, batch.timeNs[row])
  }

  /** Whether this segment is another copy of one seen just before; if not, it is remembered. */
  isCopy(batch: SegmentBatch, row: number, sideIndex: number): boolean {
    const { numbers, times } = this
    const hash = hashOf(batch, row, sideIndex)
    const check = checkOf(batch, row)
    const slot = (hash ^ check) & LOWER
    const noted = this.places[slot]
    const known = noted & LOWER
    const at = known * SLOT
    const now = batch.timeNs[row]
    const place = (batch.interfaceId[row] << 8) | batch.packetType[row]
    const checksum = batch.checksum[row]
    const marks = (batch.ttl[row] << 16) | checksum
    const like = ((noted ^ hash) & ~LOWER) === 0
    if (like && numbers[at + HASH] === hash && numbers[at + CHECK] === check) {
      const elapsed = Math.abs(now - times[known * (SLOT / 2) + TIME])
      const other = numbers[at + TTL_AND_CHECKSUM]
      this.firstPlace = numbers[at + PLACE]
      const elsewhere = place !== numbers[at + PLACE] || marks >>> 16 !== other >>> 16
      if (elapsed < COPY_WINDOW_NS && elsewhere) return true
      const takesNumbers = (batch.flags[row] & (SYN | FIN)) !== 0 || batch.payloadLength[row] > 0
      const numbered = batch.ipId[row] !== 0 || takesNumbers
      if (elapsed < MIRROR_WINDOW_NS && numbered && checksum === (other & 0xffff)) return true
    }
    this.write(slot, hash, check, place, marks, now)
    return false
  }

  private write(slot: number, hash: number, check: number, place: number, marks: number, now: number): void {
    const { numbers, next } = this
    const at = next * SLOT
    this.places[slot] = (hash & ~LOWER) | next
    this.next = (next + 1) & LOWER
    numbers[at + HASH] = hash
    numbers[at + CHECK] = check
    numbers[at + PLACE] = place
    numbers[at + TTL_AND_CHECKSUM] = marks
    this.times[next * (SLOT / 2) + TIME] = now
  }
}

/** Flow, side and numbers of a segment. */
function hashOf(batch: SegmentBatch, row: number, sideIndex: number): number {
  const sent = Math.imul(batch.seq[row] ^ Math.imul(sideIndex + 1, 0x9e3779b1), 0x85ebca6b)
  const hash = Math.imul(sent ^ (sent >>> 15) ^ batch.ack[row], 0xc2b2ae35)
  return hash ^ (hash >>> 14)
}

/** What else its copies have in common with it. */
function checkOf(batch: SegmentBatch, row: number): number {
  const check = Math.imul(batch.payloadLength[row] ^ (batch.flags[row] << 20), 0x27d4eb2f)
  return Math.imul(check ^ (check >>> 15) ^ (batch.ipId[row] << 16) ^ batch.window[row], 0x165667b1)
}
