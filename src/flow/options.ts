import { u32 } from '../decode/big-endian.js'
import { ODD_HEADER_CUT, type SegmentBatch } from '../decode/segments.js'

const KIND_END = 0
const KIND_NOP = 1
const KIND_WINDOW_SCALE = 3
const KIND_SACK = 5
const KIND_TIMESTAMPS = 8
const TIMESTAMPS_LENGTH = 10
const FIXED_HEADER = 20

/**
 * Offset in `batch.bytes` of the option of this kind, or −1 when the segment has none (or its options were cut or are malformed).
 * RFC 9293, section 3.2; option kinds of RFC 7323.
 */
function optionAt(batch: SegmentBatch, row: number, kind: number): number {
  if (batch.odd[row] & ODD_HEADER_CUT) return -1
  const bytes = batch.bytes
  const start = batch.tcpAt[row]
  const end = Math.min(start + batch.headerLength[row], bytes.length)
  let at = start + FIXED_HEADER
  while (at < end) {
    const found = bytes[at]
    if (found === KIND_END) return -1
    if (found === KIND_NOP) {
      at++
      continue
    }
    if (at + 1 >= end) return -1
    const length = bytes[at + 1]
    if (length < 2 || at + length > end) return -1
    if (found === kind) return at
    at += length
  }
  return -1
}

/** Shift of the window scale option (0–14), −1 when the segment carries none. */
export function windowScale(batch: SegmentBatch, row: number): number {
  const at = optionAt(batch, row, KIND_WINDOW_SCALE)
  return at < 0 ? -1 : Math.min(batch.bytes[at + 2], 14)
}

/** Whether the segment carries the timestamps option. */
export function hasTimestamps(batch: SegmentBatch, row: number): boolean {
  return batch.headerLength[row] > FIXED_HEADER && optionAt(batch, row, KIND_TIMESTAMPS) >= 0
}

/** TSval of the segment (RFC 7323); 0 when it carries no timestamps. */
export function timestampValue(batch: SegmentBatch, row: number): number {
  if (batch.headerLength[row] <= FIXED_HEADER) return 0
  const at = optionAt(batch, row, KIND_TIMESTAMPS)
  return at < 0 || batch.bytes[at + 1] !== TIMESTAMPS_LENGTH ? 0 : u32(batch.bytes, at + 2)
}

/**
 * Reads the edges of the segment's SACK blocks (RFC 2018) into `left` and `right` from index `at`, at most `most`.
 * Returns how many there were.
 */
export function sackBlocks(
  batch: SegmentBatch,
  row: number,
  left: Uint32Array,
  right: Uint32Array,
  at: number,
  most: number,
): number {
  if (batch.headerLength[row] <= FIXED_HEADER) return 0
  const option = optionAt(batch, row, KIND_SACK)
  if (option < 0) return 0
  const { bytes } = batch
  const blocks = Math.min(most, (bytes[option + 1] - 2) >> 3)
  for (let n = 0; n < blocks; n++) {
    left[at + n] = u32(bytes, option + 2 + n * 8)
    right[at + n] = u32(bytes, option + 6 + n * 8)
  }
  return blocks
}
