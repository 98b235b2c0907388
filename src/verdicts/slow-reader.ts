/** Proxies whose own client takes nothing any more: what they then close behind it, they were not waiting for. */
import type { FlowFacts, Moment } from '../facts/flow-facts.js'
import type { LegLink } from '../facts/leg-facts.js'
import { policy } from './policy.js'
import { downstreamOf, upstreamOf } from './signs.js'
import type { Case } from './verdict-rule.js'

/** A leg whose client had taken nothing since then while its response was still coming. */
export interface Blocked {
  readonly link: LegLink
  readonly since: Moment
}

/**
 * The leg before, whose client had taken nothing for as long as timers need when the proxy closed this one in the middle of the same response:
 * a proxy that cannot send does not wait for more, so that a timer of its sending ran out. Null: its client took what came, or the proxy may
 * have waited for this leg all the same: it had room left, and nothing came.
 */
export function blockedBefore(c: Case): Blocked | null {
  return waitedHere(c) ? null : blockedLink(c)
}

/** The proxy waited for more of this response while its own client took nothing: which of its timers ran out cannot be told. */
export function mayBeBlocked(c: Case): boolean {
  return waitedHere(c) && blockedLink(c) !== null
}

/** The leg behind was closed by this flow's server while this flow's client took nothing: it did not end this one. */
export function blockedHere(c: Case): boolean {
  const other = upstreamOf(c)?.upstream.close.first ?? null
  return other?.by === 'client' && blockedSince(c.facts, other.ns) !== null
}

function waitedHere({ facts: { sides, timerGapNs } }: Case): boolean {
  return sides.client.zeroWindowSince === null && (timerGapNs ?? 0) >= policy.promptCloseNs
}

function blockedLink(c: Case): Blocked | null {
  const { first } = c.facts.close
  const link = downstreamOf(c)
  if (first?.by !== 'client' || link === null || link.certainty === 'possible') return null
  // Who stops closes all it has, whether its clients read or not.
  if (c.facts.standing.owed !== 'rest-of-response' || c.around.callerStopping !== null) return null
  const since = blockedSince(link.downstream, first.ns)
  return since === null ? null : { link, since }
}

/** Since when the client of a flow had taken nothing at this moment; null: it took what came, had stopped only just before, or the flow had ended. */
function blockedSince({ close: { first }, lastShut, sides }: FlowFacts, ns: number): Moment | null {
  if (first !== null && first.ns < ns - policy.consequenceWithinNs) return null
  const reopened = first?.by === 'server' && lastShut !== null && lastShut.until.ns >= ns
  const since = sides.client.zeroWindowSince ?? (reopened ? lastShut.since : null)
  return since !== null && ns - since.ns >= policy.gaveUpNs ? since : null
}
