import type { FlowFacts, Moment } from '../facts/flow-facts.js'
import type { Side } from '../result.js'
import { policy } from './policy.js'

/**
 * The latest segment that the named sender of a RST sent so long after it that nothing on the way explains it. A host forgets a connection
 * that it resets, and one that answers a segment of a connection that it does not know repeats nothing of it. Null: it sent none.
 */
export function livedOn(facts: FlowFacts, by: Side): Moment | null {
  const { rst, lastAsking: last } = facts.sides[by]
  // Without the beginning it may be a scanner's kernel that answers a SYN-ACK.
  if (rst === null || last === null || (facts.lateStart && rst.form === 'stateless')) return null
  return last.ns - rst.ns > policy.overtakenWithinNs ? last : null
}
