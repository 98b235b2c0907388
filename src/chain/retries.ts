import type { Exchange } from '../exchange/exchange.js'
import type { LegLink } from '../facts/leg-facts.js'
import { sentNs } from './could-be-parent.js'
import { append } from './lists.js'
import { firstIndex } from './ordered.js'
import { isQuestion } from './sub-requests.js'

/** The legs of each request in the order in which it was sent on them, put in order when the first is asked for. */
export class Retries {
  private legs: Map<Exchange, LegLink[]> | null = null

  /** `twinStreams`: the other flows that are the same connection as one, seen at another place. */
  constructor(
    private readonly links: readonly LegLink[],
    private readonly twinStreams: (stream: number) => readonly number[],
  ) {}

  /** The next leg on which the request of a leg was sent; null: on none. */
  after(link: LegLink): LegLink | null {
    const legs = (this.legs ??= this.inOrder()).get(link.downstreamExchange) ?? []
    const own = sentNs(link)
    let twins: readonly number[] | null = null
    const first = firstIndex(legs.length, (at) => sentNs(legs[at]) > own)
    for (let at = first; at < legs.length; at++) {
      const { upstream } = legs[at]
      twins ??= this.twinStreams(link.upstream.stream)
      if (upstream === link.upstream || twins.includes(upstream.stream)) continue
      if (isQuestion(legs[at]) === isQuestion(link)) return legs[at]
    }
    return null
  }

  private inOrder(): Map<Exchange, LegLink[]> {
    const legs = new Map<Exchange, LegLink[]>()
    for (const link of this.links) append(legs, link.downstreamExchange, link)
    for (const list of legs.values()) list.sort((a, b) => sentNs(a) - sentNs(b))
    return legs
  }
}
