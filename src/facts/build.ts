import type { Conversation } from '../exchange/exchange.js'
import {
  FLOW_CLOSED,
  FLOW_HANDSHAKE_ACK,
  FLOW_PAYLOAD_CUT,
  FLOW_REUSED_PORTS,
  FLOW_SYN,
  FLOW_SYN_ACK,
} from '../flow/flow-columns.js'
import type { FlowStore } from '../flow/flow-store.js'
import { historyText } from '../flow/history.js'
import type { CloseFact, FlowFacts, SideFacts } from './flow-facts.js'
import { clientOf } from './roles.js'
import { closesOf, idleBeforeClose, serverLeftAt, unansweredClose } from './closes.js'
import { sideFacts } from './side-facts.js'
import { standingOf, type Knowledge } from './standing.js'
import { lastDataOf, silenceOf, timerGapOf } from './timing.js'

/** What facts need to know besides the flow store. */
export interface FactSources {
  readonly store: FlowStore
  readonly conversationOf: (flow: number) => Conversation | null
  /** Text of an address as it stands in the flow columns. */
  readonly addressText: (family: number, address: number) => string
  /** Last time stamp of each capture. */
  readonly captureEndNs: readonly number[]
}

/** All facts of one flow. */
export function flowFacts(sources: FactSources, flow: number): FlowFacts {
  const { flows, sides } = sources.store
  const conversation = sources.conversationOf(flow)
  const { index, basis } = clientOf(flows, sides, flow, conversation)
  const state = flows.state[flow]
  const closed = (state & FLOW_CLOSED) !== 0
  const client = sideFacts(sides, flow * 2 + index, closed)
  const server = sideFacts(sides, flow * 2 + 1 - index, closed)
  const ends = [endpoint(sources, flow, 0), endpoint(sources, flow, 1)]
  const both = { client, server }
  const close = closesOf(both)
  const established = (state & FLOW_HANDSHAKE_ACK) !== 0
  const lateStart = (state & (FLOW_SYN | FLOW_SYN_ACK)) === 0
  const rttNs = roundTrips(sources.store, flow)
  const standing = standingOf(
    conversation,
    knowledge(both, close.first, established || lateStart || inUse(both), lateStart),
  )
  const serverLeft = serverLeftAt(close, conversation)
  const lastData = lastDataOf(both, close.first, conversation, standing)
  const handshake = handshakeFacts(sources.store, flow)
  const handshakeNs = handshake.establishedNs ?? handshake.synAck?.ns ?? null
  return {
    stream: flow,
    capture: flows.capture[flow],
    family: flows.family[flow] === 6 ? 6 : 4,
    client: ends[index],
    server: ends[1 - index],
    clientBasis: basis,
    clientIndex: index,
    startNs: flows.firstNs[flow],
    endNs: flows.lastNs[flow],
    firstFrame: flows.firstFrame[flow],
    frames: flows.frames[flow],
    copies: flows.copies[flow],
    completeness: flows.completeness[flow],
    history: historyText(flows, flow),
    ...handshake,
    rttNs,
    sides: both,
    close,
    lastData,
    silenceNs: silenceOf(close.first, lastData, handshakeNs),
    timerGapNs: timerGapOf(both, close.first, lastData, handshakeNs, rttNs),
    serverLeft,
    idleBeforeCloseNs: idleBeforeClose(serverLeft, conversation),
    metRequestAck: metRequestAck(sources.store, flow, close.first, conversation),
    standing,
    conversation,
    lateStart,
    oneDirection: client.segments === 0 || server.segments === 0,
    payloadCut: (state & FLOW_PAYLOAD_CUT) !== 0,
    reusedPorts: (state & FLOW_REUSED_PORTS) !== 0,
    captureEndNs: sources.captureEndNs[flows.capture[flow]] ?? flows.lastNs[flow],
  }
}

/** Payload or a FIN shows that the handshake was completed, even if the capture lacks its last ACK. */
function inUse({ client, server }: { client: SideFacts; server: SideFacts }): boolean {
  return client.payloadBytes + server.payloadBytes > 0 || client.fin !== null || server.fin !== null
}

