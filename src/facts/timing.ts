import { factsPolicy } from './policy.js'
import type { Conversation, Exchange, StreamPoint, TlsAlert } from '../exchange/exchange.js'
import type { Side } from '../result.js'
import {
  otherSide,
  type CloseFact,
  type FlowFacts,
  type Moment,
  type SideFacts,
  type Standing,
} from './flow-facts.js'
import { seqDelta } from '../flow/sequence.js'
import { isBefore } from './moment-order.js'

interface Sides {
  readonly client: SideFacts
  readonly server: SideFacts
}

/** Last payload of either side before the first close; a goodbye of the closer (an error status, a TLS alert, a GOAWAY) is left out. */
export function lastDataOf(
  sides: Sides,
  first: CloseFact | null,
  conversation: Conversation | null,
  standing: Standing,
): (Moment & { by: Side }) | null {
  let client = sides.client.payloadBeforeClose
  let server = sides.server.payloadBeforeClose
  if (first?.by === 'server') server = withoutGoodbye(first, server, conversation, standing)
  if (first?.by === 'client') client = withoutGoodbye(first, client, conversation, standing)
  // Once a flow: no spread.
  if (client !== null && (server === null || client.ns >= server.ns))
    return { frame: client.frame, ns: client.ns, by: 'client' }
  return server === null ? null : { frame: server.frame, ns: server.ns, by: 'server' }
}

/** The closer's latest payload that was no goodbye. */
function withoutGoodbye(
  first: CloseFact,
  payload: Moment | null,
  conversation: Conversation | null,
  standing: Standing,
): Moment | null {
  const part = first.by === 'server' ? 'response' : 'request'
  if (standing.goodbyeFrame !== null)
    return beforeGoodbye(
      statusGoodbye(standing.goodbyeFrame, first, conversation),
      payload,
      conversation,
      part,
    )
  const goAway = goAwayPoint(first, conversation)
  if (goAway !== null) return beforeGoodbye(goAway, payload, conversation, part)
  const alert = alertBefore(first, conversation)
  if (alert === null) return payload
  if (payload === null || isBefore(payload, momentOf(alert.start))) return payload
  // The record before it may belong to no exchange: a handshake, or what a server says unasked.
  return alert.after === null
    ? beforeGoodbye(momentOf(alert.start), payload, conversation, part)
    : { frame: alert.after.frame, ns: alert.after.timeNs }
}

/** A TLS alert that the closer sent just before its close; null: none. */
function alertBefore(first: CloseFact, conversation: Conversation | null): TlsAlert | null {
  for (const alert of conversation?.tlsAlerts ?? []) {
    const by: Side = alert.side === conversation?.clientSide ? 'client' : 'server'
    const before = first.ns - alert.start.timeNs
    if (by === first.by && before >= 0 && before <= factsPolicy.goodbyeWithinNs) return alert
  }
  return null
}

/** An HTTP/2 GOAWAY that the closer sent by itself just before its close; null: none, or it came with a message. */
function goAwayPoint(first: CloseFact, conversation: Conversation | null): Moment | null {
  const goAway = conversation?.goAway ?? null
  if (conversation === null || goAway === null) return null
  const by: Side = goAway.side === conversation.requestSide ? 'client' : 'server'
  const { frame, timeNs } = goAway.point
  const before = first.ns - timeNs
  if (by !== first.by || before < 0 || before > factsPolicy.goodbyeWithinNs) return null
  const last = (exchange: Exchange): StreamPoint | null =>
    by === 'server' ? exchange.responseLast : exchange.requestLast
  return conversation.exchanges.some(
    (exchange) => last(exchange)?.frame === frame && last(exchange)?.timeNs === timeNs,
  )
    ? null
    : momentOf(goAway.point)
}

