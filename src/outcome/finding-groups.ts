import type { Finding, FlowReport, LegOrder } from '../result.js'
import { AnswersHeard } from './answers.js'
import { told } from './contested.js'
import { findingOf, worstFirst } from './findings.js'
import { callerOf, type Part } from './finding-part.js'
import { FindingCount } from './finding-tail.js'
import { incidentsOf } from './incidents.js'
import { findingPolicy, listingPolicy, type ListingLimits } from './policy.js'

/** Flows of one kind: those listed, and those beyond by the value of their timer. */
interface Group {
  readonly listed: FlowReport[]
  readonly tails: Map<number, FindingCount>
}

/** Part of a group with one timer, and the values of that. */
interface TimerPart extends Part {
  readonly from: number
  to: number
}

/** Gathers flows into findings as they are judged: like flows with one cause become one. Lists a bounded number of each. */
export class FindingGroups {
  private readonly groups = new Map<string, Group>()
  /** Flows that are neither ok nor listed; those of findings for which there was no room at all among them. */
  notListed = 0
  private listed = 0

  /** What the servers of all flows said, of those that are ok, too. */
  readonly answers: AnswersHeard

  /** @param startNs time that counts as 0 */
  constructor(
    private readonly limits: ListingLimits = listingPolicy,
    startNs = 0,
  ) {
    this.answers = new AnswersHeard(startNs)
  }

  /** Limits of what is remembered beside the flows themselves. */
  get limitsHit(): { readonly answersForgotten: number } {
    return { answersForgotten: this.answers.forgotten }
  }

  /** Flows with what all others say of their servers. */
  told(flows: readonly FlowReport[]): FlowReport[] {
    return flows.map((flow) => told(flow, this.answers))
  }

  /** Adds a flow that is not ok. Gives its report as listed, from `whole`; null when it is not listed and `flow` was only counted. */
  add(flow: FlowReport, whole: () => FlowReport): FlowReport | null {
    const key = keyOf(flow)
    const known = this.groups.get(key)
    const room = this.listed < this.limits.flowsInAll
    if (known === undefined && !room) return this.leave()
    const group = known ?? { listed: [], tails: new Map<number, FindingCount>() }
    if (known === undefined) this.groups.set(key, group)
    const bin = binOf(flow, group)
    const first = !group.tails.has(bin)
    if (first) group.tails.set(bin, new FindingCount(this.limits))
    if (room && (group.listed.length < this.limits.flowsOfFinding || first)) {
      const report = whole()
      group.listed.push(report)
      this.listed++
      return report
    }
    group.tails.get(bin)?.add(flow)
    return this.leave()
  }

  /** The findings with what is known of the order of timers on their leg, worst and most frequent first. */
  findings(legs: readonly LegOrder[]): Finding[] {
    return incidentsOf([...this.groups.values()].flatMap(partsOf), this.answers)
      .map((incident) => findingOf(incident, legs))
      .sort(worstFirst)
  }

  private leave(): null {
    this.notListed++
    return null
  }
}

function secondsOf(flow: FlowReport): number {
  return flow.verdict.timer?.seconds ?? 0
}

function binOf(flow: FlowReport, group: Group): number {
  const bin = Math.round(secondsOf(flow) / findingPolicy.sameTimerSeconds)
  return group.tails.size < findingPolicy.timersOfKind || group.tails.has(bin) ? bin : 0
}

/** Flows of one setting, apart where the measured values leave a gap: two configured values of it. */
function partsOf({ listed, tails }: Group): TimerPart[] {
  const parts: TimerPart[] = []
  for (const flow of [...listed].sort((a, b) => secondsOf(a) - secondsOf(b) || a.stream - b.stream)) {
    const seconds = secondsOf(flow)
    let part = parts[parts.length - 1] as TimerPart | undefined
    if (part === undefined || !(seconds - part.to <= findingPolicy.sameTimerSeconds)) {
      part = { flows: [], count: new FindingCount(), from: seconds, to: seconds }
      parts.push(part)
    }
    part.to = seconds
    part.flows.push(flow)
    part.count.add(flow)
  }
  for (const [bin, tail] of tails)
    if (tail.flows > 0) nearest(parts, bin * findingPolicy.sameTimerSeconds).count.addAll(tail)
  for (const part of parts) part.flows.sort((a, b) => a.stream - b.stream)
  return parts
}

function nearest(parts: readonly TimerPart[], seconds: number): TimerPart {
  const distance = (part: TimerPart): number => Math.max(part.from - seconds, seconds - part.to, 0)
  return parts.reduce((best, part) => (distance(part) < distance(best) ? part : best))
}

/** Same class, same caller and server, same phase, same timer; an abort and what may have been a send timeout are not mended alike, nor are ICMP errors of different kinds. */
function keyOf(flow: FlowReport): string {
  const { verdict, client, server } = flow
  const timer = verdict.timer?.setting ?? '-'
  return [
    verdict.class,
    verdict.variant,
    verdict.severity,
    callerOf(client),
    server.ip,
    server.port,
    verdict.phase,
    verdict.closer,
    timer,
    verdict.gone,
    verdict.causeStream !== null,
    verdict.class.endsWith('-abort') || verdict.class === 'refused' ? verdict.told?.advice : '',
  ].join(' ')
}
