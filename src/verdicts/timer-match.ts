import { announcedKeepAlive, fitsAnnounced } from '../chain/announced.js'
import { isQuestion } from '../chain/sub-requests.js'
import {
  candidates,
  entry,
  isNeutral,
  kinOf,
  USUAL_SUSPECT,
  type TimerMatch,
  type TimerQuery,
} from '../knowledge/look-up.js'
import type { Phase, Side, Timer } from '../result.js'
import type { Surroundings } from '../facts/leg-facts.js'
import { agreed, requestBegunNs, rivalOf } from './head-clocks.js'
import { policy, seconds, toldSeconds } from './policy.js'
import type { Case } from './verdict-rule.js'
import { spoken } from './spoken-timers.js'
import { silentFirst } from './without-a-word.js'

/** What the knowledge base makes of a close. */
export interface TimerAnswer {
  readonly timer: Timer | null
  readonly best: TimerMatch | null
  /** Seconds that the server had announced (`Keep-Alive: timeout=`), if the gap is that long; null: it announced none, or others. */
  readonly announced: number | null
  /** The best setting is configured to this value by the user. */
  readonly configured: boolean
  /** The best setting of the closer's known software fits by its default or a variant. */
  readonly known: boolean
  /** No software is known, and the default of a usual suspect fits. */
  readonly suspected: boolean
  /** The best setting belongs to the software that the closer is known to run, or to what that is built on. */
  readonly own: boolean
  /** Waiting for the rest of a head: another setting of that software fits as well and counts from another byte. Null: none does. */
  readonly rival: TimerMatch | null
}

/** Nothing is known. */
export const NO_ANSWER: TimerAnswer = {
  timer: null,
  best: null,
  announced: null,
  configured: false,
  known: false,
  suspected: false,
  own: false,
  rival: null,
}
/** Prior of settings that hardly anybody meets: only a value of theirs that fits speaks for them. */
const RARE = 1

/** A flow, or another leg of it, with what tells whose timers act on it. */
export type TimerCase = Pick<Case, 'facts' | 'timeouts'> & {
  readonly around: Pick<
    Surroundings,
    | 'callerSoftware'
    | 'clientIsProxy'
    | 'clientRole'
    | 'clientSoftware'
    | 'cluster'
    | 'downstreams'
    | 'retryOf'
    | 'serverIsProxy'
    | 'serverRole'
    | 'serverSoftware'
    | 'upstreams'
  >
}

/** Asks which timer closed the flow. `gapNs`: on the closer's own clock; `phase`: the closer's phase. */
export function timerOf(
  c: TimerCase,
  by: Side,
  phase: Phase | null,
  gapNs: number | null,
  flag: TimerQuery['flag'],
): TimerAnswer {
  const { facts, around } = c
  if (phase === null) return NO_ANSWER
  const closeNs = facts.close.first?.ns ?? null
  const component = by === 'client' ? around.callerSoftware : around.serverSoftware
  const query: TimerQuery = {
    closer: by === 'client' ? 'initiator' : 'acceptor',
    flag,
    phase,
    gapSeconds: gapNs === null ? null : seconds(gapNs),
    ageSeconds: ageOf(c, phase, closeNs),
    requestAgeSeconds: requestAge(c, closeNs),
    requests: facts.conversation?.count ?? null,
    status: facts.standing.goodbyeStatus ?? consequenceStatus(c),
    component,
    role: roleOf(c, by),
    user: c.timeouts,
    passesOn: by === 'client' && (facts.standing.exchange?.forwardedFor ?? null) !== null,
    part:
      phase !== 'mid-request' ? null : facts.standing.exchange?.requestHeadWhole === true ? 'body' : 'head',
  }
  const likely = candidates(query).filter(({ fits, prior }) => fits || prior > RARE)
  const told = agreed(spoken(likely, by, facts.conversation), query, c.around.cluster)
  const found = phase === 'awaiting-response' ? silentFirst(told, facts, around) : told
  const best = found[0] ?? null
  const announced = announcedFor(c, by, phase, gapNs)
  if (best === null) return { ...NO_ANSWER, announced }
  const configured = best.fits && best.basis === 'configured'
  const byValue = best.fits && (best.basis === 'default' || best.basis === 'variant')
  const measured = measuredSeconds(query, best, c)
  const own =
    component !== null && (best.component === component || kinOf(component).includes(best.component))
  // Of software that is known, another's setting is none; a box on the path may be anything's.
  const foreign = component !== null && !own && !configured && !isNeutral(best.id)
  return {
    timer: {
      // Of unknown software only a close match is its value; otherwise what was measured is all that is known.
      seconds:
        !foreign &&
        best.fits &&
        best.seconds !== null &&
        (component === null ? close(best) : !guessed(best, measured))
          ? best.seconds
          : toldSeconds(measured ?? 0),
      setting: foreign ? null : best.id,
      candidates: found.map((match) => match.id),
    },
    best,
    announced,
    configured,
    known: byValue && component !== null && !foreign,
    suspected: byValue && component === null && best.prior === USUAL_SUSPECT && close(best),
    own,
    rival: own ? rivalOf(found, query) : null,
  }
}

