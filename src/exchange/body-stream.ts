import { ChunkScanner } from './chunk-scanner.js'
import type { StreamPoint } from './exchange.js'
import type { StreamSegment } from './stream-segment.js'
import type { StreamSide } from './stream-side.js'

/** What the next byte of a direction is. */
export type Mode =
  | 'head' /* of a message, or the first byte of one */
  | 'length' /* in a body of known length */
  | 'chunk-line'
  | 'chunk-data'
  | 'until-close'
  | 'lost' /* not known; the beginning of a segment may tell */
  | 'held' /* after CONNECT: a request or tunnelled bytes, the answer will say */
  | 'tunnel'
  | 'over' /* another protocol takes over where this one stopped reading */

/** Bodies of HTTP/1 messages of one direction: skipped by arithmetic, but for the lines between chunks. */
export abstract class BodyStream {
  mode: Mode = 'head'
  protected chunks: ChunkScanner | null = null

  constructor(readonly side: StreamSide) {}

  /** Framing is lost, because of a gap or of what was read. */
  abstract lose(gap: boolean): void
  /** The message ends at this point; the next byte begins another one. */
  protected abstract end(point: StreamPoint | null): void
  /** The same at the segment's position: no point is made of it. */
  protected abstract endAt(segment: StreamSegment): void

  /** The message, whose head ends at the segment's position, has a body of `length` bytes. */
  protected bodyOfLength(length: number, after: StreamSegment): void {
    if (length === 0) this.endAt(after)
    else {
      this.side.skip = length
      this.mode = 'length'
    }
  }

  protected bodyOfChunks(): void {
    this.chunks = new ChunkScanner()
    this.mode = 'chunk-line'
  }

  protected bodyUntilClose(): void {
    this.side.skip = Infinity
    this.mode = 'until-close'
  }

  /** Takes bytes of a body as far as its length is known. */
  protected takeBody(segment: StreamSegment): void {
    const { side } = this
    const rest = segment.length - segment.pos
    if (side.skip > rest) {
      side.skip -= rest
      side.passTo(segment, segment.length)
      return
    }
    side.passTo(segment, segment.pos + side.skip)
    side.skip = 0
    if (this.mode === 'chunk-data') this.mode = 'chunk-line'
    else this.endAt(segment)
  }

  /** Takes bytes of chunk-size lines or trailers. */
  protected takeChunkLine(segment: StreamSegment): void {
    const chunks = (this.chunks ??= new ChunkScanner())
    const { bytes, at } = segment
    for (let i = segment.pos; i < segment.captured; i++) {
      const step = chunks.step(bytes[at + i])
      if (step === 'more') continue
      if (step === 'broken') break
      this.side.passTo(segment, i + 1)
      if (step === 'end') this.endAt(segment)
      else {
        /* the data and the CRLF after it */
        this.side.skip = chunks.size + 2
        this.mode = 'chunk-data'
        chunks.restart()
      }
      return
    }
    if (segment.cut || chunks.broken) this.lose(false)
    this.side.passTo(segment, segment.length)
  }
}
