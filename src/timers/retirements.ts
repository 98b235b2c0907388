import type { Side } from '../result.js'
import { moments } from './close-cluster.js'
import type { CloseSample } from './close-samples.js'
import type { Found } from './inferred-timer.js'
import type { LegRecord } from './leg-record.js'
import { timerPolicy } from './policy.js'

/**
 * Connections that a side retires right after a response because they served enough requests (`keepalive_requests`) or lived long enough
 * (`keepalive_time`). A limit holds for every connection: one with more requests, or one kept at a higher age, disproves it. End clients leave
 * when they have what they came for, so only servers and proxies retire connections.
 */
export function retirements(leg: LegRecord, by: Side, closes: readonly CloseSample[]): Found[] {
  if (by === 'client' && !leg.clientIsProxy) return []
  const prompt = closes.filter(
    ({ phase, gapNs, requests }) =>
      phase === 'between-requests' && gapNs !== null && gapNs < timerPolicy.promptNs && requests !== null,
  )
  const found = countLimit(leg, prompt) ?? ageLimit(leg, prompt)
  return found === null ? [] : [found]
}

function countLimit(leg: LegRecord, prompt: readonly CloseSample[]): Found | null {
  const limit = leg.mostRequests
  const closes = prompt.filter(({ requests }) => requests === limit)
  if (limit < timerPolicy.leastRequests || !enough(closes, prompt)) return null
  return { kind: 'requests', closes, values: closes.map(() => limit), ticking: false }
}

/** The limit lies between the highest age at which a connection was kept after a response and the lowest at which one was not. */
function ageLimit(leg: LegRecord, prompt: readonly CloseSample[]): Found | null {
  const aged = prompt
    .filter(
      ({ ageNs, requests }) =>
        ageNs !== null && ageNs >= timerPolicy.leastNs && (requests ?? 0) >= timerPolicy.leastRequests,
    )
    .sort((a, b) => (a.ageNs ?? 0) - (b.ageNs ?? 0))
  const ages = aged.map(({ ageNs }) => ageNs ?? 0)
  if (!enough(aged, prompt) || moments(aged) < timerPolicy.steadyCloses) return null
  const [least, most] = [ages[0], ages[ages.length - 1]]
  const slack = timerPolicy.retiredShare * least
  const overrun = leg.latestKeptAgeNs > least
  if (overrun || least - leg.latestKeptAgeNs > slack || most - least > slack) return null
  return { kind: 'age', closes: aged, values: ages, ticking: false }
}

function enough(closes: readonly CloseSample[], prompt: readonly CloseSample[]): boolean {
  return closes.length >= timerPolicy.steadyCloses && closes.length >= timerPolicy.limitShare * prompt.length
}
