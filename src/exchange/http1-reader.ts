import type { Exchange, StreamPoint } from './exchange.js'
import { Http2Reader } from './http2-reader.js'
import { Pairing } from './pairing.js'
import { RequestStream } from './request-stream.js'
import { type ResponseListener, ResponseStream } from './response-stream.js'
import type { StreamSegment } from './stream-segment.js'
import type { Reader, Talk } from './talk.js'

/** HTTP/1.0 and 1.1, both directions of one flow. */
export class Http1Reader implements Reader, ResponseListener {
  private readonly requests: RequestStream
  private readonly responses: ResponseStream
  private readonly client: 0 | 1

  constructor(private readonly talk: Talk) {
    this.client = talk.conversation.requestSide
    const pairing = new Pairing(talk.conversation)
    this.requests = new RequestStream(talk.side(this.client), pairing)
    this.responses = new ResponseStream(talk.side(this.client === 0 ? 1 : 0), pairing, this)
  }

  read(segment: StreamSegment): boolean {
    const begins = this.stream(segment.side).read(segment)
    if (this.talk.reader === this || segment.pos >= segment.length) return begins
    return this.talk.reader.read(segment) || begins
  }

  gap(side: 0 | 1, length: number): void {
    this.stream(side).gap(length)
  }

  settle(): void {
    this.requests.settle()
  }

  /** Bytes of this side were not understood before the protocol was recognised. */
  lose(side: 0 | 1): void {
    this.stream(side).lose(false)
  }

  finalResponse(exchange: Exchange): void {
    this.requests.answered(exchange)
  }

  switched(exchange: Exchange, at: StreamPoint, http2: boolean): void {
    if (http2) {
      this.requests.stop()
      this.responses.stop()
      this.talk.become('http2', new Http2Reader(this.talk, exchange))
      return
    }
    this.talk.conversation.tunnel = at
    this.requests.enterTunnel()
    this.responses.enterTunnel()
  }

  private stream(side: 0 | 1): RequestStream | ResponseStream {
    return side === this.client ? this.requests : this.responses
  }
}
