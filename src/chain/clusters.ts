import type { FlowFacts } from '../facts/flow-facts.js'
import type { GapCluster, SteadyIdle } from '../facts/leg-facts.js'
import { perWindow } from './chance.js'
import { Gathered, type Sink } from './gathered.js'
import { serverName, type ChainMemory } from './memory.js'
import { firstAtLeast } from './ordered.js'
import { clusterPolicy, memoryPolicy } from './policy.js'

/** The phase; waiting for a request and, where its boundaries can be read, for the rest of it are one: one timer may cover both. */
function phaseGroup(flow: FlowFacts): string {
  const { phase, framed } = flow.standing
  if (phase === 'awaiting-request' || (phase === 'mid-request' && framed)) return 'header'
  return phase ?? 'unknown'
}

/** The closing end as it would share a timer: host, and port when it is the server. Null: nobody closed. */
function closer(flow: FlowFacts): string | null {
  const first = flow.close.first
  if (first === null) return null
  return first.by === 'client' ? `client ${flow.client.ip}` : `server ${serverName(flow)}`
}

/** The same with the phase: closes in different phases have different timers. */
export function closerKey(flow: FlowFacts): string | null {
  const end = closer(flow)
  return end === null ? null : `${end} ${phaseGroup(flow)}`
}

/** Gaps of all closes, by closing end and phase, to find the flows that ended after the same silence. */
export class GapClusters {
  private readonly closes: Gathered<'gaps' | 'ages'>
  private readonly idle: Gathered<'idle'>

  /** `before`: closes of flows that are gone. */
  constructor(flows: readonly FlowFacts[], before: Pick<ChainMemory, 'gaps' | 'ages' | 'idle'>) {
    this.closes = new Gathered(flows, closer, ['gaps', 'ages'], before, noteGaps)
    this.idle = new Gathered(flows, serverName, ['idle'], before, noteIdle)
  }

  /** The flows whose gap (or age, if that agrees better) lies with this one's; `lazy`: allow nginx's early timers. */
  of(flow: FlowFacts, lazy: boolean): GapCluster {
    const key = closerKey(flow)
    const gap = flow.timerGapNs
    if (gap === null || key === null) return { flows: 1, spreadNs: 0, medianNs: gap ?? 0, measured: 'gap' }
    const width = lazy ? clusterPolicy.lazySpreadNs : clusterPolicy.spreadNs
    const byGap = clusterAround(
      this.closes.listsFor(flow, gap - clusterPolicy.lazySpreadNs).gaps.get(key) ?? [],
      gap,
      width,
      'gap',
    )
    const age = ageNs(flow)
    if (age === null) return byGap
    const { ages } = this.closes.listsFor(flow, Math.min(age, gap) - clusterPolicy.lazySpreadNs)
    const byAge = clusterAround(ages.get(key) ?? [], age, width, 'age')
    // Of two that gather as many flows, the one they agree on more closely.
    const closer = byAge.flows === byGap.flows && byAge.spreadNs < byGap.spreadNs
    return byAge.flows > byGap.flows || closer ? byAge : byGap
  }

  /** The timer that all other idle connections of this flow's server show, if it closed this one much sooner; null: it did not. */
  soonerThan(flow: FlowFacts): SteadyIdle | null {
    const idle = flow.idleBeforeCloseNs
    if (idle === null || idle < memoryPolicy.leastGapNs) return null
    return steadyBeside(this.idle.listsFor(flow, idle).idle.get(serverName(flow)) ?? [], idle)
  }

  /** How many connections this flow's server closed first after being idle for as long as here, within 20 ms; itself included. */
  likeIdle(flow: FlowFacts): number {
    const idle = flow.idleBeforeCloseNs
    if (idle === null) return 0
    const values =
      this.idle.listsFor(flow, idle - clusterPolicy.lazySpreadNs).idle.get(serverName(flow)) ?? []
    return (
      firstAtLeast(values, idle + clusterPolicy.spreadNs + 1) -
      firstAtLeast(values, idle - clusterPolicy.spreadNs)
    )
  }
}

