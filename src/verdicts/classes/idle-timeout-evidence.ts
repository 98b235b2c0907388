import { announcedKeepAlive } from '../../chain/announced.js'
import type { Evidence, Side, VerdictTold } from '../../result.js'
import { farewellName } from '../farewell-words.js'
import { unreachedRequest } from '../met-close.js'
import type { Case } from '../verdict-rule.js'
import { actor, closeWord, party, span } from '../wording.js'
import { headWaitNs } from './idle-timeout-head.js'
import type { TimerProof } from './idle-timeout-proof.js'

/** The frames that show a timer: where the silence began, what it ended in, and what the leg behind or before it says. */
export function idleEvidence(c: Case, by: Side, proof: TimerProof | null): Evidence[] {
  const { facts } = c
  const { first } = facts.close
  const rows: Evidence[] = []
  const announced = proof?.kind === 'announced' ? announcedKeepAlive(facts) : null
  if (announced !== null && announced.frame !== null)
    rows.push({
      frame: announced.frame,
      text: `the response announces Keep-Alive: timeout=${announced.seconds}`,
    })
  if (facts.lastData !== null)
    rows.push({
      frame: facts.lastData.frame,
      text: `last payload, by ${party(c, facts.lastData.by)}: ${unreceived(c, by) ? `${party(c, by)} had not received it` : 'the silence begins'}`,
    })
  else if (facts.syn !== null)
    rows.push({ frame: facts.syn.frame, text: 'the handshake: no payload follows' })
  if (facts.standing.goodbyeFrame !== null)
    rows.push({
      frame: facts.standing.goodbyeFrame,
      text: `${facts.standing.goodbyeStatus ?? farewellName(c) ?? (saidUnasked(c) ? 'what cannot be read' : 'an alert')}, the goodbye of ${party(c, by)}`,
    })
  if (first !== null)
    rows.push({
      frame: first.frame,
      text: `${closeWord(facts)} by ${party(c, by)}${laterText(c, by)}`,
    })
  const said = proof?.kind === 'gateway' ? proof.link.downstreamExchange.responseStart : null
  if (said !== null && first !== null && proof?.kind === 'gateway')
    rows.push({
      frame: said.frame,
      text: `${proof.link.downstreamExchange.status ?? 'a response'} to the client of ${actor(c, 'client')} (flow ${proof.link.downstream.stream}), ${span(Math.abs(said.timeNs - first.ns))} ${said.timeNs < first.ns ? 'before' : 'after'} the close`,
    })
  if (proof?.kind === 'other-leg')
    rows.push({
      frame: proof.link.upstream.close.first?.frame ?? 0,
      text: `the leg behind it (flow ${proof.link.upstream.stream}) was cut in the same moment`,
    })
  return rows
}

/** How long after the row above the close came, and what the sentence measures where that is another span. */
function laterText(c: Case, by: Side): string {
  const { facts } = c
  if (facts.silenceNs === null) return ''
  const silence = span(facts.silenceNs)
  // The row above is the goodbye, where there is one.
  const later = `, ${silence} ${facts.standing.goodbyeFrame === null ? 'later' : 'after the last payload'}`
  const head = headWaitNs(c)
  const gap = facts.timerGapNs
  if (head !== null && span(head) !== silence) return `${later}, ${span(head)} after the handshake`
  const sameClock = facts.lastData === null || facts.lastData.by === by || unreceived(c, by)
  return sameClock || gap === null || span(gap) === silence
    ? later
    : `${later}, ${span(gap)} after it had reached ${party(c, by)}`
}

/** The closer waited for a response, or for a request, and what had been sent of it had not come to it. */
function unreceived(c: Case, by: Side): boolean {
  const { facts } = c
  if (unreachedRequest(c) !== null) return true
  return by === 'client' && facts.lastData?.by === 'server' && facts.standing.owed === 'response'
}

/** The remark on connections of the same closer that ended alike; null: there are none. */
export function alikeOf({ around: { cluster } }: Case): NonNullable<VerdictTold['alike']> | null {
  const { flows, spreadNs } = cluster
  const remark = `${flows} flows of this closer ended after the same gap, spread ${span(spreadNs)}`
  return flows > 1 ? { flows, remark } : null
}

/** The goodbye is the first that the server said inside TLS, in words that cannot be read. */
export function saidUnasked({ facts: { conversation, standing } }: Case): boolean {
  return standing.goodbyeFrame !== null && conversation?.unasked?.frame === standing.goodbyeFrame
}
