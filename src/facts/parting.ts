import type { FlowStore } from '../flow/flow-store.js'
import { MARK_KEEP_ALIVE, MARK_RETRANSMISSION, MARK_ZERO_WINDOW_PROBE, ROW_SIDE } from '../flow/ladder.js'
import type { Side } from '../result.js'
import { factsPolicy } from './policy.js'
import type { FlowFacts, Parting } from './flow-facts.js'

const NOT_NEW = MARK_RETRANSMISSION | MARK_KEEP_ALIVE | MARK_ZERO_WINDOW_PROBE

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
    if (ladder.payload[at] === 0 || ladder.meta[at] & NOT_NEW || ladder.timeNs[at] > first.ns) continue
    const by: Side = (ladder.meta[at] & ROW_SIDE ? 1 : 0) === clientIndex ? 'client' : 'server'
    if (by === 'server' && first.ns - ladder.timeNs[at] <= factsPolicy.goodbyeWithinNs)
      said = { frame: ladder.frame[at], ns: ladder.timeNs[at] }
    else
      return said === null
        ? null
        : { said, before: { frame: ladder.lastFrame[at], ns: ladder.lastNs[at], by } }
  }
  return null
}
