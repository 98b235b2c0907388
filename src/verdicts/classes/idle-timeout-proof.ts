import type { FlowFacts } from '../../facts/flow-facts.js'
import type { LegLink } from '../../facts/leg-facts.js'
import { policy } from '../policy.js'
import type { Case } from '../verdict-rule.js'

/** What shows that a timer closed the flow: the contract's evidence a–e, and the leg behind. */
export type TimerProof =
  | { readonly kind: 'gateway' | 'own-decision'; readonly link: LegLink }
  | { readonly kind: 'other-leg'; readonly link: LegLink }
  | { readonly kind: 'configured' | 'announced' | 'goodbye' | 'known' | 'cluster' | 'idle' }

/** The leg behind, whose timer ended both, where this one was not silent: a proxy hands on what it had kept before it closes. */
export function waitedBehind({ facts }: Case, proof: TimerProof | null): FlowFacts | null {
  if (proof?.kind !== 'other-leg') return null
  return (facts.timerGapNs ?? 0) < policy.promptCloseNs ? proof.link.upstream : null
}

/** Header timers run from the handshake, not from the last byte: how long the head was waited for. Null: not such a case. */
export function headWaitNs(c: Case): number | null {
  const { standing, close, establishedNs } = c.facts
  const head = standing.phase === 'mid-request' && standing.exchange?.requestHeadWhole !== true
  return head && close.first !== null && establishedNs !== null ? close.first.ns - establishedNs : null
}
