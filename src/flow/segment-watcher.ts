import type { SegmentBatch } from '../decode/segments.js'

/** Looks on while connections are followed. */
export interface SegmentWatcher {
  /**
   * A segment of `flow`, sent by its side `side`; `reused`: a SYN or SYN-ACK on a 4-tuple that was used before. `copy`: another copy of
   * a segment seen before, which the tracker leaves out. Told before the tracker takes it in; the row dies with the call.
   */
  segment(batch: SegmentBatch, row: number, flow: number, side: number, reused: boolean, copy: boolean): void
}
