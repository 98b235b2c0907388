import type { SegmentBatch } from '../decode/segments.js'
import { COMPLETE_FIN, COMPLETE_RST } from './completeness.js'
import type { FlowColumns } from './flow-columns.js'
import { grown, nextCapacity } from './growable.js'
import { ENDED_LEAP_FROM, MOST_ENDED_KNOWN } from './policy.js'
import { SIDE_SEQ, type SideColumns } from './side-columns.js'
import { tupleHash } from './tuple-hash.js'

const FAMILY_6 = 1
const CLOSED = 2
const SEQ_KNOWN = 4 /* of side 0; shifted by one for side 1 */
const NOT_FOUND = -1

/**
 * What is kept of a flow after its end: its stream number and what tells a late segment of it from a new connection on its 4-tuple.
 * 28 bytes in a ring, so that the oldest are forgotten, and an index over the 4-tuples: open addressing, at most half full.
 */
export class EndedFlows {
  /** Flows that ended so far; the next one's number. */
  count = 0
  /** Side of the sender in the flow that `find` has found. */
  side = 0
  private capacity = 1024
  private stream = new Uint32Array(this.capacity)
  private baseSeq = new Uint32Array(this.capacity * 2)
  private vantage = new Uint16Array(this.capacity)
  private bits = new Uint8Array(this.capacity)
  private tuple = new Int32Array(this.capacity * 3)
  /** Number + 1 of the latest flow of a 4-tuple; 0: empty. */
  private index = new Int32Array(4096)
  private used = 0

  constructor(
    private readonly flows: FlowColumns,
    private readonly sides: SideColumns,
    private readonly seed: number,
    private readonly most = MOST_ENDED_KNOWN,
  ) {}

  /** Flows that are no longer known. */
  get forgotten(): number {
    return Math.max(0, this.count - this.capacity)
  }

  /** Remembers a flow whose 4-tuple has this hash. */
  put(hash: number, flow: number): void {
    if (this.used * 2 > this.index.length) this.reindex()
    if (this.count === this.capacity && this.capacity < this.most) this.grow()
    if (this.count >= this.capacity) this.forgetOldest()
    const { flows, sides } = this
    const first = flow * 2
    const second = first + 1
    const ports = (flows.port0[flow] << 16) | flows.port1[flow]
    const slot = this.slotOf(
      hash,
      flows.address0[flow] | 0,
      flows.address1[flow] | 0,
      ports,
      flows.family[flow],
      flows.vantage[flow],
    )
    if (this.index[slot] === 0) this.used++
    this.index[slot] = this.count + 1
    const at = this.count++ % this.capacity
    this.tuple[at * 3] = flows.address0[flow]
    this.tuple[at * 3 + 1] = flows.address1[flow]
    this.tuple[at * 3 + 2] = ports
    this.stream[at] = flows.stream[flow]
    this.baseSeq[at * 2] = sides.baseSeq[first]
    this.baseSeq[at * 2 + 1] = sides.baseSeq[second]
    this.vantage[at] = flows.vantage[flow]
    this.bits[at] =
      (flows.family[flow] === 6 ? FAMILY_6 : 0) |
      (flows.completeness[flow] & (COMPLETE_FIN | COMPLETE_RST) ? CLOSED : 0) |
      (sides.state[first] & SIDE_SEQ ? SEQ_KNOWN : 0) |
      (sides.state[second] & SIDE_SEQ ? SEQ_KNOWN << 1 : 0)
  }

  /** Number of the latest ended flow of a 4-tuple, seen at this place, with `side` set to its sender's; negative: none is known. */
  find(
    hash: number,
    source: number,
    destination: number,
    ports: number,
    family: number,
    vantage: number,
  ): number {
    const number = this.index[this.slotOf(hash, source, destination, ports, family, vantage)] - 1
    if (number < 0) return NOT_FOUND
    const at = (number % this.capacity) * 3
    const { tuple } = this
    this.side = tuple[at] === source && tuple[at + 1] === destination && tuple[at + 2] === ports ? 0 : 1
    return number
  }

  /** Stream number that the flow had. */
  streamOf(number: number): number {
    return this.stream[number % this.capacity]
  }

  /** Whether a SYN or SYN-ACK of side `side` begins a new connection after flow `number` (the rules of Wireshark 4.4). */
  isFollowedBy(batch: SegmentBatch, row: number, number: number, side: number): boolean {
    const at = number % this.capacity
    if (!(this.bits[at] & (SEQ_KNOWN << side))) return false
    return batch.seq[row] !== this.baseSeq[at * 2 + side] || (this.bits[at] & CLOSED) !== 0
  }

  /** Slot of the index where the 4-tuple stands, or could. */
  private slotOf(
    hash: number,
    source: number,
    destination: number,
    ports: number,
    family: number,
    vantage: number,
  ): number {
    const { index, tuple, capacity } = this
    const mask = index.length - 1
    const swapped = (ports << 16) | (ports >>> 16)
    let slot = hash & mask
    for (; index[slot] !== 0; slot = (slot + 1) & mask) {
      const at = (index[slot] - 1) % capacity
      const address0 = tuple[at * 3]
      const address1 = tuple[at * 3 + 1]
      const both = tuple[at * 3 + 2]
      const same = address0 === source && address1 === destination && both === ports
      if (!same && !(address0 === destination && address1 === source && both === swapped)) continue
      if (((this.bits[at] & FAMILY_6) !== 0) === (family === 6) && this.vantage[at] === vantage) break
    }
    return slot
  }

  /** Places in the ring move only while it has not gone round. */
  private grow(): void {
    // What was never written to takes no memory, and what is outgrown does until it is collected.
    const next = this.capacity < ENDED_LEAP_FROM ? nextCapacity(this.capacity) : this.most
    this.capacity = Math.min(next, this.most)
    this.stream = grown(this.stream, this.capacity)
    this.baseSeq = grown(this.baseSeq, this.capacity * 2)
    this.vantage = grown(this.vantage, this.capacity)
    this.bits = grown(this.bits, this.capacity)
    this.tuple = grown(this.tuple, this.capacity * 3)
  }

  /** Takes the flow whose place in the ring is needed out of the index, unless a later one of its 4-tuple stands there. */
  private forgetOldest(): void {
    const { index } = this
    const mask = index.length - 1
    const oldest = this.count - this.capacity + 1
    let slot = this.homeOf(oldest)
    while (index[slot] !== oldest && index[slot] !== 0) slot = (slot + 1) & mask
    if (index[slot] === 0) return
    // Those behind it move up, so that no search stops at the gap.
    for (let next = (slot + 1) & mask; index[next] !== 0; next = (next + 1) & mask) {
      const way = (next - this.homeOf(index[next])) & mask
      if (way < ((next - slot) & mask)) continue
      index[slot] = index[next]
      slot = next
    }
    index[slot] = 0
    this.used--
  }

  /** Slot at which the search for an entry of the index begins. */
  private homeOf(entry: number): number {
    const { tuple } = this
    const at = ((entry - 1) % this.capacity) * 3
    return tupleHash(this.seed, tuple[at], tuple[at + 1], tuple[at + 2]) & (this.index.length - 1)
  }

  /** Makes room in the index. */
  private reindex(): void {
    const old = this.index
    this.index = new Int32Array(old.length * 2)
    const { index } = this
    for (const entry of old) {
      if (entry === 0) continue
      let slot = this.homeOf(entry)
      while (index[slot] !== 0) slot = (slot + 1) & (index.length - 1)
      index[slot] = entry
    }
  }
}
