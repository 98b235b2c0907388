import {
  ACK,
  FIN,
  ODD_FRAGMENT,
  ODD_QUOTED,
  ODD_SAMPLED,
  ODD_SHORT_SEGMENT,
  RST,
  SYN,
} from '../decode/segments.js'
import type { SegmentBatch } from '../decode/segments.js'
import { MARK_BITS } from './marks.js'
import { MarksColumns, SCALE_UNKNOWN, SCALE_UNUSED } from './marks-columns.js'
import { noteOptions } from './marks-options.js'
import { retransmissionMark } from './marks-retransmission.js'
import { isBefore, seqAdd } from './sequence.js'
import { UnackedSegments } from './unacked.js'
import { DEFAULT_RULES, type WiresharkRules } from './wireshark-rules.js'

const LEAST_HEADER = 20
const LENGTH_UNKNOWN = ODD_FRAGMENT | ODD_QUOTED | ODD_SAMPLED | ODD_SHORT_SEGMENT
const NO_DATA_FLAGS = SYN | FIN | RST

/**
 * Marks segments as Wireshark's `tcp.analysis` does, one after the other in the order of the capture. Every segment counts, also a RST
 * and a header with nonsense in it; copies must not be given to it.
 */
export class SegmentMarks {
  private readonly columns = new MarksColumns()
  private readonly unacked = new UnackedSegments()
  private readonly current: boolean

  constructor(rules: WiresharkRules = DEFAULT_RULES) {
    this.current = rules === '4.4'
  }

  /** Marks (bits) of the segment in row `row`, sent by side `side` of `flow`. `reused`: it begins a flow on a used 4-tuple. */
  mark(batch: SegmentBatch, row: number, flow: number, side: number, reused: boolean): number {
    const { columns } = this
    columns.reserve(flow)
    this.unacked.reserve(flow * 2 + 1)
    const i = flow * 2 + side
    const flags = batch.flags[row]
    let marks = reused ? MARK_BITS.reused_ports : 0
    // Without the length of the whole datagram nothing can be said, but it is part of the handshake.
    if (batch.odd[row] & LENGTH_UNKNOWN) {
      if (batch.headerLength[row] >= LEAST_HEADER) this.noteHandshake(flags, batch.timeNs[row], flow, i)
      return batch.odd[row] & ODD_SHORT_SEGMENT ? 0 : marks
    }
    // A SYN sent again: what its side seemed to have sent since (a RST with a foreign number, say) is forgotten.
    if ((flags & (SYN | ACK)) === SYN && !reused) columns.nextSeq[i] = columns.maxAckable[i]
    marks = this.analyse(batch, row, flow, i, marks)
    // Wireshark gives up at a header that is shorter than can be.
    if (batch.headerLength[row] < LEAST_HEADER) return 0
    this.noteHandshake(flags, batch.timeNs[row], flow, i)
    return noteOptions(columns, batch, row, i, marks, this.current)
  }

  /** The first round trip, from the latest SYN to the first ACK, and when window scaling begins to apply. */
  private noteHandshake(flags: number, timeNs: number, flow: number, i: number): void {
    const { columns } = this
    if ((flags & (SYN | ACK)) === SYN) columns.synNs[flow] = timeNs
    if (flags & SYN) columns.firstAckDue[i] = 1
    else if (flags & ACK) {
      columns.firstAckDue[i] = 0
      const known = columns.firstRttNs[flow]
      if (known === 0 || Number.isNaN(known)) columns.firstRttNs[flow] = timeNs - columns.synNs[flow]
    }
  }

  private analyse(batch: SegmentBatch, row: number, flow: number, i: number, reused: number): number {
    const { columns } = this
    const flags = batch.flags[row]
    const ack = batch.ack[row]
    const length = batch.payloadLength[row]
    const seq = batch.seq[row]
    let marks = reused | this.ownMarks(seq, ack, length, flags, batch.window[row], i)
    if (ack !== columns.lastAck[i]) columns.duplicateAcks[i] = 0
    if (flags & ACK) marks |= this.unseenMark(seq, ack, i)
    if ((length > 0 || flags & (SYN | FIN)) && !(marks & MARK_BITS.keep_alive)) {
      marks |= retransmissionMark(
        columns,
        this.current ? this.unacked : null,
        flow,
        i,
        seq,
        length,
        flags,
        batch.timeNs[row],
      )
    }
    this.advance(seq, length, flags, i, batch.timeNs[row], marks)
    columns.window[i] = batch.window[row]
    columns.lastAck[i] = ack
    columns.lastNs[i] = batch.timeNs[row]
    columns.lastMarks[i] = marks
    if (this.current) this.unacked.acknowledge(i ^ 1, ack)
    return marks
  }