/** When the closer's error status was sent: the latest response of that frame number before the close. */
function statusGoodbye(frame: number, first: CloseFact, conversation: Conversation | null): Moment {
  const starts = [...(conversation?.exchanges ?? []).map((one) => one.responseStart)].concat(
    (conversation?.orphans ?? []).map((one) => one.start),
    conversation?.unasked ?? [],
  )
  const ns = starts.reduce(
    (latest, point) =>
      point?.frame === frame && point.timeNs <= first.ns ? Math.max(latest, point.timeNs) : latest,
    -Infinity,
  )
  return { frame, ns: ns === -Infinity ? first.ns : ns }
}

function momentOf({ frame, timeNs }: StreamPoint): Moment {
  return { frame, ns: timeNs }
}

/** The closer's latest payload before its goodbye, as the exchanges tell it. */
function beforeGoodbye(
  goodbye: Moment,
  payload: Moment | null,
  conversation: Conversation | null,
  part: 'request' | 'response',
): Moment | null {
  if (payload === null || isBefore(payload, goodbye)) return payload
  const exchanges = conversation?.exchanges ?? []
  for (let i = exchanges.length - 1; i >= 0; i--) {
    const point = part === 'response' ? exchanges[i].responseLast : exchanges[i].requestLast
    if (point !== null && isBefore(momentOf(point), goodbye)) return momentOf(point)
  }
  return null
}

/** First close minus last payload; from the handshake when there was no payload. */
export function silenceOf(
  first: CloseFact | null,
  lastData: Moment | null,
  handshakeNs: number | null,
): number | null {
  if (first === null) return null
  const since = lastData?.ns ?? handshakeNs
  // A FIN that was captured before data it follows, or that only its ACK shows, came after that data all the same.
  return since === null ? null : Math.max(0, first.ns - since)
}

/**
 * The silence on the closer's own clock: since it sent its last payload or received the other side's. A received segment reached
 * it one round trip (capture point to closer and back) later than captured, or at the latest when its ACK shows.
 */
export function timerGapOf(
  facts: Pick<FlowFacts, 'sides' | 'close' | 'lastData' | 'rttNs' | 'standing'>,
  handshakeNs: number | null,
): number | null {
  const { first } = facts.close
  if (first === null) return null
  const { sides, lastData, rttNs } = facts
  if (lastData === null)
    return handshakeNs === null
      ? null
      : first.ns - handshakeNs - (first.by === 'server' ? (rttNs.server ?? 0) : 0)
  if (lastData.by === first.by) return first.ns - lastData.ns
  // Nor did a request of which nothing had come to the server.
  const heard = first.by === 'server' ? heardLast(facts, handshakeNs) : null
  if (heard !== null) return first.ns - heard
  // A response of which nothing had come to the client by then did not start its clock anew.
  const asked = first.by === 'client' ? askedLast(facts.standing) : null
  if (asked !== null) return first.ns - asked
  const peer = sides[otherSide(first.by)]
  const roundTrip = rttNs[first.by]
  const ackedAfter = peer.payloadCoveredNs === null ? null : peer.payloadCoveredNs - lastData.ns
  let travel = roundTrip ?? (ackedAfter !== null && ackedAfter < factsPolicy.delayedAckNs ? ackedAfter : 0)
  if (ackedAfter !== null && ackedAfter >= 0 && ackedAfter < travel) travel = ackedAfter
  return Math.max(0, first.ns - lastData.ns - travel)
}

/** End of the request that a client left without having received a byte of its response; null: no such request. */
function askedLast({ owed, exchange, framed }: Standing): number | null {
  return framed && owed === 'response' ? (exchange?.requestLast?.timeNs ?? null) : null
}

/** The last that a server knew of which closed before a byte of the client's next request had come to it; null: nothing of the kind. */
function heardLast(
  { sides: { client, server }, standing: { owed, exchange, framed } }: Pick<FlowFacts, 'sides' | 'standing'>,
  handshakeNs: number | null,
): number | null {
  const [taken, sent] = [server.ackAtClose, client.sentAtClose]
  if (!framed || owed !== 'nothing' || taken === null || sent === null || seqDelta(sent, taken) <= 0)
    return null
  return exchange === null ? handshakeNs : (exchange.responseEnd?.timeNs ?? null)
}