/** The announced keep-alive seconds that this gap of an idle connection fits. */
function announcedFor(c: TimerCase, by: Side, phase: Phase, gapNs: number | null): number | null {
  if (by !== 'server' || phase !== 'between-requests' || gapNs === null) return null
  const announced = announcedKeepAlive(c.facts)
  return announced !== null && fitsAnnounced(announced.seconds, gapNs) ? announced.seconds : null
}

function close(match: TimerMatch): boolean {
  // Some releases add a fixed time to the setting (Node's keep-alive buffer).
  const off = match.off - (match.off > 0.5 ? (entry(match.id)?.adds ?? 0) : 0)
  return off >= -0.3 && off <= 0.1
}

/** Whether the gap is a proxy's own timer rather than one that runs further away (section 4, rule 4). */
export function looksOwn(answer: TimerAnswer): boolean {
  const { best } = answer
  if (best === null || !best.fits || best.seconds === null || best.seconds < policy.ownTimerLeastSeconds)
    return false
  return (
    best.off >= -policy.ownTimerEarlySeconds &&
    best.off <= policy.ownTimerLateSeconds + policy.ownTimerLateShare * best.seconds
  )
}

/**
 * The timer that may have ended a flow which ended in an abort: the closer's own setting, and another of its flows ended after the
 * same time at another moment. Null: nothing but the software speaks for it.
 */
export function sharedTimer({ facts, around }: Case, answer: TimerAnswer): Timer | null {
  const { cluster } = around
  const steady = cluster.flows >= policy.keepAliveLikeFlows && cluster.medianNs >= policy.promptCloseNs
  return answer.own && steady && around.waitsAgain(facts) ? answer.timer : null
}

/** A value that people often configure is a guess when like flows agree on another one. */
function guessed(match: TimerMatch, measured: number | null): boolean {
  return match.basis === 'typical' && measured !== null && Math.abs(measured - (match.seconds ?? 0)) > 0.1
}

function measuredSeconds(query: TimerQuery, match: TimerMatch, c: TimerCase): number | null {
  const { cluster } = c.around
  // Of a value that is only typical, the clock on which like flows agree is the better measure.
  if (match.basis === 'typical' && cluster.flows >= policy.clusterFlows && cluster.measured === 'gap')
    return query.gapSeconds
  if (match.measured === 'age') return query.ageSeconds
  if (match.measured === 'request-age') return query.requestAgeSeconds
  return query.gapSeconds
}

function ageOf(c: TimerCase, phase: Phase, closeNs: number | null): number | null {
  const { facts } = c
  if (phase === 'connecting')
    return facts.syn === null || closeNs === null ? null : seconds(closeNs - facts.syn.ns)
  return facts.establishedNs === null || closeNs === null ? null : seconds(closeNs - facts.establishedNs)
}

function requestAge({ facts }: TimerCase, closeNs: number | null): number | null {
  const begunNs = requestBegunNs(facts)
  return begunNs === null || closeNs === null ? null : seconds(closeNs - begunNs)
}

function consequenceStatus(c: TimerCase): number | null {
  const link = c.around.downstreams.find((one) => one.upstreamExchange === c.facts.standing.exchange)
  // A request that was sent again got its status from another leg; one that was only asked about, from the proxy (nginx: 500 for any failure).
  if (link === undefined || c.around.retryOf(link) !== null || isQuestion(link)) return null
  return link.downstreamExchange.status
}

function roleOf(c: TimerCase, by: Side): TimerQuery['role'] {
  const role = by === 'client' ? c.around.clientRole : c.around.serverRole
  // A host that only opens connections is an end client only if what it calls is a proxy in this capture.
  if (role === 'client') return c.around.upstreams.length > 0 ? 'client' : null
  if (role === 'lb') return 'lb'
  if (by === 'client') {
    if (c.around.clientSoftware !== null && c.around.callerSoftware === null) return 'application'
    return c.around.clientIsProxy === null ? null : 'proxy'
  }
  if (c.around.upstreams.length > 0 || c.around.serverIsProxy !== null || role === 'nginx') return 'proxy'
  return c.around.clientIsProxy === null ? null : 'application'
}
