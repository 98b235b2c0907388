/** What a client sent that met the close of its server: told by ACK numbers, never by time. */
import type { Exchange } from '../exchange/exchange.js'
import type { SideFacts } from '../facts/flow-facts.js'
import { isHeadLost } from '../facts/standing.js'
import { seqAdd, seqDelta } from '../flow/sequence.js'
import { policy } from './policy.js'
import type { Case } from './verdict-rule.js'

/** The first request that the server's close does not acknowledge, or the last unanswered one; null: none. */
export function unansweredRequest(c: Case): Exchange | null {
  const exchanges = c.facts.conversation?.exchanges ?? []
  const open = exchanges.filter(
    (one) => one.responseStart === null && one.requestStart !== null && !isHeadLost(one),
  )
  return open[0] ?? null
}

/** The exchange before this one. */
export function exchangeBefore(c: Case, exchange: Exchange): Exchange | null {
  const exchanges = c.facts.conversation?.exchanges ?? []
  const at = exchanges.indexOf(exchange)
  return at > 0 ? exchanges[at - 1] : null
}

/** Whether the capture lacks what the connection carried first: it began late, or the client's numbers go further than what it holds of them. */
export function beginningLost({ facts: { lateStart, sides } }: Case): boolean {
  const { sentTo, baseSeq, payloadBytes } = sides.client
  return lateStart || (sentTo !== null && seqDelta(sentTo, seqAdd(baseSeq, 1 + payloadBytes)) > 0)
}

/** Whether the server's close acknowledges no byte of the request: then it was sent before the request arrived. */
export function closeMissesRequest(c: Case, exchange: Exchange): boolean {
  const { server } = c.facts.sides
  const { first } = c.facts.close
  const reset = first?.by === 'server' && first.flag === 'RST'
  // A RST of a stack that knows no such connection has no ACK number to compare.
  if (reset && server.rst?.withAck !== true) return false
  const ack = reset ? server.rst?.ack : server.fin?.ack
  if (ack === undefined || exchange.requestStart === null) return false
  // A host that resets acknowledges no more after that: what it had acknowledged before, it had received, whatever its RST says.
  if (reset && acknowledged(server, exchange.requestStart.seq)) return false
  return seqDelta(ack, exchange.requestStart.seq) <= 0
}

/** A request that was on its way to a server that had just closed; null: none. */
export function requestMetByClose(c: Case): Exchange | null {
  const { close, conversation } = c.facts
  if (close.first?.by !== 'server' || conversation === null) return null
  const request = unansweredRequest(c)
  return request !== null && closeMissesRequest(c, request) && looksLikeRequest(c, request) ? request : null
}

/**
 * The request met no close: it was sent so long before that it was on its way no more, and the server had received nothing of it when it
 * closed. It was lost, or the server's host threw it away. Null: no such request.
 */
export function unreachedRequest(c: Case): Exchange | null {
  const { first } = c.facts.close
  const request = requestMetByClose(c)
  const start = request?.requestStart ?? null
  if (first === null || start === null) return null
  return first.ns - start.timeNs >= policy.requestInFlightNs ? request : null
}

/** Whether bytes of the client were on their way to a server that had just closed: a request, or what cannot be read. */
export function bytesMetClose(c: Case): boolean {
  const { close, conversation } = c.facts
  if (close.first?.by !== 'server' || conversation === null || conversation.tunnel !== null) return false
  const request = unansweredRequest(c)
  if (request === null || !closeMissesRequest(c, request) || unreachedRequest(c) !== null) return false
  return conversation.protocol === 'opaque' || looksLikeRequest(c, request)
}

/** Whether it can be a request at all: not part of a TLS handshake, not bytes that do not begin with a method. */
export function looksLikeRequest(c: Case, request: Exchange): boolean {
  const { conversation, payloadCut } = c.facts
  if (conversation === null || conversation.protocol === 'opaque') return false
  if (conversation.protocol === 'tls') return conversation.tlsEstablished
  const readable = !payloadCut && !conversation.framingLost
  return request.method !== null || conversation.protocol === 'http2' || !readable
}

function acknowledged({ ackAtClose }: SideFacts, seq: number): boolean {
  return ackAtClose !== null && seqDelta(ackAtClose, seq) > 0
}
