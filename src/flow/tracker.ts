import {
  ACK,
  FIN,
  ODD_HEADER_CUT,
  ODD_QUOTED,
  PACKET_TYPE_OUTGOING,
  RST,
  SYN,
  type SegmentBatch,
} from '../decode/segments.js'
import { noteFin, noteFirstClose, noteRst } from './closing.js'
import {
  FLOW_ACKED_UNSEEN,
  FLOW_CLOSED,
  FLOW_HANDSHAKE_ACK,
  FLOW_PAYLOAD_CUT,
  FLOW_QUOTED_ONLY,
  FLOW_SYN,
  FLOW_SYN_ACK,
} from './flow-columns.js'
import { FlowStore, type PayloadSink } from './flow-store.js'
import { noteHistory, noteHistoryCount } from './history.js'
import {
  MARK_KEEP_ALIVE,
  MARK_LOST_SEGMENT,
  MARK_OUT_OF_ORDER,
  MARK_RETRANSMISSION,
  MARK_ZERO_WINDOW,
  MARK_ZERO_WINDOW_PROBE,
  ROW_MESSAGE,
  ROW_SIDE,
} from './ladder.js'
import { hasTimestamps, windowScale } from './options.js'
import { Reassembly, type Deliver } from './reassembly.js'
import { seqAdd, seqDelta } from './sequence.js'
import {
  SIDE_ACKED,
  SIDE_COVERED,
  SIDE_FIN,
  SIDE_FIN_ACKED,
  SIDE_HOLES,
  SIDE_OUTGOING,
  SIDE_SEQ,
  SIDE_SYN,
  SIDE_TIMESTAMPS,
  SIDE_TTL_VARIES,
  SIDE_WINDOW_SCALE,
  SIDE_ZERO_WINDOW,
} from './side-columns.js'
import { numberQuoted, streamOf } from './streams.js'
import { noteAnswer, noteAwaited, noteProbe, noteRepeat } from './waiting.js'

/** Follows every TCP connection of a run, one batch of segments at a time. What it learnt stands in `store`. */
export class FlowTracker {
  readonly store: FlowStore
  private readonly deliveries = new Map<number, Deliver>()

  constructor(sink: PayloadSink, seed: number) {
    this.store = new FlowStore(sink, seed)
  }

  /** Takes rows [from, to) of a batch; `capture` is the index of the file they come from. */
  process(batch: SegmentBatch, from: number, to: number, capture: number): void {
    for (let row = from; row < to; row++) {
      if (batch.odd[row] & ODD_QUOTED) {
        numberQuoted(this.store, batch, row, capture)
        continue
      }
      const flow = streamOf(this.store, batch, row, capture)
      const side = this.store.table.side
      if (this.store.copies.isCopy(batch, row, flow * 2 + side)) {
        this.store.flows.copies[flow]++
        this.store.copiesOfCapture[capture] = (this.store.copiesOfCapture[capture] ?? 0) + 1
        continue
      }
      this.segment(batch, row, flow, side)
    }
  }

  /** Ends the run: bytes that are still missing will not come. */
  finish(): void {
    for (const [i, reassembly] of this.store.reassemblies) {
      reassembly.flush(this.deliverTo(i), (length) => this.store.sink.gap(i >> 1, i & 1, length))
    }
    this.store.reassemblies.clear()
  }

