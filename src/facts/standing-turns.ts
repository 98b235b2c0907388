import type { Conversation, Exchange } from '../exchange/exchange.js'
import { seqDelta } from '../flow/sequence.js'
import type { Standing } from './flow-facts.js'
import {
  clientTookLeave,
  hasNothingToAnswer,
  mayNeedNoAnswer,
  saidNoMore,
  serverSaidGoodbye,
} from './last-words.js'
import { factsPolicy } from './policy.js'
import { type Knowledge, reached, standing } from './standing-parts.js'

/** Without readable framing: who spoke last. Nothing that follows from this is certain. */
export function turnStanding(conversation: Conversation, exchange: Exchange, knows: Knowledge): Standing {
  const answered = reached(exchange.responseStart, knows.responsesTo, true)
  if (!answered && mayNeedNoAnswer(conversation, exchange, knows))
    return standing('unknown', 'tunnel', exchange, false)
  if (!answered && (clientTookLeave(conversation, knows) || tookLeaveTogether(conversation, exchange, knows)))
    return standing('unknown', 'between-requests', exchange, false)
  if (!answered) return standing('response', 'awaiting-response', exchange, false)
  if (knows.clientWindowShut) return standing('unknown', 'peer-not-reading', exchange, false)
  if (conversation.mayHaveAsked && !hasNothingToAnswer(conversation, knows))
    return standing('unknown', null, exchange, false)
  if (conversation.appProtocol === 'fastcgi' && exchange.responseComplete !== null)
    return reached(exchange.responseEnd, knows.responsesTo, false)
      ? standing('nothing', 'between-requests', exchange, false)
      : standing('rest-of-response', 'mid-response', exchange, false)
  if (conversation.protocol === 'opaque') return standing('unknown', 'tunnel', exchange, false)
  const cutOff = knows.cutOff && !serverSaidGoodbye(conversation, knows) && !saidNoMore(conversation, knows)
  return standing('unknown', cutOff ? 'mid-response' : 'between-requests', exchange, false)
}

/**
 * The server said close_notify and closed in the moment in which a few bytes of the client came: an answer to its own goodbye (a
 * WebSocket's close, QUIT) rather than a request. Who has crashed says none. Of a first message too little is known to say so.
 */
function tookLeaveTogether(conversation: Conversation, exchange: Exchange, knows: Knowledge): boolean {
  const { requestStart, requestLast, index } = exchange
  if (conversation.protocol !== 'tls' || index === 0 || requestStart === null || requestLast === null)
    return false
  if (!hasNothingToAnswer(conversation, knows) || knows.closeNs === null) return false
  const bytes = seqDelta(requestLast.seq, requestStart.seq) + 1
  return (
    bytes <= factsPolicy.noRequestBytes && knows.closeNs - requestLast.timeNs < factsPolicy.goodbyeWithinNs
  )
}
