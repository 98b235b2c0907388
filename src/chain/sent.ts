import { linkingPolicy } from './policy.js'
import type { Exchange } from '../exchange/exchange.js'
import type { FlowFacts } from '../facts/flow-facts.js'

/** A request as it was sent on one leg. */
export class Sent {
  constructor(
    readonly flow: FlowFacts,
    readonly exchange: Exchange,
  ) {}

  get startNs(): number {
    return this.exchange.requestStartNs
  }

  /** Until when it was open (requestOverNs). */
  get overNs(): number {
    return requestOverNs(this.exchange, closedNs(this.flow))
  }

  /** When its sender turned to the server with it: began to open the connection for it, else `startNs`. */
  get turnedNs(): number {
    const { flow, exchange, startNs } = this
    const openedNs = exchange.index === 0 ? flow.syn?.ns : undefined
    return openedNs !== undefined && startNs - openedNs <= linkingPolicy.opensWithinNs ? openedNs : startNs
  }
}

/** Whether the payload is made of requests and their answers, as far as can be told. */
export function carriesRequests({ conversation }: FlowFacts): boolean {
  return conversation !== null && (conversation.protocol !== 'opaque' || conversation.appProtocol !== null)
}

/** Exchanges of a flow as far as its payload can be read. */
export function requestsOf(flow: FlowFacts): readonly Exchange[] {
  return carriesRequests(flow) ? (flow.conversation?.exchanges ?? NONE) : NONE
}

const NONE: readonly Exchange[] = []

/** When a connection was closed first. Infinite: it is open. */
export function closedNs({ close }: FlowFacts): number {
  return close.first?.ns ?? Infinity
}

/** Until when another leg can be sent for a request that was seen: its answer, or the close of its connection. Infinite: it is open. */
export function requestOverNs({ requestStartNs, responseStartNs }: Exchange, closedAtNs: number): number {
  return Math.min(responseStartNs, Math.max(closedAtNs, requestStartNs))
}
