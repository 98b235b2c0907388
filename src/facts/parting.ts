import type { FlowStore } from '../flow/flow-store.js'
import { MARKS_NOT_NEW, ROW_SIDE } from '../flow/ladder.js'
import type { Side } from '../result.js'
import { factsPolicy } from './policy.js'
import type { FlowFacts, Parting } from './flow-facts.js'

/**
 * What the server said right before its FIN, and the last payload of either side before that, from the ladder. Null: the server did not
 * close first with a FIN, had said nothing so shortly before, or those segments were not kept.
 */
export function partingOf({ ladder }: FlowStore, { row, clientIndex, close }: FlowFacts): Parting | null {
  const { first } = close
  if (first?.by !== 'server' || first.flag !== 'FIN') return null
  const rows = ladder.rowsOf(row)
  let said: Parting['said'] | null = null
  for (let n = rows.length - 1; n >= 0; n--) {
    const at = rows[n]
    if (
      ladder.rows.payload(at) === 0 ||
      ladder.rows.meta(at) & MARKS_NOT_NEW ||
      ladder.rows.timeNs(at) > first.ns
    )
      continue
    const by: Side = (ladder.rows.meta(at) & ROW_SIDE ? 1 : 0) === clientIndex ? 'client' : 'server'
    if (by === 'server' && first.ns - ladder.rows.timeNs(at) <= factsPolicy.goodbyeWithinNs)
      said = { frame: ladder.rows.frame(at), ns: ladder.rows.timeNs(at) }
    else
      return said === null
        ? null
        : { said, before: { frame: ladder.rows.lastFrame(at), ns: ladder.rows.lastNs(at), by } }
  }
  return null
}
