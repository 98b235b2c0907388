/** What was said last: messages that want no answer, and goodbyes. */
import { factsPolicy } from './policy.js'
import type { Conversation, Exchange, StreamPoint, TlsAlert } from '../exchange/exchange.js'
import type { FlowFacts } from './flow-facts.js'

/** What the closer of a flow knew, as far as it is needed here. */
interface Ending {
  readonly closer: 'client' | 'server' | null
  readonly closeNs: number | null
  readonly payloadCut: boolean
}

/**
 * Whether the last message, of a protocol that is not known, may have been one that wants no answer: QUIT, unbind, exit, a file. Such a
 * connection ends at once after it, whichever side closes; who waited for an answer and got none ends it later. What is known to want none
 * (a line for a log, an answer to a request of the other side) waits for nothing however long it stays.
 */
export function mayNeedNoAnswer(conversation: Conversation, exchange: Exchange, knows: Ending): boolean {
  const unknown = conversation.protocol === 'opaque' || conversation.startTls
  if (unknown && conversation.wantsNoAnswer) return true
  if (!unknown || knows.payloadCut || knows.closeNs === null) return false
  const said = exchange.requestLast ?? exchange.requestStart
  return said !== null && knows.closeNs - said.timeNs < factsPolicy.atOnceNs
}

/** The server had sent a TLS alert (close_notify) as its last word before the client closed. */
export function serverSaidGoodbye(
  conversation: Conversation | null,
  knows: Pick<Ending, 'closer' | 'closeNs'>,
): boolean {
  if (conversation === null || knows.closer !== 'client' || knows.closeNs === null) return false
  return lastWordIsAlert(conversation, isServers(conversation), responseLastOf(conversation), knows.closeNs)
}

/** One of these alerts came after the last message of its side, up to a moment. */
function lastWordIsAlert(
  { tlsAlerts }: Conversation,
  isOne: (alert: TlsAlert) => boolean,
  said: StreamPoint | null,
  untilNs: number,
): boolean {
  return tlsAlerts.some(
    (alert) =>
      isOne(alert) && alert.start.timeNs <= untilNs && (said === null || alert.start.timeNs >= said.timeNs),
  )
}

function isServers({ clientSide }: Conversation): (alert: TlsAlert) => boolean {
  return ({ side }) => side !== clientSide
}

function responseLastOf({ exchanges }: Conversation): StreamPoint | null {
  return exchanges[exchanges.length - 1]?.responseLast ?? null
}

/**
 * Of TLS whose records can be followed: no byte of a response came after the client's FIN, only an alert at most, which answers the
 * client's own.
 */
export function saidNoMore(
  conversation: Conversation,
  knows: Pick<Ending, 'closeNs'> & { readonly closeFlag: 'FIN' | 'RST' | null },
): boolean {
  const { closeNs } = knows
  if (conversation.protocol !== 'tls' || conversation.framingLost || closeNs === null) return false
  if (knows.closeFlag !== 'FIN') return false
  return conversation.exchanges.every(
    ({ responseLast }) => responseLast === null || responseLast.timeNs <= closeNs,
  )
}

/** The server said close_notify and nothing after it, on whatever occasion: it had finished what it had to say. */
export function serverTookLeave(conversation: Conversation | null): boolean {
  if (conversation === null) return false
  return lastWordIsAlert(conversation, isServers(conversation), responseLastOf(conversation), Infinity)
}

/** A server that says close_notify and closes first has nothing to answer, whatever the client may have asked. */
export function hasNothingToAnswer(conversation: Conversation, { closer }: Pick<Ending, 'closer'>): boolean {
  return closer === 'server' && serverTookLeave(conversation)
}

/**
 * The client had sent a TLS alert (close_notify) as its last word before the server closed: it waited for nothing any more, and the close
 * answers it. Only alerts that are called so count (TLS 1.2 and before): a small record of TLS 1.3 may be a request.
 */
export function clientTookLeave(
  conversation: Conversation,
  knows: Pick<Ending, 'closer' | 'closeNs'>,
): boolean {
  const { closeNs } = knows
  if (knows.closer !== 'server' || closeNs === null) return false
  const said = conversation.exchanges[conversation.exchanges.length - 1]?.requestLast ?? null
  const isClients = ({ certain, side }: TlsAlert): boolean => certain && side === conversation.requestSide
  return lastWordIsAlert(conversation, isClients, said, closeNs)
}

/**
 * Inside TLS: what the client sent last, which nobody answered, may be the rest of a request that was answered before its end (a 401 or 413
 * during an upload): it went on soon after that answer, in several segments or to a server that had closed.
 */
export function mayEndInRest({ conversation, close }: Pick<FlowFacts, 'conversation' | 'close'>): boolean {
  if (conversation?.protocol !== 'tls') return false
  const [before, last] = conversation.exchanges.slice(-2)
  if (last === undefined || last.responseStart !== null || last.requestStart === null) return false
  const answered = before.responseLast
  if (answered === null || last.requestStart.timeNs - answered.timeNs >= factsPolicy.goesOnNs) return false
  // Frames are numbered in each file anew; several may have one time.
  const { requestStart: from, requestLast: to } = last
  const several = to !== null && (to.frame !== from.frame || to.timeNs !== from.timeNs)
  const { first } = close
  return several || (first?.by === 'server' && first.ns < last.requestStart.timeNs)
}

/** The client has begun a TLS handshake, and no part of the server's has come. */
export function saidOnlyHello(conversation: Conversation): boolean {
  const { protocol, clientBasis, tlsVersion, tlsAlerts, framingLost } = conversation
  const begun = protocol === 'tls' && clientBasis === 'tls-hello' && !framingLost
  return begun && tlsVersion === null && tlsAlerts.length === 0
}

/**
 * Whether the other end may have closed before the capture began: nothing was captured before this request, and the connection ended soon
 * after it, as it does when a request meets a close.
 */
export function mayHaveMetClose(facts: Pick<FlowFacts, 'lateStart' | 'standing' | 'timerGapNs'>): boolean {
  const { exchange, owed } = facts.standing
  const soon = facts.timerGapNs === null || facts.timerGapNs < factsPolicy.soonNs
  return (
    facts.lateStart && exchange?.index === 0 && exchange.responseStart === null && owed === 'response' && soon
  )
}
