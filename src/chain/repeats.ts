import type { FlowFacts } from '../facts/flow-facts.js'
import { closerKey } from './clusters.js'
import { append } from './lists.js'
import type { NumbersOf } from './memory.js'
import { closeNs } from './moments.js'
import { firstIndex } from './ordered.js'
import { clusterPolicy, shutdownPolicy } from './policy.js'

/** Closes of one end in one phase, in order of their gaps. */
interface Closes {
  readonly flows: readonly FlowFacts[]
  /** From the first of them to the last, nanoseconds. */
  readonly withinNs: number
}

/**
 * Whether an end closed after the same wait at another moment, too. Requests that were sent together and broke off together waited for
 * the same time whatever ended them: only a wait that comes again shows a timer.
 */
export class Repeats {
  private kept: ReadonlyMap<string, Closes> | null = null

  /** `before`: gaps of closes by closing end, of flows that are gone. */
  constructor(
    private readonly flows: readonly FlowFacts[],
    private readonly before: NumbersOf,
  ) {}

  again(flow: FlowFacts): boolean {
    const key = closerKey(flow)
    const gap = flow.timerGapNs
    if (key === null || gap === null) return false
    const alike = (other: number): boolean => Math.abs(other - gap) <= clusterPolicy.spreadNs
    if (this.before.of(key).some(alike)) return true
    const closes = (this.kept ??= byCloser(this.flows)).get(key)
    if (closes === undefined || closes.withinNs <= shutdownPolicy.oneMomentNs) return false
    const { flows } = closes
    const from = firstIndex(flows.length, (index) => gapOf(flows[index]) >= gap - clusterPolicy.spreadNs)
    for (let at = from; at < flows.length && alike(gapOf(flows[at])); at++)
      if (Math.abs(closeNs(flows[at]) - closeNs(flow)) > shutdownPolicy.oneMomentNs) return true
    return false
  }
}

function gapOf(flow: FlowFacts): number {
  return flow.timerGapNs ?? 0
}

function byCloser(flows: readonly FlowFacts[]): ReadonlyMap<string, Closes> {
  const lists = new Map<string, FlowFacts[]>()
  for (const flow of flows) {
    const key = flow.timerGapNs === null ? null : closerKey(flow)
    if (key !== null) append(lists, key, flow)
  }
  const found = new Map<string, Closes>()
  for (const [key, list] of lists) {
    list.sort((a, b) => gapOf(a) - gapOf(b))
    const [first, last] = list.reduce(
      ([least, most], flow) => [Math.min(least, closeNs(flow)), Math.max(most, closeNs(flow))],
      [Infinity, -Infinity],
    )
    found.set(key, { flows: list, withinNs: last - first })
  }
  return found
}
