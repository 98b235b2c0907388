import type { FlowFacts } from '../facts/flow-facts.js'
import type { LegLink } from '../facts/leg-facts.js'
import type { Hosts } from './hosts.js'
import { linkLegs, linkUnopened } from './legs.js'
import type { Sent } from './sent-index.js'

/**
 * All links between legs. Which request came first cannot be told where clocks differ who knows how much: none is followed from one to the
 * other there. `clockOf`: captures with the same number have clocks that agree.
 */
export function linkAll(
  flows: readonly FlowFacts[],
  sent: readonly Sent[],
  hosts: Hosts,
  twins: ReadonlyMap<number, number>,
  clockOf: (capture: number) => number,
): LegLink[] {
  return [...new Set(flows.map((flow) => clockOf(flow.capture)))].flatMap((clock) => {
    const own = flows.filter((flow) => clockOf(flow.capture) === clock)
    const ownSent = sent.filter(({ flow }) => clockOf(flow.capture) === clock)
    const carried = linkLegs(ownSent, hosts, twins)
    return [...carried, ...linkUnopened(own, ownSent, carried, hosts, twins)]
  })
}
