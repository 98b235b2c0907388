import { PATH_ADVICE, pathFix } from '../path-fix.js'
import { leftOnBothLegs } from '../both-closed.js'
import { inRecord, phaseOf, readPhase } from '../read-phase.js'
import { policy } from '../policy.js'
import { downstreamOf, receivedBytes, sinceRequest, upstreamOf } from '../signs.js'
import { closedByStop, stopText } from '../stopping-words.js'
import { lateLimits, limit } from '../sureness.js'
import { sharedTimer, timerOf, type TimerAnswer } from '../timer-match.js'
import type { Case, Ruling } from '../verdict-rule.js'
import { actor, requestName, sentence, span, toldSpan } from '../wording.js'
import { droppedBefore } from './client-abort-dropped.js'
import { abortEvidence } from './client-abort-evidence.js'

/** What is said of a client that left by itself. */
export function directRuling(c: Case): Ruling {
  const { facts, around } = c
  const { owed } = facts.standing
  const phase = phaseOf(c)
  const since = sinceRequest(c)
  const stop = around.callerStopping
  const proxy = around.clientIsProxy
  const answer = timerOf(c, 'client', phase, facts.timerGapNs, facts.close.first?.flag ?? 'FIN')
  const also = alsoClosed(c, answer)
  const dropped = droppedBefore(c)
  const timer =
    answer.configured || answer.known || (answer.suspected && proxy === null)
      ? answer.timer
      : sharedTimer(c, answer)
  const what = leftAmid(c)
  const advice = leavingAdvice(c, since, dropped?.fix ?? null)
  const unseen = proxy !== null && downstreamOf(c) === null
  const remarks = unseen
    ? [
        `${actor(c, 'client')} is a proxy (${proxy}): its own client or its own timer may be the cause, and which leg that is cannot be told from the capture`,
      ]
    : []
  remarks.push(afterwards(c))
  if (mayWait(c)) remarks.push(MAY_WAIT)
  if (dropped !== null) remarks.push(dropped.remark)
  return {
    limits: [
      limit('likely', 'why a client leaves is not on the wire'),
      limit(
        'possible',
        'the client is or may be a proxy, with a client or a timer of its own',
        proxy !== null || c.around.clientRole !== 'client',
      ),
      limit('possible', MAY_WAIT, mayWait(c)),
      limit('possible', 'what was owed cannot be read', owed === 'unknown' || isOpaque(c)),
      limit(
        'possible',
        'the leg behind had answered, and nothing of that came here: something is missing',
        answeredBehind(c),
      ),
      ...lateLimits(c.facts),
    ],
    phase,
    closer: 'client',
    timer: stop === null ? timer : null,
    causeStream: also.cause,
    summary: sentence(
      mayWait(c)
        ? `${actor(c, 'client')} closed its direction right behind ${requestName(facts)}, and no response came`
        : `${actor(c, 'client')} left ${what}${since === null ? '' : `, ${span(since)} after it began`}${also.text}${dropped?.text ?? ''}`,
    ),
    evidence: dropped === null ? abortEvidence(c) : [...abortEvidence(c), dropped.evidence],
    fix: advice.lines,
    remarks,
    told: { ...toldSpan(mayWait(c) ? null : since), advice: advice.kind },
  }
}

/** What it left in the middle of, as far as that can be read. */
function leftAmid(c: Case): string {
  const { facts } = c
  const { owed, exchange } = facts.standing
  if (owed === 'rest-of-request' || inRecord(c)) return 'in the middle of its own request'
  const received =
    exchange?.responseStart == null ? 0 : (receivedBytes(c, exchange) ?? exchange.responseBytes)
  const name = requestName(facts)
  if (owed === 'rest-of-response' || received > 0) return `after ${received} bytes of the response to ${name}`
  return readPhase(c) === null
    ? `without a response to ${name}, whether or not that was whole`
    : `without waiting for the response to ${name}`
}

