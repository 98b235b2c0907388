import { ACK, FIN, ODD_QUOTED, RST, SYN, type SegmentBatch } from '../decode/segments.js'
import { noteAck } from './acknowledged.js'
import { noteFin, noteFirstClose, noteRst } from './closing.js'
import { completenessBits } from './completeness.js'
import { FLOW_CALM, FLOW_CLOSED, FLOW_QUOTED_ONLY, FLOW_SOCKS_PORT } from './flow-columns.js'
import { FlowEnds } from './flow-ends.js'
import { FlowStore } from './flow-store.js'
import { knowSequence, noteSyn } from './handshake.js'
import { noteHistory } from './history.js'
import {
  MARK_KEEP_ALIVE,
  MARK_RETRANSMISSION,
  MARK_ZERO_WINDOW,
  MARK_ZERO_WINDOW_PROBE,
  ROW_MESSAGE,
  ROW_SIDE,
} from './ladder.js'
import { isCalm, isCopyOf, takeOrdinary } from './ordinary.js'
import type { PayloadSink } from './payload-sink.js'
import { placeOf } from './paths.js'
import { freshBytes, payloadMarks, takePayload } from './payload.js'
import { seqAdd, seqDelta } from './sequence.js'
import { noteSeen } from './seen.js'
import { SIDE_FIN, SIDE_ZERO_WINDOW } from './side-columns.js'
import { SocksNumbers } from './socks-numbers.js'
import { isNoSegment, numberOnly, streamOf } from './streams.js'
import { noteAnswer, noteAwaited, noteProbe, noteRepeat } from './waiting.js'
import type { TrackerOptions } from './tracker-options.js'

/** Follows every TCP connection of a run, one batch of segments at a time. What it learnt stands in `store`. */
export class FlowTracker {
  readonly store: FlowStore
  /** What the segment at hand turned out to be; fields, so that nothing is allocated for a segment. */
  private marks = 0
  private fresh = 0
  private repeated = false
  private begins = false
  readonly ends: FlowEnds | null
  private readonly socks = new SocksNumbers()

  constructor(
    sink: PayloadSink,
    seed: number,
    private readonly options: TrackerOptions = {},
  ) {
    this.store = new FlowStore(sink, seed, options.rules)
    this.ends = options.onFlowEnd ? new FlowEnds(this.store, options.onFlowEnd, options.live) : null
    this.store.ends = this.ends
  }

  /** Takes rows [from, to) of a batch; `capture` is the index of the file they come from, `vantage` the place it was taken at. */
  process(batch: SegmentBatch, from: number, to: number, capture: number, vantage = 0): void {
    const { store, ends } = this
    store.table.vantage = vantage
    const { watcher, keepCopies, closely } = this.options
    const withLadder = this.options.withoutLadder !== true
    for (let row = from; row < to; row++) {
      if (ends !== null && batch.timeNs[row] >= ends.dueNs) ends.sweep(batch.timeNs[row])
      const odd = batch.odd[row]
      if (odd !== 0 && isNoSegment(batch, row)) {
        const flow = numberOnly(store, batch, row, capture)
        if (odd & ODD_QUOTED) store.icmpErrors.note(batch, row, flow, store.table.side)
        else watcher?.segment(batch, row, flow, store.table.side, store.table.reused, false)
        continue
      }
      const flow = streamOf(store, batch, row, capture)
      if (flow < 0) {
        store.limits.lateSegments++
        continue
      }
      const i = flow * 2 + store.table.side
      const copy = keepCopies !== true && isCopyOf(store, batch, row, i)
      watcher?.segment(batch, row, flow, i & 1, store.table.reused, copy)
      if (copy) {
        store.noteCopy(i, placeOf(batch, row), batch.ttl[row], capture)
        continue
      }
      if (store.flows.copies[flow] > 0) store.paths.noteFirst(i, batch, row)
      const calm = store.flows.state[flow] & FLOW_CALM
      if (calm && takeOrdinary(store, batch, row, flow, i, withLadder)) continue
      if (store.flows.state[flow] & FLOW_SOCKS_PORT) this.socks.note(store, batch, row, i, capture)
      this.segment(batch, row, flow, i)
      if (closely !== true && isCalm(store, flow)) store.flows.state[flow] |= FLOW_CALM
      else store.flows.state[flow] &= ~FLOW_CALM
    }
  }

  /** Hands back the rows of a flow that has ended: another will use them. */
  release(flow: number): void {
    this.socks.forget(flow)
    this.store.release(flow)
  }

  /** Ends the run: bytes that are still missing will not come. */
  finish(): void {
    const { ended, limits, waiting } = this.store
    this.ends?.endAll()
    limits.forgotten = ended.forgotten
    limits.gapsGivenUp = waiting.gapsGivenUp
    for (const reassembly of this.store.reassemblies.values()) reassembly.flush()
    this.store.reassemblies.clear()
  }

