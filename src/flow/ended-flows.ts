import type { SegmentBatch } from '../decode/segments.js'
import { COMPLETE_FIN, COMPLETE_RST } from './completeness.js'
import type { FlowColumns } from './flow-columns.js'
import { grown } from './growable.js'
import { MOST_ENDED_KNOWN } from './limits.js'
import { SIDE_SEQ, type SideColumns } from './side-columns.js'

const FAMILY_6 = 1
const CLOSED = 2
const SEQ_KNOWN = 4 /* of side 0; shifted by one for side 1 */

/**
 * What is kept of a flow after its end, 15 bytes: enough to tell a late segment of it from a new connection on its 4-tuple, which stands
 * in the flow table. A ring: the oldest are forgotten.
 */
export class EndedFlows {
  /** Flows that ended so far; the next one's number. */
  count = 0
  private capacity = 1024
  private stream = new Uint32Array(this.capacity)
  private baseSeq = new Uint32Array(this.capacity * 2)
  private vantage = new Uint16Array(this.capacity)
  private bits = new Uint8Array(this.capacity)

  constructor(private readonly most = MOST_ENDED_KNOWN) {}

  /** Remembers a flow; returns its number among the ended. */
  add(flows: FlowColumns, sides: SideColumns, flow: number): number {
    if (this.count === this.capacity && this.capacity < this.most) this.grow()
    const at = this.count % this.capacity
    const [first, second] = [flow * 2, flow * 2 + 1]
    this.stream[at] = flows.stream[flow]
    this.baseSeq[at * 2] = sides.baseSeq[first]
    this.baseSeq[at * 2 + 1] = sides.baseSeq[second]
    this.vantage[at] = flows.vantage[flow]
    this.bits[at] =
      (flows.family[flow] === 6 ? FAMILY_6 : 0) |
      (flows.completeness[flow] & (COMPLETE_FIN | COMPLETE_RST) ? CLOSED : 0) |
      (sides.state[first] & SIDE_SEQ ? SEQ_KNOWN : 0) |
      (sides.state[second] & SIDE_SEQ ? SEQ_KNOWN << 1 : 0)
    return this.count++
  }

  /** Flows that are no longer known. */
  get forgotten(): number {
    return Math.max(0, this.count - this.capacity)
  }

  /** Whether the flow with this number is still known. */
  knows(number: number): boolean {
    return number >= this.count - this.capacity
  }

  /** Whether flow `number`, whose 4-tuple agrees, was of this address family and seen at this place. */
  isOf(number: number, family: number, vantage: number): boolean {
    const at = number % this.capacity
    return ((this.bits[at] & FAMILY_6) !== 0) === (family === 6) && this.vantage[at] === vantage
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

  /** Places in the ring move only while it has not gone round. */
  private grow(): void {
    this.capacity = Math.min(this.capacity * 2, this.most)
    this.stream = grown(this.stream, this.capacity)
    this.baseSeq = grown(this.baseSeq, this.capacity * 2)
    this.vantage = grown(this.vantage, this.capacity)
    this.bits = grown(this.bits, this.capacity)
  }
}
