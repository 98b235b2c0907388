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
  private readonly numbers = new Map<string, number>()
  /** The requests of a key follow each other in `order`, from `starts` of its number up to that of the next. */
  private readonly order: Int32Array
  private readonly starts: Int32Array

  /**
   * `sent` in order of time; `keyOf` gives null for requests that are not to be found. Most keys have two requests: an array for each
   * would take longer, and more room, than all the rest.
   */
  constructor(
    private readonly sent: readonly Sent[],
    keyOf: (one: Sent) => string | null,
  ) {
    const { numbers } = this
    const numberOf = new Int32Array(sent.length)
    for (let i = 0; i < sent.length; i++) {
      const key = keyOf(sent[i])
      let number = key === null ? -1 : numbers.get(key)
      if (number === undefined) numbers.set(key as string, (number = numbers.size))
      numberOf[i] = number
    }
    const ends = new Int32Array(numbers.size + 1)
    for (const number of numberOf) if (number >= 0) ends[number]++
    for (let number = 1; number < ends.length; number++) ends[number] += ends[number - 1]
    this.order = new Int32Array(ends[numbers.size])
    // From the back, so that each end comes down to where its key starts.
    for (let i = sent.length - 1; i >= 0; i--) if (numberOf[i] >= 0) this.order[--ends[numberOf[i]]] = i
    this.starts = ends
  }

  /** Number of requests with this key. */
  count(key: string): number {
    const number = this.numbers.get(key)
    return number === undefined ? 0 : this.starts[number + 1] - this.starts[number]
  }

  /** The latest requests with this key that began between the two times and fit, newest first; at most `most`. */
  latest(key: string, fromNs: number, toNs: number, most: number, fits: (one: Sent) => boolean): Sent[] {
    const number = this.numbers.get(key)
    const found: Sent[] = []
    if (number === undefined) return found
    const first = this.starts[number]
    let at = this.firstAfter(first, this.starts[number + 1], toNs) - 1
    const stop = Math.max(first, at - MOST_CANDIDATES + 1)
    for (; at >= stop && found.length < most; at--) {
      const one = this.sent[this.order[at]]
      if (one.startNs < fromNs) break
      if (fits(one)) found.push(one)
    }
    return found
  }

  /** Place of the first request from `low` up to `high` that began after `ns`. */
  private firstAfter(low: number, high: number, ns: number): number {
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.sent[this.order[middle]].startNs <= ns) low = middle + 1
      else high = middle
    }
    return low
  }
}
