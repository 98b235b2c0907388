import { factsPolicy } from './policy.js'
import {
  FIRST_ERROR_STATUS,
  FIRST_SERVER_ERROR,
  REQUEST_TIMEOUT,
  type Conversation,
  type Exchange,
  type StreamPoint,
} from '../exchange/exchange.js'
import { seqDelta } from '../flow/sequence.js'
import type { Standing } from './flow-facts.js'
import { farewellStanding, type Goodbye, goodbyeOrphan, unaskedGoodbye } from './goodbye.js'
import { hasNothingToAnswer, saidOnlyHello } from './last-words.js'
import { type Knowledge, reached, standing } from './standing-parts.js'
import { turnStanding } from './standing-turns.js'

/** Where the conversation stood at the close. Pure: the conversation and what the closer knew of it. */
export function standingOf(conversation: Conversation | null, knows: Knowledge): Standing {
  // Whether the client took the connection can only be seen in what it sends.
  if (!knows.established && !knows.clientUnseen) return standing('nothing', 'connecting', null, true)
  if (knows.oneDirection) return standing('unknown', null, null, false)
  if (conversation === null) {
    if (knows.lateStart) return standing('unknown', null, null, false)
    return standing('nothing', 'awaiting-request', null, true)
  }
  const framed = conversation.protocol === 'http1' || conversation.protocol === 'http2'
  if (conversation.tunnel !== null) return standing('unknown', 'tunnel', last(conversation.exchanges), framed)
  const exchange = underWay(conversation, knows)
  if (lacksBytes(exchange, knows)) return standing('unknown', null, exchange, false)
  const farewell = farewellStanding(conversation, exchange, knows)
  if (farewell !== null) return farewell
  const orphan = goodbyeOrphan(conversation, knows) ?? unaskedGoodbye(conversation, knows)
  if (exchange === null) return withoutExchange(conversation, knows, framed, orphan)
  if (endedByReset(exchange, conversation, knows))
    return standing('nothing', 'between-requests', exchange, true)
  const stood = framed ? framedStanding(exchange, knows) : turnStanding(conversation, exchange, knows)
  if (orphan === null) return stood
  // Its body ends with the connection, and a whole error response stands at that end: it broke off there.
  const brokeOff = exchange.responseFraming === 'close' && orphan.whole && stood.owed === 'nothing'
  const result = brokeOff ? standing('rest-of-response', 'mid-response', exchange, true) : stood
  return { ...result, goodbyeFrame: orphan.frame, goodbyeStatus: orphan.status }
}

function last(exchanges: readonly Exchange[]): Exchange | null {
  return exchanges.length > 0 ? exchanges[exchanges.length - 1] : null
}

/** The exchange that was under way, as far as the closer knew: the latest one, or of pipelined ones the first whose turn has not ended. */
function underWay(conversation: Conversation, knows: Knowledge): Exchange | null {
  const { exchanges, protocol } = conversation
  // Streams end in any order.
  const open = protocol === 'http2' ? exchanges.findLast((one) => isOpenStream(one, knows)) : undefined
  if (open !== undefined) return open
  let at = exchanges.findLastIndex(
    ({ requestStart }) => requestStart === null || reached(requestStart, knows.requestsTo, true),
  )
  while (protocol === 'http1' && at > 0 && waitsBehind(exchanges[at], exchanges[at - 1])) at--
  return exchanges[at] ?? null
}

/** A stream of HTTP/2 that was asked on and, as far as the closer knew, not answered to its end. */
function isOpenStream(
  { requestStart, responseComplete, responseEnd, reset }: Exchange,
  knows: Knowledge,
): boolean {
  if (reset !== null || responseComplete === null || !reached(requestStart, knows.requestsTo, true))
    return false
  return !responseComplete || !reached(responseEnd, knows.responsesTo, false)
}

/** The stream was reset before the close: by the server, or by a client that kept the connection. */
function endedByReset({ reset }: Exchange, { requestSide }: Conversation, knows: Knowledge): boolean {
  if (reset === null || knows.closer === null || knows.closeNs === null) return false
  const before = knows.closeNs - reset.point.timeNs
  return before >= 0 && (reset.side !== requestSide || before > factsPolicy.atOnceNs)
}

/** Answers come in the order of the requests: whether this one has to wait for the end of the one before. */
function waitsBehind(exchange: Exchange, before: Exchange): boolean {
  if (exchange.responseStart !== null || before.responseComplete !== false) return false
  return before.responseStart === null ? before.requestComplete === true : before.responseFraming !== 'close'
}

/** Whether bytes are missing from the capture after the last that is known of this exchange: then anything may have been said. */
function lacksBytes(exchange: Exchange | null, knows: Knowledge): boolean {
  if (exchange !== null && isHeadLost(exchange)) return true
  const { requestsMissingTo, responsesMissingTo } = knows
  if (requestsMissingTo === null && responsesMissingTo === null) return false
  const request = exchange?.requestEnd ?? exchange?.requestLast ?? null
  // Bytes behind a lost head are no response that could be followed to its end.
  const begun = exchange !== null && exchange.responseStart !== null
  const response = begun ? (exchange.responseEnd ?? exchange.responseLast) : null
  return isBeyond(requestsMissingTo, request) || isBeyond(responsesMissingTo, response)
}

