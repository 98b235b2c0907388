import { FLOW_HANDSHAKE_ACK, FLOW_SYN, FLOW_SYN_ACK, type FlowColumns } from '../flow/flow-columns.js'
import type { FlowFacts } from './flow-facts.js'

/** From the capture point to either end and back, as the handshake shows; null where a repeated or missing segment hides it. */
export function roundTrips(flows: FlowColumns, row: number): FlowFacts['rttNs'] {
  const state = flows.state[row]
  if (flows.synRepeats[row] !== 0 || flows.synAckRepeats[row] !== 0) return { client: null, server: null }
  const acked = state & FLOW_HANDSHAKE_ACK && !Number.isNaN(flows.handshakeAckNs[row])
  return {
    client: acked ? flows.handshakeAckNs[row] - flows.synAckNs[row] : null,
    server: state & FLOW_SYN && state & FLOW_SYN_ACK ? flows.synAckNs[row] - flows.synNs[row] : null,
  }
}
