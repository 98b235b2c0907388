/**
 * Whether a keep-alive race can still happen on a leg: it cannot when the side that sends requests gives up idle connections first,
 * or when connections are not used again at all.
 */
import type { Durations, LegExposure, LegOrder, Report } from '../result.js'
import { duration } from '../report/numbers.js'
import type { Cause } from './causes.js'
import type { Mechanism, Place } from './comparison.js'
import { legKey } from './legs.js'
import { actor } from './names.js'
import { longestOf, reaching } from './opportunities.js'
import { verifyPolicy } from './policy.js'
import { fisherExact, isSignificant, upperBound } from './significance.js'

interface IdleCloses {
  /** Closes after an idle time that only a timer explains, by either side. */
  readonly client: number
  readonly server: number
}

function idleCloses(legs: readonly LegExposure[]): IdleCloses {
  const sum = (of: (leg: LegExposure) => Durations): number =>
    legs.reduce((all, leg) => all + reaching(of(leg), verifyPolicy.idleSeconds), 0)
  return { client: sum((leg) => leg.idleCloses.client), server: sum((leg) => leg.idleCloses.server) }
}

/** The order of the two keep-alive timers as the fresh capture shows it; empty: it shows none. */
export function keepAliveOrder(cause: Cause, { before, after }: Place, fresh: Report): Mechanism[] {
  const keys = new Set(after.map(legKey))
  const orders = (fresh.legs ?? []).filter((leg) => keys.has(legKey(leg)))
  const unsafe = orders.find(({ order }) => order === 'unsafe')
  // One client that leaves for reasons of its own shows no timer: the closes have to agree on one.
  const safe = orders.length > 0 && orders.every(({ order }) => order === 'safe')
  const now = idleCloses(after)
  const reuses = after.reduce((sum, leg) => sum + leg.reuses, 0)
  const found: Mechanism[] = []
  if (now.server > 0) found.push(servingSideFirst(cause, after, now))
  else if (unsafe !== undefined) found.push(announcedOrder(unsafe))
  else if (now.client > 0) found.push(reusingSideFirst(cause, before, after, now, safe))
  else if (reuses === 0) found.push(...withoutReuse(cause, before, after))
  return [...found, ...keptLonger(cause, after)]
}

/** Nobody was seen to close, but the timers that are announced or configured are in the wrong order. */
function announcedOrder({ because, clientSeconds, serverSeconds }: LegOrder): Mechanism {
  const numbers = {
    ...(clientSeconds !== null && { clientSeconds }),
    ...(serverSeconds !== null && { serverSeconds }),
  }
  return { kind: 'serving-side-first', means: 'possible', text: because, numbers, stream: null }
}

function servingSideFirst(cause: Cause, after: readonly LegExposure[], now: IdleCloses): Mechanism {
  const closes = longestOf(after, (leg) => leg.idleCloses.server)
  const seconds = closes?.longest ?? 0
  return {
    kind: 'serving-side-first',
    means: 'possible',
    text:
      `${actor(cause.server, after[0]?.serverSoftware)} still closes idle connections first ` +
      `(${now.server} of ${now.server + now.client}, after ${duration(seconds)}): a request can meet that close`,
    numbers: { serverCloses: now.server, clientCloses: now.client, seconds },
    stream: closes?.longestStream ?? null,
  }
}

function reusingSideFirst(
  cause: Cause,
  before: LegExposure | null,
  after: readonly LegExposure[],
  now: IdleCloses,
  safe: boolean,
): Mechanism {
  const closes = longestOf(after, (leg) => leg.idleCloses.client)
  const reused = longestOf(after, (leg) => leg.reuseGaps)
  const seconds = closes?.longest ?? 0
  const was = before === null ? { client: 0, server: cause.count } : idleCloses([before])
  const total = was.client + was.server
  const p = fisherExact({ failed: was.server, of: total }, { failed: 0, of: now.client })
  const inOrder = (reused?.longest ?? 0) <= seconds + verifyPolicy.reuseBeyondSeconds
  const text =
    `${actor(cause.client, after[0]?.clientSoftware)} now closes idle connections first ` +
    `(${now.client} of ${now.client}, after ${duration(seconds)}); before, ${actor(cause.server, after[0]?.serverSoftware)} did (${was.server} of ${total})`
  return {
    kind: 'reusing-side-first',
    means: isSignificant(p, verifyPolicy.level) && inOrder && safe ? 'impossible' : 'support',
    text,
    numbers: {
      clientCloses: now.client,
      serverCloses: 0,
      seconds,
      beforeServerCloses: was.server,
      beforeClientCloses: was.client,
      p,
    },
    stream: closes?.longestStream ?? null,
  }
}

/** Connections that carry one request each: nothing is reused, so nothing can be met. */
function withoutReuse(cause: Cause, before: LegExposure | null, after: readonly LegExposure[]): Mechanism[] {
  const requests = after.reduce((sum, leg) => sum + leg.requests, 0)
  if (requests === 0 || before === null) return []
  const p = fisherExact({ failed: before.reuses, of: before.requests }, { failed: 0, of: requests })
  const rate = upperBound({ failed: 0, of: requests }, verifyPolicy.level)
  return [
    {
      kind: 'no-reuse',
      means:
        isSignificant(p, verifyPolicy.level) && rate <= verifyPolicy.rateWithoutBefore
          ? 'impossible'
          : 'support',
      text:
        `${actor(cause.client, after[0]?.clientSoftware)} no longer reuses connections ` +
        `(0 of ${requests} requests; ${before.reuses} of ${before.requests} before)`,
      numbers: { requests, beforeReuses: before.reuses, beforeRequests: before.requests, p },
      stream: null,
    },
  ]
}

/** The serving side kept a connection for longer than its old timer and served a request on it. */
function keptLonger(cause: Cause, after: readonly LegExposure[]): Mechanism[] {
  const old = cause.timerSeconds
  const reused = longestOf(after, (leg) => leg.reuseGaps)
  if (old === null || reused?.longest == null || reused.longest <= old) return []
  return [
    {
      kind: 'kept-idle-longer',
      means: 'support',
      text:
        `${actor(cause.server, after[0]?.serverSoftware)} served a request after ${duration(reused.longest)} idle; ` +
        `before it closed at ${duration(old)}`,
      numbers: { seconds: reused.longest, oldTimerSeconds: old },
      stream: reused.longestStream,
    },
  ]
}
