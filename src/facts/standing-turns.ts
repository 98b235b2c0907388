import type { Conversation, Exchange } from '../exchange/exchange.js'
import type { Standing } from './flow-facts.js'
import {
  clientTookLeave,
  hasNothingToAnswer,
  mayNeedNoAnswer,
  saidNoMore,
  serverSaidGoodbye,
} from './last-words.js'
import { type Knowledge, reached, standing } from './standing-parts.js'

/** Without readable framing: who spoke last. Nothing that follows from this is certain. */
export function turnStanding(conversation: Conversation, exchange: Exchange, knows: Knowledge): Standing {
  const answered = reached(exchange.responseStart, knows.responsesTo, true)
  if (!answered && mayNeedNoAnswer(conversation, exchange, knows))
    return standing('unknown', 'tunnel', exchange, false)
  if (!answered && clientTookLeave(conversation, knows))
    return standing('unknown', 'between-requests', exchange, false)
  if (!answered) return standing('response', 'awaiting-response', exchange, false)
  if (knows.clientWindowShut) return standing('unknown', 'peer-not-reading', exchange, false)
  if (conversation.mayHaveAsked && !hasNothingToAnswer(conversation, knows))
    return standing('unknown', null, exchange, false)
  if (conversation.protocol === 'opaque') return standing('unknown', 'tunnel', exchange, false)
  const cutOff = knows.cutOff && !serverSaidGoodbye(conversation, knows) && !saidNoMore(conversation, knows)
  return standing('unknown', cutOff ? 'mid-response' : 'between-requests', exchange, false)
}
