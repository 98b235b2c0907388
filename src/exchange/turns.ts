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
   * The side that sent the segment speaks, from its position on or from `start`. Whoever calls counts the bytes afterwards.
   * Returns whether its turn begins.
   */
  speaks(segment: StreamSegment, stream: StreamSide, start: StreamPoint | null = null): boolean {
    const asks = segment.side === this.conversation.requestSide
    const { current } = this
    const goesOn = asks
      ? current !== null && current.responseStart === null
      : current === null || current.responseStart !== null
    if (goesOn) {
      if (current !== null && stream.exchange !== current) stream.creditTo(current, !asks)
      return false
    }
    const point = start ?? segment.point(segment.pos)
    stream.creditTo(asks ? this.ask(point) : this.answer(point), !asks)
    return true
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
