import type { SegmentBatch } from '../decode/segments.js'
import type { EndedFlows } from './ended-flows.js'
import type { FlowColumns } from './flow-columns.js'

/**
 * Numbers of an entry: flow index + 1 (0: empty; negative: minus its number among the ended flows, minus 1), both addresses, and both
 * ports in one. They share a cache line.
 */
const ENTRY = 4
/** `find`: nothing is known of the 4-tuple. */
export const NO_FLOW = -1
/** `find` on a 4-tuple whose latest flow has ended: this minus its number among the ended. */
export const ENDED_FLOW = -2

/**
 * From a segment's 4-tuple to its latest flow: open addressing on numbers, no strings. The hash is seeded so that a capture
 * cannot be written to make all its flows collide.
 */
export class FlowTable {
  private entries = new Int32Array(4096 * ENTRY)
  private mask = 4095
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
    const { entries, flows, vantage } = this
    const source = batch.source[row] | 0
    const destination = batch.destination[row] | 0
    const sourcePort = batch.sourcePort[row]
    const destinationPort = batch.destinationPort[row]
    const family = batch.family[row]
    const forward = (sourcePort << 16) | destinationPort
    const backward = (destinationPort << 16) | sourcePort
    let slot =
      (this.endpointHash(source, sourcePort) + this.endpointHash(destination, destinationPort)) & this.mask
    for (;;) {
      const at = slot * ENTRY
      const entry = entries[at]
      this.at = at
      if (entry === 0) break
      const address0 = entries[at + 1]
      const address1 = entries[at + 2]
      const ports = entries[at + 3]
      const same = address0 === source && address1 === destination && ports === forward
      const opposite = address0 === destination && address1 === source && ports === backward
      if (same || opposite) {
        this.side = same ? 0 : 1
        const flow = entry - 1
        if (entry < 0) {
          const number = -entry - 1
          if (this.ended.knows(number) && this.ended.isOf(number, family, vantage)) return ENDED_FLOW - number
        } else if (flows.family[flow] === family && flows.vantage[flow] === vantage) return flow
      }
      slot = (slot + 1) & this.mask
    }
    this.side = 0
    return NO_FLOW
  }

  /** Makes `flow` the latest of the 4-tuple that `find` was just asked for. */
  put(flow: number): void {
    if (this.entries[this.at] === 0) this.used++
    this.write(this.at, flow)
    if (this.used * 2 > this.mask) this.rehash()
  }

  /** The flow is over; `number` among the ended stands for it from now on. */
  end(flow: number, number: number): void {
    const { entries, flows, mask } = this
    const ports = (flows.port0[flow] << 16) | flows.port1[flow]
    let slot = this.slotOf(flows.address0[flow] | 0, flows.address1[flow] | 0, ports)
    while (entries[slot * ENTRY] !== flow + 1) {
      if (entries[slot * ENTRY] === 0) return
      slot = (slot + 1) & mask
    }
    entries[slot * ENTRY] = -number - 1
  }

  private write(at: number, flow: number): void {
    const { entries, flows } = this
    entries[at] = flow + 1
    entries[at + 1] = flows.address0[flow]
    entries[at + 2] = flows.address1[flow]
    entries[at + 3] = (flows.port0[flow] << 16) | flows.port1[flow]
  }

  private slotOf(address0: number, address1: number, ports: number): number {
    return (
      (this.endpointHash(address0, ports >>> 16) + this.endpointHash(address1, ports & 0xffff)) & this.mask
    )
  }

  /** Commutative over the two ends, so that both directions meet in one slot. */
  private endpointHash(address: number, port: number): number {
    let h = Math.imul(address ^ this.seed, 0x85ebca6b)
    h = Math.imul(h ^ (h >>> 15) ^ port, 0xc2b2ae35)
    h ^= h >>> 13
    h = Math.imul(h, 0x27d4eb2f)
    return h ^ (h >>> 16)
  }

  /** Grows the table, unless leaving out the ended flows that are no longer known makes room enough. */
  private rehash(): void {
    const old = this.entries
    let used = 0
    for (let from = 0; from < old.length; from += ENTRY) if (this.isKnown(old[from])) used++
    if (used * 4 > this.mask) this.mask = this.mask * 2 + 1
    this.used = used
    this.entries = new Int32Array((this.mask + 1) * ENTRY)
    const { entries, mask } = this
    for (let from = 0; from < old.length; from += ENTRY) {
      if (!this.isKnown(old[from])) continue
      let slot = this.slotOf(old[from + 1], old[from + 2], old[from + 3])
      while (entries[slot * ENTRY] !== 0) slot = (slot + 1) & mask
      for (let n = 0; n < ENTRY; n++) entries[slot * ENTRY + n] = old[from + n]
    }
  }

  private isKnown(entry: number): boolean {
    return entry > 0 || (entry < 0 && this.ended.knows(-entry - 1))
  }
}
