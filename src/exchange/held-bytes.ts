import { HeadBuffer } from './head-buffer.js'
import { MAX_HELD_SEGMENTS } from './policy.js'
import type { StreamSegment } from './stream-segment.js'

interface Piece {
  readonly length: number
  readonly seq: number
  readonly frame: number
  readonly timeNs: number
}

/** The first bytes of a direction, too few to tell a protocol from. */
export class HeldBytes {
  private readonly buffer = new HeadBuffer()
  private readonly pieces: Piece[] = []

  get bytes(): Uint8Array {
    return this.buffer.bytes
  }

  get length(): number {
    return this.buffer.length
  }

  /** Takes the rest of a segment. Returns false when there is no room for it, or not all of it was captured. */
  add(segment: StreamSegment): boolean {
    const { bytes, here, end, pos, seq, frame, timeNs } = segment
    if (this.pieces.length >= MAX_HELD_SEGMENTS || segment.cut) return false
    this.pieces.push({ length: end - here, seq: (seq + pos) >>> 0, frame, timeNs })
    return this.buffer.add(bytes, here, end) === end - here
  }

  /** Hands the segments on as they came. Returns what the last of them led to. */
  replay(side: 0 | 1, segment: StreamSegment, read: (segment: StreamSegment) => boolean): boolean {
    let begins = false
    let at = 0
    for (const { length, seq, frame, timeNs } of this.pieces) {
      segment.set(side, this.bytes, at, length, length, seq, frame, timeNs)
      begins = read(segment)
      at += length
    }
    return begins
  }
}
