import { FIN, SYN } from '../decode/segments.js'
import { MARK_BITS } from './marks.js'
import { SACK_BLOCKS, type MarksColumns } from './marks-columns.js'
import { FAST_WITHIN_NS, REORDERED_WITHIN_NS } from './policy.js'
import { isBefore, seqAdd, seqDelta } from './sequence.js'
import type { UnackedSegments } from './unacked.js'

const RETRANSMISSION = MARK_BITS.retransmission

/**
 * What a segment with payload, SYN or FIN is that does not lie beyond what its side sent before: a retransmission (fast and spurious ones
 * are marked as such beside it), out of order, or neither (0). `unacked` is null under the rules of 4.0, which do without.
 */
export function retransmissionMark(
  columns: MarksColumns,
  unacked: UnackedSegments | null,
  flow: number,
  i: number,
  seq: number,
  length: number,
  flags: number,
  timeNs: number,
): number {
  const other = i ^ 1
  const nextSeq = columns.nextSeq[i]
  const end = seqAdd(seq, length)
  if (length > 0 && columns.lastAck[other] !== 0 && seqDelta(end, columns.lastAck[other]) <= 0)
    return RETRANSMISSION | MARK_BITS.spurious_retransmission
  if (nextSeq === 0 || !isBefore(seq, nextSeq)) return 0
  // Data that begins with the byte of a zero window probe is new.
  if (length > 1 && seq === seqAdd(nextSeq, -1)) return 0
  if (columns.duplicateAcks[other] >>> 0 >= 2 && answersInTime(timeNs - columns.lastNs[other])) {
    const asked = columns.lastAck[other] === seq || (unacked !== null && isSackHole(columns, other, seq, end))
    if (asked) return RETRANSMISSION | MARK_BITS.fast_retransmission
  }
  const sinceNs = timeNs - columns.nextSeqNs[i]
  if (sinceNs >= 0 && sinceNs < reorderNs(columns.firstRttNs[flow]) && !unacked?.holds(i, seq, end)) {
    const reachesEnd = nextSeq === seqAdd(end, flags & (SYN | FIN) ? 1 : 0)
    if (!reachesEnd || (unacked !== null && columns.advanceLength[i] === 0)) return MARK_BITS.out_of_order
  }
  return RETRANSMISSION
}

function answersInTime(sinceNs: number): boolean {
  return sinceNs >= 0 && sinceNs < FAST_WITHIN_NS
}

/** A first ACK before its SYN (clock stepped back) counts as endless, as an unsigned difference is. */
function reorderNs(firstRttNs: number): number {
  if (Number.isNaN(firstRttNs) || firstRttNs === 0) return REORDERED_WITHIN_NS
  return firstRttNs < 0 ? Infinity : firstRttNs
}

/** The latest segment of side `other` reports blocks, and [seq, end) lies in none of them. */
function isSackHole(columns: MarksColumns, other: number, seq: number, end: number): boolean {
  const blocks = columns.sackBlocks[other]
  for (let n = other * SACK_BLOCKS; n < other * SACK_BLOCKS + blocks; n++) {
    if (seqDelta(seq, columns.sackLeft[n]) >= 0 && seqDelta(end, columns.sackRight[n]) <= 0) return false
  }
  return blocks > 0
}
