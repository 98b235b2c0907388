import type { Conversation, Exchange } from './exchange.js'
import { MessageExchange } from './message-exchange.js'
import { FIRST_EXCHANGES, LATEST_EXCHANGES } from './policy.js'

/** What most conversations have none of takes no list of its own: who adds the first makes one. */
const NONE: never[] = []

/** A conversation of which nothing has been understood so far. */
export function newConversation(): Conversation {
  return {
    protocol: 'opaque',
    clientSide: null,
    requestSide: 0,
    clientBasis: null,
    count: 0,
    exchanges: NONE,
    orphans: NONE,
    tunnel: null,
    framingLost: false,
    tlsAlerts: NONE,
    tlsEstablished: false,
    tlsVersion: null,
    tlsFrames: null,
    plainAnswer: null,
    clientCertificate: null,
    unasked: null,
    startTls: false,
    wantsNoAnswer: false,
    appProtocol: null,
    farewell: null,
    mayHaveAsked: false,
    recordCut: false,
    serverName: null,
    alpn: null,
    goAway: null,
  }
}

/** An exchange of which nothing has been seen so far. */
export function newExchange(index: number): Exchange {
  return new MessageExchange(index)
}

/** Adds an exchange to the conversation, as its next; drops one from the middle when there are too many. */
export function addExchange(conversation: Conversation, exchange: Exchange): void {
  const { exchanges } = conversation
  conversation.count++
  // Most have one: pushed into an empty array it would take room for 17.
  if (exchanges.length === 0) conversation.exchanges = [exchange]
  else exchanges.push(exchange)
  if (exchanges.length > FIRST_EXCHANGES + LATEST_EXCHANGES) exchanges.splice(FIRST_EXCHANGES, 1)
}

/** Adds an HTTP/2 stream's exchange. Streams end in any order: one that has ended is dropped rather than an open one. */
export function addStream(conversation: Conversation, exchange: Exchange): void {
  conversation.count++
  if (conversation.exchanges.length === 0) conversation.exchanges = []
  const { exchanges } = conversation
  exchanges.push(exchange)
  if (exchanges.length <= FIRST_EXCHANGES + LATEST_EXCHANGES) return
  const ended = exchanges.findIndex((e, i) => i >= FIRST_EXCHANGES && (e.reset !== null || isWhole(e)))
  exchanges.splice(ended < 0 ? FIRST_EXCHANGES : ended, 1)
}

/** Whether request and response have come to their ends. */
export function isWhole(exchange: Exchange): boolean {
  return exchange.requestComplete === true && exchange.responseComplete === true
}

/** The exchange with this index (not with HTTP/2); null when it does not exist or is no longer kept. */
export function exchangeAt(conversation: Conversation, index: number): Exchange | null {
  const { exchanges, count } = conversation
  const fromEnd = count - index
  if (index < 0 || fromEnd <= 0) return null
  if (index < FIRST_EXCHANGES) return exchanges[index]
  const at = exchanges.length - fromEnd
  return at < FIRST_EXCHANGES ? null : exchanges[at]
}
