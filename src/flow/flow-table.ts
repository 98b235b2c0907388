import type { SegmentBatch } from '../decode/segments.js'
import type { EndedFlows } from './ended-flows.js'
import type { FlowColumns } from './flow-columns.js'
import { tupleHash } from './tuple-hash.js'

/** Numbers of an entry: flow index + 1, both addresses, and both ports in one. They share a cache line. */
const ENTRY = 4
const EMPTY = 0
/** Held a flow that has ended: a search goes on behind it. */
const LEFT = -1
/** `find`: nothing is known of the 4-tuple. */
export const NO_FLOW = -1
/** `find` on a 4-tuple whose latest flow has ended: this minus its number among the ended. */
export const ENDED_FLOW = -2

/**
 * From a segment's 4-tuple to its latest flow: open addressing on numbers, no strings. It holds the flows that go on, and so stays small;
 * behind it stand the ended ones, asked when it knows nothing.
 */
export class FlowTable {
  private entries = new Int32Array(4096 * ENTRY)
  private mask = 4095
  /** Entries that are not EMPTY. */
  private used = 0
  /** Entry of the last `find`, where `put` will write. */
  private at = 0
  /** Place that the segments now asked for were captured at. */
  vantage = 0
  /** Side of the sender of the last found segment. */
  side = 0
  /** The last found segment is a SYN or SYN-ACK of a new connection on a 4-tuple that was used before. */
  reused = false

  constructor(
    private readonly flows: FlowColumns,
    private readonly ended: EndedFlows,
    private readonly seed: number,
  ) {}

  /**
   * Latest flow of the segment's 4-tuple as seen at this place, with `side` set to the sender's. Negative: NO_FLOW, or ENDED_FLOW minus
   * the number of an ended one.
   */
  find(batch: SegmentBatch, row: number): number {
    const { entries, flows, mask } = this
    const source = batch.source[row] | 0
    const destination = batch.destination[row] | 0
    const forward = (batch.sourcePort[row] << 16) | batch.destinationPort[row]
    const backward = (forward << 16) | (forward >>> 16)
    const hash = tupleHash(this.seed, source, destination, forward)
    let free = -1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const at = slot * ENTRY
      const entry = entries[at]
      if (entry === EMPTY) {
        this.at = free < 0 ? at : free
        break
      }
      if (entry === LEFT) {
        if (free < 0) free = at
        continue
      }
      const same =
        entries[at + 1] === source && entries[at + 2] === destination && entries[at + 3] === forward
      const opposite =
        entries[at + 1] === destination && entries[at + 2] === source && entries[at + 3] === backward
      if (!same && !opposite) continue
      const flow = entry - 1
      if (flows.family[flow] !== batch.family[row] || flows.vantage[flow] !== this.vantage) continue
      this.at = at
      this.side = same ? 0 : 1
      return flow
    }
    this.side = 0
    if (this.ended.count === 0) return NO_FLOW
    const number = this.ended.find(hash, source, destination, forward, batch.family[row], this.vantage)
    if (number < 0) return NO_FLOW
    this.side = this.ended.side
    return ENDED_FLOW - number
  }

  /** Makes `flow` the latest of the 4-tuple that `find` was just asked for. */
  put(flow: number): void {
    const { at, entries, flows } = this
    if (entries[at] === EMPTY) this.used++
    entries[at] = flow + 1
    entries[at + 1] = flows.address0[flow]
    entries[at + 2] = flows.address1[flow]
    entries[at + 3] = (flows.port0[flow] << 16) | flows.port1[flow]
    if (this.used * 2 > this.mask) this.rehash()
  }

  /** The flow is over: it moves to the ended ones. */
  end(flow: number): void {
    const { entries, flows, mask } = this
    const ports = (flows.port0[flow] << 16) | flows.port1[flow]
    const hash = tupleHash(this.seed, flows.address0[flow] | 0, flows.address1[flow] | 0, ports)
    for (let slot = hash & mask; entries[slot * ENTRY] !== EMPTY; slot = (slot + 1) & mask) {
      if (entries[slot * ENTRY] !== flow + 1) continue
      entries[slot * ENTRY] = LEFT
      break
    }
    this.ended.put(hash, flow)
  }

  /** Leaves out what has LEFT, and grows the table if that does not make room enough. */
  private rehash(): void {
    const old = this.entries
    let used = 0
    for (let from = 0; from < old.length; from += ENTRY) if (old[from] > EMPTY) used++
    if (used * 4 > this.mask) this.mask = this.mask * 2 + 1
    this.used = used
    this.entries = new Int32Array((this.mask + 1) * ENTRY)
    const { entries, mask } = this
    for (let from = 0; from < old.length; from += ENTRY) {
      if (old[from] <= EMPTY) continue
      let slot = tupleHash(this.seed, old[from + 1], old[from + 2], old[from + 3]) & mask
      while (entries[slot * ENTRY] !== EMPTY) slot = (slot + 1) & mask
      for (let n = 0; n < ENTRY; n++) entries[slot * ENTRY + n] = old[from + n]
    }
  }
}