  private segment(batch: SegmentBatch, row: number, flow: number, side: number): void {
    const { flows, sides } = this.store
    const i = flow * 2 + side
    const other = i ^ 1
    const frame = batch.frame[row]
    const now = batch.timeNs[row]
    const flags = batch.flags[row]
    flows.state[flow] &= ~FLOW_QUOTED_ONLY
    flows.frames[flow]++
    if (now > flows.lastNs[flow]) flows.lastNs[flow] = now
    noteAnswer(sides, other)
    this.knowSequence(batch, row, i)
    let marks = 0
    let repeated = false
    let fresh = 0
    let begins = false
    if (flags & SYN) repeated = this.syn(batch, row, flow, i)
    const length = flags & RST ? 0 : batch.payloadLength[row]
    const seq = seqAdd(batch.seq[row], flags & SYN ? 1 : 0)
    if (flags & ACK && !(flags & RST)) this.acknowledged(batch.ack[row], flow, i, frame, now)
    if (this.isProbe(flags, length, seq, i)) {
      marks = length === 1 && sides.state[other] & SIDE_ZERO_WINDOW ? MARK_ZERO_WINDOW_PROBE : MARK_KEEP_ALIVE
      noteProbe(sides, i, frame, now)
    } else if (length === 1 && sides.state[other] & SIDE_ZERO_WINDOW && seq === sides.nextSeq[i]) {
      marks = MARK_ZERO_WINDOW_PROBE
      noteProbe(sides, i, frame, now)
    } else if (length > 0) {
      marks = this.payloadMarks(seq, length, i)
      fresh = this.freshBytes(seq, length, i)
      begins = fresh > 0 && this.payload(batch, row, flow, i, seq, length, fresh)
      repeated ||= fresh === 0
      if (fresh === 0) {
        marks = MARK_RETRANSMISSION
        noteHistoryCount(flows, flow, side, 't', ++sides.retransmissions[i])
      }
    }
    const closes = (flags & (FIN | RST)) !== 0
    if (closes) {
      noteFirstClose(this.store, flow, side, frame, now)
      repeated =
        flags & RST
          ? noteRst(this.store, batch, row, flow, i)
          : noteFin(this.store, batch, row, i, seqAdd(seq, length))
      if (repeated && flags & FIN) marks |= MARK_RETRANSMISSION
    }
    if (fresh > 0 || flags & (SYN | FIN) || length > 0) {
      if (repeated && fresh === 0) noteRepeat(sides, i, frame, now)
      else noteAwaited(sides, i, frame, now)
    }
    marks |= this.windowMark(batch, row, flow, i)
    if (repeated && flags & SYN) marks |= MARK_RETRANSMISSION
    this.complete(flow, flags, length)
    noteHistory(flows, sides, flow, side, flags, fresh, repeated)
    this.seen(batch, row, i)
    const meta = (flags & 0x1ff) | (side ? ROW_SIDE : 0) | (begins ? ROW_MESSAGE : 0) | marks
    this.store.ladder.add(
      flow,
      (flows.state[flow] & FLOW_CLOSED) !== 0,
      frame,
      now,
      batch.seq[row],
      flags & ACK ? batch.ack[row] : 0,
      length,
      meta,
    )
  }

  /** Base sequence numbers: a SYN's own, else one before the first seen; the other side's from the first ACK number. */
  private knowSequence(batch: SegmentBatch, row: number, i: number): void {
    const sides = this.store.sides
    const flags = batch.flags[row]
    const other = i ^ 1
    if (!(sides.state[i] & SIDE_SEQ) && !(flags & RST && !(flags & ACK) && batch.seq[row] === 0)) {
      sides.state[i] |= SIDE_SEQ
      sides.baseSeq[i] = flags & SYN ? batch.seq[row] : seqAdd(batch.seq[row], -1)
      sides.nextSeq[i] = flags & SYN ? seqAdd(batch.seq[row], 1) : batch.seq[row]
    }
    if (flags & ACK && !(sides.state[other] & SIDE_SEQ)) {
      sides.state[other] |= SIDE_SEQ
      sides.baseSeq[other] = seqAdd(batch.ack[row], -1)
      sides.nextSeq[other] = batch.ack[row]
    }
  }

  /** Notes a SYN or SYN-ACK. Returns whether it repeats an earlier one. */
  private syn(batch: SegmentBatch, row: number, flow: number, i: number): boolean {
    const { flows, sides } = this.store
    const first = !(sides.state[i] & SIDE_SYN)
    sides.state[i] |= SIDE_SYN
    const shift = windowScale(batch, row)
    if (shift >= 0) {
      sides.state[i] |= SIDE_WINDOW_SCALE
      sides.windowShift[i] = shift
    }
    if (hasTimestamps(batch, row)) sides.state[i] |= SIDE_TIMESTAMPS
    if (batch.flags[row] & ACK) {
      flows.state[flow] |= FLOW_SYN_ACK
      if (!first) flows.synAckRepeats[flow]++
      else {
        flows.synAckFrame[flow] = batch.frame[row]
        flows.synAckNs[flow] = batch.timeNs[row]
      }
      return !first
    }
    flows.lastSynNs[flow] = batch.timeNs[row]
    if (!first) flows.synRepeats[flow]++
    else if (!(flows.state[flow] & FLOW_SYN)) {
      flows.state[flow] |= FLOW_SYN
      flows.synSide[flow] = i & 1
      flows.synFrame[flow] = batch.frame[row]
      flows.synNs[flow] = batch.timeNs[row]
    }
    return !first
  }

