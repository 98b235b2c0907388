import type { Conversation } from '../exchange/exchange.js'
import { seqDelta } from '../flow/sequence.js'
import type { Side } from '../result.js'
import { otherSide, type CloseFact, type Moment, type SideFacts } from './flow-facts.js'
import { serverSaidGoodbye } from './last-words.js'
import { isBefore } from './moment-order.js'

interface Sides {
  readonly client: SideFacts
  readonly server: SideFacts
}

/** First and second close of a flow; null where none was seen. */
export interface Closes {
  readonly first: CloseFact | null
  readonly second: CloseFact | null
}

/** Of a flow that no side closed. */
export const NO_CLOSES: Closes = { first: null, second: null }

/** A side's own close: its first FIN or RST, whichever came first; or a FIN that only the other side's ACK shows. */
function closeOf(by: Side, side: SideFacts): CloseFact | null {
  const { fin, rst, unseenFin } = side
  if (fin !== null && (rst === null || !isBefore(rst, fin)))
    return { by, flag: 'FIN', form: null, frame: fin.frame, ns: fin.ns, captured: true }
  if (unseenFin !== null && (rst === null || !isBefore(rst, unseenFin)))
    return { by, flag: 'FIN', form: null, ...unseenFin, captured: false }
  if (rst === null) return null
  return { by, flag: 'RST', form: rst.form, frame: rst.frame, ns: rst.ns, captured: true }
}

/** First and second close: in capture order, unless the ACK numbers prove that the one captured later was sent first. */
export function closesOf(sides: Sides): Closes {
  const client = closeOf('client', sides.client)
  const server = closeOf('server', sides.server)
  if (client === null || server === null) return { first: client ?? server, second: null }
  const clientEarlier = isEarlier(client, server)
  const first = clientEarlier ? client : server
  const second = clientEarlier ? server : client
  const firstFin = sides[first.by].fin
  const secondFin = sides[second.by].fin
  const bothFins = first.flag === 'FIN' && second.flag === 'FIN' && firstFin !== null && secondFin !== null
  if (bothFins && seqDelta(firstFin.ack, secondFin.seq) > 0) return { first: second, second: first }
  return { first, second }
}

/** In capture order; a FIN that was acknowledged in the frame of the other close came before that. */
function isEarlier(one: CloseFact, other: CloseFact): boolean {
  if (one.frame === other.frame && one.ns === other.ns) return !one.captured
  return isBefore(one, other)
}

/** When the server's decision to close first shows: its own first close, or a close_notify that came before the client's close. */
export function serverLeftAt(
  close: { first: CloseFact | null; second: CloseFact | null },
  conversation: Conversation | null,
): Moment | null {
  const { first, second } = close
  if (first === null || conversation === null) return null
  if (first.by === 'server') return first
  if (conversation.tlsAlerts.length === 0) return null
  if (second === null || !serverSaidGoodbye(conversation, { closer: 'client', closeNs: first.ns }))
    return null
  const alert = conversation.tlsAlerts.find(
    (one) => one.side !== conversation.clientSide && one.start.timeNs <= first.ns,
  )
  return alert === undefined ? null : { frame: alert.start.frame, ns: alert.start.timeNs }
}

/** Since when the server that decided to close had been idle: the end of its last finished response before that. */
export function idleBeforeClose(left: Moment | null, conversation: Conversation | null): number | null {
  if (left === null || conversation === null) return null
  for (let i = conversation.exchanges.length - 1; i >= 0; i--) {
    const exchange = conversation.exchanges[i]
    const unread = exchange.responseComplete === null ? exchange.responseLast : null
    const end = exchange.responseComplete === true ? exchange.responseEnd : unread
    if (end !== null && end.timeNs <= left.ns) return left.ns - end.timeNs
  }
  return null
}

/** The close was repeated and the other side never said anything after it. */
export function unansweredClose(sides: { client: SideFacts; server: SideFacts }, first: CloseFact): boolean {
  if (first.flag !== 'FIN') return false
  const peer = sides[otherSide(first.by)]
  const fin = sides[first.by].fin
  return (
    fin !== null &&
    fin.repeats > 0 &&
    fin.acked === null &&
    (peer.lastSegment === null || isBefore(peer.lastSegment, first))
  )
}
