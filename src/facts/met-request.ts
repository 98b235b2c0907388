import type { FlowStore } from '../flow/flow-store.js'
import { isHeadLost } from './standing.js'
import type { FlowFacts } from './flow-facts.js'

/** ACK number of the segment in which the first unanswered request began, from the ladder. */
export function metRequestAck({ ladder }: FlowStore, { row, close, conversation }: FlowFacts): number | null {
  if (close.first === null || conversation === null) return null
  const request = conversation.exchanges.find(
    (one) => one.responseStart === null && one.requestStart !== null && !isHeadLost(one),
  )
  const frame = request?.requestStart?.frame
  if (frame === undefined) return null
  const found = ladder.rowsOf(row).find((at) => ladder.rows.frame(at) === frame)
  return found === undefined ? null : ladder.rows.ack(found)
}