  /** What the segment is by itself and by what its side sent before. The order matters: the first rules shut out later ones. */
  private ownMarks(
    seq: number,
    ack: number,
    length: number,
    flags: number,
    window: number,
    i: number,
  ): number {
    const { columns } = this
    const other = i ^ 1
    const nextSeq = columns.nextSeq[i]
    if (length === 1 && seq === nextSeq && columns.window[other] === 0) return MARK_BITS.zero_window_probe
    const plain = (flags & NO_DATA_FLAGS) === 0
    let marks = window === 0 && plain ? MARK_BITS.zero_window : 0
    if (nextSeq !== 0 && isBefore(nextSeq, seq) && !(flags & RST)) marks |= MARK_BITS.lost_segment
    if (!plain) return marks
    if (length <= 1 && seq === seqAdd(nextSeq, -1)) marks |= MARK_BITS.keep_alive
    if (length > 0)
      return this.fillsWindow(seqAdd(seq, length), other) ? marks | MARK_BITS.window_full : marks
    if (seq !== nextSeq) return marks
    return marks | this.bareAckMark(ack, window, i)
  }

  /** A segment without payload at the next sequence number: what it says by repeating, or not, what its side said last. */
  private bareAckMark(ack: number, window: number, i: number): number {
    const { columns } = this
    const answers = columns.lastMarks[i ^ 1]
    const sameAck = ack === columns.lastAck[i]
    if (window !== columns.window[i]) return window !== 0 && sameAck ? MARK_BITS.window_update : 0
    if (window !== 0) {
      if (!sameAck) return 0
      if (answers & MARK_BITS.keep_alive) return MARK_BITS.keep_alive_ack
      if (columns.duplicateAcks[i] < 0) columns.duplicateAcks[i] = 0
      columns.duplicateAcks[i]++
      return MARK_BITS.duplicate_ack
    }
    if (!(answers & MARK_BITS.zero_window_probe)) return 0
    if (sameAck) return MARK_BITS.zero_window_probe_ack
    if (!this.current || ack !== seqAdd(columns.lastAck[i], 1)) return 0
    // The receiver swallowed the byte of the probe after all.
    columns.nextSeq[i ^ 1] = ack
    columns.maxAckable[i ^ 1] = ack
    return MARK_BITS.zero_window_probe_ack
  }

  /** Whether a segment that ends at `end` goes right to the edge of the window that side `other` offers. */
  private fillsWindow(end: number, other: number): boolean {
    const { columns } = this
    const scale = columns.windowScale[other]
    if (scale === SCALE_UNKNOWN) return false
    const shift = columns.firstAckDue[other] !== 0 || scale === SCALE_UNUSED ? 0 : scale
    return end === seqAdd(columns.lastAck[other], columns.window[other] * 2 ** shift)
  }

  /** An acknowledgement of something that is not in the capture. */
  private unseenMark(seq: number, ack: number, i: number): number {
    const { columns } = this
    const other = i ^ 1
    const maxAckable = columns.maxAckable[other]
    if (maxAckable === 0 || !isBefore(maxAckable, ack)) return 0
    if (!this.current) {
      if (isBefore(maxAckable, columns.nextSeq[other])) {
        columns.maxAckable[other] = columns.nextSeq[other]
        return MARK_BITS.ack_lost_segment
      }
      const told = columns.duplicateAcks[other] !== 0
      columns.duplicateAcks[other] = -1
      return told ? 0 : MARK_BITS.ack_lost_segment
    }
    const probed = (columns.lastMarks[other] & MARK_BITS.zero_window_probe) !== 0
    if (probed && ack === seqAdd(columns.lastAck[i], 1) && seq === columns.nextSeq[i]) {
      columns.nextSeq[other] = ack
      columns.maxAckable[other] = ack
      return MARK_BITS.window_update
    }
    columns.maxAckable[other] = this.unacked.tailFrom(other, ack)
    return MARK_BITS.ack_lost_segment
  }

  /** Moves the side's highest sequence numbers. */
  private advance(
    seq: number,
    length: number,
    flags: number,
    i: number,
    timeNs: number,
    marks: number,
  ): void {
    const { columns } = this
    const counts = flags & (SYN | FIN) ? 1 : 0
    const end = seqAdd(seq, length + counts)
    if (this.current && (length > 0 || counts > 0)) this.unacked.add(i, seq, end)
    const nextSeq = columns.nextSeq[i]
    if (nextSeq === 0 || isBefore(seqAdd(nextSeq, counts), end)) columns.advanceLength[i] = length
    if (marks & MARK_BITS.zero_window_probe) return
    if (nextSeq === 0 || isBefore(nextSeq, end)) {
      columns.nextSeq[i] = end
      columns.nextSeqNs[i] = timeNs
    }
    if (columns.maxAckable[i] === 0 || seq === columns.maxAckable[i]) {
      columns.maxAckable[i] = columns.nextSeq[i]
    }
  }
}
