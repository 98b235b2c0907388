import { otherSide, type FlowFacts, type Moment } from '../facts/flow-facts.js'
import type { Side } from '../result.js'
import { policy } from './policy.js'

/**
 * The last segment of the end that a RST in the name of `by` was meant for, when it shows that this end never took the RST (RFC 5961 3.2:
 * its number was not the one expected): a socket that is gone answers with RSTs and nothing else. Null: it may have taken it.
 */
export function outlivedReset({ sides, rttNs }: FlowFacts, by: Side): Moment | null {
  const { rst } = sides[by]
  const meant = sides[otherSide(by)]
  if (rst === null || meant.rst !== null || meant.lastSegment === null) return null
  // What was on its way when the RST came by proves nothing.
  const onItsWay = Math.max(rttNs[otherSide(by)] ?? policy.nearerWatchedNs, policy.afterResetNs)
  return meant.lastSegment.ns - rst.ns > onItsWay ? meant.lastSegment : null
}
