/** Clients that closed with something outstanding and yet had what they wanted: no aborts. */
import { seqDelta } from '../flow/sequence.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import { policy } from './policy.js'

/** What the client had when it closed: the whole answer to a request it was still sending, or the status that a health check asks for. */
export type Enough = 'early-answer' | 'health-check'

/** Why a client that closed first lost nothing by it, although something was outstanding; null: nothing shows that. */
export function hadEnough(facts: FlowFacts): Enough | null {
  if (facts.close.first?.by !== 'client' || !facts.standing.framed) return null
  if (hadWholeAnswer(facts)) return 'early-answer'
  return isHealthCheck(facts) ? 'health-check' : null
}

/** It had received a whole final response before its request was complete (RFC 9110 7.5: it may stop sending then). */
function hadWholeAnswer({ sides: { client }, standing: { owed, exchange } }: FlowFacts): boolean {
  const end = exchange?.responseEnd ?? null
  if (owed !== 'rest-of-request' || exchange?.responseComplete !== true || end === null) return false
  return client.ackAtClose !== null && seqDelta(client.ackAtClose, end.seq) >= 0
}

/**
 * HAProxy asks on a connection of its own, in HTTP/1.0 and without any header, and resets it as soon as it has read the status. Whoever
 * passes requests on names at least the host.
 */
function isHealthCheck({ close, conversation, standing: { owed, exchange } }: FlowFacts): boolean {
  const { first } = close
  if (first?.flag !== 'RST' || first.form !== 'abort' || owed !== 'rest-of-response' || exchange === null)
    return false
  const { version, host, userAgent, forwardedFor, requestId, responseStart, status } = exchange
  const bare = host === null && userAgent === null && forwardedFor === null && requestId === null
  const single = exchange.index === 0 && conversation?.count === 1 && exchange.requestHeadWhole
  const since = responseStart === null ? null : first.ns - responseStart.timeNs
  return version === 10 && bare && single && status !== null && since !== null && since <= policy.statusReadNs
}
