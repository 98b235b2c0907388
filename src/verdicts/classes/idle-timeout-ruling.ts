import { eventIntervals } from '../../facts/event-intervals.js'
import { otherSide, type FlowFacts } from '../../facts/flow-facts.js'
import type { LegLink } from '../../facts/leg-facts.js'
import type { Side } from '../../result.js'
import { timerOfLegBehind } from '../other-leg-timer.js'
import { farewellRemarks } from '../farewell-words.js'
import { resetText } from '../http2-words.js'
import { unreachedRequest } from '../met-close.js'
import { PATH_ADVICE, pathFix } from '../path-fix.js'
import { mayHaveHalted, phaseOf, readPhase, restsOnCloseNotify } from '../read-phase.js'
import { severityOf } from '../severity.js'
import { isUnanswered } from '../signs.js'
import { limit, type Limit } from '../sureness.js'
import { NO_ANSWER, type TimerAnswer } from '../timer-match.js'
import type { Case, Ruling } from '../verdict-rule.js'
import { actor, requestName, requestWords, sentence, span, toldSpan } from '../wording.js'
import { finsCrossed } from './clean-signs.js'
import { doubtsOf } from './idle-timeout-doubts.js'
import { alikeOf, idleEvidence } from './idle-timeout-evidence.js'
import { followedText } from './idle-timeout-followed.js'
import { fixes, latentRemark } from './idle-timeout-fix.js'
import { bodyWait, headWait, rivalText } from './idle-timeout-head.js'
import { type TimerProof, waitedBehind } from './idle-timeout-proof.js'
import { unreadSummary } from './idle-timeout-unread.js'

/** What an idle-timeout cut is called once a timer has been shown. */
export function idleRuling(c: Case, answer: TimerAnswer, proof: TimerProof | null): Ruling {
  const { facts } = c
  const { first } = facts.close
  const by: Side = first?.by ?? 'server'
  const phase = phaseOf(c)
  const severity = severityOf('idle-timeout', c)
  // A leg behind that carried nothing has no failure of its own to point at.
  const behind = proof?.kind === 'other-leg' || proof?.kind === 'followed' ? proof.link : null
  const cause = behind?.upstream.conversation == null ? null : behind.upstream.stream
  const own =
    proof?.kind === 'followed'
      ? NO_ANSWER
      : proof?.kind === 'other-leg'
        ? timerOfLegBehind(c, proof.link)
        : answer
  const alike = alikeOf(c)
  const remarks = [...farewellRemarks(c), ...(alike === null ? [] : [alike.remark])]
  const rival = rivalText(c, own)
  if (rival !== null) remarks.push(rival)
  const events = phase === 'mid-response' ? eventIntervals(facts.conversation) : null
  if (events !== null)
    remarks.push(
      `events had come every ${span(events.medianNs)} (median of ${events.count} ${events.count === 1 ? 'pause' : 'pauses'}, the longest ${span(events.longestNs)}); then there was none`,
    )
  if (severity === 'latent') remarks.push(latentRemark(c))
  const path = pathFix(c, otherSide(by))
  const streamEnd = resetText(c)
  if (streamEnd !== null) remarks.push(streamEnd)
  if (finsCrossed(facts))
    remarks.push(
      'both sides closed in the same moment (their FINs crossed): either may have a timer of this length',
    )
  const doubts = doubtsOf(c, answer, proof)
  remarks.push(...doubts.map(({ text }) => text))
  if (phase === 'awaiting-response' && by === 'server')
    remarks.push('on this leg alone a worker that was killed looks the same')
  return {
    limits: [
      ...limitsOf(proof, facts.standing.framed || phase === 'tunnel'),
      limit('possible', 'it may have come to a halt in the middle of its own request', mayHaveHalted(c)),
      limit('likely', 'nothing answers the close: the other end may be gone', isUnanswered(facts)),
      ...doubts.map(({ text, asGood }) => limit('possible', text, asGood)),
    ],
    phase,
    closer: by,
    timer: own.timer,
    causeStream: cause,
    summary: sentence(`${summary(c, by, proof, answer)}${unreachedText(c)}`),
    evidence: idleEvidence(c, by, proof),
    fix:
      proof?.kind === 'followed'
        ? [`look at flow ${proof.link.upstream.stream}: this connection only followed`]
        : severity === 'ok'
          ? []
          : (path ?? fixes(c, by, own, severity)),
    remarks,
    told: {
      ...toldSpan(toldNs(c, proof, answer)),
      ...(alike !== null && { alike }),
      ...(path !== null && { advice: PATH_ADVICE }),
    },
  }
}

