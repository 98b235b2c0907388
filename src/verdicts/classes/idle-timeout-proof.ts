import type { FlowFacts } from '../../facts/flow-facts.js'
import type { LegLink, ShutdownFacts } from '../../facts/leg-facts.js'
import type { Phase } from '../../result.js'
import { policy } from '../policy.js'
import { upstreamOf } from '../signs.js'
import { closedByStop, stopText } from '../stopping-words.js'
import { check, type Case, type Check } from '../verdict-rule.js'
import { span } from '../wording.js'

/** What shows that a timer closed the flow: the contract's evidence a–e, and the leg behind. */
export type TimerProof =
  | { readonly kind: 'gateway' | 'own-decision'; readonly link: LegLink }
  | { readonly kind: 'other-leg' | 'followed'; readonly link: LegLink }
  | { readonly kind: 'configured' | 'announced' | 'goodbye' | 'known' | 'cluster' | 'idle' | 'stalled' }

/** The leg behind, whose timer ended both, where this one was not silent: a proxy hands on what it had kept before it closes. */
export function waitedBehind({ facts }: Case, proof: TimerProof | null): FlowFacts | null {
  if (proof?.kind !== 'other-leg') return null
  return (facts.timerGapNs ?? 0) < policy.promptCloseNs ? proof.link.upstream : null
}

/** A program that stops closes sooner than its timers. */
export function notStopping(c: Case, proof: TimerProof | null): Check[] {
  const { around } = c
  const stop = around.callerStopping ?? cutWhenStopping(c, proof)
  return [
    check(
      'the host that closed it was not stopping',
      stop === null,
      stop === null
        ? ''
        : `it closed ${closedByStop(stop, ' of its own clients')} in the same moment: ${stopText(stop)}`,
    ),
    check(
      'it lasted as long as the idle connections that this server closes by its timer',
      around.soonerThan === null || proof?.kind !== 'idle',
      `this server lets idle connections live for ${span(around.soonerThan?.medianNs ?? 0)} (${around.soonerThan?.flows ?? 0} others)`,
    ),
  ]
}

/**
 * The stop of its server in the moment of the close, where a response was owed and the length of the wait is all that speaks for a timer.
 * Null: there was none.
 */
function cutWhenStopping(
  { facts: { standing }, around }: Case,
  proof: TimerProof | null,
): ShutdownFacts | null {
  const byLength = proof?.kind === 'known' || proof?.kind === 'cluster' || proof?.kind === 'other-leg'
  const response = standing.owed === 'response' || standing.owed === 'rest-of-response'
  return byLength && response ? around.cutByShutdown : null
}

/** A connection without any message under way does not end after a silence by chance (evidence d). */
export function idleProof(c: Case, phase: Phase, gap: number | null): boolean {
  const { first } = c.facts.close
  if (gap === null || first === null) return false
  if (phase === 'awaiting-request') return first.by === 'server' && gap >= policy.unusedConnectionNs
  if (phase !== 'between-requests') return false
  const exchange = c.facts.standing.exchange
  if (exchange?.responseFraming === 'close' && first.by === 'server') return false
  return gap >= (first.by === 'server' ? policy.serverIdleNs : policy.clientIdleNs)
}

/** A server that had nothing to do but wait for the rest of a request, and then closes without a word, has waited long enough. */
export function stalledRequest(c: Case, phase: Phase, gap: number | null): boolean {
  const { facts, around } = c
  const { first } = facts.close
  if (phase !== 'mid-request' || gap === null || gap < policy.stalledRequestNs) return false
  const alone = upstreamOf(c) === null && around.cutByShutdown === null
  const unanswered = facts.standing.framed && facts.standing.exchange?.status == null
  return first?.by === 'server' && first.flag === 'FIN' && alone && unanswered
}
