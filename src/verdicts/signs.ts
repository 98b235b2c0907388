import { FIRST_SERVER_ERROR, GATEWAY_TIMEOUT, type Exchange } from '../exchange/exchange.js'
import { seqDelta } from '../flow/sequence.js'
import { otherSide, type FlowFacts } from '../facts/flow-facts.js'
import type { LegLink } from '../facts/leg-facts.js'
import type { Side } from '../result.js'
import { policy } from './policy.js'
import type { Case } from './verdict-rule.js'

/** The link of the exchange that was under way, on the leg towards the client; null: not in the capture. */
export function downstreamOf(c: Case): LegLink | null {
  const links = c.around.downstreams
  const exchange = c.facts.standing.exchange
  return (
    links.find((link) => link.upstreamExchange === exchange) ??
    links.find((link) => link.upstreamExchange === null) ??
    null
  )
}

/** The leg that served the exchange under way; the latest, when it was retried; null: not in the capture. */
export function upstreamOf(c: Case): LegLink | null {
  const exchange = c.facts.standing.exchange
  const links = c.around.upstreams.filter((link) => link.downstreamExchange === exchange)
  return links[links.length - 1] ?? null
}

/** From the request that was pending to the close, nanoseconds; null: one of them was not seen. */
export function sinceRequest({ facts: { close, standing } }: Case): number | null {
  const start = standing.exchange?.requestStart ?? null
  return start === null || close.first === null ? null : close.first.ns - start.timeNs
}

/** How the request of a link ended on the leg before: by the end of that connection, or of its stream alone. */
export interface EndedBefore {
  readonly frame: number
  readonly ns: number
  readonly by: Side
  readonly how: 'FIN' | 'RST' | 'RST_STREAM'
}

/** How the exchange that this link serves was broken off, or its connection closed, on the leg before; null: it was not. */
export function endedBefore({ downstream, downstreamExchange: { reset } }: LegLink): EndedBefore | null {
  const { first } = downstream.close
  if (reset !== null && (first === null || reset.point.timeNs <= first.ns)) {
    const by = reset.side === downstream.clientIndex ? 'client' : 'server'
    return { frame: reset.point.frame, ns: reset.point.timeNs, by, how: 'RST_STREAM' }
  }
  return first === null ? null : { frame: first.frame, ns: first.ns, by: first.by, how: first.flag }
}

/** The downstream leg whose client had left, or had cancelled the stream, before this leg was closed; null: none did, or a 5xx had been written to it. */
export function departedClient(c: Case): LegLink | null {
  const { first } = c.facts.close
  const link = downstreamOf(c)
  // A link that is only possible proves no cause.
  if (first === null || link === null || first.by !== 'client' || link.certainty === 'possible') return null
  const left = endedBefore(link)
  if (left === null || left.by !== 'client') return null
  const before = first.ns - left.ns
  if (before < 0 || before > policy.propagatedWithinNs) return null
  const { status, responseStart } = link.downstreamExchange
  const refused =
    status !== null &&
    status >= FIRST_SERVER_ERROR &&
    responseStart !== null &&
    responseStart.timeNs <= first.ns
  return refused ? null : link
}

/** The downstream leg that its own server closed in the same moment, while the request was still coming in; `null`: none. */
export function brokenUpload(c: Case): LegLink | null {
  const { first } = c.facts.close
  const link = downstreamOf(c)
  if (first === null || link === null || first.by !== 'client') return null
  // A server that takes nothing holds the upload up itself.
  if (c.facts.standing.phase === 'peer-not-reading') return null
  // An upstream that had given its whole answer was let go because it was done.
  const answered = link.upstreamExchange?.responseEnd ?? null
  if (answered !== null && answered.timeNs <= first.ns) return null
  const other = link.downstream.close.first
  if (other === null || other.by !== 'server' || link.downstream.standing.owed !== 'rest-of-request')
    return null
  if (Math.abs(other.ns - first.ns) <= policy.consequenceWithinNs) return link
  // A busy proxy takes its time between the two. Had this leg failed it, its client would have got an answer.
  const gaveUpUpload =
    link.certainty !== 'possible' &&
    link.downstreamExchange.responseStart === null &&
    (link.downstream.silenceNs ?? 0) >= policy.promptCloseNs
  const after = other.ns - first.ns
  return gaveUpUpload && after > 0 && after <= policy.propagatedWithinNs ? link : null
}