function handshakeFacts(store: FlowStore, flow: number): Pick<FlowFacts, 'syn' | 'synAck' | 'establishedNs'> {
  const { flows } = store
  const state = flows.state[flow]
  const syn = {
    frame: flows.synFrame[flow],
    ns: flows.synNs[flow],
    repeats: flows.synRepeats[flow],
    lastNs: flows.lastSynNs[flow],
  }
  const synAck = {
    frame: flows.synAckFrame[flow],
    ns: flows.synAckNs[flow],
    repeats: flows.synAckRepeats[flow],
  }
  return {
    syn: state & FLOW_SYN ? syn : null,
    synAck: state & FLOW_SYN_ACK ? synAck : null,
    establishedNs: state & FLOW_HANDSHAKE_ACK ? flows.handshakeAckNs[flow] : null,
  }
}

function endpoint(sources: FactSources, flow: number, index: 0 | 1): { ip: string; port: number } {
  const flows = sources.store.flows
  const address = index === 0 ? flows.address0[flow] : flows.address1[flow]
  return {
    ip: sources.addressText(flows.family[flow], address),
    port: index === 0 ? flows.port0[flow] : flows.port1[flow],
  }
}

function roundTrips(store: FlowStore, flow: number): { client: number | null; server: number | null } {
  const flows = store.flows
  const state = flows.state[flow]
  const clean = flows.synRepeats[flow] === 0 && flows.synAckRepeats[flow] === 0
  const server =
    clean && state & FLOW_SYN && state & FLOW_SYN_ACK ? flows.synAckNs[flow] - flows.synNs[flow] : null
  const client =
    clean && state & FLOW_HANDSHAKE_ACK ? flows.handshakeAckNs[flow] - flows.synAckNs[flow] : null
  return { client, server }
}

function knowledge(
  sides: { client: SideFacts; server: SideFacts },
  first: CloseFact | null,
  established: boolean,
  lateStart: boolean,
): Knowledge {
  const { client, server } = sides
  const base = {
    established,
    lateStart,
    oneDirection: client.segments === 0 || server.segments === 0,
    closeNs: first?.ns ?? null,
    closeFlag: first?.flag ?? null,
    requestsMissingTo: client.missingTo,
    responsesMissingTo: server.missingTo,
    cutOff:
      first?.by === 'client' &&
      (first.form === 'abort' || (server.lastPayload !== null && server.lastPayload.ns > first.ns)),
    clientWindowShut: client.zeroWindowSince !== null,
    serverWindowShut: server.zeroWindowSince !== null,
  }
  // A RST that is no abort comes from a stack that knows nothing, or from a third party: only what was delivered counts.
  if (first === null || (first.flag === 'RST' && first.form !== 'abort') || unansweredClose(sides, first)) {
    return { ...base, requestsTo: null, responsesTo: client.ackAtClose, closer: null }
  }
  const closer = sides[first.by]
  const abortAck = first.form === 'abort' && closer.rst !== null ? closer.rst.ack : null
  const received = abortAck ?? closer.ackAtClose
  // A FIN that was captured before the data it follows still stands after it.
  const sent = first.flag === 'FIN' && closer.fin !== null ? closer.fin.seq : closer.sentAtClose
  return first.by === 'server'
    ? { ...base, requestsTo: received, responsesTo: sent, closer: 'server' }
    : { ...base, requestsTo: sent, responsesTo: received, closer: 'client' }
}

/** ACK number of the segment in which the first unanswered request began, from the ladder. */
function metRequestAck(
  store: FlowStore,
  flow: number,
  first: CloseFact | null,
  conversation: Conversation | null,
): number | null {
  if (first === null || conversation === null) return null
  const request = conversation.exchanges.find(
    (one) => one.responseStart === null && one.requestStart !== null,
  )
  const frame = request?.requestStart?.frame
  if (frame === undefined) return null
  const row = store.ladder.rowsOf(flow).find((at) => store.ladder.frame[at] === frame)
  return row === undefined ? null : store.ladder.ack[row]
}
