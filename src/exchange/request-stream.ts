import type { Exchange, StreamPoint } from './exchange.js'
import { HeaderFields } from './header-fields.js'
import { MessageStream } from './message-stream.js'
import { ascii, isToken, startsWith } from './octets.js'
import { requestHead } from './message-heads.js'
import { latin1 } from './text-cache.js'
import { MAX_METHOD, MAX_TARGET } from './policy.js'
import type { Pairing } from './pairing.js'
import { beginsRequestLine, beginsWithKnownMethod, matchRequestLine, requestLine } from './start-line.js'
import type { StreamSegment } from './stream-segment.js'
import type { StreamSide } from './stream-side.js'

const CONNECT = ascii('CONNECT ')

/** Reused: what it says is taken over before the next head is read. */
const fields = new HeaderFields()

/** HTTP/1 requests of one flow. */
export class RequestStream extends MessageStream {
  /** The body may not come, because a final response came before the `100 Continue` that the client waits for. */
  private withheld = false
  /** Bytes of that body, if its length is known. */
  private kept = 0
  /** `nextSeq` of the side after the latest head; null: none has come. */
  private headEnd: number | null = null

  constructor(
    side: StreamSide,
    private readonly pairing: Pairing,
  ) {
    super(side)
  }

  override read(segment: StreamSegment): boolean {
    if (this.withheld) this.reconsider(segment)
    return super.read(segment)
  }

  /** A final response to this exchange has begun. */
  answered(exchange: Exchange): void {
    if (this.mode === 'held') this.mode = 'head'
    if (exchange !== this.current || !exchange.expectsContinue || exchange.continued) return
    if ((this.mode !== 'length' && this.mode !== 'chunk-line') || this.side.nextSeq !== this.headEnd) return
    this.withheld = true
    this.kept = this.side.skip
    this.side.skip = 0
    // RFC 9110, 10.1.1: the client owes no body to a server that has answered without it.
    this.complete(exchange, this.side.endPoint())
  }

  protected override looksLikeStart(bytes: Uint8Array, at: number, end: number): boolean {
    const match = matchRequestLine(bytes, at, end)
    return match === 'yes' || (match === 'begins' && beginsRequestLine(bytes, at, end))
  }

  protected override mayStart(bytes: Uint8Array, at: number): boolean {
    return isToken(bytes[at])
  }

  protected override begin(segment: StreamSegment): void {
    this.current = this.pairing.opened(segment)
    this.side.creditTo(this.current, false)
  }

  protected override beginForeign(): void {
    /* what a client says there begins no request */
  }

  protected override readFirstLine(bytes: Uint8Array, at: number, end: number): void {
    if (this.current === null || matchRequestLine(bytes, at, end) !== 'yes') this.lose(false)
    else takeRequestLine(this.current, bytes, at)
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
    const match = matchRequestLine(bytes, at, end)
    if (match !== 'yes') {
      if (match === 'begins' && beginsWithKnownMethod(bytes, at, end)) takeCutLine(exchange, bytes, at)
      if (whole) this.lose(false)
      return
    }
    fields.read(bytes, requestLine.lineEnd, end)
    if (whole) {
      this.takeHead(exchange, bytes, at, after)
      return
    }
    takeHeadOf(exchange, bytes, at, false)
    exchange.requestHeadWhole = false
  }

  protected override readAhead(bytes: Uint8Array, at: number, end: number): number {
    return matchRequestLine(bytes, at, end) === 'yes' ? fields.read(bytes, requestLine.lineEnd, end) : -1
  }

  protected override takeHead(exchange: Exchange, bytes: Uint8Array, at: number, after: StreamSegment): void {
    takeHeadOf(exchange, bytes, at, true)
    exchange.requestHeadWhole = true
    this.headEnd = this.side.nextSeq
    if (fields.ambiguous || (fields.chunked && exchange.version === 10)) this.lose(false)
    else if (fields.chunked) this.bodyOfChunks()
    else this.bodyOfLength(fields.contentLength ?? 0, after)
    if (this.mode === 'head' && startsWith(bytes, at, requestLine.lineEnd, CONNECT)) this.mode = 'held'
  }

  protected override complete(exchange: Exchange, end: StreamPoint | null): void {
    exchange.requestComplete = true
    exchange.requestEnd = end
  }

  protected override completeAt(exchange: Exchange, { frame, timeNs, seq, pos }: StreamSegment): void {
    exchange.requestComplete = true
    exchange.ended(false, frame, timeNs, (seq + pos) >>> 0)
  }

  protected override incomplete(exchange: Exchange | null): void {
    this.pairing.conversation.framingLost = true
    this.pairing.requestsLost = true
    if (exchange?.requestComplete === false) exchange.requestComplete = null
  }

  protected override restored(exchange: Exchange): void {
    exchange.requestComplete = false
  }

  protected override mayBeChunked(exchange: Exchange): boolean {
    return exchange.requestBody === null && exchange.method !== 'GET' && exchange.method !== 'HEAD'
  }

  protected override breaksOff(): boolean {
    return false
  }

  protected override followed(exchange: Exchange, end: StreamPoint | null): void {
    this.complete(exchange, end)
  }

  /** After a refusal a client goes on with the body, or leaves it out and sends its next request. */
  private reconsider(segment: StreamSegment): void {
    const { bytes, here, end } = segment
    if (end > here && this.looksLikeStart(bytes, here, end)) {
      this.current = null
      this.side.creditNobody()
      this.mode = 'head'
    } else {
      this.side.skip = this.kept
      if (this.current !== null) {
        this.current.requestComplete = false
        this.current.requestEnd = null
      }
    }
    this.withheld = false
  }
}

function takeRequestLine(exchange: Exchange, bytes: Uint8Array, at: number): void {
  const { methodEnd, version } = requestLine
  const method = latin1(bytes, at, methodEnd, MAX_METHOD)
  exchange.requestHead = { ...exchange.requestHead, method, version }
  takeTarget(exchange, bytes)
}

function takeTarget(exchange: Exchange, bytes: Uint8Array): void {
  const { targetStart, targetEnd } = requestLine
  exchange.target = latin1(bytes, targetStart, targetEnd, MAX_TARGET)
  exchange.targetCut = targetEnd - targetStart > MAX_TARGET
}

/** The line ends where the capture of the segment does. */
function takeCutLine(exchange: Exchange, bytes: Uint8Array, at: number): void {
  const method = latin1(bytes, at, requestLine.methodEnd, MAX_METHOD)
  exchange.requestHead = { ...exchange.requestHead, method }
  takeTarget(exchange, bytes)
  exchange.targetCut = true
}

/** The request line and the fields after it. */
function takeHeadOf(exchange: Exchange, bytes: Uint8Array, at: number, whole: boolean): void {
  const { methodEnd, version } = requestLine
  const method = latin1(bytes, at, methodEnd, MAX_METHOD)
  exchange.requestHead = requestHead(method, version, fields.host, fields.forwardedFor, fields.userAgent)
  takeTarget(exchange, bytes)
  exchange.requestId = fields.requestId ?? fields.traceparent
  if (fields.originalTarget !== null) exchange.originalTarget = fields.originalTarget
  exchange.requestBody = fields.contentLength
  exchange.requestSaysClose = fields.close
  exchange.requestCloses = fields.close || (whole && version === 10 && !fields.keepAlive)
  exchange.lowerCaseNames = fields.lowerCaseNames
  exchange.expectsContinue = fields.expectsContinue
}
