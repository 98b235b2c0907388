import { noPauses } from './event-pauses.js'
import type { Exchange, StreamPoint } from './exchange.js'
import { HeaderFields } from './header-fields.js'
import { MessageStream } from './message-stream.js'
import { responseHead } from './message-heads.js'
import { latin1 } from './text-cache.js'
import { MAX_REASON } from './policy.js'
import type { Pairing } from './pairing.js'
import { beginsError, beginsStatusLine, beginsWithStatus, matchStatusLine, statusLine } from './start-line.js'
import type { StreamSegment } from './stream-segment.js'
import type { StreamSide } from './stream-side.js'
import { writerOf } from './writer-mark.js'

/** Reused: what it says is taken over before the next head is read. */
const fields = new HeaderFields()

/** What responses mean for the rest of the connection. */
export interface ResponseListener {
  /** A final response to this exchange has begun. */
  finalResponse(exchange: Exchange): void
  /** From this point on the connection carries something else, in both directions. */
  switched(exchange: Exchange, at: StreamPoint, http2: boolean): void
}

/** HTTP/1 responses of one flow. */
export class ResponseStream extends MessageStream {
  constructor(
    side: StreamSide,
    private readonly pairing: Pairing,
    private readonly listener: ResponseListener,
  ) {
    super(side)
  }

  protected override looksLikeStart(bytes: Uint8Array, at: number, end: number, cut: boolean): boolean {
    const match = matchStatusLine(bytes, at, end)
    return match === 'yes' || (match === 'begins' && (cut ? beginsStatusLine(bytes, at, end) : end - at >= 7))
  }

  protected override mayStart(bytes: Uint8Array, at: number, end: number): boolean {
    return matchStatusLine(bytes, at, end) !== 'no'
  }

  protected override begin(segment: StreamSegment): void {
    this.current = this.pairing.answered(segment)
    this.current.began(true, segment.frame, segment.timeNs, segment.seq + segment.pos)
    this.side.creditTo(this.current, true)
  }

  /** A server that speaks something else (SSH, `http/1.1` in lower case) has answered the request all the same. */
  protected override beginForeign(start: StreamPoint): void {
    const exchange = this.pairing.responsesMissing ? null : this.pairing.takeWaiting()
    if (exchange === null) return
    exchange.responseStart = start
    this.current = exchange
    this.side.creditTo(exchange, true)
  }

  protected override readFirstLine(bytes: Uint8Array, at: number, end: number): void {
    if (this.current === null || matchStatusLine(bytes, at, end) !== 'yes') this.lose(false)
    else if (statusLine.status >= 200) this.takeStatus(this.current, bytes)
  }

  protected override readHead(
    bytes: Uint8Array,
    at: number,
    end: number,
    whole: boolean,
    after: StreamSegment,
  ): void {
    const exchange = this.current
    if (exchange === null) return
    const match = matchStatusLine(bytes, at, end)
    if (match !== 'yes' && (whole || !beginsWithStatus(bytes, at, end))) {
      if (whole) this.lose(false)
      return
    }
    fields.read(bytes, match === 'yes' ? statusLine.lineEnd : end, end)
    this.take(exchange, bytes, whole, after)
  }

  protected override readAhead(bytes: Uint8Array, at: number, end: number): number {
    return matchStatusLine(bytes, at, end) === 'yes' ? fields.read(bytes, statusLine.lineEnd, end) : -1
  }

  protected override takeHead(exchange: Exchange, bytes: Uint8Array, _: number, after: StreamSegment): void {
    this.take(exchange, bytes, true, after)
  }

  private take(exchange: Exchange, bytes: Uint8Array, whole: boolean, after: StreamSegment): void {
    const { status, version } = statusLine
    if (status < 200 && status !== 101) {
      this.interim(exchange)
      return
    }
    const { server, via, keepAliveSeconds } = fields
    const writer = whole ? writerOf(fields, status) : exchange.writer
    exchange.responseHead = responseHead(status, reasonOf(bytes), server, via, writer, keepAliveSeconds)
    this.pairing.nameOrphan(exchange)
    takeFields(exchange, whole && version === 10)
    this.listener.finalResponse(exchange)
    if (whole) this.body(exchange, status, version, after)
    else if (status === 101) this.switchTo(exchange, after, fields.upgradeHttp2)
  }

  protected override complete(exchange: Exchange, end: StreamPoint | null): void {
    exchange.responseComplete = true
    exchange.responseEnd = end
  }

