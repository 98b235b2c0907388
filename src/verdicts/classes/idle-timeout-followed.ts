/** Ends that go with the leg behind: a server passes on what ended that leg, or cuts both by a timer of its own. */
import { REQUEST_TIMEOUT } from '../../exchange/exchange.js'
import type { LegLink } from '../../facts/leg-facts.js'
import type { Phase } from '../../result.js'
import { policy } from '../policy.js'
import { phaseOf } from '../read-phase.js'
import { endedBehind, upstreamOf } from '../signs.js'
import type { Case } from '../verdict-rule.js'
import { span } from '../wording.js'

/** The leg behind that ended first: with a 408 that was passed on, or a tunnel after a silence, where no restart cut several. Null: none did. */
export function followedLeg(c: Case, phase: Phase): LegLink | null {
  if (c.facts.standing.goodbyeStatus === REQUEST_TIMEOUT) return passedOn408(c)
  const behind = phase === 'tunnel' && c.around.shutdown === null ? endedBehind(c) : null
  return (behind?.upstream.timerGapNs ?? 0) >= policy.clusterLeastGapNs ? behind : null
}

function passedOn408(c: Case): LegLink | null {
  const link = upstreamOf(c)
  const there =
    link?.upstreamExchange?.status === REQUEST_TIMEOUT ? link.upstreamExchange.responseStart : null
  const here = link?.downstreamExchange.responseStart ?? null
  return there !== null && here !== null && there.timeNs <= here.timeNs ? link : null
}

/** The leg behind this one was cut by a timer of this flow's server in the same moment while it carried the same message. Null: it was not. */
export function mirroredTimer(c: Case): LegLink | null {
  const { first } = c.facts.close
  const link = upstreamOf(c)
  const other = link?.upstream.close.first ?? null
  if (link === null || other === null || first === null || first.by !== 'server' || other.by !== 'client')
    return null
  const phase = phaseOf(c)
  if (phase !== 'tunnel' && phase !== 'mid-response') return null
  const together = Math.abs(other.ns - first.ns) <= policy.consequenceWithinNs
  const gap = link.upstream.timerGapNs
  return together && gap !== null && gap >= policy.clusterLeastGapNs ? link : null
}

/** How a flow ended that only went with the leg behind: `gap` is how long it had been silent. */
export function followedText(
  { facts: { standing, close } }: Case,
  { upstream }: LegLink,
  gap: string,
): string {
  if (standing.phase === 'mid-request')
    return `in the middle of a request, with the 408 that the connection behind it (flow ${upstream.stream}) had brought`
  const after = (close.first?.ns ?? 0) - (upstream.close.first?.ns ?? 0)
  return `the tunnel after ${gap} without a byte either way, ${span(after)} after the connection behind it (flow ${upstream.stream}) had been closed`
}
