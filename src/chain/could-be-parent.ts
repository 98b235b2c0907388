import type { FlowFacts } from '../facts/flow-facts.js'
import type { LegLink } from '../facts/leg-facts.js'
import type { Certainty } from '../result.js'
import type { Hosts } from './hosts.js'
import { legPolicy } from './policy.js'
import type { Sent } from './sent.js'
import { isOneConnection, type Twins } from './twins.js'

/**
 * Whether `parent` could be the request that `child` was sent for: its server is the child's client (with a request id: or may be), and it
 * was open at `childNs`, when the child began or its sender turned to the server.
 */
export function couldBeParent(
  parent: Sent,
  child: Sent,
  basis: LegLink['basis'],
  hosts: Hosts,
  twins: Twins,
  childNs = child.startNs,
): boolean {
  const laterNs = parent.startNs - childNs
  if (laterNs > legPolicy.orderSlackNs) return false
  if (isOneConnection(parent.flow, child.flow, twins) || sameServer(parent.flow, child.flow)) return false
  const sameHost = hosts.same(parent.flow.server.ip, child.flow.client.ip)
  if (!sameHost && (laterNs > 0 || (laterNs === 0 && isCapturedAfter(parent, child)))) return false
  if (!sameHost && hosts.same(parent.flow.client.ip, child.flow.client.ip)) return false
  if (basis !== 'request-id' && !sameHost) return false
  return parent.overNs + legPolicy.orderSlackNs >= childNs
}

/** Of requests that a coarse clock gives one time, their order in the capture tells which was first. */
function isCapturedAfter(one: Sent, other: Sent): boolean {
  const [frame, otherFrame] = [one.exchange.requestStart?.frame, other.exchange.requestStart?.frame]
  return frame !== undefined && otherFrame !== undefined && frame > otherFrame
}

/** The link of a request with the one it was made for. */
export function linkOf(parent: Sent, child: Sent, basis: LegLink['basis'], certainty: Certainty): LegLink {
  return {
    downstream: parent.flow,
    downstreamExchange: parent.exchange,
    upstream: child.flow,
    upstreamExchange: child.exchange,
    basis,
    certainty,
  }
}

/** When the request went out on the upstream leg, or that leg began to be opened for it; nanoseconds since the epoch of the run. */
export function sentNs({ upstream, upstreamExchange }: LegLink): number {
  return upstreamExchange?.requestStart?.timeNs ?? upstream.startNs
}

/** Whether both connections go to one address and port. */
export function sameServer(a: FlowFacts, b: FlowFacts): boolean {
  return a.server.ip === b.server.ip && a.server.port === b.server.port
}
