import type { LegLink } from '../../facts/leg-facts.js'
import type { Evidence } from '../../result.js'
import { brokeOffAdvice } from './server-abort-advice.js'
import { doubts, mayBeRace, RACE_DOUBT, REQUEST_TIMER, stalled, TIMER_DOUBT } from './server-abort-doubts.js'
import { type Held, heldBack, heldDoubt, heldEvidence, heldFix, heldText } from './server-abort-held.js'
import { wasLeftOnBothLegs } from '../both-closed.js'
import { goAwayText } from '../http2-words.js'
import { phaseOf } from '../read-phase.js'
import { aftermath, sinceRequest, upstreamOf } from '../signs.js'
import { blockedHere } from '../slow-reader.js'
import { policy } from '../policy.js'
import { closedByStop, stopText } from '../stopping-words.js'
import { lateLimits, limit } from '../sureness.js'
import { NO_ANSWER, sharedTimer, timerOf } from '../timer-match.js'
import type { Case, Ruling } from '../verdict-rule.js'
import { actor, closeWord, party, requestName, sentence, span, toldSpan } from '../wording.js'

/** What is said of a server that broke off what it owed, and what else it may have been. */
export function brokeOffRuling(c: Case): Ruling {
  const { facts } = c
  const { first } = facts.close
  const { owed, exchange } = facts.standing
  const phase = phaseOf(c)
  const since = sinceRequest(c)
  const cause = upstreamCause(c)
  const held = cause === null ? heldBack(c) : null
  const stop = c.around.cutByShutdown
  const doubt = held === null ? doubts(c) : heldDoubt(held)
  // What is known of the connection behind it, or of the process, leaves no room for other causes.
  const explained = cause !== null || (doubt === TIMER_DOUBT && stop?.unanswered === true)
  const after = aftermath(c, exchange)
  const timed = doubt === TIMER_DOUBT || held?.behind === false
  const answer = timed ? timerOf(c, 'server', phase, facts.timerGapNs, first?.flag ?? 'FIN') : NO_ANSWER
  const got =
    owed === 'response' || (owed === 'unknown' && phase === 'awaiting-response')
      ? nothingOf(c)
      : owed === 'rest-of-response' || owed === 'unknown'
        ? `${exchange?.responseBytes ?? 0} bytes of an unfinished response`
        : `the request still coming in${exchange?.status == null ? '' : `, after answering ${exchange.status}`}`
  const stopping = stop === null ? '' : `, in the moment it closed ${closedByStop(stop)}: ${stopText(stop)}`
  const told = after.status === null ? '' : `; its client got ${after.status}`
  const why = becauseOf(c, cause)
  const goAway = goAwayText(c)
  const advice = brokeOffAdvice(c, cause, goAway)
  return {
    limits: [
      limit('likely', 'the messages could not be followed to their ends', !facts.standing.framed),
      ...lateLimits(facts),
      limit('likely', 'the connection behind it broke off first', cause !== null),
      limit('likely', doubt ?? '', doubt !== null),
      limit('possible', RACE_DOUBT, mayBeRace(c)),
      limit(
        'possible',
        'servers give up by a timer on clients that do not read',
        phase === 'peer-not-reading' || held !== null,
      ),
      limit(
        'possible',
        REQUEST_TIMER,
        owed === 'rest-of-request' && ((facts.timerGapNs ?? 0) >= policy.promptCloseNs || stalled(c)),
      ),
    ],
    phase,
    closer: 'server',
    timer: answer.known || answer.configured ? answer.timer : sharedTimer(c, answer),
    causeStream: cause,
    summary: sentence(
      `${actor(c, 'server')} closed the connection with ${got}${since === null ? '' : ` ${span(since)} after ${requestName(facts)}`}${heldText(c, held)}${why}${stopping}${told}`,
    ),
    evidence: brokeOffEvidence(c, held),
    fix: [held === null ? advice.text : heldFix(c)],
    remarks: [
      ...(goAway === null ? [] : [goAway]),
      ...(doubt === null || explained ? [] : [doubt]),
      ...(first?.flag === 'FIN' && owed === 'response' && goAway === null && cause === null
        ? ['a killed process whose input was read also ends in a plain FIN']
        : []),
    ],
    told: {
      // Of two spans the sentence tells the request's first, if that is a second or longer.
      ...toldSpan(held === null ? null : held.until.ns - held.since.ns),
      ...toldSpan(since),
      advice: held === null ? advice.kind : 'held',
    },
  }
}

