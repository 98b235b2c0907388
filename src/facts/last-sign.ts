import type { FlowStore } from '../flow/flow-store.js'
import type { FlowFacts, Moment } from './flow-facts.js'
import { rowsBackwards } from './rows-of-side.js'

/** Last segment of the side that closed first, before that close, from the ladder; null: none, or it was not kept. */
export function lastSignOfCloser(store: FlowStore, facts: FlowFacts): Moment | null {
  const { ladder } = store
  const { first } = facts.close
  if (first === null) return null
  for (const at of rowsBackwards(store, facts, first.by)) {
    if (ladder.rows.lastNs(at) > first.ns) continue
    const frame = ladder.rows.segments(at) === 1 ? ladder.rows.frame(at) : ladder.rows.lastFrame(at)
    if (frame !== first.frame) return { frame, ns: ladder.rows.lastNs(at) }
  }
  return null
}
