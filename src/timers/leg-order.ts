import type { UserTimeout } from '../knowledge/types.js'
import type { InferredTimer, LegOrder } from '../result.js'
import { hostOf } from './inferred-timer.js'
import type { LegRecord } from './leg-record.js'
import { legTimers, type LegTimers } from './leg-timers.js'
import { orderAdvice, orderLines } from './order-fixes.js'
import { becauseOf, riskOf } from './order-words.js'
import { seconds, timerPolicy } from './policy.js'
import { nearReuses, racesPerHour } from './risk.js'

/** The order of the keep-alive timers of one leg; null where connections are neither used again nor closed when idle. */
export function legOrder(
  leg: LegRecord,
  inferred: readonly InferredTimer[],
  timeouts: readonly UserTimeout[],
  hours: number,
): LegOrder | null {
  const timers = legTimers(leg, inferred, timeouts)
  const pooled = leg.reuses > 0 || (leg.clientIsProxy && timers.clientCloses + timers.serverCloses > 0)
  if (!pooled) return null
  const order = judged(timers, leg)
  const timerNs = timers.server === null ? null : timers.server.seconds * 1e9
  const { longestNs } = leg.reuseGaps
  const nearMisses = timerNs === null ? 0 : nearReuses(leg, timerNs)
  const perHour =
    timerNs === null || order !== 'unsafe'
      ? null
      : racesPerHour(leg, timerNs, timers.serverCloses + leg.races, hours)
  return {
    client: hostOf(leg.client),
    server: hostOf(leg.server),
    clientSeconds: timers.client?.seconds ?? null,
    serverSeconds: timers.server?.seconds ?? null,
    clientBasis: timers.client?.basis ?? null,
    serverBasis: timers.server?.basis ?? null,
    longestReuseSeconds: longestNs === null ? null : seconds(longestNs),
    order,
    because: becauseOf(leg, timers, order),
    connections: leg.connections,
    reuses: leg.reuses,
    clientCloses: timers.clientCloses,
    serverCloses: timers.serverCloses,
    nearMisses,
    races: leg.races,
    racesPerHour: perHour,
    risk: order === 'unsafe' ? riskOf(leg, nearMisses, perHour, timers.server?.seconds ?? null) : null,
    ...(order === 'unsafe' ? fixOf(leg, timers) : { fix: [] }),
  }
}

function fixOf(leg: LegRecord, timers: LegTimers): Pick<LegOrder, 'fix' | 'fixInWords'> {
  const lines = orderLines(leg, timers)
  return lines.length > 0 ? { fix: lines } : { fix: [orderAdvice(leg)], fixInWords: true }
}

/**
 * The side that reuses connections has to give up first. A server that closed an idle one first proves the contrary, whatever the
 * settings say. A client that always closed first proves the order as far as it was seen: each of its FINs found the server still there.
 */
function judged(timers: LegTimers, leg: LegRecord): LegOrder['order'] {
  const { client, server, seen } = timers
  if (timers.serverCloses > 0 || leg.races > 0) return 'unsafe'
  if (client === null || client.basis === 'default') return 'unknown'
  const seenAlways =
    timers.clientCloses >= timerPolicy.steadyCloses && seen.clientShare >= timerPolicy.ruleShare
  if (server === null) return seenAlways ? 'safe' : 'unknown'
  if (client.basis === 'seen' && seen.clientShare < timerPolicy.ruleShare) return 'unknown'
  const margin = timerPolicy.marginNs / 1e9 + (leg.roundTripNs ?? 0) / 1e9
  return client.seconds + margin <= server.seconds ? 'safe' : 'unsafe'
}
