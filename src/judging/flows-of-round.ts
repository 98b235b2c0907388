import { Horizon } from '../chain/horizon.js'
import type { ChainMemory } from '../chain/memory.js'
import { flowFacts } from '../facts/build.js'
import type { FactSources } from '../facts/fact-sources.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import { isTellingClose } from './telling-close.js'

/** The flows of a round in the order of their streams, and which of their requests are looked at. */
export interface FlowsOfRound {
  readonly flows: readonly FlowFacts[]
  readonly horizon: Horizon
}

/**
 * Takes flows that are judged, and of those beside them the ones that can be legs of theirs, or closed as they may have. Where nothing is
 * known yet, and where captures of several places have clocks of their own, all are taken.
 * @param rows flows that are judged, by their rows in the columns
 * @param memory what earlier rounds have told
 */
export function flowsOfRound(
  sources: FactSources,
  rows: readonly number[],
  beside: readonly number[],
  memory: ChainMemory,
): FlowsOfRound {
  const { firstNs, vantage } = sources.store.flows
  const horizon = new Horizon(memory.answered)
  const factsOf = (some: readonly number[]): FlowFacts[] => some.map((row) => flowFacts(sources, row))
  const tells = (row: number): boolean => isTellingClose(sources.store, row, sources.conversationOf)
  const inOrder = (flows: FlowFacts[]): FlowFacts[] => flows.sort((a, b) => a.stream - b.stream)
  const isFirst = memory.meetings.all.length === 0
  const elsewhere = (row: number): boolean => vantage[row] !== 0
  if (beside.length === 0 || isFirst || rows.some(elsewhere) || beside.some(elsewhere))
    return { flows: inOrder(factsOf([...rows, ...beside])), horizon }
  const judged = factsOf(rows)
  horizon.narrowTo(judged, memory.owners.some || memory.proxies.length > 0)
  const early = factsOf(beside.filter((row) => horizon.reachesTo(firstNs[row])))
  const later = beside.filter((row) => !horizon.reachesTo(firstNs[row]))
  horizon.widenTo(early)
  const late = factsOf(later.filter((row) => horizon.reachesTo(firstNs[row]) || tells(row)))
  return { flows: inOrder([...judged, ...early, ...late]), horizon }
}