/** Only an answer in the same moment, or a goodbye on this very leg, shows the timer itself. */
function limitsOf(proof: TimerProof | null, framed: boolean): Limit[] {
  if (proof?.kind === 'goodbye') return []
  if (proof?.kind !== 'gateway') return [limit('likely', 'it rests on a timer that fits or on like flows')]
  const { certainty, downstreamExchange } = proof.link
  return [
    limit('likely', 'the messages could not be followed to their ends', !framed),
    limit('likely', 'that both legs carry the same request is not certain', certainty !== 'certain'),
    limit('likely', 'the status that the client got cannot be read', downstreamExchange.status === null),
  ]
}

/** The connection behind whose silence tells a timer that begins anew with every byte; null: there is none, or it is another timer. */
function silentBehind(c: Case, proof: TimerProof | null): FlowFacts | null {
  return phaseOf(c) === 'mid-response' ? waitedBehind(c, proof) : null
}

/** The span that the summary tells, nanoseconds; null: it tells none. */
function toldNs(c: Case, proof: TimerProof | null, answer: TimerAnswer): number | null {
  if (readPhase(c) === null || phaseOf(c) !== 'mid-request')
    return silentBehind(c, proof)?.timerGapNs ?? c.facts.timerGapNs
  if (proof?.kind === 'followed') return null
  return (headWait(c, answer) ?? bodyWait(c)).ns
}

function summary(c: Case, by: Side, proof: TimerProof | null, answer: TimerAnswer): string {
  const { facts } = c
  const behind = silentBehind(c, proof)
  const waited = behind?.timerGapNs ?? facts.timerGapNs
  const gap = waited === null ? 'a silence' : span(waited)
  const who = actor(c, by)
  const whom = actor(c, by === 'client' ? 'server' : 'client')
  const unread = unreadSummary(c, who, gap)
  if (unread !== null) return unread
  if (proof?.kind === 'followed') return `${who} closed ${followedText(c, proof.link, gap)}`
  switch (phaseOf(c)) {
    case 'awaiting-response':
      if (by === 'server')
        return `${who} closed ${gap} after ${requestName(facts)} without having answered it`
      return `${who} gave up on ${whom} after ${gap} without a response to ${requestName(facts)}${proof?.kind === 'gateway' ? gatewayText(proof.link) : ''}`
    case 'mid-response':
      if (behind !== null)
        return `${who} closed after ${gap} in which the connection behind it (flow ${behind.stream}) brought no other byte of the response to ${requestName(facts)}`
      return `${who} closed after ${gap} without another byte of the response to ${requestName(facts)}`
    case 'tunnel':
      return `${who} closed the ${facts.conversation?.tunnel == null ? 'connection' : 'tunnel'} after ${gap} without a byte either way`
    case 'mid-request':
      return `${who} closed ${(headWait(c, answer) ?? bodyWait(c)).text}${facts.standing.goodbyeStatus === null ? '' : `, with a ${facts.standing.goodbyeStatus}`}`
    case 'awaiting-request':
      return `${who} closed a connection on which no request had come for ${gap}${facts.standing.goodbyeStatus === null ? '' : `, with a ${facts.standing.goodbyeStatus}`}`
    case 'peer-not-reading':
      return `${who} gave up sending: ${whom} had not read for ${gap}`
    default:
      if (restsOnCloseNotify(c))
        return `${who} closed the connection with a close_notify ${gap} after the last bytes of a response; that it was whole cannot be read`
      return `${who} closed the idle connection ${gap} after the last response`
  }
}

/** A request that was lost before the server closed. */
function unreachedText(c: Case): string {
  const request = unreachedRequest(c)
  const { first } = c.facts.close
  if (request?.requestStart == null || first === null) return ''
  const name = requestWords(request, 'the next request')
  return `; ${name}, sent ${span(first.ns - request.requestStart.timeNs)} before, never reached it`
}

function gatewayText(link: LegLink): string {
  return link.downstreamExchange.status === null
    ? ' and answered its client in the same moment'
    : ' and sent its client a 504'
}