  private isProbe(flags: number, length: number, seq: number, i: number): boolean {
    const sides = this.store.sides
    return (
      length <= 1 &&
      !(flags & (SYN | FIN | RST)) &&
      seqDelta(seq, sides.nextSeq[i]) === -1 &&
      !(sides.state[i] & SIDE_FIN)
    )
  }

  private payloadMarks(seq: number, length: number, i: number): number {
    const sides = this.store.sides
    const ahead = seqDelta(seq, sides.nextSeq[i])
    if (ahead > 0) return MARK_LOST_SEGMENT
    return seqDelta(seqAdd(seq, length), sides.nextSeq[i]) <= 0 ? MARK_OUT_OF_ORDER : 0
  }

  /** Bytes of this segment that were not seen before. */
  private freshBytes(seq: number, length: number, i: number): number {
    const sides = this.store.sides
    const beyond = seqDelta(seqAdd(seq, length), sides.nextSeq[i])
    if (sides.state[i] & SIDE_HOLES) return this.store.reassemblies.get(i)?.newBytes(seq, length) ?? 0
    return Math.max(0, Math.min(beyond, length))
  }

  /** Takes new payload: counts it and hands it on in order. Returns whether a message begins in it. */
  private payload(
    batch: SegmentBatch,
    row: number,
    flow: number,
    i: number,
    seq: number,
    length: number,
    fresh: number,
  ): boolean {
    const { flows, sides, reassemblies } = this.store
    const frame = batch.frame[row]
    const now = batch.timeNs[row]
    const captured = batch.payloadCaptured[row]
    const expected = sides.nextSeq[i]
    if (captured < length) flows.state[flow] |= FLOW_PAYLOAD_CUT
    sides.payloadBytes[i] += fresh
    sides.payloadFrame[i] = frame
    sides.payloadNs[i] = now
    sides.state[i] &= ~SIDE_COVERED
    if (seqDelta(seqAdd(seq, length), expected) > 0) sides.nextSeq[i] = seqAdd(seq, length)
    const at = batch.payloadAt[row]
    const skip = -seqDelta(seq, expected)
    if (skip >= 0 && !(sides.state[i] & SIDE_HOLES)) {
      const cut = Math.min(skip, captured)
      return this.store.sink.payload(
        flow,
        i & 1,
        batch.bytes,
        at + cut,
        captured - cut,
        length - skip,
        seqAdd(seq, skip),
        frame,
        now,
      )
    }
    let reassembly = reassemblies.get(i)
    if (reassembly === undefined) {
      reassembly = new Reassembly(expected)
      reassemblies.set(i, reassembly)
      sides.state[i] |= SIDE_HOLES
    }
    const begins = reassembly.take(batch.bytes, at, captured, length, seq, frame, now, this.deliverTo(i))
    this.settle(i, now)
    return begins
  }

  /** Gives up gaps that will not be filled, and forgets the reassembly once the stream is whole. */
  private settle(i: number, now: number): void {
    const { sides, reassemblies } = this.store
    const reassembly = reassemblies.get(i)
    if (reassembly === undefined) return
    const acked = sides.state[i ^ 1] & SIDE_ACKED ? sides.highAck[i ^ 1] : sides.baseSeq[i]
    reassembly.giveUp(acked, now, this.deliverTo(i), (length) => this.store.sink.gap(i >> 1, i & 1, length))
    if (!reassembly.whole) return
    reassemblies.delete(i)
    sides.state[i] &= ~SIDE_HOLES
  }