  protected override completeAt(exchange: Exchange, { frame, timeNs, seq, pos }: StreamSegment): void {
    exchange.responseComplete = true
    exchange.ended(true, frame, timeNs, (seq + pos) >>> 0)
  }

  protected override incomplete(exchange: Exchange | null, gap: boolean): void {
    this.pairing.conversation.framingLost = true
    if (gap) this.pairing.responsesMissing = true
    if (exchange === null && gap) this.beginUnseen()
    else if (exchange?.responseComplete === false) exchange.responseComplete = null
  }

  protected override restored(exchange: Exchange): void {
    exchange.responseComplete = false
    exchange.responseFraming = 'chunked'
  }

  protected override mayBeChunked(exchange: Exchange): boolean {
    return exchange.responseFraming === 'chunked' || exchange.responseFraming === 'unknown'
  }

  /**
   * A server that fails in the middle of a body may write an error response where the body should go on (gunicorn: 500). In chunks it
   * cannot be anything else; in a body of known length it goes on behind its end; where the body ends with the connection, nothing
   * but how that goes on tells.
   */
  protected override breaksOff({ bytes, here, end, length, pos }: StreamSegment): boolean {
    if (this.current === null || !beginsError(bytes, here, end)) return false
    const { skip } = this.side
    if (this.mode === 'length' && (length - pos <= skip || this.mayStart(bytes, here + skip, end)))
      return false
    return (this.pairing.interrupted = true)
  }

  /** A response whose head was missing may have been an interim one: then this is the final response to the same request. */
  protected override followed(exchange: Exchange, end: StreamPoint | null): void {
    if (exchange.responseStart !== null) this.complete(exchange, end)
    else this.pairing.stillOpen(exchange)
  }

  /** The missing bytes can only be a response to the request whose turn it is. */
  private beginUnseen(): void {
    const exchange = this.pairing.takeWaiting()
    if (exchange === null) return
    exchange.responseComplete = null
    this.current = exchange
    this.side.creditTo(exchange, true)
  }

  private takeStatus(exchange: Exchange, bytes: Uint8Array): void {
    exchange.responseHead = { ...exchange.responseHead, status: statusLine.status, reason: reasonOf(bytes) }
    this.pairing.nameOrphan(exchange)
  }

  private interim(exchange: Exchange): void {
    exchange.continued = true
    exchange.responseStart = exchange.responseLast = null
    exchange.responseBytes = 0
    this.pairing.stillWaiting(exchange)
    this.current = null
    this.side.creditNobody()
  }

  /** The message was the last of HTTP/1 here. Where its head was cut, that is as near as can be told. */
  private switchTo(exchange: Exchange, after: StreamSegment, http2: boolean): void {
    exchange.responseFraming = 'none'
    this.endAt(after)
    this.listener.switched(exchange, after.point(after.pos), http2)
  }

  /** RFC 9112 6.3, in its order; where lengths contradict each other nothing is believed. */
  private body(exchange: Exchange, status: number, version: number, after: StreamSegment): void {
    if (status === 101 || (exchange.method === 'CONNECT' && status < 300)) {
      this.switchTo(exchange, after, status === 101 && fields.upgradeHttp2)
      return
    }
    if (exchange.method === 'HEAD' || status === 204 || status === 304) {
      exchange.responseFraming = 'none'
      this.endAt(after)
      return
    }
    if (fields.ambiguous || (fields.chunked && version === 10)) {
      this.lose(false)
      return
    }
    /* without the method it may be the answer to a HEAD */
    if (exchange.method === null) exchange.responseComplete = null
    if (fields.chunked) {
      exchange.responseFraming = 'chunked'
      this.bodyOfChunks()
    } else if (fields.contentLength !== null) {
      exchange.responseFraming = 'length'
      this.bodyOfLength(fields.contentLength, after)
    } else {
      exchange.responseFraming = 'close'
      exchange.responseCloses = true
      this.bodyUntilClose()
    }
  }
}

function reasonOf(bytes: Uint8Array): string {
  return latin1(bytes, statusLine.reasonStart, statusLine.reasonEnd, MAX_REASON)
}

function takeFields(exchange: Exchange, closesByDefault: boolean): void {
  exchange.responseCloses = fields.close || (closesByDefault && !fields.keepAlive)
  exchange.responseBody = fields.chunked ? null : fields.contentLength
  exchange.eventStream = fields.eventStream
  exchange.eventPauses = fields.eventStream ? noPauses() : null
}