/** The 504 that the proxy wrote downstream in the moment it closed this leg; null: none. */
export function gatewayTimeout(c: Case): LegLink | null {
  const { first } = c.facts.close
  const link = downstreamOf(c)
  const said = link?.downstreamExchange.responseStart ?? null
  if (
    first?.by !== 'client' ||
    link === null ||
    said === null ||
    link.downstreamExchange.status !== GATEWAY_TIMEOUT
  )
    return null
  const after = said.timeNs - first.ns
  return after >= -policy.consequenceBeforeNs && after <= policy.consequenceWithinNs ? link : null
}

/**
 * How long a proxy had waited for this leg when it answered its own client with a 504 although no close of this leg left it: its FIN
 * waits behind data that the peer does not take. Nanoseconds from `sinceNs`; null: no such answer.
 */
export function gaveUpSilentlyAfter(c: Case, sinceNs: number | null): number | null {
  if (c.facts.close.first !== null || sinceNs === null) return null
  const { status, responseStart } = downstreamOf(c)?.downstreamExchange ?? {}
  if (status !== GATEWAY_TIMEOUT || responseStart == null) return null
  const after = responseStart.timeNs - sinceNs
  return after > 0 ? after : null
}

/** The leg behind, which its own server had closed just before this flow's server closed this one: a tunnel has no use without it. Null: it had not. */
export function endedBehind(c: Case): LegLink | null {
  const { first } = c.facts.close
  const link = upstreamOf(c)
  const other = link?.upstream.close.first ?? null
  if (first?.by !== 'server' || other?.by !== 'server' || link?.certainty === 'possible') return null
  const after = first.ns - other.ns
  return after >= 0 && after <= policy.propagatedWithinNs ? link : null
}

/** What became of a request whose upstream leg failed. */
export interface Aftermath {
  /** Status the client got; null: none seen. */
  readonly status: number | null
  /** The other upstream leg that served it in the end; null: no retry seen. */
  readonly retry: number | null
  readonly downstream: LegLink | null
}

/** How the failure of this leg ended for the client behind the proxy. */
export function aftermath(c: Case, exchange: Exchange | null): Aftermath {
  const link = c.around.downstreams.find((one) => one.upstreamExchange === exchange) ?? null
  if (link === null) return { status: null, retry: null, downstream: null }
  return {
    status: link.downstreamExchange.status,
    retry: c.around.retryOf(link)?.upstream.stream ?? null,
    downstream: link,
  }
}

/**
 * The client's FIN came before a response whose end cannot be read; it then acknowledged all the server sent, up to the server's own FIN,
 * without a RST: it had closed only its own direction, for a socket that is closed answers data with a RST.
 */
export function tookToTheEnd(c: Case): boolean {
  const { close, sides, standing } = c.facts
  const { first } = close
  const later = sides.server.lastPayload
  return (
    first?.by === 'client' &&
    first.flag === 'FIN' &&
    standing.owed === 'unknown' &&
    (standing.phase === 'awaiting-response' || standing.phase === 'mid-response') &&
    sides.client.rst === null &&
    sides.server.fin?.acked != null &&
    later !== null &&
    (later.ns > first.ns || hadNotReceived(sides.client.ackAtClose, sides.server.sentAtClose))
  )
}

/** Seen at the server: the response had left before the FIN came, which does not acknowledge it. */
function hadNotReceived(ack: number | null, sent: number | null): boolean {
  return ack !== null && sent !== null && seqDelta(sent, ack) > 0
}

/** Bytes of this response that the client had received when it closed, as its ACK number tells; null: unknown. */
export function receivedBytes(c: Case, exchange: Exchange): number | null {
  const ack = c.facts.sides.client.ackAtClose
  if (ack === null || exchange.responseStart === null) return null
  return Math.min(exchange.responseBytes, Math.max(0, seqDelta(ack, exchange.responseStart.seq)))
}

/** The other end has sent nothing since, not even an acknowledgement. */
export function isUnanswered({ close, sides }: FlowFacts): boolean {
  const { first } = close
  if (first === null || first.flag === 'RST') return false
  const last = sides[otherSide(first.by)].lastSegment
  return last === null || last.ns < first.ns
}

/**
 * The client had closed only its own direction: after its FIN it acknowledged more of the server's payload, without a RST, for a socket that
 * is closed answers payload with one.
 */
export function readOnAfterFin({ close: { first }, sides: { client, server } }: FlowFacts): boolean {
  if (first?.by !== 'client' || client.fin === null || client.rst !== null || client.lastAck === null)
    return false
  const { lastAck } = client
  const end = server.fin !== null && seqDelta(lastAck, server.fin.seq) > 0 ? server.fin.seq : lastAck
  return seqDelta(end, client.fin.ack) > 0
}
