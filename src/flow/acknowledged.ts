import { FLOW_ACKED_UNSEEN, FLOW_HANDSHAKE_ACK, FLOW_SYN, FLOW_SYN_ACK } from './flow-columns.js'
import type { FlowStore } from './flow-store.js'
import { noteHistoryGap } from './history.js'
import { settle } from './payload.js'
import { seqAdd, seqDelta } from './sequence.js'
import {
  SIDE_ACKED,
  SIDE_COVERED,
  SIDE_FIN,
  SIDE_FIN_ACKED,
  SIDE_HOLES,
  SIDE_MISSING,
  SIDE_SYN,
} from './side-columns.js'

/**
 * Notes an acknowledgement by side `i`: what of the other side's stream has arrived there.
 * @param bare the segment does nothing else: it has neither payload nor FIN
 */
export function noteAck(
  store: FlowStore,
  ack: number,
  i: number,
  frame: number,
  now: number,
  bare: boolean,
): void {
  const { flows, sides } = store
  const flow = i >> 1
  const other = i ^ 1
  if (bare && isOfEarlierConnection(store, ack, i)) return
  if (!(sides.state[i] & SIDE_ACKED) || seqDelta(ack, sides.highAck[i]) > 0) {
    sides.state[i] |= SIDE_ACKED
    sides.highAck[i] = ack
  }
  const state = flows.state[flow]
  if (state & FLOW_SYN_ACK && !(state & FLOW_HANDSHAKE_ACK) && isOpener(store, i)) {
    flows.state[flow] |= FLOW_HANDSHAKE_ACK
    // What acknowledges more than the SYN is no third segment of the handshake: the capture lacks that.
    flows.handshakeAckNs[flow] = ack === seqAdd(sides.baseSeq[other], 1) ? now : NaN
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
    sides.state[other] |= SIDE_MISSING
    sides.missingTo[other] = ack
    sides.ackedUnseen[other] += past
    sides.captureLossBytes[other] += past
    store.sink.gap(flow, other & 1, past)
    noteHistoryGap(store, other)
    if (!fin) noteUnseenFin(store, other, past, frame, now)
    sides.nextSeq[other] = ack
  }
  if (sides.state[other] & SIDE_HOLES) {
    const gaps = store.reassemblies.get(other)?.newlyAckedGaps(ack) ?? 0
    for (let n = 0; n < gaps; n++) noteHistoryGap(store, other)
    settle(store, other, now)
  }
}

/** Whether this side opened the connection: it sent the SYN, or, without that in the capture, it is not the one that answered it. */
function isOpener({ flows, sides }: FlowStore, i: number): boolean {
  if (flows.state[i >> 1] & FLOW_SYN) return (i & 1) === flows.synSide[i >> 1]
  return (sides.state[i] & SIDE_SYN) === 0
}

/**
 * One unseen byte that is acknowledged, and nothing sent after it, is a FIN that the capture lacks: remembers where that shows. (A side
 * whose FIN was captured has these columns for its acknowledgement.)
 */
function noteUnseenFin({ sides }: FlowStore, i: number, length: number, frame: number, now: number): void {
  sides.finAckedFrame[i] = length === 1 ? frame : 0
  sides.finAckedNs[i] = now
}

/**
 * A SYN answered with a bare ACK that is none of it, as the first thing of all: by a host that still holds an earlier connection of these ports
 * (RFC 9293 3.10.7.4). The number tells nothing of this one.
 */
function isOfEarlierConnection({ flows, sides }: FlowStore, ack: number, i: number): boolean {
  const state = flows.state[i >> 1]
  if (!(state & FLOW_SYN) || state & FLOW_SYN_ACK || (i & 1) === flows.synSide[i >> 1]) return false
  const other = i ^ 1
  const onlySyns = sides.nextSeq[other] === seqAdd(sides.baseSeq[other], 1)
  return sides.segments[i] === 0 && onlySyns && ack !== sides.nextSeq[other]
}
