/** A rule about a timer: shown only by the timer's firing, or by something that outlasted it. */
import { duration } from '../report/numbers.js'
import type { Durations, LegExposure, Phase, Report, Side } from '../result.js'
import { legKey } from './legs.js'
import { verifyPolicy } from './policy.js'
import type { Relation, Rule } from './rules.js'

/** What is known of a setting: whose it is, which end of a connection it closes, and when. */
export interface KnownTimer {
  readonly component: string
  readonly side: Side
  readonly phases: readonly Phase[]
}

/** What a capture shows of one timer. */
interface Seen {
  /** Smallest and largest value at which it fired, seconds, and how often; null: it never did. */
  readonly fired: { readonly min: number; readonly max: number; readonly times: number } | null
  /** The longest that it let pass, seconds; null: nothing that it watches was seen. */
  readonly outlasted: { readonly seconds: number; readonly stream: number | null } | null
  /** Whether any host is known to be the component. */
  readonly present: boolean
}

interface TimerOutcome {
  readonly outcome: 'holds' | 'fails' | 'inconclusive'
  readonly because: string
  readonly numbers: Readonly<Record<string, number>>
}

/** Judges `timer component.setting >= 600s` and its like. */
export function judgeTimer(
  rule: Extract<Rule, { kind: 'timer' }>,
  known: KnownTimer | null,
  fresh: Report,
): TimerOutcome {
  const seen = seenOf(rule.setting, known, fresh)
  const numbers = {
    expectedSeconds: rule.seconds,
    ...(seen.fired !== null && {
      firedMinSeconds: seen.fired.min,
      firedMaxSeconds: seen.fired.max,
      fired: seen.fired.times,
    }),
    ...(seen.outlasted !== null && { outlastedSeconds: seen.outlasted.seconds }),
  }
  const outcome = outcomeOf(rule.relation, rule.seconds, seen)
  return { outcome, because: because(rule.setting, seen), numbers }
}

function early(seconds: number): number {
  return Math.min(verifyPolicy.earlySeconds, verifyPolicy.earlyShare * seconds)
}

function late(seconds: number): number {
  return Math.max(verifyPolicy.lateSeconds, verifyPolicy.lateShare * seconds)
}

function outcomeOf(relation: Relation, limit: number, seen: Seen): TimerOutcome['outcome'] {
  const { fired, outlasted } = seen
  const firedBelow = fired !== null && fired.min < limit - early(limit)
  const firedAbove = fired !== null && fired.max > limit + late(limit)
  const outlastedLimit = outlasted !== null && outlasted.seconds >= limit
  const outlastedFar = outlasted !== null && outlasted.seconds > limit + late(limit)
  switch (relation) {
    case '>=':
    case '>':
      if (firedBelow || (relation === '>' && fired !== null && !firedAbove)) return 'fails'
      return (relation === '>' ? firedAbove || outlastedFar : fired !== null || outlastedLimit)
        ? 'holds'
        : 'inconclusive'
    case '<=':
    case '<':
      if (firedAbove || outlastedFar || (relation === '<' && fired !== null && !firedBelow)) return 'fails'
      return fired !== null ? 'holds' : 'inconclusive'
    case '=':
      if (firedBelow || firedAbove || outlastedFar) return 'fails'
      return fired !== null ? 'holds' : 'inconclusive'
  }
}

function because(setting: string, { fired, outlasted, present }: Seen): string {
  const parts: string[] = []
  if (fired !== null) {
    const range = duration(fired.min) === duration(fired.max) ? '' : ` to ${duration(fired.max)}`
    parts.push(
      `it fired ${fired.times === 1 ? 'once' : `${fired.times} times`}, at ${duration(fired.min)}${range}`,
    )
  } else if (present) parts.push('it did not fire')
  if (outlasted !== null) {
    const where = outlasted.stream === null ? '' : ` (flow ${outlasted.stream})`
    parts.push(`the longest it let pass took ${duration(outlasted.seconds)}${where}`)
  } else if (present) parts.push('nothing that it watches was seen')
  if (parts.length > 0) return parts.join('; ')
  const [component = setting] = setting.split('.')
  return `no host of this capture is known to be ${component}; --role ${component}=<ip> names it`
}

function seenOf(setting: string, known: KnownTimer | null, fresh: Report): Seen {
  const closes = (fresh.timers ?? [])
    .filter((timer) => timer.closes > 0 && timer.kind !== 'requests' && timer.settings[0] === setting)
    .map(({ min, max, closes: times }) => ({ min, max, times }))
  // A cut by this timer may be too rare to be inferred from.
  if (closes.length === 0) {
    for (const { timer, count } of fresh.findings) {
      if (timer !== null && timer.setting === setting)
        closes.push({ min: timer.seconds, max: timer.seconds, times: count })
    }
  }
  const legs = known === null ? [] : legsOf(known, fresh)
  return {
    fired:
      closes.length === 0
        ? null
        : {
            min: Math.min(...closes.map(({ min }) => min)),
            max: Math.max(...closes.map(({ max }) => max)),
            times: closes.reduce((sum, { times }) => sum + times, 0),
          },
    outlasted: known === null ? null : outlastedOn(legs, known),
    present: legs.length > 0,
  }
}

/** Legs on which the component stands at the end whose timer it is. */
function legsOf({ component, side }: KnownTimer, fresh: Report): LegExposure[] {
  const unique = new Map((fresh.exposure?.legs ?? []).map((leg) => [legKey(leg), leg]))
  return [...unique.values()].filter((leg) => {
    const software = side === 'client' ? leg.clientSoftware : leg.serverSoftware
    return (software ?? leg[side].role) === component || leg[side].role === component
  })
}

/** What a timer of this side watches in a phase, and would have cut. */
function watched(leg: LegExposure, side: Side, phase: Phase): readonly Durations[] {
  switch (phase) {
    case 'awaiting-response':
      return [leg.answered]
    case 'mid-response':
      return [leg.pauses]
    case 'awaiting-request':
    case 'mid-request':
      return [leg.arrivals]
    case 'between-requests':
      // Idle until a request came, or until the other end had enough.
      return [leg.reuseGaps, leg.idleCloses[side === 'client' ? 'server' : 'client']]
    default:
      return []
  }
}

function outlastedOn(legs: readonly LegExposure[], { side, phases }: KnownTimer): Seen['outlasted'] {
  let longest: Seen['outlasted'] = null
  for (const leg of legs) {
    for (const phase of phases) {
      for (const durations of watched(leg, side, phase)) {
        if (durations.longest !== null && durations.longest > (longest?.seconds ?? -1))
          longest = { seconds: durations.longest, stream: durations.longestStream }
      }
    }
  }
  return longest
}
