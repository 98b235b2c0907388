import type { Exchange } from '../exchange/exchange.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import type { Hosts } from './hosts.js'
import type { Sent } from './sent.js'

/** Later flows with the earliest that is the same connection, seen elsewhere: two sightings of one request do not compete. */
export type Twins = ReadonlyMap<number, number>

/** The request itself, whichever of its sightings this is: its connection and where in it the request begins. */
export function requestKey(flow: FlowFacts, exchange: Exchange, twins: Twins): string {
  return `${connectionOf(flow, twins)} ${exchange.requestStart?.seq ?? '-'}`
}

/** Whether two flows are one connection: no request is made for itself, whatever a NAT made of its addresses. */
export function isOneConnection(a: FlowFacts, b: FlowFacts, twins: Twins): boolean {
  return a === b || (twins.size > 0 && connectionOf(a, twins) === connectionOf(b, twins))
}

/** Flows that are the names of a connection before a NAT on their server's host, and after it: no program there passes their requests on. */
export function translatedFlows(
  sent: readonly Sent[],
  twins: Twins,
  hosts: Hosts,
): { readonly before: ReadonlySet<FlowFacts>; readonly after: ReadonlySet<FlowFacts> } {
  const before = new Set<FlowFacts>()
  const after = new Set<FlowFacts>()
  if (twins.size === 0) return { before, after }
  const flows = new Map(sent.map(({ flow }) => [flow.stream, flow]))
  for (const [later, first] of twins) {
    const [a, b] = [flows.get(first), flows.get(later)]
    if (a === undefined || b === undefined) continue
    // At the NAT itself either name may come first in the capture.
    for (const [from, to] of [
      [a, b],
      [b, a],
    ]) {
      if (!hosts.same(from.server.ip, to.client.ip)) continue
      before.add(from)
      after.add(to)
    }
  }
  return { before, after }
}

function connectionOf({ stream }: FlowFacts, twins: Twins): number {
  return twins.get(stream) ?? stream
}
