/** While the head of a request is waited for: from which byte each timer counts, and which of two they leave possible. */
import type { FlowFacts } from '../facts/flow-facts.js'
import type { GapCluster } from '../facts/leg-facts.js'
import { entry, type TimerMatch, type TimerQuery } from '../knowledge/look-up.js'
import { policy } from './policy.js'

/** When the current request began to be read: at its first byte, or when the response before it was over. Null: not known. */
export function requestBegunNs({
  standing,
  conversation,
}: Pick<FlowFacts, 'standing' | 'conversation'>): number | null {
  const { exchange } = standing
  if (exchange?.requestStart == null) return null
  const all = conversation?.protocol === 'http1' ? conversation.exchanges : []
  const before = all.at(all.lastIndexOf(exchange) - 1)
  const overNs = before === undefined || before.index >= exchange.index ? Infinity : before.responseEndNs
  return overNs === Infinity ? exchange.requestStartNs : Math.max(exchange.requestStartNs, overNs)
}

/**
 * The next setting of the same software that may as well have fired: one of the two counts from the first byte of the head, the other from
 * its last. Null: there is none.
 */
export function rivalOf([best, ...others]: readonly TimerMatch[], query: TimerQuery): TimerMatch | null {
  if (best === undefined || query.part !== 'head') return null
  const other = { 'request-age': 'gap', gap: 'request-age', age: null, count: null }[best.measured]
  // That people often choose a value tells nothing where both clocks show it.
  const even = best.basis === 'typical' && clocksAgree(query)
  const says = query.status === null ? null : (`HTTP-${query.status}` as const)
  const alike = ({ id, component, fits }: TimerMatch): boolean =>
    component === best.component &&
    (fits === best.fits || even) &&
    (says === null || entry(id)?.wire.includes(says) === true)
  return others.find((one) => one.measured === other && alike(one)) ?? null
}

/** Answers of the look-up: of two with different clocks the one whose clock shows the same on like flows, where the other's does not, first. */
export function agreed(
  found: readonly TimerMatch[],
  query: TimerQuery,
  cluster: GapCluster,
): readonly TimerMatch[] {
  const rival = rivalOf(found, query)
  if (rival?.measured !== 'gap' || cluster.measured !== 'gap' || cluster.flows < policy.clusterFlows)
    return found
  return clocksAgree(query) ? found : [rival, ...found.filter((one) => one !== rival)]
}

/** All that had come of the head had come at once. */
function clocksAgree({ requestAgeSeconds, gapSeconds }: TimerQuery): boolean {
  return Math.abs((requestAgeSeconds ?? 0) - (gapSeconds ?? 0)) * 1e9 < policy.sameClockNs
}
