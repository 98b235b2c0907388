import { REQUEST_TIMEOUT } from '../../exchange/exchange.js'
import { entry, USUAL_SUSPECT } from '../../knowledge/look-up.js'
import { answeredUnseen, lastWordsLost } from '../holes.js'
import { handshakeAlert } from '../handshake-alert.js'
import { leftOnBothLegs } from '../both-closed.js'
import { farewellTimer } from '../farewell-words.js'
import { bytesMetClose } from '../met-close.js'
import { policy } from '../policy.js'
import { notWithPool } from '../pool-shut.js'
import { inRecord, phaseOf } from '../read-phase.js'
import { departedClient, downstreamOf, gatewayTimeout, readOnAfterFin } from '../signs.js'
import { looksOwn, NO_ANSWER, timerOf, type TimerAnswer } from '../timer-match.js'
import { check, type Case, type Check, type Reading, type Rule } from '../verdict-rule.js'
import { waitingClient } from '../waiting-client.js'
import { followedLeg, mirroredTimer, notBroken } from './idle-timeout-followed.js'
import { noProof } from './idle-timeout-no-proof.js'
import { idleProof, notStopping, stalledRequest, type TimerProof } from './idle-timeout-proof.js'
import { idleRuling } from './idle-timeout-ruling.js'

/** One side closed because a timer ran out. */
export const idleTimeout: Rule = {
  code: 'idle-timeout',
  title: 'idle-timeout cut',
  readings: (c) => [reading(c)],
}

function reading(c: Case): Reading {
  const { facts, around } = c
  const { first } = facts.close
  const phase = phaseOf(c)
  const answer = answerTo(c)
  const proof = proofOf(c, answer)
  // An end client: nothing marks it as a proxy, and the server it calls is one. On a single leg it may be either.
  const serverIsProxy = around.upstreams.length > 0 || around.serverIsProxy !== null
  const endClient =
    first?.by === 'client' &&
    around.clientIsProxy === null &&
    ((around.clientRole === 'client' && serverIsProxy) || isLibrarys(answer))
  const waiting = phase === 'awaiting-response' || phase === 'mid-response'
  const loneUpload =
    (phase === 'mid-request' || inRecord(c)) && first?.by === 'client' && around.clientIsProxy === null
  const left = departedClient(c)
  const lost = lastWordsLost(facts)
  const checks: Check[] = [
    check('a side closed', first !== null, 'no side closed'),
    check('no TLS handshake was broken off', handshakeAlert(c) === null, 'a TLS handshake was broken off'),
    check('it closed of its own accord', first?.form !== 'stateless', 'the RST only answers another segment'),
    check(
      'a timer can run in this phase',
      phase !== null && phase !== 'connecting' && phase !== 'closing',
      phase === 'connecting'
        ? 'the connection was never established'
        : 'what it was in the middle of cannot be read',
    ),
    check(
      'no client that had left before explains the close',
      left === null,
      `the client of flow ${left?.downstream.stream} had left (frame ${c.facts.frameName(left?.downstream.close.first?.frame)})`,
    ),
    ...notStopping(c, proof),
    notWithPool(c, answer),
    ...notBroken(c),
    check(
      'the closer is not an end client that gave up waiting',
      !(endClient && waiting) && !loneUpload,
      'an end client that gives up is a client abort, whatever timer it has',
    ),
    check(
      'the whole response was not received after a half-close',
      !halfClosedWhole(c),
      'the rest came after the FIN: it was a half-close',
    ),
    check(
      'no request met the close',
      !bytesMetClose(c) || facts.standing.goodbyeWords !== null,
      'bytes of the client were on their way to the closing server',
    ),
    check(
      'the capture holds what was said before the silence, and what met its end',
      lost === null && !answeredUnseen(facts),
      lost === null
        ? 'the server answered something after its close that the capture lacks'
        : `the last bytes of the ${lost} before the close are not in the capture: how long the silence was cannot be known`,
    ),
    check('a timer explains the moment', proof !== null, noProof(c, answer)),
  ]
  return { variant: null, checks, ruling: () => idleRuling(c, answer, proof) }
}

/**
 * The timer that fits belongs to a library that programs call others with: who waits by it wants the answer for itself. A value that the
 * user gave tells of no end: whoever has the timer may serve others.
 */
