import { factsPolicy } from './policy.js'
import { seqDelta } from '../flow/sequence.js'
import type { Side } from '../result.js'
import { otherSide, type FlowFacts, type Moment } from './flow-facts.js'

/**
 * The client completed the handshake and sent data, and the server went on repeating its SYN-ACK and acknowledged nothing: its accept
 * queue was full, or what the client sends does not reach it.
 */
export function neverAccepted({ synAck, establishedNs, sides }: FlowFacts): boolean {
  const { client, server } = sides
  return (
    synAck !== null &&
    synAck.repeats >= factsPolicy.synAcksAgain &&
    establishedNs !== null &&
    client.payloadBytes > 0 &&
    server.payloadBytes === 0 &&
    server.lastAck === (client.baseSeq + 1) >>> 0
  )
}

/** Bytes of a side that were sent again and again and never acknowledged, and the last sign of the other end, which was alive; null: none. */
export function neverArrived(
  facts: FlowFacts,
  by: Side,
): { readonly bytes: number; readonly alive: Moment } | null {
  const side = facts.sides[by]
  const { lastAck, lastSegment: alive, zeroWindowSince } = facts.sides[otherSide(by)]
  if (side.retransmissions < factsPolicy.copiesOfLost || lastAck === null || zeroWindowSince !== null)
    return null
  if (side.sentAtClose === null || side.missingTo !== null || side.lastPayload === null) return null
  const bytes = seqDelta(side.sentAtClose, lastAck)
  if (bytes <= 0 || alive === null || alive.ns - side.lastPayload.ns < factsPolicy.aliveAfterNs) return null
  return neverAccepted(facts) ? null : { bytes, alive }
}
