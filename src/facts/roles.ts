import type { Conversation } from '../exchange/exchange.js'
import { FLOW_SYN, FLOW_SYN_ACK, type FlowColumns } from '../flow/flow-columns.js'
import { EPHEMERAL_FROM } from '../flow/policy.js'
import { SIDE_SYN, type SideColumns } from '../flow/side-columns.js'
import type { ClientBasis } from '../result.js'

/** Which flow side is the client, and what told it. */
export interface ClientIndex {
  readonly index: 0 | 1
  readonly basis: ClientBasis
}

/** The side that opened the connection, as far as the handshake tells; null: it does not. */
export function openerOf(flows: FlowColumns, sides: SideColumns, flow: number): 0 | 1 | null {
  const state = flows.state[flow]
  if (state & FLOW_SYN) return flows.synSide[flow] === 0 ? 0 : 1
  if (state & FLOW_SYN_ACK) return sides.state[flow * 2] & SIDE_SYN ? 1 : 0
  return null
}

/**
 * The end that sent the SYN; without one the end that got the SYN-ACK, then the one that sends requests or a ClientHello,
 * then the one with the ephemeral port; failing all of that, unknown, and side 0 stands in.
 */
export function clientOf(
  flows: FlowColumns,
  sides: SideColumns,
  flow: number,
  conversation: Conversation | null,
): ClientIndex {
  const opener = openerOf(flows, sides, flow)
  if (opener !== null) return { index: opener, basis: flows.state[flow] & FLOW_SYN ? 'syn' : 'syn-ack' }
  if (conversation !== null && conversation.clientSide !== null) {
    const hello = conversation.clientBasis === 'tls-hello'
    return { index: conversation.clientSide, basis: hello ? 'tls-hello' : 'request' }
  }
  const port0 = flows.port0[flow]
  const port1 = flows.port1[flow]
  if (port0 >= EPHEMERAL_FROM && port1 < EPHEMERAL_FROM) return { index: 0, basis: 'port' }
  if (port1 >= EPHEMERAL_FROM && port0 < EPHEMERAL_FROM) return { index: 1, basis: 'port' }
  return { index: 0, basis: 'unknown' }
}
