import type { Conversation } from '../exchange/exchange.js'
import type { FlowStore } from '../flow/flow-store.js'
import type { FlowFacts } from './flow-facts.js'

/** What facts need to know besides the flow store. */
export interface FactSources {
  readonly store: FlowStore
  readonly conversationOf: (flow: number) => Conversation | null
  /** Text of an address as it stands in the flow columns. */
  readonly addressText: (family: number, address: number) => string
  /** Until when what was open at a moment was watched: the end of its capture, or the last moment before a long stretch without frames. */
  readonly captureEndOf: (capture: number, ns: number) => number
  /** Whether the clock of its capture was set back between the frames of a flow. */
  readonly setBackWithin?: (flow: FlowFacts) => boolean
  /** A frame in the words of a report on a flow of the capture. */
  readonly frameName?: (capture: number, frame: number) => string
}

/** Address and port of a flow's end. */
export function endpointOf(sources: FactSources, flow: number, index: 0 | 1): FlowFacts['client'] {
  const flows = sources.store.flows
  const address = index === 0 ? flows.address0[flow] : flows.address1[flow]
  return {
    ip: sources.addressText(flows.family[flow], address),
    port: index === 0 ? flows.port0[flow] : flows.port1[flow],
  }
}
