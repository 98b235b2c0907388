import type { Exchange } from '../../exchange/exchange.js'
import { isBefore } from '../../facts/moment-order.js'
import { seqDelta } from '../../flow/sequence.js'
import { policy } from '../policy.js'
import type { Case } from '../verdict-rule.js'

/**
 * Where no message boundary can be read, what follows a response may be the rest of the request that it answered (a 413 while the
 * body is still coming). Such a server closes with its response; a keep-alive timer waits.
 */
export function mayBeRestOfUpload(c: Case, request: Exchange | null): boolean {
  const { idleBeforeCloseNs, conversation } = c.facts
  if (request === null || request.method !== null || conversation?.protocol === 'http2') return false
  return idleBeforeCloseNs === null || idleBeforeCloseNs < policy.serverIdleNs
}

function requestNs(request: Exchange | null): number {
  return request?.requestStart?.timeNs ?? NaN
}

/** How long after its own host had acknowledged the FIN the client sent the request; null: it had not acknowledged it before. */
export function staleNs(c: Case, request: Exchange | null): number | null {
  const fin = c.facts.sides.server.fin
  const acked = fin?.acked ?? null
  const requestAck = c.facts.metRequestAck
  // The request itself acknowledges the FIN: its sender knew, though the capture lacks an earlier ACK.
  if (fin !== null && request !== null && requestAck !== null && seqDelta(requestAck, fin.seq) > 0) {
    return requestNs(request) - Math.min(fin.acked?.ns ?? Infinity, fin.ns)
  }
  const start = request?.requestStart ?? null
  if (acked === null || start === null || !isBefore(acked, { frame: start.frame, ns: start.timeNs }))
    return null
  return requestNs(request) - acked.ns
}

/** Up to here after that acknowledgement its application may not have heard of the FIN, nanoseconds. */
export function staleLimit(c: Case): number {
  const { client, server } = c.facts.rttNs
  return Math.max(policy.staleReuseNs, 2 * ((client ?? 0) + (server ?? 0)))
}

/** The FIN never arrived: it was repeated unanswered, and the request came later than any path takes. */
export function lostClose(c: Case, request: Exchange | null): boolean {
  const { fin } = c.facts.sides.server
  if (fin === null || fin.repeats === 0) return false
  return requestNs(request) - fin.ns > policy.closeInFlightNs
}
