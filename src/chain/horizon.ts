import type { Exchange } from '../exchange/exchange.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import { AnsweredRequests } from './answered.js'
import { legPolicy, linkingPolicy } from './policy.js'
import { carriesRequests, closedNs, requestOverNs, requestsOf, Sent } from './sent.js'

/** Times are off by up to this much on either side of a link, and there are two of them between a request and its rival. */
const SLACK_NS = 2 * legPolicy.orderSlackNs

/**
 * Which requests of a round are looked at: all, or those that were open while one was that may be a leg of a flow that is judged, or a leg
 * of such a leg. None of the others is linked to one that is judged, and each is looked at again when its own flow is. Times are those of
 * one clock, nanoseconds since the epoch of the run.
 */
export class Horizon {
  /** All legs of requests that began up to then are looked at. */
  private wholeNs = Infinity
  /** Requests that began later are not looked at. */
  private untilNs = Infinity
  private others: FirstOfOthers | null = null

  constructor(private readonly answered = new AnsweredRequests()) {}

  /** Only requests that have to do with these flows, which are judged, are looked at. `joined`: some addresses are one host. */
  narrowTo(judged: readonly FlowFacts[], joined: boolean): void {
    this.others = new FirstOfOthers(joined)
    let overNs = -Infinity
    for (const flow of judged) {
      overNs = Math.max(overNs, flow.startNs, flow.endNs)
      if (flow.conversation !== null && !carriesRequests(flow)) continue
      this.others.note(flow, flow.startNs)
      if (flow.close.first !== null) continue
      for (const { responseStartNs } of requestsOf(flow)) overNs = Math.max(overNs, responseStartNs)
    }
    this.wholeNs = this.untilNs = overNs + SLACK_NS
  }

  /** … and with these, which are looked at beside them: they began while one of those was judged was there. */
  widenTo(beside: readonly FlowFacts[]): void {
    for (let step = 0; step < linkingPolicy.stepsToRivals && this.others !== null; step++) {
      const others = this.others.copy()
      let { untilNs } = this
      for (const flow of beside) {
        let firstNs = Infinity
        let overNs = -Infinity
        const closedAtNs = closedNs(flow)
        const fromNs = this.fromNs(flow)
        const exchanges = this.requestsOf(flow)
        for (let at = this.firstAt(flow, fromNs); at < exchanges.length; at++) {
          const exchange = exchanges[at]
          if (exchange.requestStartNs > this.wholeNs || !this.looksAt(exchange, fromNs, closedAtNs)) continue
          firstNs = Math.min(firstNs, exchange.requestStartNs)
          overNs = Math.max(overNs, requestOverNs(exchange, closedAtNs))
        }
        others.note(flow, firstNs)
        // A leg of one that is judged may be tried again for as long as the request that it was sent for is open.
        untilNs = Math.max(untilNs, overNs + SLACK_NS)
      }
      this.others = others
      this.untilNs = untilNs
    }
  }

  /** Whether a flow that began then may have requests that are looked at, or have been opened for one. */
  reachesTo(ns: number): boolean {
    return ns <= this.untilNs
  }

  /** Whether all legs of a request that is looked at are looked at, too. */
  isWhole({ requestStartNs }: Exchange): boolean {
    return requestStartNs === Infinity || requestStartNs <= this.wholeNs
  }

  /** Adds the requests of a flow that are looked at, and when each began. */
  addRequestsOf(flow: FlowFacts, all: Sent[], startsNs: number[]): void {
    const closedAtNs = closedNs(flow)
    const fromNs = this.fromNs(flow)
    const exchanges = this.requestsOf(flow)
    for (let at = this.firstAt(flow, fromNs); at < exchanges.length; at++) {
      const exchange = exchanges[at]
      if (!this.looksAt(exchange, fromNs, closedAtNs)) continue
      all.push(new Sent(flow, exchange))
      startsNs.push(exchange.requestStartNs)
    }
  }

  /** Requests of a flow that were over before are not looked at. */
  private fromNs(flow: FlowFacts): number {
    return this.others === null ? -Infinity : this.others.firstNs(flow) - SLACK_NS
  }

  /** Requests of a flow among which those are that are looked at. */
  private requestsOf(flow: FlowFacts): readonly Exchange[] {
    return this.reachesTo(flow.startNs) ? requestsOf(flow) : []
  }

  private firstAt({ conversation }: FlowFacts, fromNs: number): number {
    return conversation === null || fromNs === -Infinity ? 0 : this.answered.firstOpenAt(conversation, fromNs)
  }

  private looksAt(exchange: Exchange, fromNs: number, closedAtNs: number): boolean {
    // What has not been seen to begin began at no time that is known.
    const untilNs = Math.min(this.untilNs, Number.MAX_VALUE)
    return exchange.requestStartNs <= untilNs && requestOverNs(exchange, closedAtNs) >= fromNs
  }
}

/** When the first request began that another caller sent: two requests of one caller are no legs of each other, unless it calls itself. */
class FirstOfOthers {
  private caller = ''
  private callerNs = Infinity
  private nextNs = Infinity
  private ownNs = Infinity

  /** `joined`: callers may have several addresses. */
  constructor(private readonly joined: boolean) {}

  copy(): FirstOfOthers {
    return Object.assign(new FirstOfOthers(this.joined), this)
  }

  note({ client, server }: FlowFacts, ns: number): void {
    if (client.ip === server.ip) this.ownNs = Math.min(this.ownNs, ns)
    if (client.ip === this.caller) this.callerNs = Math.min(this.callerNs, ns)
    else if (ns >= this.callerNs) this.nextNs = Math.min(this.nextNs, ns)
    else {
      this.nextNs = this.callerNs
      this.caller = client.ip
      this.callerNs = ns
    }
  }

  /** … another than this flow's. */
  firstNs({ client, server }: FlowFacts): number {
    if (this.joined || client.ip === server.ip || client.ip !== this.caller)
      return Math.min(this.callerNs, this.nextNs)
    return Math.min(this.nextNs, this.ownNs)
  }
}
