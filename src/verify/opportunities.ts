/** What could have failed: for each class of failure the trials among which it is counted, read off a report's exposure. */
import type { Durations, LegExposure, Phase, Side } from '../result.js'
import type { Cause } from './causes.js'
import { verifyPolicy } from './policy.js'
import type { Trials } from './significance.js'

/** Kinds of opportunities. */
export type OpportunityKind =
  | 'requests'
  | 'reuses'
  | 'idle-reuses'
  | 'waits'
  | 'responses'
  | 'tunnels'
  | 'arrivals'
  | 'idle-closes'
  | 'answered-closes'
  | 'connections'
  | 'old-connections'
  | 'attempts'
  | 'time'

/** One way to count what could have failed. */
export interface Opportunity {
  readonly kind: OpportunityKind
  /** Only those that lasted at least so long, seconds; null: all. */
  readonly atLeastSeconds: number | null
  /** The end that closes; matters for closes only. */
  readonly side: Side | null
}

function all(kind: OpportunityKind, side: Side | null = null): Opportunity {
  return { kind, atLeastSeconds: null, side }
}

/** Trials are those that lasted as long as the timer; without a timer, as long as the silences that ended badly. */
function lasting(kind: OpportunityKind, cause: Cause): Opportunity {
  const seconds = cause.timerSeconds ?? cause.silenceSeconds?.min ?? 0
  return { kind, atLeastSeconds: seconds * (1 - verifyPolicy.reachedShare), side: null }
}

const TIMED: Readonly<Record<Phase, OpportunityKind>> = {
  connecting: 'attempts',
  'awaiting-request': 'arrivals',
  'mid-request': 'arrivals',
  'awaiting-response': 'waits',
  'mid-response': 'responses',
  'peer-not-reading': 'responses',
  tunnel: 'tunnels',
  'between-requests': 'idle-closes',
  closing: 'old-connections',
}

/** Requests; where every failure came after a wait, also those that took as long: quick ones could not have failed like that. */
function requestsLike(cause: Cause): Opportunity[] {
  const kind = cause.phase === null ? null : TIMED[cause.phase]
  const waited = (cause.silenceSeconds?.min ?? 0) >= verifyPolicy.waitSeconds
  const lasts = kind === 'waits' || kind === 'responses' || kind === 'arrivals' || kind === 'tunnels'
  return waited && lasts ? [all('requests'), lasting(kind, cause)] : [all('requests')]
}

/**
 * How a cause's opportunities are counted. Several: an absence has to be significant by each of them. A race is counted among all
 * reuses and among those after as long an idle time as the raced ones: neither a short capture nor quicker traffic is a fix.
 */
export function opportunitiesOf(cause: Cause): Opportunity[] {
  switch (cause.class) {
    case 'idle-timeout': {
      const kind = cause.phase === null ? 'old-connections' : TIMED[cause.phase]
      return [kind === 'attempts' || kind === 'idle-closes' ? all(kind) : lasting(kind, cause)]
    }
    case 'keepalive-race':
      return cause.timerSeconds === null ? [all('reuses')] : [all('reuses'), lasting('idle-reuses', cause)]
    case 'client-abort':
      if (cause.timerSeconds === null || cause.phase === null) return requestsLike(cause)
      return [lasting(TIMED[cause.phase], cause)]
    case 'server-abort':
      return requestsLike(cause)
    case 'half-open-zombie':
      if (cause.variants.includes('half-closed'))
        return [all('answered-closes', cause.closer === 'server' ? 'server' : 'client')]
      return [cause.variants.includes('forgotten') ? lasting('old-connections', cause) : all('connections')]
    case 'refused':
    case 'connect-timeout':
      return [all('attempts')]
    case 'shutdown':
      return [all('time')]
    default:
      return [all('connections')]
  }
}

/**
 * How many durations are as long as the limit: the bins that begin at or above it. `generous`: also the bin that holds the limit,
 * which is where the failed ones themselves are counted.
 */
export function reaching({ bins }: Durations, seconds: number, generous = false): number {
  return bins.reduce(
    (sum, [from, below, count]) => sum + (from >= seconds || (generous && below > seconds) ? count : 0),
    0,
  )
}

/** The durations among which the longest of these legs is; null: none of them has any. */
export function longestOf(
  legs: readonly LegExposure[],
  of: (leg: LegExposure) => Durations,
): Durations | null {
  const [first] = legs.map(of).sort((a, b) => (b.longest ?? -1) - (a.longest ?? -1))
  return first === undefined || first.longest === null ? null : first
}

/**
 * Opportunities of the legs of one place, `failed` of them gone wrong. Failures are counted by the verdicts and may be missing among what
 * was measured (a wait that was cut has no answer), so there are never fewer trials than failures.
 */
export function trialsOf(
  legs: readonly LegExposure[],
  { kind, atLeastSeconds, side }: Opportunity,
  failed: number,
): Trials {
  const least = atLeastSeconds ?? 0
  const sum = (of: (leg: LegExposure) => number): number => legs.reduce((all, leg) => all + of(leg), 0)
  const lasted = (of: (leg: LegExposure) => Durations, generous = false): number =>
    sum((leg) => reaching(of(leg), least, generous))
  const of = (): number => {
    switch (kind) {
      case 'requests':
        return sum((leg) => leg.requests)
      case 'reuses':
        return sum((leg) => leg.reuses)
      case 'idle-reuses':
        return failed + lasted((leg) => leg.reuseGaps)
      case 'waits':
        return (
          lasted((leg) => leg.answered) +
          Math.max(
            failed,
            lasted((leg) => leg.unanswered),
          )
        )
      case 'responses':
        return (
          lasted((leg) => leg.responses) +
          Math.max(
            failed,
            lasted((leg) => leg.unfinished),
          )
        )
      case 'tunnels':
        return lasted((leg) => leg.tunnels, failed > 0)
      case 'arrivals':
        return failed + lasted((leg) => leg.arrivals)
      case 'idle-closes': {
        const idle = (durations: Durations): number => reaching(durations, verifyPolicy.idleSeconds)
        return sum(({ idleCloses: { client, server } }) => idle(client) + idle(server))
      }
      case 'answered-closes':
        return failed + sum((leg) => leg.closesAnswered[side ?? 'client'])
      case 'attempts':
        return sum((leg) => leg.opened)
      case 'old-connections':
        return lasted((leg) => leg.ages, failed > 0)
      case 'connections':
      case 'time':
        return sum((leg) => leg.connections)
    }
  }
  return { failed, of: Math.max(failed, of()) }
}

/**
 * Opportunities of which the capture ended before they were over: what was waited for may still have failed. A request that had waited
 * longer than any that failed before is no longer one of them.
 */
export function openOf(leg: LegExposure, { kind }: Opportunity, { silenceSeconds }: Cause): number {
  const waiting = (): number => leg.pending.count - reaching(leg.pending, silenceSeconds?.max ?? Infinity)
  switch (kind) {
    case 'attempts':
      return leg.unconnected
    case 'requests':
      return waiting()
    case 'connections':
      return leg.unconnected + waiting()
    default:
      return 0
  }
}