/** How long a server lets connections idle, shown by all others that it closed, where it closed this one much sooner; null: no such thing. */
function steadyBeside(values: readonly number[], idle: number): SteadyIdle | null {
  const { steadyFlows, steadySpreadNs, soonerByNs } = clusterPolicy
  const others = values.slice(firstAtLeast(values, idle + 1))
  // Values are in order: all but this one lie behind it.
  if (others.length < steadyFlows || others.length !== values.length - 1) return null
  const [least, most] = [others[0], others[others.length - 1]]
  if (most - least > steadySpreadNs || least - idle < soonerByNs) return null
  return { flows: others.length, medianNs: others[others.length >> 1] }
}

/** Notes the gap and the age before a flow's close, unless both are below `leastNs`, under the end that closed. */
function noteGaps(flow: FlowFacts, lists: Record<'gaps' | 'ages', Sink>, leastNs: number): void {
  const gap = flow.timerGapNs
  if (gap === null) return
  const age = ageNs(flow)
  if (gap < leastNs && (age === null || age < leastNs)) return
  const key = closerKey(flow)
  if (key === null) return
  lists.gaps.add(key, gap)
  if (age !== null) lists.ages.add(key, age)
}

/** Notes how long a flow's server let it idle before it closed it, unless that is below `leastNs`. */
function noteIdle(flow: FlowFacts, lists: Record<'idle', Sink>, leastNs: number): void {
  const idle = flow.idleBeforeCloseNs
  if (idle !== null && idle >= leastNs) lists.idle.add(serverName(flow), idle)
}

/** Notes all that a flow's close tells, as long as it is not below `leastNs`. */
export function noteCloses(
  flow: FlowFacts,
  lists: Record<'gaps' | 'ages' | 'idle', Sink>,
  leastNs: number,
): void {
  noteIdle(flow, lists, leastNs)
  noteGaps(flow, lists, leastNs)
}

/** Age of a request head that never came to its end: header timers count from the handshake, not from the last byte. */
function ageNs(flow: FlowFacts): number | null {
  const { first } = flow.close
  const { phase, exchange } = flow.standing
  if (first === null || flow.establishedNs === null) return null
  if (phase !== 'awaiting-request' && (phase !== 'mid-request' || exchange?.requestHeadWhole === true))
    return null
  return first.ns - flow.establishedNs
}

/**
 * Among hundreds of closes at no steady time some agree by chance, and the more there are the more agree. A cluster has to hold more
 * than its neighbourhood would put there, and more than falls into a window anywhere in the range of its end's closes.
 */
function isChance(values: readonly number[], value: number, width: number, inside: number): boolean {
  const { neighbourhood, beyondChance } = clusterPolicy
  const around =
    firstAtLeast(values, value + neighbourhood * width + 1) -
    firstAtLeast(values, value - neighbourhood * width)
  const nearby = (around - inside) / (neighbourhood - 1)
  const expected = Math.max(nearby, rateOf(values, 2 * width))
  return inside < expected + beyondChance * Math.sqrt(expected)
}

/** `perWindow` of each list, by width: a list is asked for every close in it. */
const ratesOf = new WeakMap<readonly number[], Map<number, number>>()

function rateOf(values: readonly number[], width: number): number {
  const rates = ratesOf.get(values) ?? new Map<number, number>()
  const rate = rates.get(width) ?? perWindow(values, width)
  ratesOf.set(values, rates.set(width, rate))
  return rate
}

function clusterAround(
  values: readonly number[],
  value: number,
  width: number,
  measured: GapCluster['measured'],
): GapCluster {
  const from = firstAtLeast(values, value - width)
  const to = firstAtLeast(values, value + width + 1)
  if (to <= from || isChance(values, value, width, to - from))
    return { flows: 1, spreadNs: 0, medianNs: value, measured }
  return {
    flows: to - from,
    spreadNs: values[to - 1] - values[from],
    medianNs: values[(from + to) >> 1],
    measured,
  }
}
