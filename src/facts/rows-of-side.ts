import type { FlowStore } from '../flow/flow-store.js'
import { ROW_SIDE } from '../flow/ladder.js'
import type { Side } from '../result.js'
import type { FlowFacts } from './flow-facts.js'

/** Rows of the ladder that one side of a flow sent, the latest first. */
export function* rowsBackwards(
  { ladder }: FlowStore,
  { row, clientIndex }: Pick<FlowFacts, 'row' | 'clientIndex'>,
  by: Side,
): Generator<number> {
  const side = by === 'client' ? clientIndex : 1 - clientIndex
  const rows = ladder.rowsOf(row)
  for (let n = rows.length - 1; n >= 0; n--)
    if ((ladder.rows.meta(rows[n]) & ROW_SIDE ? 1 : 0) === side) yield rows[n]
}
