import { clockAheadOf } from '../facts/clock-ahead.js'
import type { Case } from './verdict-rule.js'
import { span } from './wording.js'

/** That the capture's clock was set forward during the flow, so that no wait in it shows a timer; null: nothing shows that, or the server itself named its timer. */
export function aheadText({ facts }: Case): string | null {
  if (facts.standing.goodbyeWords !== null) return null
  const ahead = clockAheadOf(facts)
  if (ahead === null) return null
  const { shownNs, clientTicks, serverTicks } = ahead
  return `the clock of the capture shows ${span(shownNs)} from handshake to close, those of both ends went no more than ${clientTicks} and ${serverTicks} ticks (TCP timestamps): it was set forward meanwhile, so that no silence can be measured and no timer named`
}