  private segment(batch: SegmentBatch, row: number, flow: number, i: number): void {
    const { store } = this
    const { flows, sides } = store
    const frame = batch.frame[row]
    const now = batch.timeNs[row]
    const flags = batch.flags[row]
    flows.state[flow] &= ~FLOW_QUOTED_ONLY
    flows.frames[flow]++
    if (now > flows.lastNs[flow]) flows.lastNs[flow] = now
    noteHistory(store, batch, row, i)
    noteAnswer(sides, i ^ 1)
    knowSequence(store, batch, row, i)
    this.marks = 0
    this.fresh = 0
    this.begins = false
    this.repeated = (flags & SYN) !== 0 && noteSyn(store, batch, row, i)
    if (this.repeated && flows.copies[flow] === 0) store.paths.noteLonelySyn(flow, placeOf(batch, row))
    const length = flags & RST ? 0 : batch.payloadLength[row]
    const seq = seqAdd(batch.seq[row], flags & SYN ? 1 : 0)
    const bare = length === 0 && !(flags & FIN)
    if (flags & ACK && !(flags & RST)) noteAck(store, batch.ack[row], i, frame, now, bare)
    this.content(batch, row, i, seq, length)
    if (flags & (FIN | RST)) this.close(batch, row, i, seqAdd(seq, length))
    if (length > 0 || flags & (SYN | FIN)) {
      if (this.repeated && this.fresh === 0) noteRepeat(sides, i, frame, now)
      else noteAwaited(sides, i, frame, now)
    }
    this.window(batch, row, i)
    if (this.repeated && flags & SYN) this.marks |= MARK_RETRANSMISSION
    flows.completeness[flow] |= completenessBits(flags, length)
    noteSeen(sides, batch, row, i)
    if (this.ends !== null) {
      if (i & 1 && sides.segments[i] === 1) this.ends.answered(flow)
      if (flows.state[flow] & FLOW_CLOSED) this.ends.noteClose(flow, now)
    }
    if (this.options.withoutLadder === true) return
    const meta = (flags & 0x1ff) | (i & 1 ? ROW_SIDE : 0) | (this.begins ? ROW_MESSAGE : 0) | this.marks
    store.ladder.add(flow, (flows.state[flow] & FLOW_CLOSED) !== 0, batch, row, length, meta)
  }

  /** Payload or a probe: new bytes, bytes seen before, or a question whether the peer lives. */
  private content(batch: SegmentBatch, row: number, i: number, seq: number, length: number): void {
    const { store } = this
    const { sides } = store
    const shut = length === 1 && (sides.state[i ^ 1] & SIDE_ZERO_WINDOW) !== 0
    if (this.isKeepAlive(batch.flags[row], length, seq, i) || (shut && seq === sides.nextSeq[i])) {
      this.marks = shut ? MARK_ZERO_WINDOW_PROBE : MARK_KEEP_ALIVE
      noteProbe(sides, i, batch.frame[row], batch.timeNs[row])
      return
    }
    if (length === 0) return
    this.marks = payloadMarks(sides, seq, length, i)
    this.fresh = freshBytes(store, seq, length, i)
    if (this.fresh > 0) {
      this.begins = takePayload(store, batch, row, i, seq, this.fresh)
      return
    }
    this.repeated = true
    this.marks = MARK_RETRANSMISSION
    sides.retransmissions[i]++
  }

  private isKeepAlive(flags: number, length: number, seq: number, i: number): boolean {
    const sides = this.store.sides
    if (length > 1 || flags & (SYN | FIN | RST)) return false
    return seqDelta(seq, sides.nextSeq[i]) === -1 && !(sides.state[i] & SIDE_FIN)
  }

  /** A FIN or RST; `endSeq` is the sequence number after the segment's payload. */
  private close(batch: SegmentBatch, row: number, i: number, endSeq: number): void {
    const { store } = this
    const flow = i >> 1
    const flags = batch.flags[row]
    noteFirstClose(store, flow, i & 1, batch.frame[row], batch.timeNs[row])
    this.repeated = flags & RST ? noteRst(store, batch, row, flow, i) : noteFin(store, batch, row, i, endSeq)
    if (this.repeated && flags & FIN) this.marks |= MARK_RETRANSMISSION
  }

  private window(batch: SegmentBatch, row: number, i: number): void {
    const { sides } = this.store
    if (batch.flags[row] & (SYN | FIN | RST)) return
    if (batch.window[row] !== 0) {
      sides.state[i] &= ~SIDE_ZERO_WINDOW
      return
    }
    if (!(sides.state[i] & SIDE_ZERO_WINDOW)) {
      sides.state[i] |= SIDE_ZERO_WINDOW
      sides.zeroFrame[i] = batch.frame[row]
      sides.zeroNs[i] = batch.timeNs[row]
    }
    this.marks |= MARK_ZERO_WINDOW
  }
}
