import {
  ACK,
  FIN,
  PACKET_TYPE_OUTGOING,
  PACKET_TYPE_UNKNOWN,
  RST,
  SYN,
  type SegmentBatch,
} from '../decode/segments.js'
import { COMPLETE_ACK, COMPLETE_DATA } from './completeness.js'
import * as flow from './flow-columns.js'
import type { FlowStore } from './flow-store.js'
import { noteProgressOf } from './history.js'
import { ROW_MESSAGE, ROW_SIDE } from './ladder.js'
import * as side from './side-columns.js'
import { ZEEK_ESTABLISHED, ZEEK_PARTIAL } from './zeek-sides.js'

/** State bits of a flow that call for a closer look at every segment. */
const RESTLESS_FLOW = flow.FLOW_CLOSED | flow.FLOW_QUOTED_ONLY | flow.FLOW_SOCKS_PORT
/** What both sides must have shown, and must not show. */
const SETTLED = side.SIDE_SEQ | side.SIDE_ACKED
const RESTLESS_SIDE = side.SIDE_FIN | side.SIDE_RST | side.SIDE_ZERO_WINDOW | side.SIDE_HOLES
const BARE_HEADER = 20

/**
 * Whether nothing is going on in the flow but talk: handshake over, both sides known, no close, nothing missing, repeated, probed or
 * shut. It is asked after every segment that was looked at closely, and says whether the next one may be taken by `takeOrdinary`.
 */
export function isCalm(store: FlowStore, flowRow: number): boolean {
  const { flows, sides, zeekSides } = store
  const state = flows.state[flowRow]
  if (state & RESTLESS_FLOW) return false
  if ((state & (flow.FLOW_SYN_ACK | flow.FLOW_HANDSHAKE_ACK)) === flow.FLOW_SYN_ACK) return false
  for (let i = flowRow * 2; i <= flowRow * 2 + 1; i++) {
    if ((sides.state[i] & (SETTLED | RESTLESS_SIDE)) !== SETTLED) return false
    if (sides.repeats[i] !== 0 || sides.probes[i] !== 0 || sides.repeatMaxGapNs[i] !== 0) return false
    const zeek = zeekSides.state[i]
    if (zeek !== ZEEK_ESTABLISHED && zeek !== ZEEK_PARTIAL) return false
  }
  return true
}

/**
 * Whether a segment of a calm flow shows something for the first time: payload that goes on where its side's last ended, or an ACK number
 * above all before. Had it been captured before, it would not be the first. (A single byte may have been a probe, which leaves no trace.)
 */
function isFirst(store: FlowStore, batch: SegmentBatch, row: number, i: number): boolean {
  const { sides } = store
  if ((batch.flags[row] & (SYN | FIN | RST | ACK)) !== ACK || batch.odd[row] !== 0) return false
  const length = batch.payloadLength[row]
  if (length > 0) return length > 1 && batch.seq[row] === sides.nextSeq[i]
  return ((batch.ack[row] - sides.highAck[i]) | 0) > 0
}

/** Whether the segment is another copy of one seen just before. One that is seen for the first time need not be compared with any. */
export function isCopyOf(store: FlowStore, batch: SegmentBatch, row: number, i: number): boolean {
  const { copies, flows } = store
  if (!(flows.state[i >> 1] & flow.FLOW_CALM) || !isFirst(store, batch, row, i))
    return copies.isCopy(batch, row, i)
  copies.remember(batch, row, i)
  return false
}

/**
 * Takes the segment of every day: of a calm flow, the next bytes in order or a plain ACK. Does what `FlowTracker.segment` would do, and
 * no more than such a segment needs. Returns false, with nothing changed, for any other segment.
 */
export function takeOrdinary(
  store: FlowStore,
  batch: SegmentBatch,
  row: number,
  flowRow: number,
  i: number,
  withLadder: boolean,
): boolean {
  const { flows, sides } = store
  const flags = batch.flags[row]
  const seq = batch.seq[row]
  const ack = batch.ack[row]
  const other = i ^ 1
  const state = sides.state[i]
  if ((flags & (SYN | FIN | RST | ACK)) !== ACK || batch.odd[row] !== 0 || batch.window[row] === 0)
    return false
  if (seq !== sides.nextSeq[i]) return false
  const past = (ack - sides.nextSeq[other]) | 0
  if (past > 0 || !tellsNothingNew(batch, row, state, sides.ttl[i])) return false
  const length = batch.payloadLength[row]
  if (!noteProgressOf(store, i, (seq + length) >>> 0, length)) return false

  const frame = batch.frame[row]
  const now = batch.timeNs[row]
  flows.frames[flowRow]++
  if (now > flows.lastNs[flowRow]) flows.lastNs[flowRow] = now
  sides.segments[i]++
  sides.lastFrame[i] = frame
  sides.lastNs[i] = now
  sides.origin.noteIpId(i, batch.ipId[row], sides.segments[i])
  if (((ack - sides.highAck[i]) | 0) > 0) sides.highAck[i] = ack
  let answered = sides.state[other] & ~side.SIDE_AWAITING
  if (past === 0 && !(answered & side.SIDE_COVERED)) {
    answered |= side.SIDE_COVERED
    sides.coveredNs[other] = now
  }
  sides.state[other] = answered
  let begins = false
  if (length === 0) flows.completeness[flowRow] |= COMPLETE_ACK
  else begins = takeNext(store, batch, row, i, length)
  if (withLadder) {
    const meta = (flags & 0x1ff) | (i & 1 ? ROW_SIDE : 0) | (begins ? ROW_MESSAGE : 0)
    store.ladder.add(flowRow, false, batch, row, length, meta)
  }
  return true
}

/** TTL, packet type and options are as they were. */
function tellsNothingNew(batch: SegmentBatch, row: number, state: number, ttl: number): boolean {
  if (batch.ttl[row] !== ttl && !(state & side.SIDE_TTL_VARIES)) return false
  if (batch.headerLength[row] !== BARE_HEADER && !(state & side.SIDE_TIMESTAMPS)) return false
  const type = batch.packetType[row]
  if (type === PACKET_TYPE_UNKNOWN) return true
  return (state & (type === PACKET_TYPE_OUTGOING ? side.SIDE_OUTGOING : side.SIDE_INCOMING)) !== 0
}

/** Payload that goes on where its side's last ended. Returns whether a message begins in it. */
function takeNext(store: FlowStore, batch: SegmentBatch, row: number, i: number, length: number): boolean {
  const { flows, sides } = store
  const frame = batch.frame[row]
  const now = batch.timeNs[row]
  const seq = batch.seq[row]
  const captured = batch.payloadCaptured[row]
  const state = sides.state[i]
  flows.completeness[i >> 1] |= COMPLETE_DATA
  if (captured < length) flows.state[i >> 1] |= flow.FLOW_PAYLOAD_CUT
  sides.payloadBytes[i] += length
  sides.payloadFrame[i] = frame
  sides.payloadNs[i] = now
  sides.nextSeq[i] = seq + length
  sides.repeatLastNs[i] = now
  sides.repeatLastFrame[i] = frame
  if (!(state & side.SIDE_AWAITING)) {
    sides.awaitedNs[i] = now
    sides.awaitedFrame[i] = frame
  }
  sides.state[i] = (state & ~side.SIDE_COVERED) | side.SIDE_AWAITING
  const at = batch.payloadAt[row]
  return store.sink.payload(i >> 1, i & 1, batch.bytes, at, captured, length, seq, frame, now)
}
