import type { Conversation, Exchange } from './exchange.js'
import { addExchange, exchangeAt, newExchange } from './exchange-list.js'
import { MAX_ORPHANS } from './policy.js'
import type { StreamSegment } from './stream-segment.js'

/** Brings the responses of an HTTP/1 connection to its requests: they come in the same order. */
export class Pairing {
  /** Index of the next exchange to be answered. */
  private next = 0
  /**
   * The exchange that was the next when it began, until it is answered: nearly always the only one that waits. It need not be looked up, and
   * neither need the conversation, which lies elsewhere in memory.
   */
  private waiting: Exchange | null = null
  /** There have been responses without a request. */
  private orphaned = false
  /** The latest request could not be followed to its end, or bytes are missing: a response may answer what was not seen. */
  requestsLost = false
  /** Bytes are missing that may have held whole responses. */
  responsesMissing = false

  /** The response that begins next was written into the body of another one, and answers no request. */
  interrupted = false

  constructor(readonly conversation: Conversation) {}

  /** A request begins at the segment's position. */
  opened(segment: StreamSegment): Exchange {
    const { conversation } = this
    this.requestsLost = false
    const exchange = this.answeredBefore(segment) ?? newExchange(conversation.count)
    exchange.began(false, segment.frame, segment.timeNs, segment.seq + segment.pos)
    if (this.responsesMissing) this.giveUpWaiting()
    addExchange(conversation, exchange)
    if (exchange.index === this.next) this.waiting = exchange
    if (exchange.responseStartNs !== Infinity) this.next = conversation.count
    return exchange
  }

  /** A response begins at the segment's position. */
  answered(segment: StreamSegment): Exchange {
    const { interrupted } = this
    this.interrupted = false
    const waiting = interrupted ? null : this.takeWaiting()
    if (waiting !== null) return waiting
    const exchange = newExchange(this.conversation.count)
    if (this.requestsLost && !interrupted) {
      exchange.requestComplete = null
      addExchange(this.conversation, exchange)
      this.next = this.conversation.count
    } else if (this.conversation.orphans.length < MAX_ORPHANS) {
      const start = segment.point(segment.pos)
      const { orphans } = this.conversation
      this.orphaned = true
      this.conversation.orphans = [...orphans, { status: null, start, response: exchange }]
    }
    return exchange
  }

  /** The exchange whose turn it is to be answered, and no longer is; null when there is none. */
  takeWaiting(): Exchange | null {
    const { waiting } = this
    if (waiting !== null) {
      this.waiting = null
      if (waiting.index === this.next) {
        this.next++
        return waiting
      }
    }
    if (this.next >= this.conversation.count) return null
    const index = this.next++
    return exchangeAt(this.conversation, index) ?? newExchange(index)
  }

  /** What began was an interim response: the final one is still to come. */
  stillWaiting(exchange: Exchange): void {
    const { orphans, count } = this.conversation
    if (orphans.at(-1)?.response === exchange) this.conversation.orphans = orphans.slice(0, -1)
    else if (exchange.index < count) this.next = exchange.index
  }

  /** What was taken for the response to this exchange may have been an interim one: if it is the latest, it waits again. */
  stillOpen(exchange: Exchange): void {
    if (this.next === this.conversation.count && exchange.index === this.next - 1) this.next = exchange.index
  }

  /** The status of a response without a request has become known. */
  nameOrphan(exchange: Exchange): void {
    if (!this.orphaned) return
    const { orphans } = this.conversation
    const last = orphans.at(-1)
    if (last?.response === exchange)
      this.conversation.orphans = [...orphans.slice(0, -1), { ...last, status: exchange.status }]
  }

  /**
   * The response that was seen before this request, though sent after it: payload that was captured out of order, or retransmitted,
   * comes late. Only by its time of capture; a 408 that crossed with a request is no answer to it.
   */
  private answeredBefore({ timeNs }: StreamSegment): Exchange | null {
    const { orphans, count } = this.conversation
    if (orphans.length === 0) return null
    const orphan = orphans.at(-1)
    if (orphan === undefined || orphan.response.index !== count || this.next < count) return null
    if (orphan.start.timeNs <= timeNs) return null
    this.conversation.orphans = orphans.slice(0, -1)
    return orphan.response
  }

  /** A client asks again after it was answered, so the missing bytes held the answers to all it asked before. */
  private giveUpWaiting(): void {
    this.responsesMissing = false
    for (let waiting = this.takeWaiting(); waiting !== null; waiting = this.takeWaiting())
      waiting.responseComplete = null
  }
}
