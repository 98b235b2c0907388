/** What else may have closed a flow of which a timer is said. */
import { policy, seconds } from '../policy.js'
import { downstreamOf, upstreamOf } from '../signs.js'
import { mayBeBlocked } from '../slow-reader.js'
import { looksOwn, type TimerAnswer } from '../timer-match.js'
import type { Case } from '../verdict-rule.js'
import { mayBeEnding } from './idle-timeout-ending.js'
import { saidUnasked } from './idle-timeout-evidence.js'
import type { TimerProof } from './idle-timeout-proof.js'

/** Another reading in words, and whether it is as good as that of a timer. */
interface Doubt {
  readonly text: string
  readonly asGood: boolean
}

const MAY_BE_CRASH = 'a server that crashed or was killed while it waited looks the same'
const MAY_BE_UNACCEPTED =
  'a server that stops listening resets the connections that it had not accepted yet in the same way'
const MAY_BE_NEWS = 'what it said before it closed cannot be read: it may have been news, and no goodbye'
const MAY_BE_CUT =
  'the other leg was closed in the same moment after the same silence: a timer that cuts both in the middle of a response or a tunnel looks the same as two idle timers of one length'
const MAY_BE_SEND_TIMER =
  'its own client had read nothing meanwhile: a timer of its sending may have run out instead'

/** All other readings that remain. */
export function doubtsOf(c: Case, answer: TimerAnswer, proof: TimerProof | null): Doubt[] {
  const ending = proof?.kind === 'idle' ? mayBeEnding(c, answer) : null
  const passed = passedOn(c, answer, proof)
  return [
    ...(ending === null ? [] : [{ text: ending, asGood: true }]),
    ...(proof?.kind === 'stalled' ? [{ text: MAY_BE_CRASH, asGood: true }] : []),
    ...(wasNeverUsed(c, proof) ? [{ text: MAY_BE_UNACCEPTED, asGood: true }] : []),
    ...(saidUnasked(c) ? [{ text: MAY_BE_NEWS, asGood: !offersHttp(c) }] : []),
    ...(endedTogether(c) ? [{ text: MAY_BE_CUT, asGood: true }] : []),
    ...(mayBeBlocked(c) ? [{ text: MAY_BE_SEND_TIMER, asGood: true }] : []),
    ...(passed === null ? [] : [passed]),
  ]
}

/**
 * Neither leg of an exchange can be read, a proxy closed both in one moment, and both had been silent for as long: two idle timers, or the
 * one with which a proxy waits for its server.
 */
function endedTogether(c: Case): boolean {
  const { close, standing, timerGapNs } = c.facts
  if (standing.framed || standing.phase !== 'between-requests' || close.first === null || timerGapNs === null)
    return false
  const other = close.first.by === 'client' ? downstreamOf(c)?.downstream : upstreamOf(c)?.upstream
  const [first, gap] = [other?.close.first ?? null, other?.timerGapNs ?? null]
  if (other === undefined || first === null || gap === null || other.standing.framed) return false
  const byProxy = first.by !== close.first.by
  const apart = Math.abs(first.ns - close.first.ns)
  return byProxy && apart <= policy.consequenceWithinNs && Math.abs(gap - timerGapNs) <= policy.sameClockNs
}

/** Servers of HTTP say nothing unasked but that they gave up waiting. */
function offersHttp({ facts: { conversation } }: Case): boolean {
  return conversation?.alpn?.split(',').some((name) => name === 'h2' || name.startsWith('http/')) === true
}

/** Reset by its server without a request: whether a program had even taken it cannot be seen. */
function wasNeverUsed({ facts: { close, standing, sides } }: Case, proof: TimerProof | null): boolean {
  const silent = sides.server.payloadBytes === 0
  return (
    proof?.kind === 'idle' && standing.phase === 'awaiting-request' && close.first?.flag === 'RST' && silent
  )
}

/**
 * A wait for a response that ended on a leg whose client may only have passed on what ended the leg before. Null: the capture shows the leg
 * before, or more than the length of the wait shows a timer. Who owns a timer sees its own round number, and so do
 * all the flows that it cuts; of software that nobody knows one flow shows no more than that somebody's patience was round.
 */
function passedOn(c: Case, answer: TimerAnswer, proof: TimerProof | null): Doubt | null {
  const { close, standing } = c.facts
  if (close.first?.by !== 'client' || standing.phase !== 'awaiting-response' || downstreamOf(c) !== null)
    return null
  if (proof?.kind !== 'known' && proof?.kind !== 'cluster') return null
  const ownSetting = answer.known && looksOwn(answer)
  return {
    text:
      c.around.clientIsProxy === null
        ? 'nothing shows that it is a proxy: an end client that gave up by a timer of its own looks the same'
        : 'the leg before it is not in this capture: a client there that left after this time looks the same',
    asGood: !ownSetting && !allRound(c),
  }
}

/** Several flows that end after one time that somebody wrote down: what runs elsewhere arrives shifted. */
function allRound({ around: { cluster } }: Case): boolean {
  if (cluster.flows < policy.clusterFlows) return false
  const lasted = seconds(cluster.medianNs)
  const { ownTimerEarlySeconds: early, ownTimerLateSeconds: late, ownTimerLateShare: share } = policy
  const near = (step: number, most: number): boolean => {
    const off = (lasted + early) % step
    return off <= early + most
  }
  return (
    near(policy.writtenStepSeconds, late) ||
    near(1, Math.min(late + share * lasted, policy.writtenStepSeconds))
  )
}
