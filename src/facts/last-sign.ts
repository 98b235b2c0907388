import type { FlowStore } from '../flow/flow-store.js'
import { ROW_SIDE } from '../flow/ladder.js'
import type { FlowFacts, Moment } from './flow-facts.js'

/** Last segment of the side that closed first, before that close, from the ladder; null: none, or it was not kept. */
export function lastSignOfCloser(
  { ladder }: FlowStore,
  { row, close, clientIndex }: FlowFacts,
): Moment | null {
  const { first } = close
  if (first === null) return null
  const side = first.by === 'client' ? clientIndex : 1 - clientIndex
  const rows = ladder.rowsOf(row)
  for (let n = rows.length - 1; n >= 0; n--) {
    const at = rows[n]
    if ((ladder.meta[at] & ROW_SIDE ? 1 : 0) !== side || ladder.lastNs[at] > first.ns) continue
    const frame = ladder.segments[at] === 1 ? ladder.frame[at] : ladder.lastFrame[at]
    if (frame !== first.frame) return { frame, ns: ladder.lastNs[at] }
  }
  return null
}
