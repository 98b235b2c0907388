import { ACK, type SegmentBatch } from '../decode/segments.js'
import { grown, nextCapacity } from './growable.js'
import { CHUNK_ROWS, HEAD_ROWS, REPEAT_GAP_NS, RING_ROWS, RUN_GAP_NS, TAIL_ROWS } from './policy.js'

const CHUNKS_PER_FLOW = (HEAD_ROWS + RING_ROWS + TAIL_ROWS) / CHUNK_ROWS

/** Bits of `Ladder.meta` above the nine TCP flag bits. */
export const ROW_SIDE = 1 << 9
export const ROW_MESSAGE = 1 << 10
export const MARK_RETRANSMISSION = 1 << 11
export const MARK_KEEP_ALIVE = 1 << 12
export const MARK_ZERO_WINDOW = 1 << 13
export const MARK_ZERO_WINDOW_PROBE = 1 << 14
export const MARK_OUT_OF_ORDER = 1 << 15
export const MARK_LOST_SEGMENT = 1 << 16
const FLAG_BITS = 0x1ff
const FIN_SYN_RST = 0x07
const PUSH = 0x08
const MARK_BITS = ~(FLAG_BITS | ROW_SIDE | ROW_MESSAGE)

/**
 * What each flow looked like, bounded: its first rows, the last ones before the first close, and the first ones from the close on.
 * A row is a segment or a run of like segments. Rows live in columns, in chunks that are taken when needed.
 */
export class Ladder {
  private rows = 0
  private capacity = 4096
  frame = new Uint32Array(this.capacity)
  lastFrame = new Uint32Array(this.capacity)
  timeNs = new Float64Array(this.capacity)
  lastNs = new Float64Array(this.capacity)
  seq = new Uint32Array(this.capacity)
  ack = new Uint32Array(this.capacity)
  payload = new Float64Array(this.capacity)
  segments = new Uint32Array(this.capacity)
  meta = new Uint32Array(this.capacity)
  /** First row of each of a flow's chunks, plus 1; 0 = not taken. */
  private chunks = new Int32Array(1024 * CHUNKS_PER_FLOW)
  private before = new Uint32Array(1024)
  private after = new Uint32Array(1024)
  /** The flow's latest row and the one before it in the same part, plus 1; 0 = none. */
  private latest = new Int32Array(1024)
  private second = new Int32Array(1024)
  private free: number[] = []

  /** Makes room for `flow`. */
  reserve(flow: number): void {
    if (flow < this.before.length) return
    const flows = nextCapacity(this.before.length)
    this.chunks = grown(this.chunks, flows * CHUNKS_PER_FLOW)
    this.before = grown(this.before, flows)
    this.after = grown(this.after, flows)
    this.latest = grown(this.latest, flows)
    this.second = grown(this.second, flows)
  }

  /**
   * Adds a segment of which `payload` bytes count. `meta` holds flags, side and marks; `closed` says that the flow's first close is this
   * segment or earlier. (It reads the batch itself: a time or a SEQ handed on as argument would be a number on the heap, with every segment.)
   */
  add(flow: number, closed: boolean, batch: SegmentBatch, at: number, payload: number, meta: number): void {
    const run = this.runOf(flow, closed, batch, at, payload, meta)
    if (run >= 0) {
      this.lastFrame[run] = batch.frame[at]
      this.lastNs[run] = batch.timeNs[at]
      this.payload[run] += payload
      this.segments[run]++
      this.meta[run] |= meta & PUSH
      return
    }
    const row = this.next(flow, closed)
    this.frame[row] = batch.frame[at]
    this.lastFrame[row] = batch.frame[at]
    this.timeNs[row] = batch.timeNs[at]
    this.lastNs[row] = batch.timeNs[at]
    this.seq[row] = batch.seq[at]
    this.ack[row] = meta & ACK ? batch.ack[at] : 0
    this.payload[row] = payload
    this.segments[row] = 1
    this.meta[row] = meta
  }

  /** Row numbers of a flow in order of capture. */
  rowsOf(flow: number): number[] {
    const rows: number[] = []
    const before = this.before[flow]
    const kept = Math.min(before, HEAD_ROWS + RING_ROWS)
    for (let i = 0; i < Math.min(before, HEAD_ROWS); i++) rows.push(this.rowAt(flow, false, i))
    for (let i = before - (kept - HEAD_ROWS); i < before && kept > HEAD_ROWS; i++)
      rows.push(this.rowAt(flow, false, i))
    for (let i = 0; i < Math.min(this.after[flow], TAIL_ROWS); i++) rows.push(this.rowAt(flow, true, i))
    return rows
  }

