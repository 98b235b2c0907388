import type { FlowStore } from '../flow/flow-store.js'
import { MARK_ZERO_WINDOW, ROW_SIDE } from '../flow/ladder.js'
import { otherSide, type FlowFacts, type Moment, type ShutWindow } from './flow-facts.js'

/**
 * The last time, over before the first close, in which the side that closed second took nothing: what the other sent then stood in its
 * buffer, a FIN behind it. From the ladder; null: there was none, its window is still shut, or those segments were not kept.
 */
export function lastShutOf({ ladder }: FlowStore, { row, close, clientIndex }: FlowFacts): ShutWindow | null {
  const { first } = close
  if (first === null) return null
  const side = otherSide(first.by) === 'client' ? clientIndex : 1 - clientIndex
  let until: Moment | null = null
  let since: Moment | null = null
  const rows = ladder.rowsOf(row)
  for (let n = rows.length - 1; n >= 0; n--) {
    const at = rows[n]
    if ((ladder.meta[at] & ROW_SIDE ? 1 : 0) !== side || ladder.timeNs[at] >= first.ns) continue
    const begins = { frame: ladder.frame[at], ns: ladder.timeNs[at] }
    if (ladder.meta[at] & MARK_ZERO_WINDOW) since = begins
    else if (since !== null) break
    else until = begins
  }
  return since === null || until === null ? null : { since, until }
}
