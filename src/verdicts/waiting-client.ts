/** Proxies that gave up on the leg behind while their own client was still waiting. */
import type { LegLink } from '../facts/leg-facts.js'
import { policy } from './policy.js'
import { downstreamOf, endedBefore } from './signs.js'
import type { Case } from './verdict-rule.js'

/** The downstream leg of a proxy that gave up while its own client was still waiting; null: not in the capture, or the client had left. */
export function waitingClient(c: Case): LegLink | null {
  const { first } = c.facts.close
  const link = downstreamOf(c)
  if (first === null || link === null || first.by !== 'client') return null
  // Of like requests at once nobody knows which this leg was for: what came of them in this very moment tells all the same.
  if (link.certainty === 'possible' && !endedAtOnce(link, first.ns)) return null
  const left = endedBefore(link)
  // Of a close that only its acknowledgement shows nobody knows how much earlier it came.
  const seen = link.downstream.close.first?.captured !== false
  const stayed = left === null || left.by === 'server' || (seen && left.ns > first.ns)
  if (!answeredAfter(c, link, first.ns)) return null
  // What was said on a leg that could not be followed is only known where the answer came with the close.
  if (link.downstream.conversation?.framingLost === true && !answeredAtOnce(link, first.ns)) return null
  const reset = link.downstream.sides.client.rst
  return stayed && (reset === null || reset.ns > first.ns) ? link : null
}

/** The proxy answered its own client, or closed its connection in the middle of that request, in the moment it closed the leg behind. */
function endedAtOnce(link: LegLink, closedNs: number): boolean {
  const { close, standing } = link.downstream
  const closed = close.first?.by === 'server' && standing.exchange === link.downstreamExchange
  const apart = Math.abs((close.first?.ns ?? Infinity) - closedNs)
  return (closed && apart <= policy.consequenceWithinNs) || answeredAtOnce(link, closedNs)
}

/** The proxy answered its own client in the moment it closed the leg behind. */
function answeredAtOnce({ downstreamExchange }: LegLink, closedNs: number): boolean {
  const after = (downstreamExchange.responseStart?.timeNs ?? Infinity) - closedNs
  return after >= 0 && after <= policy.consequenceWithinNs
}

/** A proxy that gives up tells its client, or tries again; where it did nothing, the client had gone and the capture lacks that. */
function answeredAfter(c: Case, link: LegLink, closedNs: number): boolean {
  const { downstream, downstreamExchange } = link
  if (c.facts.captureEndNs - closedNs < policy.propagatedWithinNs) return true
  if (downstreamExchange.responseStart !== null || c.around.retryOf(link) !== null) return true
  return downstream.close.first?.by === 'server'
}
