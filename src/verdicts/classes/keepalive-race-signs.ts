import type { Exchange } from '../../exchange/exchange.js'
import { isBefore } from '../../facts/moment-order.js'
import { seqDelta } from '../../flow/sequence.js'
import { policy } from '../policy.js'
import { limit, type Limit } from '../sureness.js'
import { timerOf } from '../timer-match.js'
import type { Case } from '../verdict-rule.js'

/**
 * Where no message boundary can be read, what follows a response may be the rest of the request that it answered (a 413 while the
 * body is still coming). Such a server closes with its response; a keep-alive timer waits. Who comes long after the close was not sending.
 */
export function mayBeRestOfUpload(c: Case, request: Exchange | null): boolean {
  const { idleBeforeCloseNs, conversation, close } = c.facts
  if (request === null || request.method !== null || conversation?.protocol === 'http2') return false
  if (requestNs(request) - (close.first?.ns ?? NaN) >= policy.restGoesOnNs) return false
  return idleBeforeCloseNs === null || idleBeforeCloseNs < policy.serverIdleNs
}

function requestNs(request: Exchange | null): number {
  return request?.requestStart?.timeNs ?? NaN
}

/**
 * How long, at least, the client's own host had known of the FIN when the client sent the request; null: it had not acknowledged it before.
 * Where the request is the first to acknowledge it, an acknowledgement that stood out until then, or one that the capture lacks, may have
 * been held back for so long as hosts do.
 */
export function staleNs(c: Case, request: Exchange | null): number | null {
  const acked = c.facts.sides.server.fin?.acked ?? null
  const start = request?.requestStart ?? null
  if (acked !== null && start !== null && isBefore(acked, { frame: start.frame, ns: start.timeNs }))
    return requestNs(request) - acked.ns
  const known = knownWithRequestNs(c, request)
  return known === null ? null : Math.max(0, known - policy.delayedAckNs)
}

/** The request is the first to acknowledge the FIN, so long after it that its host may have known before: the capture may lack that ACK. */
export function mayHaveKnown(c: Case, request: Exchange | null): boolean {
  const known = knownWithRequestNs(c, request)
  const limitNs = staleLimit(c)
  return known !== null && known > limitNs && (staleNs(c, request) ?? 0) <= limitNs
}

/** From the FIN to the request, where that itself acknowledges it; null: it does not. */
function knownWithRequestNs(c: Case, request: Exchange | null): number | null {
  const fin = c.facts.sides.server.fin
  const ack = c.facts.metRequestAck
  if (fin === null || request === null || ack === null || seqDelta(ack, fin.seq) <= 0) return null
  return requestNs(request) - fin.ns
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

/** The request came so long after the close that this was on its way no more: it was lost, or is still held up somewhere. */
export function longApart({ facts: { serverLeft } }: Case, request: Exchange | null): boolean {
  return serverLeft !== null && requestNs(request) - serverLeft.ns > policy.closeInFlightNs
}

/** A program that waits for requests, and closes by a timer because none comes, reads one within this time. */
export function layLong({ facts: { close } }: Case, request: Exchange | null): boolean {
  const start = request?.requestStart ?? null
  return start !== null && close.first !== null && close.first.ns - start.timeNs >= policy.promptCloseNs
}

/** Whether this server's keep-alive timer is known to have this length: by setting, or because it closed others so. */
export function fitsKeepAlive(c: Case, idleNs: number | null): boolean {
  if (idleNs === null || idleNs < policy.serverIdleNs) return false
  if (c.around.likeIdle >= policy.keepAliveLikeFlows) return true
  const answer = timerOf(c, 'server', 'between-requests', idleNs, 'FIN')
  return answer.configured || answer.known || answer.announced !== null
}

/** Without message boundaries it may have been something else than a request. */
export function unreadLimit({ facts }: Case): Limit {
  const unread = !facts.standing.framed && facts.conversation?.protocol !== 'http1'
  return limit('likely', 'whether it was a request cannot be read', unread)
}