/** What to do about a client that left by itself, and what kind of advice that is. */
function leavingAdvice(
  c: Case,
  since: number | null,
  dropped: string | null,
): { readonly kind: string; readonly lines: readonly string[] } {
  const path = pathFix(c, 'server')
  if (path !== null) return { kind: PATH_ADVICE, lines: path }
  const client = actor(c, 'client')
  const stopped = c.around.callerStopping?.unanswered === true
  const left = stopped
    ? `see why ${client} stopped at this moment: killed (its memory?), or out of the time that a reload or a stop gave it (nginx: worker_shutdown_timeout, HAProxy: hard-stop-after)`
    : `find out why ${client} gave up${since === null ? '' : ` after ${span(since)}`}: its own timeout, a user who left, or a deploy; make the response faster or that timeout longer`
  const why = dropped ?? left
  if (!mayWait(c)) return { kind: dropped !== null ? 'dropped' : stopped ? 'stop' : 'patience', lines: [why] }
  const half = `if ${client} only closes its own direction and waits (shutdown(SHUT_WR), nc -N), find out why ${actor(c, 'server')} did not answer`
  return { kind: 'half-close', lines: [half, why] }
}

/** What the proxy closed in the same moment, so that this leg was none it had lost patience with, and the connection of its own client. */
function alsoClosed(c: Case, answer: TimerAnswer): { readonly text: string; readonly cause: number | null } {
  const stop = c.around.callerStopping
  if (stop !== null)
    return {
      text: `, in the moment it closed ${closedByStop(stop, ' of its own clients')}: ${stopText(stop)}`,
      cause: cutWith(c),
    }
  const cause = leftOnBothLegs(c, answer)?.downstream.stream ?? null
  const text =
    cause === null
      ? ''
      : `, in the moment it closed the connection of its own client (flow ${cause}) without an answer`
  return { text, cause }
}

/** The connection of the proxy's own client that was cut in the same moment; null: that client got an answer. */
function cutWith(c: Case): number | null {
  const link = downstreamOf(c)
  return link === null || link.downstream.standing.owed === 'nothing' ? null : link.downstream.stream
}

const MAY_WAIT = 'a client that only has nothing more to send, and waits for the response, looks the same'

/** The FIN came with the request or right behind it, and nothing that came later tells a half-close from a departure. */
function mayWait({ facts: { close, standing, sides } }: Case): boolean {
  const { first } = close
  const said = standing.exchange?.requestLast ?? null
  if (first?.flag !== 'FIN' || standing.owed !== 'response' || said === null) return false
  return sides.client.rst === null && first.ns - said.timeNs < policy.halfCloseWithinNs
}

function isOpaque({ facts }: Case): boolean {
  return facts.conversation?.protocol === 'opaque'
}

/** The leg behind had its whole answer long before the client left, and yet no byte of it went to the client. */
function answeredBehind(c: Case): boolean {
  const { close, standing } = c.facts
  const end = upstreamOf(c)?.upstreamExchange?.responseEnd ?? null
  if (end === null || close.first === null || standing.owed !== 'response') return false
  return close.first.ns - end.timeNs > policy.propagatedWithinNs
}

/** What the server did when its client had gone. */
function afterwards(c: Case): string {
  const { facts } = c
  const first = facts.close.first
  const later = facts.sides.server.lastPayload
  const kept = first !== null && later !== null && later.ns > first.ns
  if (kept && facts.sides.client.rst !== null)
    return 'the server kept sending and met RSTs (EPIPE or ECONNRESET in its log)'
  if (kept) return 'the server kept sending for a while'
  const met = facts.standing.exchange?.responseStart ?? null
  const sent = facts.sides.server
  return facts.standing.owed === 'response' && met !== null && sent.payloadBeforeClose !== null
    ? `the response was on its way already (frame ${facts.frameName(met.frame)}): the client had not received it when it closed`
    : 'the server sent nothing more'
}
