import { notePause } from './event-pauses.js'
import type { Exchange, StreamPoint } from './exchange.js'
import type { StreamSegment } from './stream-segment.js'

/** A point that follows the stream. */
type MovingPoint = { -readonly [K in keyof StreamPoint]: StreamPoint[K] }

/** One direction of a flow: how many bytes of it mean nothing to us, and which message they are counted for. */
export class StreamSide {
  /** Bytes that are passed over without a look. */
  skip = 0
  /** Sequence number of the next byte. */
  nextSeq = 0
  /** Message that the bytes belong to. */
  exchange: Exchange | null = null
  /** They are its response, not its request. */
  answers = false
  private last: MovingPoint | null = null

  /** From now on bytes belong to this request or response. */
  creditTo(exchange: Exchange, answers: boolean): void {
    const seen = answers ? exchange.responseLast : exchange.requestLast
    this.exchange = exchange
    this.answers = answers
    this.last = seen
  }

  /** From now on bytes belong to no message. */
  creditNobody(): void {
    this.exchange = null
    this.last = null
  }

  /** Counts `length` bytes for the message in progress. The hot path: no allocation but at a message's first bytes. */
  pass(length: number, seq: number, frame: number, timeNs: number): void {
    const end = (seq + length) >>> 0
    this.nextSeq = end
    const exchange = this.exchange
    if (exchange === null) return
    const last = this.last
    if (last === null) this.first(exchange, { frame, timeNs, seq: (end - 1) >>> 0 })
    else {
      if (exchange.eventPauses !== null && this.answers && frame !== last.frame)
        notePause(exchange.eventPauses, timeNs - last.timeNs)
      last.frame = frame
      last.timeNs = timeNs
      last.seq = (end - 1) >>> 0
    }
    if (this.answers) exchange.responseBytes += length
  }

  /** Counts the segment's bytes from its position up to `offset`, and moves there. */
  passTo(segment: StreamSegment, offset: number): void {
    const length = offset - segment.pos
    if (length <= 0) return
    this.pass(length, (segment.seq + segment.pos) >>> 0, segment.frame, segment.timeNs)
    segment.pos = offset
  }

  /** The point after the bytes that are known of: seen, or proved by what came after them. */
  endPoint(): StreamPoint | null {
    if (this.last === null) return null
    return { frame: this.last.frame, timeNs: this.last.timeNs, seq: this.nextSeq }
  }

  private first(exchange: Exchange, point: MovingPoint): void {
    this.last = point
    if (this.answers) exchange.responseLast = point
    else exchange.requestLast = point
  }
}
