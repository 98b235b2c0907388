/** What the fresh capture shows of the change itself: the timer that moved, the order of keep-alive timers, heartbeats. */
import type { InferredTimer, LegExposure, Report } from '../result.js'
import { duration } from '../report/numbers.js'
import { sameTimer, type Cause } from './causes.js'
import type { Mechanism, Place } from './comparison.js'
import { keepAliveOrder } from './keep-alive-order.js'
import { legKey } from './legs.js'
import { actor, closerOf } from './names.js'
import { longestOf, opportunitiesOf } from './opportunities.js'
import { verifyPolicy } from './policy.js'

/** Everything that speaks for or against a cause's being gone, decisive things first. */
export function mechanismsOf(cause: Cause, place: Place, fresh: Report): Mechanism[] {
  const found: Mechanism[] = []
  const races = cause.class === 'keepalive-race' || cause.phase === 'between-requests'
  if (races && cause.class !== 'half-open-zombie') found.push(...keepAliveOrder(cause, place, fresh))
  const kinds = opportunitiesOf(cause).map(({ kind }) => kind)
  if (kinds.includes('waits'))
    found.push(...outlasted(cause, place, 'answered', 'waited', 'and got its answer'))
  if (kinds.includes('arrivals'))
    found.push(...outlasted(cause, place, 'arrivals', 'took', 'of a request that arrived slowly'))
  if (kinds.includes('responses')) found.push(...heartbeats(cause, place))
  if (kinds.includes('answered-closes')) found.push(...answeredCloses(cause, place))
  return [...found, ...movedTimers(cause, place, fresh)]
}

/** Something lasted longer than the old timer and came to a good end. */
function outlasted(
  cause: Cause,
  { after }: Place,
  what: 'answered' | 'arrivals',
  verb: string,
  end: string,
): Mechanism[] {
  const old = cause.timerSeconds
  const one = longestOf(after, (leg) => leg[what])
  if (old === null || one === null || one.longest === null || one.longest <= old) return []
  const who = what === 'answered' ? actor(cause.client, after[0]?.clientSoftware) : closerOf(cause, after[0])
  const gaveUp = cause.closer === 'client' || what === 'arrivals' ? 'it' : closerOf(cause, after[0])
  const text = `${who} ${verb} ${duration(one.longest)} ${end}; before ${gaveUp} gave up at ${duration(old)}`
  return [
    {
      kind: 'waited-longer',
      means: 'support',
      text,
      numbers: { seconds: one.longest, oldTimerSeconds: old },
      stream: one.longestStream,
    },
  ]
}

/** Event streams that are silent no longer than their new heartbeat. */
function heartbeats(cause: Cause, { before, after }: Place): Mechanism[] {
  const old = cause.timerSeconds ?? cause.silenceSeconds?.median ?? null
  const pauses = longestOf(after, (leg) => leg.pauses)
  const lasted = longestOf(after, (leg) => leg.responses)
  if (old === null || pauses?.longest == null || lasted?.longest == null) return []
  if (pauses.longest >= old || lasted.longest <= old || (before?.connections ?? 0) === 0) return []
  const text = `no event stream was silent for more than ${duration(pauses.longest)}; silence was cut after ${duration(old)} before`
  return [
    {
      kind: 'heartbeats',
      means: 'support',
      text,
      numbers: {
        longestPauseSeconds: pauses.longest,
        oldTimerSeconds: old,
        longestResponseSeconds: lasted.longest,
      },
      stream: lasted.longestStream,
    },
  ]
}

function answeredCloses(cause: Cause, { after }: Place): Mechanism[] {
  const side = cause.closer === 'server' ? 'server' : 'client'
  const closes = after.reduce((sum, leg) => sum + leg.closesAnswered[side], 0)
  if (closes === 0) return []
  const [closer, other] = side === 'client' ? [cause.client, cause.server] : [cause.server, cause.client]
  const software = side === 'client' ? after[0]?.serverSoftware : after[0]?.clientSoftware
  return [
    {
      kind: 'answered',
      means: 'support',
      text: `${actor(other, software)} closed its own side of all ${closes} connections that ${actor(closer, null)} closed first`,
      numbers: { closes },
      stream: after[0]?.idleCloses[side].longestStream ?? null,
    },
  ]
}

/** Timers of the same end in the same phase, read off the closes of the fresh capture, with another value. */
function movedTimers(cause: Cause, { after }: Place, fresh: Report): Mechanism[] {
  const old = cause.timerSeconds
  if (old === null || (cause.closer !== 'client' && cause.closer !== 'server')) return []
  const keys = new Set(after.map(legKey))
  const moved = (fresh.timers ?? []).filter(
    (timer) =>
      keys.has(legKey(timer)) &&
      timer.by === cause.closer &&
      timer.phase === cause.phase &&
      timer.kind !== 'requests' &&
      timer.closes > 0 &&
      timer.value >= verifyPolicy.idleSeconds &&
      !sameTimer(timer.value, old),
  )
  return moved.map((timer) => movedTimer(cause, old, timer, after[0]))
}

function movedTimer(
  cause: Cause,
  old: number,
  timer: InferredTimer,
  leg: LegExposure | undefined,
): Mechanism {
  const seen = timer.closes === 1 ? 'once' : `${timer.closes} times`
  return {
    kind: 'timer-moved',
    means: 'support',
    text: `${closerOf(cause, leg)} now gives up at ${duration(timer.value)} (seen ${seen}), was ${duration(old)}`,
    numbers: { seconds: timer.value, oldTimerSeconds: old, closes: timer.closes },
    stream: timer.streams[0] ?? null,
  }
}
