/** What else it may have been when a server broke off what it owed. */
import type { FlowFacts } from '../../facts/flow-facts.js'
import { REQUEST_TIMEOUT, type Exchange } from '../../exchange/exchange.js'
import { exchangeBefore } from '../met-close.js'
import { policy } from '../policy.js'
import type { Case } from '../verdict-rule.js'

export const REQUEST_TIMER = 'a header or body timeout of the server would look the same'
export const FORM_DOUBT = 'the form of the RST does not show that the server made it'
export const RACE_DOUBT = 'a keep-alive race whose timer nothing else shows would look the same'
const ANNOUNCED_DOUBT =
  'the head of the response before it was cut by the snaplen: it may have announced the close'
const BODY_DOUBT =
  'its body ends with the connection: what looks like an error response in it may be part of it'
export const TIMER_DOUBT = 'a timer of the server with this length would look the same'

/** It had given its answer, and no 408, before the request came to its end: no timer of that request ran out. */
export function answeredEarlyByStatus(exchange: Exchange | null): boolean {
  return exchange?.status != null && exchange.status !== REQUEST_TIMEOUT
}

/** The client had sent nothing for a while when the answer to its unfinished request came: servers give up on those with any status. */
export function stalled({ facts: { standing } }: Case): boolean {
  const { requestLast = null, responseStart = null } = standing.exchange ?? {}
  return (
    requestLast !== null &&
    responseStart !== null &&
    responseStart.timeNs - requestLast.timeNs >= policy.promptCloseNs
  )
}

/** What else it could be, so that it is not certain; null: nothing. */
export function doubts(c: Case): string | null {
  const { facts } = c
  const { first } = facts.close
  const { owed, exchange } = facts.standing
  const gap = facts.timerGapNs
  if (facts.sides.client.missingBytes > 0)
    return 'the server acknowledges more than the capture holds of the client: a FIN of the client may be missing'
  if (owed === 'rest-of-request' && (!answeredEarlyByStatus(exchange) || stalled(c))) return REQUEST_TIMER
  if (owed === 'rest-of-response' && exchange?.responseFraming === 'close' && first?.flag === 'FIN')
    return BODY_DOUBT
  if (first?.form === 'stateless') return FORM_DOUBT
  if (first?.flag === 'RST' && diesAtOnce(facts)) return SHORT_LIVED
  if (gap === null || gap >= policy.promptCloseNs) return TIMER_DOUBT
  if (first?.flag === 'RST' && (exchange?.index ?? 0) > 0 && owed === 'response') return RACE_DOUBT
  if (facts.payloadCut && (exchange?.index ?? 0) > 0 && owed === 'response') return ANNOUNCED_DOUBT
  if (first?.form === 'unknown') return FORM_DOUBT
  if (first?.flag === 'RST' && soonerThanPath(c))
    return 'the RST came sooner than the path to the server allows: a box on the way may have sent it'
  return facts.lateStart ? 'the capture does not show how the connection began' : null
}

const SHORT_LIVED =
  "the RST has TTL 1, so that it dies at the next router: HAProxy's silent-drop resets like that where it may not do it without a packet, and it need not have reached the client"

/** The RST of the server was not to get far, though all else that it sent was. */
function diesAtOnce({ sides: { server } }: FlowFacts): boolean {
  return server.rst?.ttl === 1 && server.ttl > 1
}

/** The request came after the connection had been idle, and the server reset it without a word. */
export function mayBeRace(c: Case): boolean {
  const { owed, exchange } = c.facts.standing
  if (c.facts.sides.server.rst === null || owed !== 'response' || exchange?.requestStart == null) return false
  if (exchange.index === 0) return c.facts.lateStart
  const before = exchangeBefore(c, exchange)?.responseLast ?? null
  return before !== null && exchange.requestStart.timeNs - before.timeNs >= policy.serverIdleNs
}

/** The RST came back in less than a quarter of the round trip that the handshake took. */
function soonerThanPath(c: Case): boolean {
  const { facts } = c
  const { first } = facts.close
  const path = facts.rttNs.server
  const asked = facts.sides.client.payloadBeforeClose
  if (first === null || path === null || asked === null || path < policy.pathMeasurableNs) return false
  return first.ns - asked.ns < path / 4
}
