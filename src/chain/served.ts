import type { LegLink } from '../facts/leg-facts.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import { FIRST_SERVER_ERROR, type Exchange } from '../exchange/exchange.js'
import { sentNs } from './could-be-parent.js'
import { legPolicy } from './policy.js'
import type { Sent } from './sent.js'
import { requestKey, type Twins } from './twins.js'

/** A leg that was sent for a request, and from when until when it was under way. */
interface Span {
  readonly leg: number
  readonly fromNs: number
  readonly untilNs: number
  readonly surely: boolean
}

/** Which requests another leg is being waited for, by the links found so far. */
export class Served {
  private kept: Map<string, Span[]> | null = null
  private readonly links: LegLink[]

  constructor(
    links: readonly LegLink[],
    readonly twins: Twins,
  ) {
    this.links = [...links]
  }

  /** Another link was found. */
  note(link: LegLink): void {
    if (this.kept === null) this.links.push(link)
    else this.noteSpan(this.kept, link)
  }

  /** Names a request: two sightings of it have one name. */
  key(flow: FlowFacts, exchange: Exchange): string {
    return requestKey(flow, exchange, this.twins)
  }

  /** Made when first asked for: where every request has its id nobody asks. */
  private spans(): Map<string, Span[]> {
    if (this.kept !== null) return this.kept
    const spans = (this.kept = new Map<string, Span[]>())
    for (const link of this.links) this.noteSpan(spans, link)
    this.links.length = 0
    return spans
  }

  private noteSpan(known: Map<string, Span[]>, link: LegLink): void {
    const { downstream, downstreamExchange, upstream, upstreamExchange, certainty } = link
    // A connection that was opened for it served it from its SYN on.
    const fromNs = upstreamExchange?.index === 0 ? upstream.startNs : sentNs(link)
    const untilNs = overNs(upstream, upstreamExchange)
    const key = this.key(downstream, downstreamExchange)
    const span = { leg: this.connection(upstream), fromNs, untilNs, surely: certainty !== 'possible' }
    const spans = known.get(key)
    if (spans === undefined) known.set(key, [span])
    else if (spans.length < legPolicy.legsOfRequest) spans.push(span)
    else {
      const soonest = spans.reduce((a, b) => (b.untilNs < a.untilNs ? b : a))
      if (soonest.untilNs < untilNs) spans[spans.indexOf(soonest)] = span
    }
  }

  /**
   * Whether a leg that was sent for this request is under way when the sender of `other` turns to its server; `perhaps`: legs that were
   * only possibly sent for it count, too.
   */
  isAt({ flow, exchange }: Sent, other: Sent, how: 'surely' | 'perhaps'): boolean {
    const own = this.connection(other.flow)
    const ns = other.turnedNs
    const spans = this.spans().get(this.key(flow, exchange)) ?? []
    return spans.some(
      (one) =>
        // Another sighting of that leg does not stand in its own way.
        one.leg !== own && one.fromNs <= ns && ns < one.untilNs && (one.surely || how === 'perhaps'),
    )
  }

  private connection({ stream }: FlowFacts): number {
    return this.twins.get(stream) ?? stream
  }
}

/** A request that was answered is not sent again, unless the answer was an error: then nothing stands in the way of another try. */
function overNs(upstream: FlowFacts, exchange: Exchange | null): number {
  const status = exchange?.status ?? null
  if (status !== null && status < FIRST_SERVER_ERROR) return Infinity
  return Math.min(exchange?.responseEnd?.timeNs ?? Infinity, upstream.close.first?.ns ?? Infinity)
}
