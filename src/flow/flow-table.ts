import type { SegmentBatch } from '../decode/segments.js'
import type { FlowColumns } from './flow-columns.js'

/**
 * From a segment's 4-tuple to its latest flow: open addressing on numbers, no strings. The hash is seeded so that a capture
 * cannot be written to make all its flows collide.
 */
export class FlowTable {
  /** Flow index + 1; 0 is an empty slot. */
  private slots = new Int32Array(4096)
  private mask = 4095
  private used = 0
  /** Slot of the last `find`, where `put` will write. */
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
    const vantage = this.vantage
    const flows = this.flows
    const source = batch.source[row]
    const destination = batch.destination[row]
    const sourcePort = batch.sourcePort[row]
    const destinationPort = batch.destinationPort[row]
    const family = batch.family[row]
    let at =
      (this.endpointHash(source, sourcePort) + this.endpointHash(destination, destinationPort)) & this.mask
    for (;;) {
      const flow = this.slots[at] - 1
      if (flow < 0) break
      const address0 = flows.address0[flow]
      const address1 = flows.address1[flow]
      const port0 = flows.port0[flow]
      const port1 = flows.port1[flow]
      if (flows.family[flow] === family && flows.vantage[flow] === vantage) {
        if (
          address0 === source &&
          address1 === destination &&
          port0 === sourcePort &&
          port1 === destinationPort
        ) {
          this.side = 0
          this.at = at
          return flow
        }
        if (
          address0 === destination &&
          address1 === source &&
          port0 === destinationPort &&
          port1 === sourcePort
        ) {
          this.side = 1
          this.at = at
          return flow
        }
      }
      at = (at + 1) & this.mask
    }
    this.side = 0
    this.at = at
    return -1
  }

  /** Makes `flow` the latest of the 4-tuple that `find` was just asked for. */
  put(flow: number): void {
    if (this.slots[this.at] === 0) this.used++
    this.slots[this.at] = flow + 1
    if (this.used * 2 > this.mask) this.rehash()
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
    const old = this.slots
    this.mask = this.mask * 2 + 1
    this.slots = new Int32Array(this.mask + 1)
    const flows = this.flows
    for (const entry of old) {
      if (entry === 0) continue
      const flow = entry - 1
      let at =
        (this.endpointHash(flows.address0[flow], flows.port0[flow]) +
          this.endpointHash(flows.address1[flow], flows.port1[flow])) &
        this.mask
      while (this.slots[at] !== 0) at = (at + 1) & this.mask
      this.slots[at] = entry
    }
  }
}
