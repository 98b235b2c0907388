/** Ends that go with the leg behind: a server passes on what ended that leg, or cuts both by a timer of its own. */
import { REQUEST_TIMEOUT } from '../../exchange/exchange.js'
import type { LegLink } from '../../facts/leg-facts.js'
import type { Phase } from '../../result.js'
import { wasLeftOnBothLegs } from '../both-closed.js'
import { policy } from '../policy.js'
import { phaseOf } from '../read-phase.js'
import { brokenUpload, endedBehind, upstreamOf } from '../signs.js'
import { check, type Case, type Check } from '../verdict-rule.js'
import { leftWithoutWord } from '../without-a-word.js'
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
  // Who waits for an answer in vain tells its client, or is no proxy that reads requests: it cuts both legs whenever nothing comes.
  const unsaid = phase === 'awaiting-response' && leftWithoutWord(link) && !wasLeftOnBothLegs(c)
  if (phase !== 'tunnel' && phase !== 'mid-response' && !unsaid) return null
  const together = Math.abs(other.ns - first.ns) <= policy.consequenceWithinNs
  const gap = link.upstream.timerGapNs
  return together && gap !== null && gap >= policy.clusterLeastGapNs ? link : null
}

/**
 * The leg behind, which its own server closed in the middle of the response that this one passes on: it has nothing more to pass on, and no
 * timer of its own need have run out. Null: it did not.
 */
function brokenBehind(c: Case): LegLink | null {
  const link = c.facts.standing.phase === 'mid-response' ? endedBehind(c) : null
  const exchange = link?.upstreamExchange ?? null
  // The end of a body that ends with its connection is none that breaks off.
  const whole = exchange?.responseComplete === true || exchange?.responseFraming === 'close'
  return exchange === null || whole ? null : link
}

/** What came to its end on the other leg of the proxy before its time takes this one with it. */
export function notBroken(c: Case): Check[] {
  const [upload, broken] = [brokenUpload(c), brokenBehind(c)]
  return [
    check(
      'no broken upload explains the close',
      upload === null,
      `the request of flow ${upload?.downstream.stream} broke off in the same moment`,
    ),
    check(
      'the leg behind did not break off first',
      broken === null,
      `the server of flow ${broken?.upstream.stream} had closed it in the middle of this response`,
    ),
  ]
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