function isLibrarys({ best, configured }: TimerAnswer): boolean {
  return best !== null && best.fits && !configured && entry(best.id)?.role === 'client'
}

function halfClosedWhole(c: Case): boolean {
  const { close, standing, sides } = c.facts
  if (readOnAfterFin(c.facts)) return true
  return (
    close.first?.by === 'client' &&
    close.first.flag === 'FIN' &&
    standing.exchange?.responseComplete === true &&
    (standing.owed === 'response' || standing.owed === 'rest-of-response') &&
    sides.client.rst === null
  )
}

function answerTo(c: Case): TimerAnswer {
  const { close, timerGapNs } = c.facts
  const said = farewellTimer(c)
  if (said !== null || !worthAsking(c)) return said ?? NO_ANSWER
  return timerOf(c, close.first?.by ?? 'server', phaseOf(c), timerGapNs, close.first?.flag ?? 'FIN')
}

/** Most connections end soon after their last response: without configured values no timer need be looked up for those. */
function worthAsking(c: Case): boolean {
  const { close, standing, timerGapNs } = c.facts
  if (close.first === null || standing.phase === null) return false
  if (standing.phase !== 'between-requests' || c.timeouts.length > 0) return true
  return timerGapNs !== null && timerGapNs >= policy.serverIdleNs
}

/** The strongest ground for a timer; null: none. */
function proofOf(c: Case, answer: TimerAnswer): TimerProof | null {
  const { facts, around } = c
  const { first } = facts.close
  const gap = facts.timerGapNs
  const phase = phaseOf(c)
  if (first === null || phase === null) return null
  if (facts.standing.goodbyeWords !== null) return { kind: 'goodbye' }
  const gateway = gatewayTimeout(c)
  if (gateway !== null) return { kind: 'gateway', link: gateway }
  if (answer.configured) return { kind: 'configured' }
  if (answer.announced !== null) return { kind: 'announced' }
  const mirrored = mirroredTimer(c)
  if (mirrored !== null) return { kind: 'other-leg', link: mirrored }
  const followed = followedLeg(c, phase)
  if (followed !== null) return { kind: 'followed', link: followed }
  if (facts.standing.goodbyeStatus === REQUEST_TIMEOUT && phase !== 'mid-response') return { kind: 'goodbye' }
  const idle = idleProof(c, phase, gap)
  // Ordinary clients leave within seconds of their last response: among hundreds some agree by chance.
  const casual = phase === 'between-requests' && first.by === 'client' && around.clientIsProxy === null
  const waiting = phase === 'awaiting-response' || phase === 'mid-response' || phase === 'tunnel'
  const cluster =
    around.cluster.flows >= policy.clusterFlows &&
    // What was begun together also ends together when a process does, or its client leaves.
    (!waiting || around.waitsAgain(facts)) &&
    around.cluster.medianNs >= (casual ? policy.clientIdleNs : policy.clusterLeastGapNs)
  // A total time says nothing where it is not even known what was going on.
  const silent = facts.standing.framed || (gap !== null && gap >= policy.clusterLeastGapNs)
  const idled = phase !== 'between-requests' || (gap !== null && gap >= policy.serverIdleNs)
  const known = silent && ((answer.known && idled) || (answer.suspected && phase !== 'between-requests'))
  const patient = waiting ? waitingClient(c) : null
  const silently = phase === 'awaiting-response' && leftOnBothLegs(c, answer) !== null
  if (patient !== null && gap !== null && gap >= policy.gaveUpNs && !silently)
    return { kind: 'own-decision', link: patient }
  if (phase === 'awaiting-response' && first.by === 'client') {
    if (downstreamOf(c) === null && around.departedBefore !== null) return null
    return (known && looksOwn(answer)) || (cluster && around.clientIsProxy !== null)
      ? { kind: known ? 'known' : 'cluster' }
      : null
  }
  // A server that leaves a request unanswered also crashes or is killed: only a usual suspect among its timers explains it.
  const guess =
    phase === 'awaiting-response' && first.by === 'server' && (answer.best?.prior ?? 0) < USUAL_SUSPECT
  if (idle) return { kind: 'idle' }
  if (cluster) return { kind: 'cluster' }
  if (known && !guess) return { kind: 'known' }
  return stalledRequest(c, phase, gap) ? { kind: 'stalled' } : null
}
