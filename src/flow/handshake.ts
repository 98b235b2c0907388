import { ACK, RST, SYN, type SegmentBatch } from '../decode/segments.js'
import { FLOW_SYN, FLOW_SYN_ACK } from './flow-columns.js'
import type { FlowStore } from './flow-store.js'
import { hasTimestamps, timestampValue, windowScale } from './options.js'
import { seqAdd } from './sequence.js'
import { SIDE_SEQ, SIDE_SYN, SIDE_TIMESTAMPS, SIDE_WINDOW_SCALE } from './side-columns.js'

/** Base sequence numbers: a SYN's own, else one before the first seen; the other side's from the first ACK number. */
export function knowSequence(store: FlowStore, batch: SegmentBatch, row: number, i: number): void {
  const sides = store.sides
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

/** Notes a SYN or SYN-ACK of side `i`. Returns whether it repeats an earlier one. */
export function noteSyn(store: FlowStore, batch: SegmentBatch, row: number, i: number): boolean {
  const { flows, sides } = store
  const flow = i >> 1
  const first = !(sides.state[i] & SIDE_SYN)
  sides.state[i] |= SIDE_SYN
  const shift = windowScale(batch, row)
  if (shift >= 0) {
    sides.state[i] |= SIDE_WINDOW_SCALE
    sides.windowShift[i] = shift
  }
  if (hasTimestamps(batch, row)) {
    sides.state[i] |= SIDE_TIMESTAMPS
    if (first) sides.origin.synStamp[i] = timestampValue(batch, row)
  }
  if (batch.flags[row] & ACK) {
    if (flows.state[flow] & FLOW_SYN_ACK) flows.synAckRepeats[flow]++
    else {
      flows.state[flow] |= FLOW_SYN_ACK
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
