import type { FlowFacts } from '../../facts/flow-facts.js'
import { clientTookLeave, serverSaidGoodbye, serverTookLeave } from '../../facts/last-words.js'
import { seqDelta } from '../../flow/sequence.js'
import { answeredUnseen, lastWordsLost } from '../holes.js'
import { policy } from '../policy.js'
import { phaseOf, restsOnCloseNotify } from '../read-phase.js'
import type { Case } from '../verdict-rule.js'
import { span } from '../wording.js'

/** A silence as timers end it. */
export function isLongIdle({ close, timerGapNs }: FlowFacts): boolean {
  const least = close.first?.by === 'client' ? policy.clientIdleNs : policy.serverIdleNs
  return timerGapNs !== null && timerGapNs >= least
}

/** A tunnel that its server, or a proxy, closed after a silence: its own timer, or the other leg, which cannot be read, may have ended it. */
export function mayBeTimer({ facts, around }: Case): boolean {
  const byUser = facts.close.first?.by === 'client' && around.clientIsProxy === null
  const waits = facts.timerGapNs !== null && facts.timerGapNs >= policy.serverIdleNs
  return !byUser && facts.standing.phase === 'tunnel' && waits
}

/** A proxy that closes an idle connection may do so by a timer, though the silence is too short to say so. */
export function mayBePool({ facts, around }: Case): boolean {
  if (facts.close.first?.by !== 'client' || around.clientIsProxy === null) return false
  return facts.timerGapNs !== null && facts.timerGapNs >= policy.serverIdleNs
}

/** Bytes from just before the close are missing, so that nobody knows how long the silence was; or what the server answered after it. */
export function lacksItsEnd(facts: FlowFacts): boolean {
  return answeredUnseen(facts) || (isLongIdle(facts) && lastWordsLost(facts) !== null)
}

/** What was owed cannot be read, but the server spoke last and nobody reset. */
export function plausiblyDone(c: Case): boolean {
  const { first } = c.facts.close
  const phase = phaseOf(c)
  if (phase === 'awaiting-response' || phase === 'mid-response' || phase === 'peer-not-reading') return false
  if (first?.flag !== 'RST') return true
  // A reset in the middle of a conversation may end it; after a silence it cuts it.
  if (phase === 'tunnel') return (c.facts.timerGapNs ?? 0) < policy.promptCloseNs
  return serverSaidGoodbye(c.facts.conversation, { closer: first.by, closeNs: first.ns })
}

/** The capture began so late that nothing but the close of this connection, and the goodbye right before it, is in it. */
export function onlyItsEnd(c: Case): boolean {
  return c.facts.lateStart && c.facts.lastData === null
}

/** The capture began late, and before the close only one side said anything, in words that cannot be read. */
export function oneVoice({ facts: { lateStart, standing, sides } }: Case): boolean {
  const silent = sides.client.payloadBeforeClose === null || sides.server.payloadBeforeClose === null
  return lateStart && !standing.framed && silent
}

/** A FIN and then a RST of the same side leave nothing of the connection, if there was one. */
export function resetByCloser({ close: { first }, sides, synAck, lateStart }: FlowFacts): boolean {
  return first !== null && sides[first.by].rst !== null && (synAck !== null || lateStart)
}

/** What was owed, as a reason against a clean end. */
export function owedText(c: Case): string {
  const { owed } = c.facts.standing
  if (owed === 'unknown') return 'what was owed cannot be read'
  return owed === 'rest-of-request'
    ? 'the client was still sending its request'
    : `the server owed ${owed === 'response' ? 'a response' : 'the rest of a response'}`
}

/** Neither side had received the other's FIN when it sent its own: which came first is not known. */
export function finsCrossed({ sides, close }: FlowFacts): boolean {
  const [client, server] = [sides.client.fin, sides.server.fin]
  if (client === null || server === null || close.first?.flag !== 'FIN' || close.second?.flag !== 'FIN')
    return false
  return seqDelta(client.ack, server.seq) <= 0 && seqDelta(server.ack, client.seq) <= 0
}

export const NO_LENGTH =
  'its last response has no length and ends with the connection: a server that was killed ends it in the same way'

/** The response had nothing but the server's FIN to tell its end. */
export function endedByItsClose({ close: { first }, standing: { owed, exchange } }: FlowFacts): boolean {
  return first?.by === 'server' && owed === 'nothing' && exchange?.responseFraming === 'close'
}

/** The close did not come with the last bytes. */
export function waited({ timerGapNs }: FlowFacts): boolean {
  return timerGapNs !== null && timerGapNs >= policy.promptCloseNs
}

/** A goodbye that shows the end of what was said: the client's own, or the server's where the leg behind does not leave that open. */
export function hadFinished(c: Case): boolean {
  const { conversation, close } = c.facts
  if (!serverTookLeave(conversation) || conversation === null || mayHaveAskedOnly(c)) return false
  const ending = { closer: close.first?.by ?? null, closeNs: close.first?.ns ?? null }
  return !restsOnCloseNotify(c) || clientTookLeave(conversation, ending)
}

/** All that the client sent may be no more than what opens HTTP/2, or a request behind that, which nobody answered. */
export function mayHaveAskedOnly({ facts: { conversation } }: Case): boolean {
  return conversation !== null && conversation.count === 0 && conversation.mayHaveAsked
}

/** After how many exchanges it ended. */
export function exchangesText(c: Case): string {
  const count = c.facts.conversation?.count ?? 0
  if (count === 0) return mayHaveAskedOnly(c) ? 'without any request that can be told' : 'without any request'
  return count === 1 ? 'after 1 exchange' : `after ${count} exchanges`
}

/** The SYN was answered within a second, and with the ACK number of this very SYN. */
export function answeredSoon({ facts: { syn, synAck, sides } }: Case): boolean {
  if (syn === null || synAck === null) return false
  const own = sides.server.lastAck === (sides.client.baseSeq + 1) >>> 0
  return own && synAck.ns - syn.ns < policy.promptCloseNs
}

/** The server broke a long silence by itself and closed at once, in words that are not known: a goodbye of its timer, or news; null: it did not. */
export function spokeUnasked({ facts }: Case): string | null {
  if (facts.conversation?.protocol !== 'opaque' || facts.standing.owed !== 'unknown') return null
  const { parting } = facts
  if (parting?.before.by !== 'server') return null
  const waited = parting.said.ns - parting.before.ns
  return waited < policy.serverIdleNs
    ? null
    : `after ${span(waited)} of silence the server spoke unasked (frame ${facts.frameName(parting.said.frame)}) and closed: that may be the goodbye of a timer, or news`
}
