import type { LegRecord } from './leg-record.js'
import { timerPolicy } from './policy.js'

/**
 * Expected keep-alive races an hour on a leg whose server closes idle connections after `timerNs`.
 *
 * Where races were seen: those, per hour of the capture. Else reckoned: `closes` idle periods reached the timer; a request loses the race
 * when it goes out while the FIN is on its way, a window W = round trip + 2 × handling (a turn of each end's event loop). How likely a
 * request goes out in it is the hazard seen just below the timer: of the idle periods that came into the last second (or half of a
 * shorter timer) before it, `near` ended in a request; each that did not spent all of that second at risk, each that did on average half.
 *
 *     races/h = closes × near / (span × (closes + near / 2)) × W / hours
 *
 * Assumes that requests go on to come at that rate beyond the timer, and that the traffic stays as captured. Null: the round trip is
 * unknown, or there are too few reuses or closes (see the policy).
 */
export function racesPerHour(leg: LegRecord, timerNs: number, closes: number, hours: number): number | null {
  if (hours <= 0) return null
  if (leg.races > 0) return leg.races / hours
  const near = nearReuses(leg, timerNs)
  if (leg.roundTripNs === null || near < timerPolicy.riskReuses || closes < timerPolicy.riskCloses)
    return null
  const hazardPerNs = near / (nearSpanNs(timerNs) * (closes + near / 2))
  const windowNs = leg.roundTripNs + 2 * timerPolicy.handlingNs
  return (closes * Math.min(1, hazardPerNs * windowNs)) / hours
}

/** Answered reuses that began within a second of the timer (half of it, when it is shorter than two). */
export function nearReuses(leg: LegRecord, timerNs: number): number {
  return leg.reuseGaps.between(timerNs - nearSpanNs(timerNs), timerNs + timerPolicy.nearNs)
}

function nearSpanNs(timerNs: number): number {
  return Math.min(timerPolicy.nearNs, timerNs / 2)
}
