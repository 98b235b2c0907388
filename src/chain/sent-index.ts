import type { Exchange } from '../exchange/exchange.js'
import type { FlowFacts } from '../facts/flow-facts.js'

/** A request as it was sent on one leg. */
export interface Sent {
  readonly flow: FlowFacts
  readonly exchange: Exchange
  readonly startNs: number
  /** When its sender turned to the server with it: began to open the connection for it, else `startNs`. */
  readonly turnedNs: number
}

/** A connection that carries its first request this soon was opened for it. */
const OPENS_WITHIN_NS = 1e9
/** Requests looked at, at most, to find the one that another was made for: newer ones first. Bounds hostile captures. */
const MOST_CANDIDATES = 64

/** All requests of the run in order of time. */
export function allRequests(flows: readonly FlowFacts[]): Sent[] {
  const all: Sent[] = []
  for (const flow of flows) {
    if (flow.conversation === null || flow.conversation.protocol === 'opaque') continue
    for (const exchange of flow.conversation.exchanges) {
      if (exchange.requestStart === null) continue
      const startNs = exchange.requestStart.timeNs
      all.push({ flow, exchange, startNs, turnedNs: turnedNs(flow, exchange, startNs) })
    }
  }
  return all.sort((a, b) => a.startNs - b.startNs || a.flow.stream - b.flow.stream)
}

function turnedNs(flow: FlowFacts, exchange: Exchange, startNs: number): number {
  const openedNs = exchange.index === 0 ? flow.syn?.ns : undefined
  return openedNs !== undefined && startNs - openedNs <= OPENS_WITHIN_NS ? openedNs : startNs
}

/** Requests by a key, each list in order of time. Asking costs the same however many there are. */
export class SentIndex {
  private readonly lists = new Map<string, Sent[]>()

  /** `keyOf` gives null for requests that are not to be found. */
  constructor(sent: readonly Sent[], keyOf: (one: Sent) => string | null) {
    for (const one of sent) {
      const key = keyOf(one)
      if (key === null) continue
      const list = this.lists.get(key)
      if (list === undefined) this.lists.set(key, [one])
      else list.push(one)
    }
  }

  /** Number of requests with this key. */
  count(key: string): number {
    return this.lists.get(key)?.length ?? 0
  }

  /** The latest requests with this key that began between the two times and fit, newest first; at most `most`. */
  latest(key: string, fromNs: number, toNs: number, most: number, fits: (one: Sent) => boolean): Sent[] {
    const list = this.lists.get(key)
    const found: Sent[] = []
    if (list === undefined) return found
    let at = firstAfter(list, toNs) - 1
    const stop = Math.max(0, at - MOST_CANDIDATES + 1)
    for (; at >= stop && list[at].startNs >= fromNs && found.length < most; at--)
      if (fits(list[at])) found.push(list[at])
    return found
  }
}

/** Index of the first request that began after `ns`. */
function firstAfter(list: readonly Sent[], ns: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle].startNs <= ns) low = middle + 1
    else high = middle
  }
  return low
}