function isBeyond(to: number | null, known: StreamPoint | null): boolean {
  return to !== null && (known === null || seqDelta(to, known.seq + 1) > 0)
}

/** The response had begun, but the capture lacks its beginning. */
export function isHeadLost({ responseStart, responseComplete }: Exchange): boolean {
  return responseStart === null && responseComplete === null
}

function withoutExchange(
  conversation: Conversation,
  knows: Knowledge,
  framed: boolean,
  orphan: Goodbye | null,
): Standing {
  const goodbye = { goodbyeFrame: orphan?.frame ?? null, goodbyeStatus: orphan?.status ?? null }
  if (knows.lateStart) return { ...standing('unknown', null, null, framed), ...goodbye }
  if (conversation.mayHaveAsked)
    return standing(
      'unknown',
      hasNothingToAnswer(conversation, knows) ? 'awaiting-request' : null,
      null,
      false,
    )
  if (knows.serverSilent && saidOnlyHello(conversation))
    return { ...standing('response', 'awaiting-response', null, false), ...goodbye }
  // All that was said is what a proxy puts before the client's first byte.
  const whole = !knows.payloadCut && knows.requestsMissingTo === null && knows.responsesMissingTo === null
  if (conversation.protocol === 'opaque' && knows.serverSilent && whole)
    return standing('nothing', 'awaiting-request', null, true)
  if (conversation.protocol === 'opaque' && !framed)
    return { ...standing('unknown', 'tunnel', null, false), ...goodbye }
  return { ...standing('nothing', 'awaiting-request', null, framed), ...goodbye }
}

function framedStanding(exchange: Exchange, knows: Knowledge): Standing {
  const requestDone =
    exchange.requestComplete === true && reached(exchange.requestEnd, knows.requestsTo, false)
  // The capture may lack the head of a response whose last chunk it holds.
  const ended = exchange.responseComplete === true && reached(exchange.responseEnd, knows.responsesTo, false)
  const responseBegun = ended || reached(exchange.responseStart, knows.responsesTo, true)
  if (responseBegun) {
    const goodbye = isGoodbye(exchange, knows, requestDone)
    if (goodbye && !requestDone) {
      const owed = exchange.requestComplete === null ? 'unknown' : 'rest-of-request'
      const frame = exchange.responseStart?.frame ?? null
      return {
        ...standing(owed, 'mid-request', exchange, true),
        goodbyeFrame: frame,
        goodbyeStatus: exchange.status,
      }
    }
    return responseStanding(exchange, knows)
  }
  if (requestDone) return standing('response', 'awaiting-response', exchange, true)
  // Without the end of the request, waiting for the response and for the rest of the request look the same.
  if (exchange.requestComplete === null) return standing('unknown', 'awaiting-response', exchange, false)
  return standing(
    'rest-of-request',
    knows.serverWindowShut ? 'peer-not-reading' : 'mid-request',
    exchange,
    true,
  )
}

function isGoodbye(exchange: Exchange, knows: Knowledge, requestDone: boolean): boolean {
  if (knows.closer !== 'server' || knows.closeNs === null || exchange.responseStart === null) return false
  const said = exchange.status !== null && refusesToWait(exchange)
  return said && !requestDone && knows.closeNs - exchange.responseStart.timeNs <= factsPolicy.goodbyeWithinNs
}

/** 408, 400 and 5xx to an unfinished request end the wait for it; any other final status (413, 401, 200) is its answer, given early. */
function refusesToWait(exchange: Exchange): boolean {
  const { status } = exchange
  return (
    status === null ||
    status === REQUEST_TIMEOUT ||
    status === FIRST_ERROR_STATUS ||
    status >= FIRST_SERVER_ERROR
  )
}

function responseStanding(exchange: Exchange, knows: Knowledge): Standing {
  if (exchange.responseFraming === 'close') {
    const ended = knows.closer === 'server' && knows.closeFlag === 'FIN'
    if (ended) return standing('nothing', 'between-requests', exchange, true)
    return standing(
      'rest-of-response',
      knows.clientWindowShut ? 'peer-not-reading' : 'mid-response',
      exchange,
      true,
    )
  }
  if (exchange.responseComplete === null) {
    if (knows.clientWindowShut) return standing('unknown', 'peer-not-reading', exchange, false)
    return standing('unknown', knows.cutOff ? 'mid-response' : 'between-requests', exchange, false)
  }
  if (exchange.responseComplete && reached(exchange.responseEnd, knows.responsesTo, false)) {
    // RFC 9113 8.1: who has answered may reset the stream, so that no more of the request comes.
    if (exchange.requestComplete === false && exchange.reset === null)
      return standing('rest-of-request', 'mid-request', exchange, true)
    // Of a request whose beginning was not captured the end is not known either: the answer may have come early.
    if (knows.closer === 'server' && knows.lateStart && exchange.requestComplete === null)
      return standing('nothing', 'between-requests', exchange, false)
    return standing('nothing', 'between-requests', exchange, true)
  }
  return standing(
    'rest-of-response',
    knows.clientWindowShut ? 'peer-not-reading' : 'mid-response',
    exchange,
    true,
  )
}
