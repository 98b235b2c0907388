import type { SegmentBatch } from '../decode/segments.js'
import type { FlowColumns } from './flow-columns.js'

/** Numbers of an entry: flow index + 1 (0: empty), both addresses, and both ports in one. They share a cache line. */
const ENTRY = 4

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
    private readonly seed: number,
  ) {}

  /** Latest flow of the segment's 4-tuple as seen at this place, with `side` set to the sender's; −1 when there is none. */
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
      const flow = entries[at] - 1
      this.at = at
      if (flow < 0) break
      const address0 = entries[at + 1]
      const address1 = entries[at + 2]
      const ports = entries[at + 3]
      const same = address0 === source && address1 === destination && ports === forward
      const opposite = address0 === destination && address1 === source && ports === backward
      if ((same || opposite) && flows.family[flow] === family && flows.vantage[flow] === vantage) {
        this.side = same ? 0 : 1
        return flow
      }
      slot = (slot + 1) & this.mask
    }
    this.side = 0
    return -1
  }

  /** Makes `flow` the latest of the 4-tuple that `find` was just asked for. */
  put(flow: number): void {
    if (this.entries[this.at] === 0) this.used++
    this.write(this.at, flow)
    if (this.used * 2 > this.mask) this.rehash()
  }

  private write(at: number, flow: number): void {
    const { entries, flows } = this
    entries[at] = flow + 1
    entries[at + 1] = flows.address0[flow]
    entries[at + 2] = flows.address1[flow]
    entries[at + 3] = (flows.port0[flow] << 16) | flows.port1[flow]
  }

  /** Commutative over the two ends, so that both directions meet in one slot. */
  private endpointHash(address: number, port: number): number {
    let h = Math.imul(address ^ this.seed, 0x85ebca6b)
    h = Math.imul(h ^ (h >>> 15) ^ port, 0xc2b2ae35)
    h ^= h >>> 13
    h = Math.imul(h, 0x27d4eb2f)
    return h ^ (h >>> 16)
  }

  private rehash(): void {
    const old = this.entries
    this.mask = this.mask * 2 + 1
    this.entries = new Int32Array((this.mask + 1) * ENTRY)
    const { entries, flows } = this
    for (let from = 0; from < old.length; from += ENTRY) {
      if (old[from] === 0) continue
      const flow = old[from] - 1
      let slot =
        (this.endpointHash(flows.address0[flow], flows.port0[flow]) +
          this.endpointHash(flows.address1[flow], flows.port1[flow])) &
        this.mask
      while (entries[slot * ENTRY] !== 0) slot = (slot + 1) & this.mask
      this.write(slot * ENTRY, flow)
    }
  }
}
