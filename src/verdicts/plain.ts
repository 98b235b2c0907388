import { GATEWAY_TIMEOUT } from '../exchange/exchange.js'
import type { Verdict } from '../result.js'
import { policy } from './policy.js'
import type { Case } from './verdict-rule.js'

/**
 * Whether the judge would call this flow clean, told from a few facts: both ends closed with a FIN soon after the last bytes, no RST,
 * every request answered, and nothing owed as far as can be read. Every other class needs something of that to be otherwise; a test asks
 * the judge about the flows of all captures. False does not mean that it is not clean.
 */
export function isPlainlyClean(c: Case): boolean {
  const { facts, around } = c
  const { first, second } = facts.close
  if (first === null || second === null || c.timeouts.length > 0 || facts.lateStart) return false
  const { client, server } = facts.sides
  if (client.rst !== null || server.rst !== null) return false
  const { standing, conversation } = facts
  if (conversation === null || standing.goodbyeFrame !== null || conversation.orphans.length > 0) return false
  const read = standing.owed === 'nothing' && standing.phase === 'between-requests'
  if (!read && !isPlainTalk(c)) return false
  const gap = facts.timerGapNs
  const silence = facts.silenceNs
  const shortest = Math.min(policy.serverIdleNs, policy.clusterLeastGapNs) - policy.lazyEarlyNs
  if (gap === null || silence === null || gap >= shortest || silence >= shortest) return false
  for (const exchange of conversation.exchanges) if (exchange.responseStartNs === Infinity) return false
  return around.downstreams.every((link) => link.downstreamExchange.status !== GATEWAY_TIMEOUT)
}

/** Bytes that nobody can read went to and fro, all of them are in the capture, and no other leg has to do with it. */
function isPlainTalk({ facts, around }: Case): boolean {
  const { standing, conversation, sides } = facts
  if (conversation?.protocol !== 'opaque' || conversation.tunnel !== null || facts.synAck === null)
    return false
  if (standing.owed !== 'unknown' || standing.phase !== 'tunnel') return false
  if (sides.client.missingTo !== null || sides.server.missingTo !== null) return false
  return around.downstreams.length === 0 && around.upstreams.length === 0
}

/**
 * Whether the judge would call this flow open: nothing but SYNs that nobody answered, the first of them just before the capture, or the
 * watch on this flow, ended. Floods are made of such flows.
 */
export function isPlainlyOpen({ facts, timeouts }: Case): boolean {
  const { syn, sides } = facts
  if (syn === null || facts.close.first !== null || facts.conversation !== null || timeouts.length > 0)
    return false
  if (sides.server.segments > 0 || sides.client.payloadBytes > 0 || facts.establishedNs !== null) return false
  // An ICMP error is an answer, too.
  if (facts.icmpErrors.length > 0) return false
  return stillConnecting(facts.captureEndNs, syn.ns)
}

/** Whether a SYN was sent so shortly before the end of the capture, or of the watch on its flow, that an answer could still come. */
export function stillConnecting(captureEndNs: number, synNs: number): boolean {
  return captureEndNs - synNs < policy.connectGraceNs
}

type Closer = Verdict['closer']

/** Of hundred thousands of such verdicts a dozen differ. */
const verdicts = {
  clean: new Map<Verdict['phase'], Map<Closer, Verdict>>(),
  open: new Map<Verdict['phase'], Map<Closer, Verdict>>(),
}

/** The verdict of a flow that is plainly clean or open, without its texts: for flows that are counted and not shown. */
export function plainVerdict({ facts }: Case, is: 'clean' | 'open' = 'clean'): Verdict {
  const { phase } = facts.standing
  const closer = facts.close.first?.by ?? 'none'
  const known = verdicts[is].get(phase)?.get(closer)
  if (known !== undefined) return known
  const verdict: Verdict = {
    class: is,
    variant: null,
    severity: 'ok',
    certainty: is === 'clean' ? 'likely' : 'possible',
    phase,
    closer,
    timer: null,
    causeStream: null,
    summary: '',
    evidence: [],
    notThis: [],
    fix: [],
    remarks: [],
  }
  const ofPhase = verdicts[is].get(phase) ?? new Map<Closer, Verdict>()
  verdicts[is].set(phase, ofPhase.set(closer, verdict))
  return verdict
}

/** The verdict of a flow that is plainly something; null: the judge has to be asked. */
export function plainVerdictOf(c: Case): Verdict | null {
  if (isPlainlyClean(c)) return plainVerdict(c)
  return isPlainlyOpen(c) ? plainVerdict(c, 'open') : null
}
