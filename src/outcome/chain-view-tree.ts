import { sentNs } from '../chain/could-be-parent.js'
import { append } from '../chain/lists.js'
import { isQuestion } from '../chain/sub-requests.js'
import type { Exchange } from '../exchange/exchange.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import type { LegLink } from '../facts/leg-facts.js'
import type { Certainty } from '../result.js'
import { chainViewPolicy } from './policy.js'

/** A request on one leg. */
export interface Carried {
  readonly flow: FlowFacts
  /** null: the leg was only being opened for the request. */
  readonly exchange: Exchange | null
}

/** A request on one leg of its way through the chain, outermost first. */
export interface TracedLeg extends Carried {
  readonly depth: number
  /** Of the link to the leg before it; null for the outermost. */
  readonly certainty: Certainty | null
  /** 0 for the first try on this leg of the chain. */
  readonly attempt: number
}

/** The links between legs, looked up by exchange. A connection that was seen twice is one leg. */
export class RequestTrees {
  private readonly downwards = new Map<Exchange | FlowFacts, LegLink>()
  private readonly upwards = new Map<Exchange, LegLink[]>()

  constructor(
    links: readonly LegLink[],
    private readonly twinsOf: (stream: number) => readonly number[],
    private readonly flowOf: (stream: number) => FlowFacts | undefined,
  ) {
    for (const link of links) {
      const key = link.upstreamExchange ?? link.upstream
      if (!this.downwards.has(key)) this.downwards.set(key, link)
      append(this.upwards, link.downstreamExchange, link)
    }
  }

  /** The request as the leg nearest to the client shows it. */
  outermost(carried: Carried): Carried {
    let at = this.first(carried)
    for (let depth = 0; depth < chainViewPolicy.depth; depth++) {
      const link = this.sightings(at)
        .map((one) => this.downwards.get(one.exchange ?? one.flow))
        .find((found) => found !== undefined)
      if (link === undefined) return at
      at = this.first({ flow: link.downstream, exchange: link.downstreamExchange })
    }
    return at
  }

  /** The legs that served it directly. */
  next(carried: Carried): Carried[] {
    return this.linksFrom(carried).map((link) => ({ flow: link.upstream, exchange: link.upstreamExchange }))
  }

  /** All legs from this one on: each with what it led to before its next try. */
  legsOf(outermost: Carried): TracedLeg[] {
    const legs: TracedLeg[] = []
    const follow = (at: Carried, depth: number, certainty: Certainty | null, attempt: number): void => {
      if (legs.length >= chainViewPolicy.legs || legs.some((leg) => isSame(leg, at))) return
      legs.push({ ...at, depth, certainty, attempt })
      if (depth === chainViewPolicy.depth) return
      const links = this.linksFrom(at)
      links.forEach((link, index) => {
        // A question about the request (auth_request) and the request itself are no two tries of one.
        const before = links.slice(0, index).filter((one) => isQuestion(one) === isQuestion(link))
        const next = { flow: link.upstream, exchange: link.upstreamExchange }
        follow(next, depth + 1, link.certainty, before.length)
      })
    }
    follow(outermost, 0, null, 0)
    return legs
  }

  /** Links to the legs that served it, one for each connection, in order of time. */
  private linksFrom(carried: Carried): LegLink[] {
    const found: LegLink[] = []
    for (const { exchange } of this.sightings(carried)) {
      for (const link of exchange === null ? [] : (this.upwards.get(exchange) ?? [])) {
        const { flow: upstream, exchange: upstreamExchange } = this.first({
          flow: link.upstream,
          exchange: link.upstreamExchange,
        })
        if (!found.some((one) => one.upstream === upstream && one.upstreamExchange === upstreamExchange))
          found.push({ ...link, upstream, upstreamExchange })
      }
    }
    return found.sort((a, b) => sentNs(a) - sentNs(b) || a.upstream.stream - b.upstream.stream)
  }

  /** The same request as the lowest stream number shows it. */
  private first(carried: Carried): Carried {
    return this.sightings(carried)[0] ?? carried
  }

  /** The request wherever its connection was seen, by stream number. */
  private sightings(carried: Carried): Carried[] {
    const twins = this.twinsOf(carried.flow.stream)
    if (twins.length === 0) return [carried]
    const others = twins.flatMap((stream): Carried[] => {
      const flow = this.flowOf(stream)
      if (flow === undefined) return []
      if (carried.exchange === null) return [{ flow, exchange: null }]
      const { requestStart } = carried.exchange
      const exchange =
        requestStart === null
          ? undefined
          : flow.conversation?.exchanges.find((one) => one.requestStart?.seq === requestStart.seq)
      return exchange === undefined ? [] : [{ flow, exchange }]
    })
    return [carried, ...others].sort((a, b) => a.flow.stream - b.flow.stream)
  }
}

function isSame(a: Carried, b: Carried): boolean {
  return a.flow === b.flow && a.exchange === b.exchange
}