  private deliverTo(i: number): Deliver {
    let deliver = this.deliveries.get(i)
    if (deliver === undefined) {
      deliver = (bytes, at, captured, length, seq, frame, timeNs) =>
        this.store.sink.payload(i >> 1, i & 1, bytes, at, captured, length, seq, frame, timeNs)
      this.deliveries.set(i, deliver)
    }
    return deliver
  }

  /** Notes an acknowledgement by side `i`: what of the other side's stream has arrived there. */
  private acknowledged(ack: number, flow: number, i: number, frame: number, now: number): void {
    const { flows, sides } = this.store
    const other = i ^ 1
    if (!(sides.state[i] & SIDE_ACKED) || seqDelta(ack, sides.highAck[i]) > 0) {
      sides.state[i] |= SIDE_ACKED
      sides.highAck[i] = ack
    }
    if (
      flows.state[flow] & FLOW_SYN_ACK &&
      !(flows.state[flow] & FLOW_HANDSHAKE_ACK) &&
      (i & 1) === flows.synSide[flow]
    ) {
      flows.state[flow] |= FLOW_HANDSHAKE_ACK
      flows.handshakeAckNs[flow] = now
    }
    const past = seqDelta(ack, sides.nextSeq[other])
    if (past >= 0 && !(sides.state[other] & SIDE_COVERED)) {
      sides.state[other] |= SIDE_COVERED
      sides.coveredNs[other] = now
    }
    const fin = sides.state[other] & SIDE_FIN
    if (fin && !(sides.state[other] & SIDE_FIN_ACKED) && seqDelta(ack, sides.finSeq[other]) > 0) {
      sides.state[other] |= SIDE_FIN_ACKED
      sides.finAckedFrame[other] = frame
      sides.finAckedNs[other] = now
    }
    if (past > (fin ? 1 : 0)) {
      flows.state[flow] |= FLOW_ACKED_UNSEEN
      sides.ackedUnseen[other] += past
      this.store.sink.gap(flow, other & 1, past)
      sides.nextSeq[other] = ack
    }
    if (sides.state[other] & SIDE_HOLES) this.settle(other, now)
  }

  private windowMark(batch: SegmentBatch, row: number, flow: number, i: number): number {
    const { flows, sides } = this.store
    const flags = batch.flags[row]
    if (flags & (SYN | FIN | RST)) return 0
    if (batch.window[row] !== 0) {
      sides.state[i] &= ~SIDE_ZERO_WINDOW
      return 0
    }
    if (!(sides.state[i] & SIDE_ZERO_WINDOW)) {
      sides.state[i] |= SIDE_ZERO_WINDOW
      sides.zeroFrame[i] = batch.frame[row]
      sides.zeroNs[i] = batch.timeNs[row]
    }
    noteHistoryCount(flows, flow, i & 1, 'w', ++sides.zeroWindows[i])
    return MARK_ZERO_WINDOW
  }

  private complete(flow: number, flags: number, length: number): void {
    const flows = this.store.flows
    let bits = 0
    if ((flags & (SYN | ACK)) === (SYN | ACK)) bits |= 2
    if (flags & RST) bits |= 32
    if (!(flags & SYN)) {
      if ((flags & (FIN | ACK)) === (FIN | ACK)) bits |= 16
      if (flags & ACK) bits |= length > 0 ? 8 : 4
    } else if (length > 0 && !(flags & ACK)) bits |= 8
    flows.completeness[flow] |= bits
  }

  private seen(batch: SegmentBatch, row: number, i: number): void {
    const sides = this.store.sides
    const flags = batch.flags[row]
    sides.lastFrame[i] = batch.frame[row]
    sides.lastNs[i] = batch.timeNs[row]
    sides.segments[i]++
    if (batch.packetType[row] === PACKET_TYPE_OUTGOING) sides.state[i] |= SIDE_OUTGOING
    if (flags & (SYN | RST) || batch.odd[row] & ODD_HEADER_CUT) return
    if (sides.ttl[i] === 0) sides.ttl[i] = batch.ttl[row]
    else if (sides.ttl[i] !== batch.ttl[row]) sides.state[i] |= SIDE_TTL_VARIES
  }
}
