import type { Conversation, Exchange, StreamPoint } from './exchange.js'
import { addExchange, newExchange } from './exchange-list.js'
import type { StreamSegment } from './stream-segment.js'
import type { StreamSide } from './stream-side.js'

/**
 * Exchanges where the bytes mean nothing: what the requesting side sends is a request, what the other side sends after it its response.
 * Their ends cannot be known. What the answering side sends before any request (a greeting) is no exchange.
 */
export class Turns {
  private current: Exchange | null = null

  constructor(private readonly conversation: Conversation) {}

  /**
   * A side speaks, from the segment's position on or from `start`. Whoever calls counts the bytes afterwards.
   * Returns whether its turn begins.
   */
  speaks(side: 0 | 1, stream: StreamSide, segment: StreamSegment, start: StreamPoint | null = null): boolean {
    const asks = side === this.conversation.requestSide
    if (!this.wouldBegin(side)) {
      const { current } = this
      if (current !== null && stream.exchange !== current) stream.creditTo(current, !asks)
      return false
    }
    const point = start ?? segment.point(segment.pos)
    stream.creditTo(asks ? this.ask(point) : this.answer(point), !asks)
    return true
  }

  /** Whether it would be a new turn if this side spoke. */
  wouldBegin(side: 0 | 1): boolean {
    const { current } = this
    if (side === this.conversation.requestSide) return current === null || current.responseStart !== null
    return current !== null && current.responseStart === null
  }

  /** What was said so far is forgotten. */
  restart(): void {
    this.current = null
  }

  private ask(start: StreamPoint): Exchange {
    const exchange = newExchange(this.conversation.count)
    exchange.requestComplete = null
    exchange.requestStart = start
    addExchange(this.conversation, exchange)
    return (this.current = exchange)
  }

  private answer(start: StreamPoint): Exchange {
    const exchange = this.current ?? newExchange(0)
    exchange.responseStart = start
    exchange.responseComplete = null
    return exchange
  }
}
