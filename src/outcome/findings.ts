import type { Finding, FindingHost, FlowReport, LegOrder, Severity, Spread } from '../result.js'
import { timerFix } from './finding-fixes.js'
import { logWordsOf } from './finding-logs.js'
import { findingDetail, findingFix, findingTitle } from './finding-title.js'

/** Values of one timer lie closer together than this (lazy timers come up to 0.3 s early). */
const SAME_TIMER_SECONDS = 0.3
const SEVERITY_ORDER: Readonly<Record<Severity, number>> = { problem: 0, latent: 1, ok: 2 }
const CERTAINTY_ORDER = { certain: 0, likely: 1, possible: 2 }

/** Like flows with one cause as one finding each, with what is known of the order of timers on their leg, worst and most frequent first. Flows that are ok make no finding. */
export function findingsOf(flows: readonly FlowReport[], legs: readonly LegOrder[] = []): Finding[] {
  const groups = new Map<string, FlowReport[]>()
  const bad = new Set(flows.filter((flow) => flow.verdict.severity !== 'ok').map((flow) => flow.stream))
  for (const flow of flows) {
    if (flow.verdict.severity === 'ok' || countedElsewhere(flow, bad)) continue
    const key = keyOf(flow)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [flow])
    else group.push(flow)
  }
  return [...groups.values()]
    .flatMap(byTimerValue)
    .map((group) => finding(group, legs))
    .sort(worstFirst)
}

/** The same connection seen at another place, or on the other side of a NAT: it is counted there. */
function countedElsewhere(flow: FlowReport, bad: ReadonlySet<number>): boolean {
  return flow.links.some(
    (link) => link.relation === 'nat-twin' && link.stream < flow.stream && bad.has(link.stream),
  )
}

function worstFirst(a: Finding, b: Finding): number {
  return (
    SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity] ||
    Number(followsOnly(a)) - Number(followsOnly(b)) ||
    b.count - a.count ||
    a.example - b.example
  )
}

/** A consequence of another flow's end: its cause is a finding of its own. */
function followsOnly(finding: Finding): boolean {
  return finding.variant === 'propagated'
}

/** Flows of one setting, apart where the measured values leave a gap: two configured values of it. */
function byTimerValue(group: readonly FlowReport[]): FlowReport[][] {
  const seconds = (flow: FlowReport): number => flow.verdict.timer?.seconds ?? 0
  const parts: FlowReport[][] = []
  let last = NaN
  for (const flow of [...group].sort((a, b) => seconds(a) - seconds(b) || a.stream - b.stream)) {
    if (seconds(flow) - last <= SAME_TIMER_SECONDS) parts[parts.length - 1].push(flow)
    else parts.push([flow])
    last = seconds(flow)
  }
  return parts.map((part) => part.sort((a, b) => a.stream - b.stream))
}

/** Same class, same pair of hosts, same phase, same timer. The many clients of a front end count as one host. */
function keyOf(flow: FlowReport): string {
  const { verdict, client, server } = flow
  const who = client.role === 'client' || client.role === null ? 'clients' : client.ip
  const timer = verdict.timer?.setting ?? '-'
  return [
    verdict.class,
    verdict.variant,
    verdict.severity,
    who,
    server.ip,
    server.port,
    verdict.phase,
    verdict.closer,
    timer,
  ].join(' ')
}

function finding(group: readonly FlowReport[], legs: readonly LegOrder[]): Finding {
  const silenceSeconds = spreadOf(group)
  const example = exampleOf(group, silenceSeconds)
  const { verdict } = example
  const oneClient = group.every((flow) => flow.client.ip === example.client.ip)
  const client: FindingHost = {
    ip: oneClient ? example.client.ip : `${new Set(group.map((flow) => flow.client.ip)).size} hosts`,
    role: example.client.role,
  }
  const certainty = group.reduce(
    (worst, flow) =>
      CERTAINTY_ORDER[flow.verdict.certainty] > CERTAINTY_ORDER[worst] ? flow.verdict.certainty : worst,
    verdict.certainty,
  )
  return {
    class: verdict.class,
    variant: verdict.variant,
    severity: verdict.severity,
    certainty,
    title: findingTitle(group, example, silenceSeconds),
    detail: findingDetail(group, example, legs),
    count: group.length,
    phase: verdict.phase,
    closer: verdict.closer,
    client,
    server: { ip: example.server.ip, port: example.server.port, role: example.server.role },
    silenceSeconds,
    timer: verdict.timer,
    streams: group.map((flow) => flow.stream),
    example: example.stream,
    logWords: logWordsOf(example),
    fix: [...timerFix(example, silenceSeconds), ...findingFix(example, legs)],
  }
}

/** The clearest flow: most certain, linked to other legs, seen from its beginning, with the usual silence; the earliest of equals. */
function exampleOf(group: readonly FlowReport[], silence: Spread | null): FlowReport {
  const usual = (flow: FlowReport): boolean =>
    silence !== null && flow.close.silence !== null && Math.abs(flow.close.silence - silence.median) < 0.01
  const score = (flow: FlowReport): number =>
    -10 * CERTAINTY_ORDER[flow.verdict.certainty] +
    Math.min(flow.links.length, 3) +
    (flow.clientBasis === 'syn' ? 5 : 0) +
    (usual(flow) ? 1 : 0)
  return group.reduce((best, flow) => (score(flow) > score(best) ? flow : best), group[0])
}

function spreadOf(group: readonly FlowReport[]): Spread | null {
  const values = group
    .flatMap((flow) => (flow.close.silence === null ? [] : [flow.close.silence]))
    .sort((a, b) => a - b)
  if (values.length === 0) return null
  return { min: values[0], median: values[values.length >> 1], max: values[values.length - 1] }
}
