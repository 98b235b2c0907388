import { SEVERITY_ORDER, type Finding, type FlowReport, type LegOrder, type Spread } from '../result.js'
import { hostsOf } from './finding-part.js'
import { CERTAINTY_ORDER } from './finding-tail.js'
import { timerFix } from './finding-fixes.js'
import { logWordsOf } from './finding-logs.js'
import { findingDetail, findingFix, findingTitle, timerLine } from './finding-title.js'
import { incidentFix } from './incident-fix.js'
import { incidentTitle } from './incident-title.js'
import { partLines, serverLines } from './incident-words.js'
import { partsOf, type Incident } from './incidents.js'
import { findingPolicy } from './policy.js'

/** Worst and most frequent first. */
export function worstFirst(a: Finding, b: Finding): number {
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

/**
 * One finding.
 * @param incident its flows, and what belongs to it besides
 * @param legs the order of timers on every leg
 */
export function findingOf(incident: Incident, legs: readonly LegOrder[]): Finding {
  const { flows: group, count: all } = incident.main
  const parts = partsOf(incident)
  const silenceSeconds = all.silences.spread()
  const example = exampleOf(group, silenceSeconds)
  const { verdict } = example
  const timer = timerLine(example)
  return {
    class: verdict.class,
    variant: verdict.variant,
    severity: verdict.severity,
    certainty: all.certainty,
    title: incidentTitle(incident) ?? findingTitle(all.flows, example, silenceSeconds),
    detail: [
      ...serverLines(incident.main),
      ...(timer === null ? [] : [timer]),
      ...findingDetail(group, all, example, legs),
      ...partLines(parts, all.flows),
    ],
    timerLine: timer,
    count: all.flows,
    phase: verdict.phase,
    closer: verdict.closer,
    ...hostsOf(incident.main, example),
    silenceSeconds,
    timer: verdict.timer,
    streams: group.map((flow) => flow.stream),
    ...(all.flows > group.length && { notListed: all.flows - group.length }),
    example: example.stream,
    logWords: logWordsOf(example),
    fix: incidentFix(incident) ?? [...timerFix(example, silenceSeconds), ...findingFix(example, legs)],
    ...(parts.length > 0 && { parts }),
  }
}

/** The clearest flow: most certain, linked to other legs, seen from its beginning, with the usual wait; the earliest of equals. */
function exampleOf(group: readonly FlowReport[], silence: Spread | null): FlowReport {
  const idle = group.map(idleTold).filter((seconds) => seconds !== null)
  const usualIdle = idle.sort((a, b) => a - b).at(idle.length >> 1)
  const usual = (flow: FlowReport): boolean => {
    const told = idleTold(flow)
    if (told !== null)
      return usualIdle !== undefined && Math.abs(told - usualIdle) < findingPolicy.usualIdleSeconds
    return (
      silence !== null &&
      flow.close.silence !== null &&
      Math.abs(flow.close.silence - silence.median) < findingPolicy.usualSilenceSeconds
    )
  }
  const score = (flow: FlowReport): number =>
    -10 * CERTAINTY_ORDER[flow.verdict.certainty] +
    Math.min(flow.links.length, 3) +
    (flow.clientBasis === 'syn' ? 5 : 0) +
    (usual(flow) ? 1 : 0)
  return group.reduce((best, flow) => (score(flow) > score(best) ? flow : best), group[0])
}

/** How long a connection was idle before it met its race, as its sentence tells it: its silence ends with the request. Null: no such flow. */
function idleTold({ verdict }: FlowReport): number | null {
  return verdict.class === 'keepalive-race' ? (verdict.told?.seconds ?? null) : null
}
