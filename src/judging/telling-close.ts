import { memoryPolicy } from '../chain/policy.js'
import { isWhole } from '../exchange/exchange-list.js'
import { FIRST_ERROR_STATUS, type Conversation } from '../exchange/exchange.js'
import { FLOW_CLOSED } from '../flow/flow-columns.js'
import type { FlowStore } from '../flow/flow-store.js'
import { SIDE_FIN, SIDE_RST } from '../flow/side-columns.js'

/** Whether a flow was closed as others may have been: after a gap that counts, while something was owed, or by one end only. */
export function isTellingClose(
  { flows, sides }: FlowStore,
  row: number,
  conversationOf: (row: number) => Conversation | null,
): boolean {
  if ((flows.state[row] & FLOW_CLOSED) === 0) return false
  const [a, b] = [row * 2, row * 2 + 1]
  const bothFins = (sides.state[a] & sides.state[b] & SIDE_FIN) !== 0
  if (!bothFins || (sides.state[a] | sides.state[b]) & SIDE_RST) return true
  const silenceNs =
    Math.min(sides.finNs[a], sides.finNs[b]) - Math.max(sides.closePayloadNs[a], sides.closePayloadNs[b])
  return silenceNs >= memoryPolicy.leastGapNs || mayEndInGoodbye(conversationOf(row))
}

/** A goodbye before the FIN is no sign of life. Of bytes that nobody can read nothing says when it was over. */
function mayEndInGoodbye(conversation: Conversation | null): boolean {
  if (conversation === null) return true
  const { exchanges, orphans, protocol, tunnel } = conversation
  if (protocol === 'opaque') return false
  const last = exchanges.at(-1)
  if (protocol !== 'http1' || last === undefined || orphans.length > 0 || tunnel !== null) return true
  return !isWhole(last) || last.status === null || last.status >= FIRST_ERROR_STATUS
}
