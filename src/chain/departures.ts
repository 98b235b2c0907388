import type { FlowFacts } from '../facts/flow-facts.js'
import type { Hosts } from './hosts.js'
import { append } from './lists.js'
import { firstIndex } from './ordered.js'
import { linkingPolicy } from './policy.js'

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
    const after = firstIndex(list.length, (index) => leftNs(list[index]) > first.ns)
    for (let i = after - 1; i >= 0; i--) {
      const other = list[i]
      if (first.ns - leftNs(other) > linkingPolicy.leavesWithinNs) return null
      if (other !== flow && !except(other.stream)) return other.stream
    }
    return null
  }

  /** In the order of their departures. */
  private gathered(): Map<string, FlowFacts[]> {
    const byHost = new Map<string, FlowFacts[]>()
    for (const flow of this.flows) {
      if (flow.close.first?.by !== 'client' || flow.standing.owed === 'nothing') continue
      append(byHost, this.hosts.of(flow.server.ip), flow)
    }
    for (const list of byHost.values()) list.sort((a, b) => leftNs(a) - leftNs(b))
    return byHost
  }
}

function leftNs(flow: FlowFacts): number {
  return flow.close.first?.ns ?? 0
}
