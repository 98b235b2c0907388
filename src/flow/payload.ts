import type { SegmentBatch } from '../decode/segments.js'
import { FLOW_PAYLOAD_CUT } from './flow-columns.js'
import type { FlowStore } from './flow-store.js'
import { MARK_LOST_SEGMENT, MARK_OUT_OF_ORDER } from './ladder.js'
import { REORDERED_WITHIN_NS } from './policy.js'
import { Reassembly } from './reassembly.js'
import { seqAdd, seqDelta } from './sequence.js'
import { SIDE_ACKED, SIDE_COVERED, SIDE_HOLES, type SideColumns } from './side-columns.js'

/** How payload at `seq` lies to what its side sent before: mark bits of the ladder. */
export function payloadMarks(sides: SideColumns, seq: number, length: number, i: number): number {
  const ahead = seqDelta(seq, sides.nextSeq[i])
  if (ahead > 0) return MARK_LOST_SEGMENT
  return seqDelta(seqAdd(seq, length), sides.nextSeq[i]) <= 0 ? MARK_OUT_OF_ORDER : 0
}

/** Bytes of this segment that were not seen before. */
export function freshBytes(store: FlowStore, seq: number, length: number, i: number): number {
  const sides = store.sides
  const beyond = seqDelta(seqAdd(seq, length), sides.nextSeq[i])
  if (sides.state[i] & SIDE_HOLES) return store.reassemblies.get(i)?.newBytes(seq, length) ?? 0
  return Math.max(0, Math.min(beyond, length))
}

/**
 * Takes a segment's payload, `fresh` bytes of which are new: counts it and hands it on in order. `seq` is that of its first byte.
 * Returns whether a message begins in it.
 */
export function takePayload(
  store: FlowStore,
  batch: SegmentBatch,
  row: number,
  i: number,
  seq: number,
  fresh: number,
): boolean {
  const { flows, sides } = store
  const frame = batch.frame[row]
  const now = batch.timeNs[row]
  const length = batch.payloadLength[row]
  const captured = batch.payloadCaptured[row]
  const expected = sides.nextSeq[i]
  if (captured < length) flows.state[i >> 1] |= FLOW_PAYLOAD_CUT
  sides.payloadBytes[i] += fresh
  sides.payloadFrame[i] = frame
  sides.payloadNs[i] = now
  sides.state[i] &= ~SIDE_COVERED
  if (seqDelta(seqAdd(seq, length), expected) > 0) sides.nextSeq[i] = seqAdd(seq, length)
  const at = batch.payloadAt[row]
  const skip = -seqDelta(seq, expected)
  if (skip >= 0 && !(sides.state[i] & SIDE_HOLES)) {
    const cut = Math.min(skip, captured)
    return store.sink.payload(
      i >> 1,
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
  let reassembly = store.reassemblies.get(i)
  if (reassembly === undefined) {
    reassembly = new Reassembly(expected, store.sink, i >> 1, i & 1, store.waiting)
    store.reassemblies.set(i, reassembly)
    sides.state[i] |= SIDE_HOLES
  }
  const late = seqDelta(seq, expected) < 0 && reassembly.gapAgeNs(now) > REORDERED_WITHIN_NS
  if (late) sides.networkLossBytes[i] += fresh
  const begins = reassembly.take(batch.bytes, at, captured, length, seq, frame, now)
  settle(store, i, now)
  return begins
}

/** Gives up gaps that will not be filled, and forgets the reassembly once the stream is whole. */
export function settle(store: FlowStore, i: number, now: number): void {
  const { sides, reassemblies } = store
  const reassembly = reassemblies.get(i)
  if (reassembly === undefined) return
  const acked = sides.state[i ^ 1] & SIDE_ACKED ? sides.highAck[i ^ 1] : sides.baseSeq[i]
  sides.captureLossBytes[i] += reassembly.giveUp(acked, now)
  if (!reassembly.whole) return
  reassemblies.delete(i)
  sides.state[i] &= ~SIDE_HOLES
}
