import { factsPolicy } from './policy.js'
import type { FlowStore } from '../flow/flow-store.js'
import { MARKS_NOT_NEW } from '../flow/ladder.js'
import type { FlowFacts } from './flow-facts.js'

/** A stretch of time in nanoseconds since the epoch of the run. */
export interface Stretch {
  readonly fromNs: number
  readonly toNs: number
}

/**
 * The longest stretches of a flow, up to its first close (its end, without one), in which neither side sent a new byte;
 * in time order. Where rows of the ladder were not kept nothing is known to be silent.
 */
export function silencesOf(store: FlowStore, facts: FlowFacts): Stretch[] {
  const { ladder } = store
  const rows = ladder.rowsOf(facts.row)
  const unknownBefore = new Set(ladder.gaps(facts.row).map((gap) => gap.before))
  const until = facts.close.first?.ns ?? facts.endNs
  const found: Stretch[] = []
  let since: number | null = facts.startNs
  const note = (toNs: number): void => {
    if (since !== null && toNs - since >= factsPolicy.shortestSilenceNs) found.push({ fromNs: since, toNs })
  }
  rows.forEach((row, index) => {
    if (unknownBefore.has(index)) since = null
    if (
      ladder.rows.payload(row) === 0 ||
      ladder.rows.meta(row) & MARKS_NOT_NEW ||
      ladder.rows.timeNs(row) > until
    )
      return
    note(ladder.rows.timeNs(row))
    since = Math.max(since ?? 0, ladder.rows.lastNs(row))
  })
  // After the last row kept nothing is known either.
  if (!unknownBefore.has(rows.length)) note(until)
  return found
    .sort((a, b) => b.toNs - b.fromNs - (a.toNs - a.fromNs))
    .slice(0, factsPolicy.silencesKept)
    .sort((a, b) => a.fromNs - b.fromNs)
}
