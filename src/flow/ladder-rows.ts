import { ACK, type SegmentBatch } from '../decode/segments.js'
import { grown, nextCapacity } from './growable.js'

/** Where a row's numbers stand, in halves of eight bytes; the times and the payload take two each. */
const HALVES = 12
const DOUBLES = HALVES / 2
const TIME = 0
const LAST_TIME = 1
const PAYLOAD = 2
const FRAME = 6
const LAST_FRAME = 7
const SEQ = 8
const ACK_NUMBER = 9
const SEGMENTS = 10
const META = 11

/**
 * The rows of all ladders: each is a segment or a run of like segments. The numbers of a row stand together, for with many flows every row is
 * far from the one before: columns would have nine cache lines fetched for it.
 */
export class LadderRows {
  private capacity = 4096
  private halves = new Int32Array(this.capacity * HALVES)
  private doubles = new Float64Array(this.halves.buffer)

  /** Makes room for `rows`. */
  reserve(rows: number): void {
    if (rows <= this.capacity) return
    this.capacity = nextCapacity(this.capacity)
    this.halves = grown(this.halves, this.capacity * HALVES)
    this.doubles = new Float64Array(this.halves.buffer)
  }

  frame(row: number): number {
    return this.halves[row * HALVES + FRAME] >>> 0
  }

  lastFrame(row: number): number {
    return this.halves[row * HALVES + LAST_FRAME] >>> 0
  }

  timeNs(row: number): number {
    return this.doubles[row * DOUBLES + TIME]
  }

  lastNs(row: number): number {
    return this.doubles[row * DOUBLES + LAST_TIME]
  }

  seq(row: number): number {
    return this.halves[row * HALVES + SEQ] >>> 0
  }

  /** 0 without the ACK flag. */
  ack(row: number): number {
    return this.halves[row * HALVES + ACK_NUMBER] >>> 0
  }

  segments(row: number): number {
    return this.halves[row * HALVES + SEGMENTS] >>> 0
  }

  /** Bytes of payload on the wire. */
  payload(row: number): number {
    return this.doubles[row * DOUBLES + PAYLOAD]
  }

  /** Flags, side and marks (ladder.ts). */
  meta(row: number): number {
    return this.halves[row * HALVES + META]
  }

  /** Begins a row with a segment of the batch, of which `payload` bytes count. (It reads the batch itself, as `Ladder.add` does.) */
  begin(row: number, batch: SegmentBatch, at: number, payload: number, meta: number): void {
    const { halves, doubles } = this
    const half = row * HALVES
    const double = row * DOUBLES
    doubles[double + TIME] = batch.timeNs[at]
    doubles[double + LAST_TIME] = batch.timeNs[at]
    doubles[double + PAYLOAD] = payload
    halves[half + FRAME] = batch.frame[at]
    halves[half + LAST_FRAME] = batch.frame[at]
    halves[half + SEQ] = batch.seq[at]
    halves[half + ACK_NUMBER] = meta & ACK ? batch.ack[at] : 0
    halves[half + SEGMENTS] = 1
    halves[half + META] = meta
  }

  /** Adds a segment to a row; `bits` go into its meta. */
  extend(row: number, batch: SegmentBatch, at: number, payload: number, bits: number): void {
    const { halves, doubles } = this
    const half = row * HALVES
    const double = row * DOUBLES
    doubles[double + LAST_TIME] = batch.timeNs[at]
    doubles[double + PAYLOAD] += payload
    halves[half + LAST_FRAME] = batch.frame[at]
    halves[half + SEGMENTS]++
    halves[half + META] |= bits
  }
}
