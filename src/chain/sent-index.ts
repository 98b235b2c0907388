import { linkingPolicy } from './policy.js'
import { orderOfTimes } from './time-order.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import type { Horizon } from './horizon.js'
import type { Sent } from './sent.js'

/** All requests that are looked at, in order of time; of one moment in the order of the flows. */
export function allRequests(flows: readonly FlowFacts[], horizon: Horizon): Sent[] {
  const all: Sent[] = []
  const startsNs: number[] = []
  for (const flow of flows) horizon.addRequestsOf(flow, all, startsNs)
  const inOrder: Sent[] = []
  // By index: these run over once for a round, and an iterator costs an object for each until V8 has made something of the loop.
  const order = orderOfTimes(startsNs)
  for (let i = 0; i < order.length; i++) inOrder.push(all[order[i]])
  return inOrder
}

/** Requests by a key, each list in order of time. Asking costs the same however many there are. */
export class SentIndex {
  private readonly numbers = new Map<string, number>()
  /** By place in `sent`: number of its key, or −1. */
  private readonly numberAt: Int32Array
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
    const numberAt = (this.numberAt = new Int32Array(sent.length))
    for (let i = 0; i < sent.length; i++) {
      const key = keyOf(sent[i])
      let number = key === null ? -1 : numbers.get(key)
      if (number === undefined) numbers.set(key as string, (number = numbers.size))
      numberAt[i] = number
    }
    const ends = new Int32Array(numbers.size + 1)
    for (let i = 0; i < numberAt.length; i++) if (numberAt[i] >= 0) ends[numberAt[i]]++
    for (let number = 1; number < ends.length; number++) ends[number] += ends[number - 1]
    this.order = new Int32Array(ends[numbers.size])
    // From the back, so that each end comes down to where its key starts.
    for (let i = sent.length - 1; i >= 0; i--) if (numberAt[i] >= 0) this.order[--ends[numberAt[i]]] = i
    this.starts = ends
  }

  /** Number of this key, by which its requests are asked for; −1: no request has it. */
  numberOf(key: string): number {
    return this.numbers.get(key) ?? -1
  }

  /** Number of the key of the request that stands there in `sent`. */
  numberOfPlace(place: number): number {
    return this.numberAt[place]
  }

  /** Of two requests with the key of this number, the one that does not stand at this place in `sent`. */
  other(number: number, place: number): Sent {
    const first = this.order[this.starts[number]]
    return this.sent[first === place ? this.order[this.starts[number] + 1] : first]
  }

  /** How many requests have the key with this number. */
  count(number: number): number {
    return number < 0 ? 0 : this.starts[number + 1] - this.starts[number]
  }

  /** The latest requests with the key of this number that began between the two times and fit, newest first; at most `most`. */
  latest(number: number, fromNs: number, toNs: number, most: number, fits: (one: Sent) => boolean): Sent[] {
    const found: Sent[] = []
    if (number < 0) return found
    const first = this.starts[number]
    let at = this.firstAfter(first, this.starts[number + 1], toNs) - 1
    const stop = Math.max(first, at - linkingPolicy.candidates + 1)
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