/** Bytes that the server had sent, and that its client had not acknowledged, may never have come to it. */
function nothingOf({ facts: { close, standing } }: Case): string {
  const { exchange } = standing
  const begun =
    exchange?.responseStart != null && close.first !== null && exchange.responseStart.timeNs <= close.first.ns
  return begun ? 'a response of which the client had acknowledged nothing' : 'no byte of a response'
}

/** What shows the request, what came of its response, and the close. */
function brokeOffEvidence(c: Case, held: Held | null): Evidence[] {
  const { facts } = c
  const { first } = facts.close
  const { owed, exchange, goodbyeFrame, goodbyeStatus } = facts.standing
  const start = exchange?.requestStart ?? null
  const since = sinceRequest(c)
  const evidence: Evidence[] = []
  if (start !== null) evidence.push({ frame: start.frame, text: requestName(facts) })
  if (exchange?.responseLast != null && owed === 'rest-of-response')
    evidence.push({ frame: exchange.responseLast.frame, text: `last byte of the response: ${lengthText(c)}` })
  if (goodbyeFrame !== null && owed === 'rest-of-response')
    evidence.push({ frame: goodbyeFrame, text: `${goodbyeStatus ?? 'an error'}, written into that response` })
  evidence.push(...heldEvidence(held))
  if (first !== null)
    evidence.push({
      frame: first.frame,
      text: `${closeWord(facts)} by ${party(c, 'server')}${since === null ? '' : ` ${span(since)} after the request began`}`,
    })
  return evidence
}

function lengthText(c: Case): string {
  const exchange = c.facts.standing.exchange
  if (exchange?.responseFraming === 'length') return `${exchange.responseBody} body bytes were announced`
  return exchange?.responseFraming === 'chunked' ? 'the last chunk never came' : 'its end was not announced'
}

/** The upstream leg that ended in the same moment for a reason of its own. */
export function upstreamCause(c: Case): number | null {
  const { first } = c.facts.close
  const link = upstreamOf(c)
  const other = link?.upstream.close.first ?? null
  if (link === null || other === null || first === null) return null
  const whole = link.upstreamExchange?.responseComplete === true && !refusedUpload(c, link)
  if (whole || (other.by === 'client' && !gaveUp(link))) return null
  const ownReasons =
    lackedThisUpload(c, link) || c.around.cutByShutdown !== null || wasLeftOnBothLegs(c) || blockedHere(c)
  if (other.by === 'client' && ownReasons) return null
  return first.ns >= other.ns - policy.consequenceBeforeNs && first.ns - other.ns <= policy.propagatedWithinNs
    ? link.upstream.stream
    : null
}

/** Its server had answered and closed before it had the whole request, of which more was still coming in here. */
function refusedUpload({ facts: { standing } }: Case, { upstream }: LegLink): boolean {
  return (
    standing.owed === 'rest-of-request' &&
    upstream.standing.owed === 'rest-of-request' &&
    upstream.close.first?.by === 'server'
  )
}

/** The proxy had waited so long on the leg behind that a timer of its own ended both; sooner than that it closed both for its own reasons. */
function gaveUp({ upstream: { timerGapNs } }: LegLink): boolean {
  return timerGapNs !== null && timerGapNs >= policy.gaveUpNs
}

/** What the leg behind waited for was the rest of the request that came in here: it only followed. */
function lackedThisUpload({ facts: { standing } }: Case, { upstream }: LegLink): boolean {
  return standing.owed === 'rest-of-request' && upstream.standing.phase === 'mid-request'
}

function becauseOf(c: Case, cause: number | null): string {
  if (cause === null) return ''
  return upstreamOf(c)?.upstream.close.first?.by === 'client'
    ? `, because it had given up waiting on the connection behind it (flow ${cause})`
    : `, because the connection behind it (flow ${cause}) broke off`
}
