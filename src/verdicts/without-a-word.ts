/** Proxies that closed both legs of a request in one moment without a word to their client. */
import type { FlowFacts } from '../facts/flow-facts.js'
import type { LegLink, Surroundings } from '../facts/leg-facts.js'
import { FIRST_SERVER_ERROR } from '../exchange/exchange.js'
import { entry, type TimerMatch } from '../knowledge/look-up.js'
import { policy } from './policy.js'

/** The proxy between the legs closed both at once, and its client had got nothing for this request. */
export function leftWithoutWord({ downstream, downstreamExchange, upstream, certainty }: LegLink): boolean {
  const [down, up] = [downstream.close.first, upstream.close.first]
  return (
    certainty !== 'possible' &&
    down?.by === 'server' &&
    up?.by === 'client' &&
    Math.abs(down.ns - up.ns) <= policy.consequenceWithinNs &&
    downstream.standing.owed === 'response' &&
    downstream.standing.exchange === downstreamExchange
  )
}

/**
 * The same timers, those last whose software answers its client when they run out (504): it said nothing. A default or a value of the user
 * that fits keeps its place, for an answer can be switched off (nginx: `error_page 504 =444`).
 */
export function silentFirst(
  found: readonly TimerMatch[],
  facts: FlowFacts,
  around: Pick<Surroundings, 'downstreams' | 'upstreams'>,
): readonly TimerMatch[] {
  const { exchange } = facts.standing
  const here = [...around.downstreams, ...around.upstreams].find((link) =>
    link.upstream === facts
      ? link.upstreamExchange === exchange
      : link.downstream === facts && link.downstreamExchange === exchange,
  )
  if (here === undefined || !leftWithoutWord(here)) return found
  const answers = found.filter(
    ({ id, fits, basis }) =>
      !(fits && basis !== 'typical') &&
      entry(id)?.clientStatus.some((status) => status >= FIRST_SERVER_ERROR) === true,
  )
  return answers.length === 0 ? found : [...found.filter((one) => !answers.includes(one)), ...answers]
}
