import { notePause } from './event-pauses.js'
import type { EventPauses, Exchange, StreamPoint } from './exchange.js'
import type { StreamSegment } from './stream-segment.js'

/** One direction of a flow: how many bytes of it mean nothing to us, and which message they are counted for. */
export class StreamSide {
  /** Bytes that are passed over without a look. */
  skip = 0
  /** Sequence number of the next byte, as a signed number of 32 bits: that takes no room of its own. */
  nextSeq = 0
  /** Message that the bytes belong to. */
  exchange: Exchange | null = null
  /** They are its response, not its request. */
  answers = false

  /** From now on bytes belong to this request or response. */
  creditTo(exchange: Exchange, answers: boolean): void {
    this.exchange = exchange
    this.answers = answers
  }

  /** From now on bytes belong to no message. */
  creditNobody(): void {
    this.exchange = null
  }

  /** Counts `length` bytes for the message in progress. The hot path: no allocation but at a message's first bytes. */
  pass(length: number, seq: number, frame: number, timeNs: number): void {
    const end = (seq + length) | 0
    this.nextSeq = end
    const exchange = this.exchange
    if (exchange === null) return
    if (this.answers) {
      if (exchange.eventPauses !== null) this.notePause(exchange.eventPauses, frame, timeNs)
      exchange.responseBytes += length
    }
    exchange.passed(this.answers, frame, timeNs, (end - 1) >>> 0)
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
    const { last } = this
    return last === null ? null : { frame: last.frame, timeNs: last.timeNs, seq: this.nextSeq >>> 0 }
  }

  /** Latest byte of the message in progress. */
  private get last(): StreamPoint | null {
    if (this.exchange === null) return null
    return this.answers ? this.exchange.responseLast : this.exchange.requestLast
  }

  private notePause(pauses: EventPauses, frame: number, timeNs: number): void {
    const { last } = this
    if (last !== null && frame !== last.frame) notePause(pauses, timeNs - last.timeNs)
  }
}
