import type { PayloadSink } from './payload-sink.js'
import { GAP_PATIENCE_NS, MAX_WAITING_BYTES, MAX_WAITING_BYTES_ALL, MAX_WAITING_SEGMENTS } from './policy.js'
import { seqAdd, seqDelta } from './sequence.js'

/** Out-of-order payload waiting for the bytes before it. */
interface Waiting {
  seq: number
  length: number
  bytes: Uint8Array
  frame: number
  timeNs: number
}

/** Out-of-order bytes that all flows of a run hold back. */
export interface WaitingBudget {
  bytes: number
  /** Gaps that were given up unacknowledged because too much waited behind them. */
  gapsGivenUp: number
}

/** One side's stream while bytes are missing from it. It exists only from the first gap until the stream is whole again. */
export class Reassembly {
  private waiting: Waiting[] = []
  private waitingBytes = 0
  /** Gaps that begin before it have been told as acknowledged. */
  private toldTo: number | null = null

  /** `nextSeq` is the first byte that has not been delivered; `sink` gets what comes into order; `budget` is shared by all flows. */
  constructor(
    private nextSeq: number,
    private readonly sink: PayloadSink,
    private readonly flow: number,
    private readonly side: number,
    private readonly budget: WaitingBudget,
  ) {}

  get whole(): boolean {
    return this.waiting.length === 0
  }

  /** Number of bytes in [seq, seq + length) that were not seen before. */
  newBytes(seq: number, length: number): number {
    const end = seqAdd(seq, length)
    let from = seqDelta(seq, this.nextSeq) < 0 ? this.nextSeq : seq
    let fresh = 0
    for (const piece of this.waiting) {
      if (seqDelta(piece.seq, end) >= 0) break
      const before = seqDelta(piece.seq, from)
      if (before > 0) fresh += before
      const pieceEnd = seqAdd(piece.seq, piece.length)
      if (seqDelta(pieceEnd, from) > 0) from = pieceEnd
    }
    const rest = seqDelta(end, from)
    return rest > 0 ? fresh + rest : fresh
  }

  /** How many gaps `ackedTo` reaches into that it had not reached before. */
  newlyAckedGaps(ackedTo: number): number {
    let gaps = 0
    let from = this.nextSeq
    for (const piece of this.waiting) {
      if (seqDelta(ackedTo, from) <= 0) break
      const told = this.toldTo !== null && seqDelta(from, this.toldTo) < 0
      if (seqDelta(piece.seq, from) > 0 && !told) {
        gaps++
        this.toldTo = piece.seq
      }
      const end = seqAdd(piece.seq, piece.length)
      if (seqDelta(end, from) > 0) from = end
    }
    return gaps
  }

  /** How long the first missing byte has been known to be missing. */
  gapAgeNs(nowNs: number): number {
    return this.waiting.length === 0
      ? 0
      : nowNs - this.waiting.reduce((ns, { timeNs }) => Math.min(ns, timeNs), Infinity)
  }

  /** Takes a segment, and hands on whatever has come into order. Returns what the sink said of this segment, if it was handed on. */
  take(
    bytes: Uint8Array,
    at: number,
    captured: number,
    length: number,
    seq: number,
    frame: number,
    timeNs: number,
  ): boolean {
    if (seqDelta(seq, this.nextSeq) > 0) {
      this.keep({ seq, length, bytes: bytes.slice(at, at + captured), frame, timeNs })
      return false
    }
    const skip = -seqDelta(seq, this.nextSeq)
    if (skip >= length) return false
    this.nextSeq = seqAdd(seq, length)
    const begins = this.sink.payload(
      this.flow,
      this.side,
      bytes,
      at + Math.min(skip, captured),
      Math.max(0, captured - skip),
      length - skip,
      seqAdd(seq, skip),
      frame,
      timeNs,
    )
    this.drain()
    return begins
  }

  /**
   * Gives up gaps: those that `ackedTo` covers for longer than patience allows, and any that hold too much back. Returns how many bytes
   * that were acknowledged will never be seen.
   */
  giveUp(ackedTo: number, nowNs: number): number {
    let missed = 0
    for (;;) {
      const first = this.waiting[0]
      if (first === undefined) return missed
      const acknowledged = seqDelta(ackedTo, first.seq) >= 0 && nowNs - first.timeNs > GAP_PATIENCE_NS
      const tooMuch =
        this.waiting.length > MAX_WAITING_SEGMENTS ||
        this.waitingBytes > MAX_WAITING_BYTES ||
        this.budget.bytes > MAX_WAITING_BYTES_ALL
      if (!acknowledged && !tooMuch) return missed
      if (acknowledged) missed += seqDelta(first.seq, this.nextSeq)
      else this.budget.gapsGivenUp++
      this.skipGap(first.seq)
    }
  }

  /** Gives up every gap, at the end of the capture. */
  flush(): void {
    for (let first = this.waiting[0]; first !== undefined; first = this.waiting[0]) this.skipGap(first.seq)
  }

  private skipGap(to: number): void {
    this.sink.gap(this.flow, this.side, seqDelta(to, this.nextSeq))
    this.nextSeq = to
    this.drain()
  }

  private keep(piece: Waiting): void {
    let i = this.waiting.length
    while (i > 0 && seqDelta(this.waiting[i - 1].seq, piece.seq) > 0) i--
    this.waiting.splice(i, 0, piece)
    this.waitingBytes += piece.bytes.length
    this.budget.bytes += piece.bytes.length
  }

  private drain(): void {
    let done = 0
    for (const piece of this.waiting) {
      const skip = -seqDelta(piece.seq, this.nextSeq)
      if (skip < 0) break
      done++
      this.waitingBytes -= piece.bytes.length
      this.budget.bytes -= piece.bytes.length
      if (skip >= piece.length) continue
      this.nextSeq = seqAdd(piece.seq, piece.length)
      const captured = Math.max(0, piece.bytes.length - skip)
      this.sink.payload(
        this.flow,
        this.side,
        piece.bytes,
        Math.min(skip, piece.bytes.length),
        captured,
        piece.length - skip,
        seqAdd(piece.seq, skip),
        piece.frame,
        piece.timeNs,
      )
    }
    if (done > 0) this.waiting.splice(0, done)
  }
}
