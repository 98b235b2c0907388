import { ACK, PACKET_TYPE_OUTGOING, PACKET_TYPE_UNKNOWN, SYN, type SegmentBatch } from '../decode/segments.js'
import { FLOW_CLOSED, FLOW_SYN_ACK } from './flow-columns.js'
import type { FlowStore } from './flow-store.js'
import { MARK_KEEP_ALIVE, MARK_ZERO_WINDOW_PROBE, ROW_SIDE } from './ladder.js'
import { hasTimestamps, timestampValue } from './options.js'
import { PROVOKED_ROUND_TRIPS, PROVOKED_WITHIN_NS, SERIES_SEQ_SLACK, SERIES_WITHIN_NS } from './policy.js'
import { seqAdd, seqDelta } from './sequence.js'
import {
  SIDE_COVERED,
  SIDE_FIN,
  SIDE_RST,
  SIDE_SEQ,
  SIDE_SYN,
  SIDE_TIMESTAMPS,
  type SideColumns,
} from './side-columns.js'

/** How a RST was made, by index in `SideColumns.rstForm` (verdicts.md, rule 2.3). */
export const RST_FORMS = ['unknown', 'stateless', 'refused', 'abort'] as const
const UNKNOWN = 0
const STATELESS = 1
const REFUSED = 2
const ABORT = 3

/** Marks of a RST: its window field is 0; it lacks timestamps although its side had agreed on them; it has the ACK flag. */
export const RST_WINDOW_ZERO = 1
export const RST_UNSTAMPED = 2
export const RST_WITH_ACK = 4
/** The capturing host sent it; the capturing host received it; neither where the capture does not tell. */
export const RST_OUTGOING = 8
export const RST_INCOMING = 16
/** It carries payload; a later RST of the side, soon after, has a SEQ beyond all that the side had sent and the other acknowledged. */
export const RST_WITH_PAYLOAD = 32
export const RST_SEQ_RISES = 64
/** A later RST, soon after, acknowledges less, or more than was sent, though the other side sent nothing in between. */
export const RST_ACK_MOVES = 128
/** Its side counts its packets in their IP IDs, and this one is out of that count. */
export const RST_IP_ID_FOREIGN = 256

const FIN_BIT = 1
const BARE_HEADER = 20

/** Remembers where both sides stood at the flow's first FIN or RST. Later calls change nothing. */
export function noteFirstClose(
  store: FlowStore,
  flow: number,
  side: number,
  frame: number,
  timeNs: number,
): void {
  const { flows, sides } = store
  if (flows.state[flow] & FLOW_CLOSED) return
  flows.state[flow] |= FLOW_CLOSED
  flows.closeSide[flow] = side
  flows.closeFrame[flow] = frame
  flows.closeNs[flow] = timeNs
  for (let i = flow * 2; i <= flow * 2 + 1; i++) {
    sides.closePayloadFrame[i] = sides.payloadFrame[i]
    sides.closePayloadNs[i] = sides.payloadNs[i]
    sides.closeCoveredNs[i] = sides.state[i] & SIDE_COVERED ? sides.coveredNs[i] : NaN
    sides.closeHighAck[i] = sides.highAck[i]
    sides.closeNextSeq[i] = sides.nextSeq[i]
  }
}

/** Notes a FIN. Returns whether it repeats one seen before. */
export function noteFin(
  store: FlowStore,
  batch: SegmentBatch,
  row: number,
  i: number,
  endSeq: number,
): boolean {
  const sides = store.sides
  if (sides.state[i] & SIDE_FIN) {
    sides.finRepeats[i]++
    return true
  }
  sides.state[i] |= SIDE_FIN
  sides.finFrame[i] = batch.frame[row]
  sides.finNs[i] = batch.timeNs[row]
  sides.finSeq[i] = endSeq
  // Without the ACK flag its number says nothing: what was acknowledged before stands.
  sides.finAck[i] = batch.flags[row] & ACK ? batch.ack[row] : sides.highAck[i]
  if (sides.state[i] & SIDE_TIMESTAMPS) sides.origin.finStamp[i] = timestampValue(batch, row)
  return false
}

/** Notes a RST: the first one with its form and the frame that provoked it, later ones by count. Returns whether it is a later one. */
export function noteRst(
  store: FlowStore,
  batch: SegmentBatch,
  row: number,
  flow: number,
  i: number,
): boolean {
  const sides = store.sides
  sides.rsts[i]++
  if (sides.state[i] & SIDE_RST) {
    if (risesAbove(sides, batch, row, i)) sides.rstMarks[i] |= RST_SEQ_RISES
    if (acknowledgesElse(sides, batch, row, i)) sides.rstMarks[i] |= RST_ACK_MOVES
    return true
  }
  sides.state[i] |= SIDE_RST
  sides.rstFrame[i] = batch.frame[row]
  sides.rstNs[i] = batch.timeNs[row]
  sides.rstSeq[i] = batch.seq[row]
  sides.rstAck[i] = batch.ack[row]
  sides.rstTtl[i] = batch.ttl[row]
  sides.rstMarks[i] = marksOf(sides, batch, row, i)
  // The RST is among the side's segments already.
  const outOfCount = sides.origin.noteRst(i, batch.ipId[row], batch.window[row], sides.segments[i] - 1)
  // Only a live socket counts on: the RST of none has IP ID 0, and IPv6 has no IDs.
  if (outOfCount && batch.flags[row] & ACK && batch.family[row] === 4) sides.rstMarks[i] |= RST_IP_ID_FOREIGN
  sides.rstForm[i] = formOf(store, batch, row, flow, i)
  if (sides.rstForm[i] === STATELESS) sides.rstTriggerFrame[i] = triggerOf(store, batch, row, flow, i & 1)
  return false
}

