import type { SegmentBatch } from '../decode/segments.js'
import { grown, nextCapacity } from './growable.js'
import { LadderRows } from './ladder-rows.js'
import { CHUNK_ROWS, HEAD_ROWS, REPEAT_GAP_NS, RING_ROWS, RUN_GAP_NS, TAIL_ROWS } from './policy.js'

const CHUNKS_PER_FLOW = (HEAD_ROWS + RING_ROWS + TAIL_ROWS) / CHUNK_ROWS

/**
 * Numbers of a flow's head, which share a cache line: rows before its first close and from then on; its latest row and the one before that
 * in the same part, plus 1 (0: none).
 */
const HEAD = 4
const BEFORE = 0
const AFTER = 1
const LATEST = 2
const SECOND = 3

/** Bits of `LadderRows.meta` above the nine TCP flag bits. */
export const ROW_SIDE = 1 << 9
export const ROW_MESSAGE = 1 << 10
export const MARK_RETRANSMISSION = 1 << 11
export const MARK_KEEP_ALIVE = 1 << 12
export const MARK_ZERO_WINDOW = 1 << 13
export const MARK_ZERO_WINDOW_PROBE = 1 << 14
export const MARK_OUT_OF_ORDER = 1 << 15
export const MARK_LOST_SEGMENT = 1 << 16
/** Of these rows no byte is new. */
export const MARKS_NOT_NEW = MARK_RETRANSMISSION | MARK_KEEP_ALIVE | MARK_ZERO_WINDOW_PROBE
const FLAG_BITS = 0x1ff
const FIN_SYN_RST = 0x07
const PUSH = 0x08
const MARK_BITS = ~(FLAG_BITS | ROW_SIDE | ROW_MESSAGE)

/**
 * What each flow looked like, bounded: its first rows, the last ones before the first close, and the first ones from the close on.
 * A row is a segment or a run of like segments. Rows come in chunks that are taken when needed.
 */
export class Ladder {
  readonly rows = new LadderRows()
  private rowCount = 0
  /** First row of each of a flow's chunks, plus 1; 0 = not taken. */
  private chunks = new Int32Array(1024 * CHUNKS_PER_FLOW)
  /** Of each flow, side by side: BEFORE, AFTER, LATEST and SECOND. */
  private heads = new Int32Array(1024 * HEAD)
  private free: number[] = []

  /** Makes room for `flow`. */
  reserve(flow: number): void {
    const room = this.heads.length / HEAD
    if (flow < room) return
    const flows = nextCapacity(room)
    this.chunks = grown(this.chunks, flows * CHUNKS_PER_FLOW)
    this.heads = grown(this.heads, flows * HEAD)
  }

  /**
   * Adds a segment of which `payload` bytes count. `meta` holds flags, side and marks; `closed` says that the flow's first close is this
   * segment or earlier. (It reads the batch itself: a time or a SEQ handed on as argument would be a number on the heap, with every segment.)
   */
  add(flow: number, closed: boolean, batch: SegmentBatch, at: number, payload: number, meta: number): void {
    const run = this.runOf(flow, closed, batch, at, payload, meta)
    if (run >= 0) {
      this.rows.extend(run, batch, at, payload, meta & PUSH)
      return
    }
    this.rows.begin(this.next(flow, closed), batch, at, payload, meta)
  }

  /** Row numbers of a flow in order of capture. */
  rowsOf(flow: number): number[] {
    const rows: number[] = []
    const before = this.heads[flow * HEAD + BEFORE]
    const after = this.heads[flow * HEAD + AFTER]
    const kept = Math.min(before, HEAD_ROWS + RING_ROWS)
    for (let i = 0; i < Math.min(before, HEAD_ROWS); i++) rows.push(this.rowAt(flow, false, i))
    for (let i = before - (kept - HEAD_ROWS); i < before && kept > HEAD_ROWS; i++)
      rows.push(this.rowAt(flow, false, i))
    for (let i = 0; i < Math.min(after, TAIL_ROWS); i++) rows.push(this.rowAt(flow, true, i))
    return rows
  }

  /** Where rows of a flow were not kept: so many of them stood just before the row with this index in `rowsOf`. */
  gaps(flow: number): { readonly before: number; readonly rows: number }[] {
    const before = this.heads[flow * HEAD + BEFORE]
    const after = this.heads[flow * HEAD + AFTER]
    const inMiddle = before - HEAD_ROWS - RING_ROWS
    const atEnd = after - TAIL_ROWS
    const kept = Math.min(before, HEAD_ROWS + RING_ROWS) + Math.min(after, TAIL_ROWS)
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
    this.heads.fill(0, flow * HEAD, (flow + 1) * HEAD)
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
    const { heads, rows } = this
    const head = flow * HEAD
    if (closed && heads[head + AFTER] === 0) return -1
    const last = heads[head + LATEST] - 1
    if (last < 0) return -1
    if (this.continues(last, batch, at, payload, meta)) return last
    const lastIsPlainAck = rows.payload(last) === 0 && (rows.meta(last) & (FIN_SYN_RST | MARK_BITS)) === 0
    const meIsPlainAck = payload === 0 && (meta & (FIN_SYN_RST | MARK_BITS)) === 0
    if (!lastIsPlainAck && !meIsPlainAck) return -1
    const earlier = heads[head + SECOND] - 1
    return earlier >= 0 && this.continues(earlier, batch, at, payload, meta) ? earlier : -1
  }

  private continues(row: number, batch: SegmentBatch, at: number, payload: number, meta: number): boolean {
    const { rows } = this
    const other = rows.meta(row)
    const seq = batch.seq[at]
    if ((other ^ meta) & ~(PUSH | ROW_MESSAGE)) return false
    if (meta & ROW_MESSAGE) return false
    if (meta & 0x04) return rows.seq(row) === seq
    if (meta & MARK_RETRANSMISSION) {
      return rows.seq(row) === seq && batch.timeNs[at] - rows.lastNs(row) < REPEAT_GAP_NS
    }
    if (meta & FIN_SYN_RST) return false
    if (meta & (MARK_KEEP_ALIVE | MARK_ZERO_WINDOW_PROBE)) return rows.seq(row) === seq
    if (payload > 0 !== rows.payload(row) > 0) return false
    return batch.timeNs[at] - rows.lastNs(row) < RUN_GAP_NS
  }

  private next(flow: number, closed: boolean): number {
    const { heads } = this
    const head = flow * HEAD
    const count = head + (closed ? AFTER : BEFORE)
    heads[head + SECOND] = closed && heads[count] === 0 ? 0 : heads[head + LATEST]
    const row = this.rowAt(flow, closed, heads[count]++)
    heads[head + LATEST] = row + 1
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
    const first = this.rowCount
    this.rowCount += CHUNK_ROWS
    this.rows.reserve(this.rowCount)
    return first + 1
  }
}
