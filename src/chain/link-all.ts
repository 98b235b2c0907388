import type { FlowFacts } from '../facts/flow-facts.js'
import type { LegLink } from '../facts/leg-facts.js'
import type { Horizon } from './horizon.js'
import type { Hosts } from './hosts.js'
import { linkLegs, linkUnopened } from './legs.js'
import type { Sent } from './sent.js'
import { linkTunnels } from './tunnel-legs.js'

/**
 * All links between legs. Between captures whose clocks may differ no request is followed: nobody can tell which came first.
 * `clockOf`: captures with the same number have clocks that agree.
 */
export function linkAll(
  flows: readonly FlowFacts[],
  sent: readonly Sent[],
  hosts: Hosts,
  twins: ReadonlyMap<number, number>,
  clockOf: (capture: number) => number,
  horizon: Horizon,
): LegLink[] {
  if (sent.length === 0) return []
  const clocks = new Set(flows.map((flow) => clockOf(flow.capture)))
  return [...clocks].flatMap((clock) => {
    const isOwn = (flow: FlowFacts): boolean => clockOf(flow.capture) === clock
    const own = flows.filter((flow) => horizon.reachesTo(flow.startNs) && isOwn(flow))
    const ownSent = clocks.size === 1 ? sent : sent.filter(({ flow }) => isOwn(flow))
    const tunnels = linkTunnels(own, ownSent, hosts, twins)
    const inTunnels = new Set(tunnels.map(({ upstream }) => upstream))
    const readable = tunnels.length === 0 ? ownSent : ownSent.filter(({ flow }) => !inTunnels.has(flow))
    const carried = [...tunnels, ...linkLegs(readable, hosts, twins)]
    return [...carried, ...linkUnopened(own, ownSent, carried, hosts, twins)]
  })
}
