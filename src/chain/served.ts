import type { LegLink } from '../facts/leg-facts.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import type { Exchange } from '../exchange/exchange.js'

/** Later flows with the earliest that is the same connection, seen elsewhere: two sightings of one request do not compete. */
export type Twins = ReadonlyMap<number, number>

/** The request itself, whichever of its sightings this is: its connection and where in it the request begins. */
export function requestKey(flow: FlowFacts, exchange: Exchange, twins: Twins): string {
  return `${twins.get(flow.stream) ?? flow.stream} ${exchange.requestStart?.seq ?? '-'}`
}

/** Which requests another leg is being waited for, by the links found so far. */
export class Served {
  private readonly spans = new Map<string, { readonly fromNs: number; readonly untilNs: number }[]>()

  constructor(
    links: readonly LegLink[],
    private readonly twins: Twins,
  ) {
    for (const link of links) this.note(link)
  }

  note({ downstream, downstreamExchange, upstream, upstreamExchange }: LegLink): void {
    const fromNs = upstreamExchange?.requestStart?.timeNs ?? upstream.startNs
    const answeredNs = upstreamExchange?.responseEnd?.timeNs ?? Infinity
    const untilNs = Math.min(answeredNs, upstream.close.first?.ns ?? Infinity)
    const key = requestKey(downstream, downstreamExchange, this.twins)
    const spans = this.spans.get(key)
    if (spans === undefined) this.spans.set(key, [{ fromNs, untilNs }])
    else spans.push({ fromNs, untilNs })
  }

  /** Whether a leg that was sent for this request is under way at this time. */
  isAt(flow: FlowFacts, exchange: Exchange, ns: number): boolean {
    const spans = this.spans.get(requestKey(flow, exchange, this.twins))
    return spans?.some(({ fromNs, untilNs }) => fromNs <= ns && ns < untilNs) === true
  }
}
