import type { Meeting } from './meetings.js'
import { linkingPolicy } from './policy.js'
import type { Places } from './places.js'

/** Legs between a caller and whom it calls: none if that is another name of a server that its own callers called. */
type Steps = 0 | 1

/** How far each place stands from the hosts that only open connections: 0 for those, then one more for each leg. */
export function placeDepths(
  meetings: readonly Meeting[],
  places: Places,
  isProxy: (place: string) => boolean,
): ReadonlyMap<string, number> {
  const callers = new Map<string, Map<string, Steps>>()
  for (const meeting of meetings) {
    const server = places.of(meeting.server.ip, meeting.server.port)
    const client = places.of(meeting.client.ip, meeting.client.port)
    if (server === client) continue
    const above = callers.get(server) ?? new Map<string, Steps>()
    // Connections that were counted under the names before a NAT are no leg further down.
    const steps = meeting.flows === 0 ? (above.get(client) ?? 0) : 1
    if (above.size < linkingPolicy.callersKept || isProxy(client)) above.set(client, steps)
    callers.set(server, above)
  }
  return longestWays(callers)
}

/** Longest way down to each host, in as many rounds as there can be legs: hosts that call each other in circles end at the limit. */
function longestWays(callers: ReadonlyMap<string, ReadonlyMap<string, Steps>>): Map<string, number> {
  const depths = new Map<string, number>()
  for (let round = 0; round < linkingPolicy.legsInChain; round++) {
    const before = new Map(depths)
    for (const [host, above] of callers) {
      let deepest = 1
      for (const [caller, steps] of above) deepest = Math.max(deepest, steps + (before.get(caller) ?? 0))
      depths.set(host, deepest)
    }
  }
  return depths
}