function marksOf(sides: SideColumns, batch: SegmentBatch, row: number, i: number): number {
  const type = batch.packetType[row]
  const unstamped = (sides.state[i] & SIDE_TIMESTAMPS) !== 0 && !hasTimestamps(batch, row)
  let marks = batch.window[row] === 0 ? RST_WINDOW_ZERO : 0
  if (unstamped) marks |= RST_UNSTAMPED
  if (batch.flags[row] & ACK) marks |= RST_WITH_ACK
  if (batch.payloadLength[row] > 0) marks |= RST_WITH_PAYLOAD
  if (type === PACKET_TYPE_OUTGOING) marks |= RST_OUTGOING
  else if (type !== PACKET_TYPE_UNKNOWN) marks |= RST_INCOMING
  return marks
}

/** RSTs with rising numbers feel for the receive window (reference: B7, RST SEQ change); a stack answers at its own or a shown number. */
function risesAbove(sides: SideColumns, batch: SegmentBatch, row: number, i: number): boolean {
  if (batch.timeNs[row] - sides.rstNs[i] > SERIES_WITHIN_NS || sides.state[i] & SIDE_FIN) return false
  const seq = batch.seq[row]
  const beyond = (known: number): boolean => seqDelta(seq, known) > SERIES_SEQ_SLACK
  return beyond(sides.rstSeq[i]) && beyond(sides.nextSeq[i]) && beyond(sides.highAck[i ^ 1])
}

/**
 * A stack acknowledges what it has received, so that its ACK numbers only grow, and to no more than was sent (reference: B7, RST ACK change).
 * Numbers that grow within what was sent are those of segments that were on their way.
 */
function acknowledgesElse(sides: SideColumns, batch: SegmentBatch, row: number, i: number): boolean {
  const other = i ^ 1
  const both = batch.flags[row] & ACK && sides.rstMarks[i] & RST_WITH_ACK
  if (!both || batch.timeNs[row] - sides.rstNs[i] > SERIES_WITHIN_NS) return false
  if (sides.lastFrame[other] > sides.rstFrame[i] || !(sides.state[other] & SIDE_SEQ)) return false
  const ack = batch.ack[row]
  return seqDelta(ack, sides.rstAck[i]) < 0 || seqDelta(ack, sides.nextSeq[other]) > SERIES_SEQ_SLACK
}

function formOf(store: FlowStore, batch: SegmentBatch, row: number, flow: number, i: number): number {
  const { flows, sides } = store
  const other = i ^ 1
  const flags = batch.flags[row]
  const bare = batch.headerLength[row] === BARE_HEADER && batch.window[row] === 0 && batch.ipId[row] === 0
  if (!(flags & ACK)) return bare && batch.ack[row] === 0 ? STATELESS : UNKNOWN
  const unanswered = (flows.state[flow] & FLOW_SYN_ACK) === 0 && (sides.state[other] & SIDE_SYN) !== 0
  if (
    unanswered &&
    !(flags & SYN) &&
    // TCP Fast Open: with the SYN its payload is refused.
    (batch.ack[row] === seqAdd(sides.baseSeq[other], 1) || batch.ack[row] === sides.nextSeq[other]) &&
    batch.seq[row] === 0
  )
    return REFUSED
  const nextSeq = sides.state[i] & SIDE_FIN ? seqAdd(sides.finSeq[i], 1) : sides.nextSeq[i]
  const stamped = (sides.state[i] & SIDE_TIMESTAMPS) === 0 || hasTimestamps(batch, row)
  // Of a side that was never seen before nobody knows its numbers.
  if (!(sides.state[i] & SIDE_SEQ)) return UNKNOWN
  const ownNext = seqDelta(batch.seq[row], nextSeq) === 0 || seqDelta(batch.seq[row], sides.nextSeq[i]) === 0
  return ownNext && stamped && batch.window[row] > 0 ? ABORT : UNKNOWN
}

/** Frame of the segment whose ACK number a stateless RST carries as its SEQ: payload, FIN or probe, just before. 0 when none fits. */
function triggerOf(store: FlowStore, batch: SegmentBatch, row: number, flow: number, side: number): number {
  const { flows, ladder } = store
  const roundTrip = flows.synAckFrame[flow] ? flows.establishedNs(flow) - flows.synNs[flow] : 0
  const since = batch.timeNs[row] - Math.max(PROVOKED_WITHIN_NS, PROVOKED_ROUND_TRIPS * roundTrip)
  const rows = ladder.rowsOf(flow)
  for (let n = rows.length - 1; n >= 0; n--) {
    const at = rows[n]
    const meta = ladder.rows.meta(at)
    if (((meta & ROW_SIDE) !== 0 ? 1 : 0) === side || ladder.rows.ack(at) !== batch.seq[row]) continue
    const provokes =
      ladder.rows.payload(at) > 0 || (meta & (FIN_BIT | MARK_KEEP_ALIVE | MARK_ZERO_WINDOW_PROBE)) !== 0
    if (provokes && ladder.rows.lastNs(at) >= since)
      return ladder.rows.segments(at) === 1 ? ladder.rows.frame(at) : ladder.rows.lastFrame(at)
  }
  return 0
}
