import { seqDelta } from '../flow/sequence.js'
import type { CloseFact, SideFacts } from './flow-facts.js'
import { unansweredClose } from './closes.js'
import type { Knowledge } from './standing-parts.js'

/** What the closer of a flow knew of its streams, from the numbers that both sides sent. */
export function knowledgeOf(
  sides: { readonly client: SideFacts; readonly server: SideFacts },
  first: CloseFact | null,
  established: boolean,
  lateStart: boolean,
  payloadCut: boolean,
): Knowledge {
  const { client, server } = sides
  // A RST that is no abort comes from a stack that knows nothing, or from a third party: only what was delivered counts.
  const nobody =
    first === null || (first.flag === 'RST' && first.form !== 'abort') || unansweredClose(sides, first)
  const by = nobody ? null : first.by
  let requestsTo: number | null = null
  let responsesTo = client.ackAtClose
  if (!nobody) {
    const closer = sides[first.by]
    const reset = first.form === 'abort' ? (closer.rst?.ack ?? null) : null
    // What it had acknowledged before, it had received, whatever its RST says; and what its FIN acknowledges, wherever that was captured.
    const said = first.flag === 'FIN' ? (closer.fin?.ack ?? null) : reset
    const received = later(closer.ackAtClose, said)
    // A FIN that was captured before the data it follows still stands after it.
    const sent = (first.flag === 'FIN' ? closer.fin?.seq : null) ?? closer.sentAtClose
    requestsTo = by === 'server' ? received : sent
    responsesTo = by === 'server' ? sent : received
  } else if (first?.by === 'client') responsesTo = acknowledgedByRst(sides) ?? responsesTo
  return {
    requestsTo,
    responsesTo,
    closer: by,
    closeFlag: first === null ? null : first.flag,
    closeNs: first === null ? null : first.ns,
    established,
    lateStart,
    requestsMissingTo: client.missingTo,
    responsesMissingTo: server.missingTo,
    clientUnseen: client.segments === 0,
    serverSilent: server.payloadBytes === 0,
    oneDirection: client.segments === 0 || server.segments === 0,
    payloadCut,
    cutOff: first !== null && isCutOff(first, client, server),
    clientWindowShut: client.zeroWindowSince !== null,
    serverWindowShut: server.zeroWindowSince !== null,
  }
}

/** The later of two ACK numbers; null: there is none. */
function later(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other
  return seqDelta(one, other) > 0 ? one : other
}

/**
 * A RST of the client that acknowledges all that the server sent, and follows right on what the client sent, comes from one that had
 * received it, whatever the stack's form of a RST; null: there is none.
 */
function acknowledgedByRst({ client, server }: { client: SideFacts; server: SideFacts }): number | null {
  const { rst } = client
  const [sent, said] = [server.sentAtClose, client.sentAtClose]
  if (rst === null || !rst.withAck || sent === null || said === null) return null
  return seqDelta(rst.ack, sent) === 0 && seqDelta(rst.seq, said) === 0 ? rst.ack : null
}

/**
 * More of the response came after the client's close, or was under way to it when it reset. A reset of what had all arrived says nothing:
 * proxies drop idle connections like that.
 */
function isCutOff(first: CloseFact, client: SideFacts, server: SideFacts): boolean {
  if (first.by !== 'client') return false
  if (first.form === 'abort') {
    const taken = client.ackAtClose
    const sent = server.sentAtClose
    if (taken !== null && sent !== null && seqDelta(sent, taken) > 0) return true
  }
  const last = server.lastPayload
  return last !== null && last.ns > first.ns
}

/**
 * Payload, a FIN or an ACK of the client shows that the handshake was completed, even if the capture lacks its last segments: a client that
 * has no SYN-ACK yet has nothing to acknowledge.
 */
export function inUse({ client, server }: { client: SideFacts; server: SideFacts }): boolean {
  const payload = client.payloadBytes + server.payloadBytes > 0
  return payload || client.fin !== null || server.fin !== null || client.lastAck !== null
}
