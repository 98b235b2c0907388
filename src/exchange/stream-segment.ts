import type { StreamPoint } from './exchange.js'

/** One segment's payload while it is being read. A single object is reused for all segments. */
export class StreamSegment {
  side: 0 | 1 = 0
  bytes: Uint8Array = new Uint8Array(0)
  /** Where the payload stands in `bytes`. */
  at = 0
  /** Bytes of it that stand there; fewer than `length` when the snaplen cut it. */
  captured = 0
  length = 0
  seq = 0
  frame = 0
  timeNs = 0
  /** Offset in the payload of the next byte to be read. */
  pos = 0

  set(
    side: 0 | 1,
    bytes: Uint8Array,
    at: number,
    captured: number,
    length: number,
    seq: number,
    frame: number,
    timeNs: number,
  ): void {
    this.side = side
    this.bytes = bytes
    this.at = at
    this.captured = captured
    this.length = length
    this.seq = seq
    this.frame = frame
    this.timeNs = timeNs
    this.pos = 0
  }

  /** The bytes end before the payload does. */
  get cut(): boolean {
    return this.captured < this.length
  }

  /** Index in `bytes` of the next byte to be read. */
  get here(): number {
    return this.at + this.pos
  }

  /** Index in `bytes` after the last captured byte. */
  get end(): number {
    return this.at + this.captured
  }

  /** The point of the payload at `offset`. */
  point(offset: number): StreamPoint {
    return { frame: this.frame, timeNs: this.timeNs, seq: (this.seq + offset) >>> 0 }
  }
}
