import { linkingPolicy } from './policy.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import type { Places } from './places.js'

/** How far each place stands from the hosts that only open connections: 0 for those, then one more for each leg. */
export function placeDepths(
  meetings: readonly Pick<FlowFacts, 'client' | 'server'>[],
  places: Places,
  isProxy: (place: string) => boolean,
): ReadonlyMap<string, number> {
  const callers = new Map<string, Set<string>>()
  for (const meeting of meetings) {
    const server = places.of(meeting.server.ip, meeting.server.port)
    const client = places.of(meeting.client.ip, meeting.client.port)
    if (server === client) continue
    const set = callers.get(server) ?? new Set<string>()
    if (set.size < linkingPolicy.callersKept || isProxy(client)) set.add(client)
    callers.set(server, set)
  }
  return longestWays(callers)
}

/** Longest way down to each host, in as many rounds as there can be legs: hosts that call each other in circles end at the limit. */
function longestWays(callers: ReadonlyMap<string, ReadonlySet<string>>): Map<string, number> {
  const depths = new Map<string, number>()
  for (let round = 0; round < linkingPolicy.legsInChain; round++) {
    const before = new Map(depths)
    for (const [host, above] of callers) {
      let deepest = 0
      for (const caller of above) deepest = Math.max(deepest, 1 + (before.get(caller) ?? 0))
      depths.set(host, deepest)
    }
  }
  return depths
}
