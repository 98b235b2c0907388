import type { FlowStore } from '../flow/flow-store.js'
import { MARK_ZERO_WINDOW } from '../flow/ladder.js'
import { otherSide, type FlowFacts, type Moment, type ShutWindow } from './flow-facts.js'
import { rowsBackwards } from './rows-of-side.js'

/**
 * The last time, over before the first close, in which the side that closed second took nothing: what the other sent then stood in its
 * buffer, a FIN behind it. From the ladder; null: there was none, its window is still shut, or those segments were not kept.
 */
export function lastShutOf(store: FlowStore, facts: FlowFacts): ShutWindow | null {
  const { ladder } = store
  const { first } = facts.close
  if (first === null) return null
  let until: Moment | null = null
  let since: Moment | null = null
  for (const at of rowsBackwards(store, facts, otherSide(first.by))) {
    if (ladder.rows.timeNs(at) >= first.ns) continue
    const begins = { frame: ladder.rows.frame(at), ns: ladder.rows.timeNs(at) }
    if (ladder.rows.meta(at) & MARK_ZERO_WINDOW) since = begins
    else if (since !== null) break
    else until = begins
  }
  return since === null || until === null ? null : { since, until }
}
