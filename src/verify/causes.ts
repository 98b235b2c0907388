/** What went wrong in one report, by cause: class, pair of hosts, phase and timer, however many flows and findings show it. */
import type { Finding, FindingHost, Phase, Report, Severity, Spread, VerdictClass } from '../result.js'
import { legKey } from './legs.js'
import { verifyPolicy } from './policy.js'

/** One cause of failures. */
export interface Cause {
  readonly class: VerdictClass
  readonly severity: Severity
  readonly phase: Phase | null
  readonly closer: Finding['closer']
  readonly client: FindingHost
  readonly server: FindingHost
  readonly variants: readonly string[]
  /** Seconds of the timer that fired, and its setting; null: no timer, or not a known one. */
  readonly timerSeconds: number | null
  readonly setting: string | null
  readonly silenceSeconds: Spread | null
  /** Connections that ended like this. */
  readonly count: number
  /** Moments in which they ended: of a restart that cuts many at once there is one. */
  readonly moments: number
  readonly example: number
  readonly streams: readonly number[]
  readonly title: string
}

/** Whether two measured values are one timer's. */
export function sameTimer(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return true
  return (
    Math.abs(a - b) <= Math.max(verifyPolicy.sameTimerSeconds, verifyPolicy.sameTimerShare * Math.min(a, b))
  )
}

/** Phases that one timer covers, or that cannot be told apart. */
function phaseGroup(phase: Phase | null): string {
  if (phase === 'awaiting-request' || phase === 'mid-request') return 'request'
  return phase ?? 'unknown'
}

/** The timer is part of the cause where it is what cut; in a race it is what the request met. */
function timerCounts(verdict: VerdictClass): boolean {
  return verdict === 'idle-timeout' || verdict === 'client-abort'
}

/** Everything that makes two findings one cause, but the hosts and the timer. */
export function kindOf(one: Pick<Finding, 'class' | 'severity' | 'phase' | 'closer'>): string {
  // A race is one, whichever of the two was captured first; a restart cuts what it meets.
  const anyPhase = one.class === 'keepalive-race' || one.class === 'shutdown'
  return [one.class, one.severity, anyPhase ? '' : phaseGroup(one.phase), one.closer].join(' ')
}

/** Findings that only follow from another one of the same report: the abort of a leg whose client had left. */
function follows(report: Report, finding: Finding, told: ReadonlySet<number>): boolean {
  if (finding.variant === 'propagated') return true
  const own = new Set(finding.streams)
  const flows = report.flows.filter((flow) => own.has(flow.stream))
  return (
    flows.length > 0 &&
    flows.every(
      ({ verdict: { causeStream } }) =>
        causeStream !== null && told.has(causeStream) && !own.has(causeStream),
    )
  )
}

/** The causes of a report, worst first; what only follows from another finding is left out. */
export function causesOf(report: Report): Cause[] {
  const bad = report.findings.filter((finding) => finding.severity !== 'ok')
  const told = new Set(bad.flatMap((finding) => finding.streams))
  const groups: Finding[][] = []
  for (const finding of bad) {
    if (follows(report, finding, told)) continue
    const group = groups.find(
      ([first]) =>
        kindOf(first) === kindOf(finding) &&
        legKey(first) === legKey(finding) &&
        (!timerCounts(finding.class) || oneTimer(first, finding)),
    )
    if (group === undefined) groups.push([finding])
    else group.push(finding)
  }
  return groups.map((group) => causeOf(group, report))
}

function oneTimer(a: Finding, b: Finding): boolean {
  const [one, other] = [a.timer?.seconds ?? null, b.timer?.seconds ?? null]
  return (one === null) === (other === null) && sameTimer(one, other)
}

function causeOf(group: readonly Finding[], report: Report): Cause {
  // The most frequent speaks for all.
  const main = group.reduce((most, one) => (one.count > most.count ? one : most))
  const streams = group.flatMap((one) => one.streams)
  const timed = group.find((one) => one.timer !== null)
  return {
    class: main.class,
    severity: main.severity,
    phase: main.phase,
    closer: main.closer,
    client: main.client,
    server: main.server,
    variants: [...new Set(group.flatMap((one) => (one.variant === null ? [] : [one.variant])))],
    timerSeconds: main.timer?.seconds ?? timed?.timer?.seconds ?? null,
    setting: main.timer?.setting ?? timed?.timer?.setting ?? null,
    silenceSeconds: spreadOf(group, main),
    count: group.reduce((sum, one) => sum + one.count, 0),
    moments: momentsOf(streams, report),
    example: main.example,
    streams,
    title: main.title,
  }
}

type Silent = Pick<Finding, 'silenceSeconds'>

/** Shortest and longest silence of all, with the median of the most frequent; null: that one has none. */
function spreadOf(group: readonly Silent[], main: Silent): Spread | null {
  const spreads = group.flatMap(({ silenceSeconds }) => silenceSeconds ?? [])
  if (main.silenceSeconds === null) return null
  return {
    ...main.silenceSeconds,
    min: Math.min(...spreads.map(({ min }) => min)),
    max: Math.max(...spreads.map(({ max }) => max)),
  }
}

/** One cause that several legs show, as pods in the place of one server do; null: none of them does. */
export function joinCauses(causes: readonly Cause[]): Cause | null {
  const [first, ...others] = [...causes].sort((a, b) => b.count - a.count)
  if (first === undefined || others.length === 0) return first ?? null
  return {
    ...first,
    variants: [...new Set(causes.flatMap(({ variants }) => variants))],
    silenceSeconds: spreadOf(causes, first),
    count: causes.reduce((sum, { count }) => sum + count, 0),
    moments: causes.reduce((sum, { moments }) => sum + moments, 0),
    streams: causes.flatMap(({ streams }) => streams),
  }
}

/** First closes that lie apart by more than the policy's second. */
function momentsOf(streams: readonly number[], report: Report): number {
  const own = new Set(streams)
  const times = report.flows
    .flatMap((flow) => (own.has(flow.stream) && flow.close.first !== null ? [flow.close.first.time] : []))
    .sort((a, b) => a - b)
  let moments = 0
  let last = -Infinity
  for (const time of times) {
    if (time - last > verifyPolicy.oneEventSeconds) moments++
    last = time
  }
  return Math.max(1, moments)
}
