import type { FlowFacts } from '../facts/flow-facts.js'
import type { Hosts } from './hosts.js'

/** A proxy closes the leg behind this soon after its client left (seen 0.03–4 ms). */
const WITHIN_NS = 5e6

/** Clients that left while something was owed, or may have been, by the host that served them. */
export class Departures {
  private kept: Map<string, FlowFacts[]> | null = null

  constructor(
    private readonly flows: readonly FlowFacts[],
    private readonly hosts: Hosts,
  ) {}

  /** Stream of the latest such departure just before this flow's client closed it, of a flow that is none of `except`; null: none. */
  before(flow: FlowFacts, except: (stream: number) => boolean): number | null {
    const { first } = flow.close
    if (first?.by !== 'client') return null
    const list = (this.kept ??= this.gathered()).get(this.hosts.of(flow.client.ip)) ?? []
    for (let i = after(list, first.ns) - 1; i >= 0; i--) {
      const other = list[i]
      if (first.ns - leftNs(other) > WITHIN_NS) return null
      if (other !== flow && !except(other.stream)) return other.stream
    }
    return null
  }

  /** In the order of their departures. */
  private gathered(): Map<string, FlowFacts[]> {
    const byHost = new Map<string, FlowFacts[]>()
    for (const flow of this.flows) {
      if (flow.close.first?.by !== 'client' || flow.standing.owed === 'nothing') continue
      const host = this.hosts.of(flow.server.ip)
      const list = byHost.get(host)
      if (list === undefined) byHost.set(host, [flow])
      else list.push(flow)
    }
    for (const list of byHost.values()) list.sort((a, b) => leftNs(a) - leftNs(b))
    return byHost
  }
}

function leftNs(flow: FlowFacts): number {
  return flow.close.first?.ns ?? 0
}

/** Index of the first that left after this. */
function after(list: readonly FlowFacts[], ns: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (leftNs(list[middle]) <= ns) low = middle + 1
    else high = middle
  }
  return low
}