  /** Where rows of a flow were not kept: so many of them stood just before the row with this index in `rowsOf`. */
  gaps(flow: number): { readonly before: number; readonly rows: number }[] {
    const inMiddle = this.before[flow] - HEAD_ROWS - RING_ROWS
    const atEnd = this.after[flow] - TAIL_ROWS
    const kept = Math.min(this.before[flow], HEAD_ROWS + RING_ROWS) + Math.min(this.after[flow], TAIL_ROWS)
    return [
      ...(inMiddle > 0 ? [{ before: HEAD_ROWS, rows: inMiddle }] : []),
      ...(atEnd > 0 ? [{ before: kept, rows: atEnd }] : []),
    ]
  }

  /** Gives a flow's rows back. */
  release(flow: number): void {
    for (let i = flow * CHUNKS_PER_FLOW; i < (flow + 1) * CHUNKS_PER_FLOW; i++) {
      if (this.chunks[i] > 0) this.free.push(this.chunks[i])
      this.chunks[i] = 0
    }
    this.before[flow] = 0
    this.after[flow] = 0
    this.latest[flow] = 0
    this.second[flow] = 0
  }

  /** The row that this segment continues, or −1. It may stand before the latest row if that one only acknowledges. */
  private runOf(
    flow: number,
    closed: boolean,
    batch: SegmentBatch,
    at: number,
    payload: number,
    meta: number,
  ): number {
    if (closed && this.after[flow] === 0) return -1
    const last = this.latest[flow] - 1
    if (last < 0) return -1
    if (this.continues(last, batch, at, payload, meta)) return last
    const lastIsPlainAck = this.payload[last] === 0 && (this.meta[last] & (FIN_SYN_RST | MARK_BITS)) === 0
    const meIsPlainAck = payload === 0 && (meta & (FIN_SYN_RST | MARK_BITS)) === 0
    if (!lastIsPlainAck && !meIsPlainAck) return -1
    const earlier = this.second[flow] - 1
    return earlier >= 0 && this.continues(earlier, batch, at, payload, meta) ? earlier : -1
  }

  private continues(row: number, batch: SegmentBatch, at: number, payload: number, meta: number): boolean {
    const other = this.meta[row]
    const seq = batch.seq[at]
    if ((other ^ meta) & ~(PUSH | ROW_MESSAGE)) return false
    if (meta & ROW_MESSAGE) return false
    if (meta & 0x04) return this.seq[row] === seq
    if (meta & MARK_RETRANSMISSION) {
      return this.seq[row] === seq && batch.timeNs[at] - this.lastNs[row] < REPEAT_GAP_NS
    }
    if (meta & FIN_SYN_RST) return false
    if (meta & (MARK_KEEP_ALIVE | MARK_ZERO_WINDOW_PROBE)) return this.seq[row] === seq
    if (payload > 0 !== this.payload[row] > 0) return false
    return batch.timeNs[at] - this.lastNs[row] < RUN_GAP_NS
  }

  private next(flow: number, closed: boolean): number {
    this.second[flow] = closed && this.after[flow] === 0 ? 0 : this.latest[flow]
    const row = this.rowAt(flow, closed, closed ? this.after[flow]++ : this.before[flow]++)
    this.latest[flow] = row + 1
    return row
  }

  private rowAt(flow: number, closed: boolean, n: number): number {
    let slot: number
    if (closed) slot = HEAD_ROWS + RING_ROWS + Math.min(n, TAIL_ROWS - 1)
    else slot = n < HEAD_ROWS ? n : HEAD_ROWS + ((n - HEAD_ROWS) % RING_ROWS)
    const at = flow * CHUNKS_PER_FLOW + Math.floor(slot / CHUNK_ROWS)
    if (this.chunks[at] === 0) this.chunks[at] = this.free.pop() ?? this.newChunk()
    return this.chunks[at] - 1 + (slot % CHUNK_ROWS)
  }

  private newChunk(): number {
    if (this.rows + CHUNK_ROWS > this.capacity) {
      const n = nextCapacity(this.capacity)
      this.capacity = n
      this.frame = grown(this.frame, n)
      this.lastFrame = grown(this.lastFrame, n)
      this.timeNs = grown(this.timeNs, n)
      this.lastNs = grown(this.lastNs, n)
      this.seq = grown(this.seq, n)
      this.ack = grown(this.ack, n)
      this.payload = grown(this.payload, n)
      this.segments = grown(this.segments, n)
      this.meta = grown(this.meta, n)
    }
    const first = this.rows
    this.rows += CHUNK_ROWS
    return first + 1
  }
}
