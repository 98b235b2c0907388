import { u32 } from '../decode/big-endian.js'
import type { Conversation, Exchange, StreamPoint } from './exchange.js'
import { addStream, isWhole, newExchange } from './exchange-list.js'
import type { HeadBuffer } from './head-buffer.js'
import type { HeaderBlock } from './hpack.js'
import {
  CONTINUATION,
  DATA,
  END_STREAM,
  type FrameHeader,
  GOAWAY,
  HEADERS,
  RST_STREAM,
} from './http2-frame.js'
import { type FrameListener, Http2Frames } from './http2-frames.js'
import { HeaderBlocks, takeRequest, takeResponse } from './http2-headers.js'
import { MAX_OPEN_STREAMS } from './policy.js'
import type { StreamSegment } from './stream-segment.js'
import type { Reader, Talk } from './talk.js'

/** HTTP/2 in clear text: an exchange for each stream that the client opens. */
export class Http2Reader implements Reader, FrameListener {
  private readonly frames: readonly [Http2Frames, Http2Frames]
  private readonly conversation: Conversation
  private readonly blocks: readonly [HeaderBlocks, HeaderBlocks] = [new HeaderBlocks(), new HeaderBlocks()]
  private readonly open = new Map<number, Exchange>()
  private latestStream = 0
  /** Side whose frame is being told of. */
  private side: 0 | 1 = 0

  /** `upgraded`: the HTTP/1 request that asked for HTTP/2; its response comes on stream 1. */
  constructor(
    private readonly talk: Talk,
    upgraded: Exchange | null,
  ) {
    this.conversation = talk.conversation
    const client = talk.conversation.requestSide
    this.frames = [
      new Http2Frames(talk.zero, client === 0, this),
      new Http2Frames(talk.one, client === 1, this),
    ]
    if (upgraded !== null) this.openUpgraded(upgraded)
  }

  read(segment: StreamSegment): boolean {
    this.side = segment.side
    return this.frames[segment.side].read(segment)
  }

  gap(side: 0 | 1, length: number): void {
    this.side = side
    this.frames[side].gap(length)
  }

  /** Bytes of this side were not understood before the protocol was recognised. */
  lose(side: 0 | 1): void {
    this.side = side
    this.frames[side].lose()
  }

  /** What is open may have ended in the bytes that could not be followed. */
  lost(): void {
    this.conversation.framingLost = true
    this.blocks[this.side].lose()
    const asks = this.asks
    if (asks) this.conversation.mayHaveAsked = true
    for (const exchange of this.open.values()) {
      if (asks && exchange.requestComplete === false) exchange.requestComplete = null
      else if (!asks && exchange.responseComplete === false) exchange.responseComplete = null
    }
    this.talk.side(this.side).creditNobody()
  }

  frame({ type, stream }: Readonly<FrameHeader>, start: StreamPoint): boolean {
    const direction = this.talk.side(this.side)
    const opens = type === HEADERS && this.asks && stream % 2 === 1 && stream > this.latestStream
    if (opens) this.openStream(stream, start)
    const exchange = this.open.get(stream)
    if (exchange === undefined || (type !== DATA && type !== HEADERS && type !== CONTINUATION)) {
      direction.creditNobody()
      return false
    }
    const answers = !this.asks && type === HEADERS && exchange.responseStart === null
    if (answers) {
      exchange.responseStart = start
      exchange.responseFraming = 'frames'
    }
    direction.creditTo(exchange, !this.asks)
    return opens || answers
  }

  frameEnd(header: Readonly<FrameHeader>, start: StreamPoint, end: StreamPoint, content: HeadBuffer): void {
    if (header.type === GOAWAY) this.goAway(start, content)
    const exchange = this.open.get(header.stream)
    // Blocks of streams that nobody follows are read, too: the table learns from all of them.
    const fields = this.blocks[this.side].read(header, content)
    if (exchange === undefined) return
    if (fields !== null) this.takeHeaders(exchange, fields)
    if (header.type === RST_STREAM) {
      exchange.reset = { side: this.side, point: start, errorCode: numberAt(content, 0) }
      this.open.delete(header.stream)
    } else if ((header.type === DATA || header.type === HEADERS) && header.flags & END_STREAM) {
      this.endStream(exchange, header.stream, end)
    }
  }

  private get asks(): boolean {
    return this.side === this.conversation.requestSide
  }

  private openStream(stream: number, start: StreamPoint): void {
    const exchange = newExchange(this.conversation.count)
    exchange.requestStart = start
    exchange.requestHead = { ...exchange.requestHead, version: 20 }
    addStream(this.conversation, exchange)
    this.latestStream = stream
    const { goAway } = this.conversation
    if (goAway !== null && goAway.side !== this.side)
      exchange.unprocessed = stream > (goAway.lastStream ?? stream)
    this.follow(stream, exchange)
  }

  /** The 101 was no answer: that comes on stream 1, which the client has already ended. */
  private openUpgraded(exchange: Exchange): void {
    exchange.continued = true
    exchange.responseHead = { ...exchange.responseHead, status: null, reason: null }
    exchange.responseStart = exchange.responseLast = exchange.responseEnd = null
    exchange.responseComplete = false
    exchange.responseBytes = 0
    this.latestStream = 1
    this.follow(1, exchange)
  }

  private follow(stream: number, exchange: Exchange): void {
    this.open.set(stream, exchange)
    if (this.open.size <= MAX_OPEN_STREAMS) return
    const [oldest] = this.open.keys()
    this.open.delete(oldest)
  }

  private endStream(exchange: Exchange, stream: number, end: StreamPoint): void {
    if (this.asks) {
      exchange.requestComplete = true
      exchange.requestEnd = end
    } else {
      exchange.responseComplete = true
      exchange.responseEnd = end
    }
    this.talk.side(this.side).creditNobody()
    if (isWhole(exchange)) this.open.delete(stream)
  }

  private takeHeaders(exchange: Exchange, fields: HeaderBlock): void {
    if (this.asks) takeRequest(exchange, fields)
    else if (takeResponse(exchange, fields)) this.talk.side(this.side).creditNobody()
  }

  private goAway(start: StreamPoint, content: HeadBuffer): void {
    const last = numberAt(content, 0)
    const lastStream = last === null ? null : last & 0x7fffffff
    this.conversation.goAway ??= {
      side: this.side,
      point: start,
      lastStream,
      errorCode: numberAt(content, 4),
    }
    if (this.asks || lastStream === null) return
    for (const [stream, exchange] of this.open) if (stream > lastStream) exchange.unprocessed = true
  }
}

/** Four bytes of a frame's content; null: not captured. */
function numberAt({ bytes, length }: HeadBuffer, at: number): number | null {
  return length < at + 4 ? null : u32(bytes, at)
}
