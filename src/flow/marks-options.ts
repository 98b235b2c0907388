import { ACK, ODD_HEADER_CUT, SYN, type SegmentBatch } from '../decode/segments.js'
import { MARK_BITS } from './marks.js'
import { SACK_BLOCKS, SCALE_UNKNOWN, SCALE_UNUSED, type MarksColumns } from './marks-columns.js'
import { sackBlocks, windowScale } from './options.js'

/**
 * Notes window scale and SACK blocks of a segment that has been marked; gives its final marks. A SACK block turns a window update into
 * a duplicate ACK (`current` rules only), and of a segment whose header is cut Wireshark shows nothing at all.
 */
export function noteOptions(
  columns: MarksColumns,
  batch: SegmentBatch,
  row: number,
  i: number,
  marks: number,
  current: boolean,
): number {
  if (batch.odd[row] & ODD_HEADER_CUT) {
    columns.sackBlocks[i] = 0
    return 0
  }
  if (batch.flags[row] & SYN) noteWindowScale(columns, batch, row, i)
  const at = i * SACK_BLOCKS
  columns.sackBlocks[i] = sackBlocks(batch, row, columns.sackLeft, columns.sackRight, at, SACK_BLOCKS)
  if (!current || columns.sackBlocks[i] === 0 || !(marks & MARK_BITS.window_update)) return marks
  columns.duplicateAcks[i]++
  return (marks & ~MARK_BITS.window_update) | MARK_BITS.duplicate_ack
}

/** Scaling is used only when both SYNs offer it (RFC 7323, section 2.2). */
function noteWindowScale(columns: MarksColumns, batch: SegmentBatch, row: number, i: number): void {
  const other = i ^ 1
  const shift = windowScale(batch, row)
  if (shift >= 0) columns.windowScale[i] = shift
  if (columns.windowScale[i] === SCALE_UNKNOWN) {
    columns.windowScale[i] = SCALE_UNUSED
    columns.windowScale[other] = SCALE_UNUSED
  } else if (batch.flags[row] & ACK && columns.windowScale[other] === SCALE_UNUSED) {
    columns.windowScale[i] = SCALE_UNUSED
  }
}
