import { otherSide } from '../../facts/flow-facts.js'
import { seqDelta } from '../../flow/sequence.js'
import type { Side } from '../../result.js'
import { policy } from '../policy.js'
import type { Case } from '../verdict-rule.js'

/** It was in use, or its handshake was completed. */
export function established(c: Case): boolean {
  const { facts } = c
  return facts.establishedNs !== null || facts.sides.client.payloadBytes + facts.sides.server.payloadBytes > 0
}

/** The sender's latest ACK covers bytes of the peer that were not captured: the peer speaks, and the capture does not show it. */
export function answersUnseen(c: Case, sender: Side): boolean {
  const side = c.facts.sides[sender]
  const peer = c.facts.sides[otherSide(sender)]
  return peer.missingTo !== null && side.lastAck !== null && seqDelta(side.lastAck, peer.missingTo) >= 0
}

/** From the last sign of life of the side that forgot, to its RST. */
export function silenceBeforeTrigger(c: Case, by: Side): number {
  const { facts } = c
  const first = facts.close.first
  if (first === null) return 0
  const spoke = facts.sides[by].payloadBeforeClose?.ns ?? facts.establishedNs ?? facts.startNs
  return first.ns - Math.max(spoke, facts.lastSignOfCloser?.ns ?? -Infinity)
}

/** Nothing was owed, or, where that cannot be read, the server had spoken last and then there was a pause. */
export function nothingOwed({ facts }: Case): boolean {
  const { owed, framed } = facts.standing
  if (owed !== 'unknown' || framed) return owed === 'nothing'
  const answered = facts.lastData?.by === 'server' && facts.conversation?.tunnel === null
  return answered && (facts.silenceNs ?? 0) >= policy.serverIdleNs
}
