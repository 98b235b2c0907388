import type { Chain } from '../chain/surroundings.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import type { FlowReport } from '../result.js'
import { linksOf } from './flow-report.js'
import { chainViewPolicy } from './policy.js'

/** Flows that are linked to the shown ones, directly or over a few legs, and are not shown themselves; by stream number. */
export function linkedStreams(
  shown: readonly FlowReport[],
  chain: Chain,
  flows: ReadonlyMap<number, FlowFacts>,
): FlowFacts[] {
  const reached = new Set(shown.map((flow) => flow.stream))
  const found: FlowFacts[] = []
  let edge = shown.flatMap((flow) => flow.links.map((link) => link.stream))
  for (let legs = 0; legs < chainViewPolicy.legsLinked && edge.length > 0; legs++) {
    const next: number[] = []
    for (const stream of edge) {
      const facts = flows.get(stream)
      if (facts === undefined || reached.has(stream)) continue
      reached.add(stream)
      found.push(facts)
      next.push(...linksOf(chain, stream, chain.around(facts)).map((link) => link.stream))
    }
    edge = next
  }
  return found.sort((a, b) => a.stream - b.stream)
}
