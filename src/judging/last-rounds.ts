import type { FlowColumns } from '../flow/flow-columns.js'
import { judgingPolicy } from './policy.js'

/** Rows of flows that are settled together, and of others to look at beside them. */
export interface LastRound {
  readonly rows: readonly number[]
  readonly beside: readonly number[]
}

/**
 * Deals out the flows that are left at a run's end: all in one round, if they are few; else in the order of their ends. Beside them stand
 * those that end next and those with the most segments: pooled connections, which carry requests for many others.
 */
export function* lastRounds(flows: FlowColumns, left: readonly number[]): Generator<LastRound> {
  const most = judgingPolicy.flowsTogether
  const few = left.length <= 2 * most
  const inOrder = few
    ? left
    : [...left].sort((a, b) => flows.lastNs[a] - flows.lastNs[b] || flows.stream[a] - flows.stream[b])
  const busiest = few ? left : [...left].sort((a, b) => flows.frames[b] - flows.frames[a])
  const settled = new Set<number>()
  let at = 0
  do {
    const to = inOrder.length - at <= 2 * most ? inOrder.length : at + most
    const rows = inOrder.slice(at, to)
    at = to
    for (const row of rows) settled.add(row)
    const next = inOrder.slice(at, at + most / 2)
    yield { rows, beside: [...new Set([...next, ...firstUnsettled(busiest, settled, most / 2)])] }
  } while (at < inOrder.length)
}

function firstUnsettled(rows: readonly number[], settled: ReadonlySet<number>, most: number): number[] {
  const found: number[] = []
  if (settled.size === rows.length) return found
  for (const row of rows) {
    if (found.length >= most) break
    if (!settled.has(row)) found.push(row)
  }
  return found
}
