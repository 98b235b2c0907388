import {
  ACK,
  ODD_HEADER_CUT,
  ODD_PORTS_ONLY,
  ODD_QUOTED,
  ODD_SAMPLED,
  SYN,
  type SegmentBatch,
} from '../decode/segments.js'
import { COMPLETE_FIN, COMPLETE_RST, COMPLETE_SYN } from './completeness.js'
import { FLOW_QUOTED_ONLY, FLOW_REUSED_PORTS, FLOW_SOCKS_PORT } from './flow-columns.js'
import type { FlowStore } from './flow-store.js'
import { ENDED_FLOW, NO_FLOW } from './flow-table.js'
import { seqDelta } from './sequence.js'
import { SIDE_SEQ } from './side-columns.js'

const LEAST_HEADER = 20
/** Where Wireshark expects SOCKS. */
export const SOCKS_PORT = 1080

/**
 * The flow a segment belongs to, numbered as Wireshark numbers `tcp.stream`: one more for every new 4-tuple, and for a SYN or
 * SYN-ACK of a new connection on a used one. Idle time never splits a flow. `store.table.side` is the sender's side afterwards, and
 * `store.table.reused` tells a used 4-tuple. Negative: a late segment of a flow that has ended.
 */
export function streamOf(store: FlowStore, batch: SegmentBatch, row: number, capture: number): number {
  const { table } = store
  const flow = table.find(batch, row)
  table.reused = false
  if (flow === NO_FLOW) return newFlow(store, batch, row, capture, 0)
  if (!(batch.flags[row] & SYN) || !isNewConnection(store, batch, row, flow)) return flow
  table.reused = true
  if (store.rules === '4.0' && batch.flags[row] & ACK) {
    store.sides.baseSeq[flow * 2 + table.side] = batch.seq[row]
    return flow
  }
  if (flow >= 0) store.ends?.superseded(flow)
  return newFlow(store, batch, row, capture, FLOW_REUSED_PORTS)
}

/** A SYN or SYN-ACK whose sequence number is not its sender's base, or (not in 4.0) that comes after a FIN or RST. */
function isNewConnection(store: FlowStore, batch: SegmentBatch, row: number, flow: number): boolean {
  if (flow < 0) return store.ended.isFollowedBy(batch, row, ENDED_FLOW - flow, store.table.side)
  const i = flow * 2 + store.table.side
  if (!(store.sides.state[i] & SIDE_SEQ)) return (store.bogusSyns.get(i) ?? batch.seq[row]) !== batch.seq[row]
  if (batch.seq[row] !== store.sides.baseSeq[i]) return true
  return store.rules !== '4.0' && (store.flows.completeness[flow] & (COMPLETE_FIN | COMPLETE_RST)) !== 0
}

/**
 * The row has a stream number and is no segment of that connection: quoted in an ICMP error, sampled elsewhere, or with a header length
 * that no stack would accept.
 */
export function isNoSegment(batch: SegmentBatch, row: number): boolean {
  const odd = batch.odd[row]
  if (odd & (ODD_QUOTED | ODD_SAMPLED)) return true
  return (odd & ODD_HEADER_CUT) !== 0 && batch.headerLength[row] < LEAST_HEADER
}

/** The number of such a row: Wireshark looks it up, and creates a stream when it finds none. Negative: none, or of a flow that has ended. */
export function numberOnly(store: FlowStore, batch: SegmentBatch, row: number, capture: number): number {
  const { table } = store
  table.reused = false
  if (batch.odd[row] & ODD_PORTS_ONLY) return quotedOnly(store, batch, row)
  const found = table.find(batch, row)
  if (found !== NO_FLOW && batch.odd[row] & (ODD_QUOTED | ODD_SAMPLED)) return found
  const flow =
    found === NO_FLOW ? newFlow(store, batch, row, capture, 0) : streamOf(store, batch, row, capture)
  if (flow >= 0 && store.flows.frames[flow] === 0) store.flows.state[flow] |= FLOW_QUOTED_ONLY
  // Wireshark takes the number of a SYN down before it finds that its header can not be.
  if (flow >= 0 && !(batch.odd[row] & (ODD_QUOTED | ODD_SAMPLED)) && batch.flags[row] & SYN)
    store.bogusSyns.set(flow * 2 + table.side, batch.seq[row])
  return flow
}

/** The flow of a header of which only ports and sequence number are quoted, if its side has sent that number; negative: none. */
function quotedOnly(store: FlowStore, batch: SegmentBatch, row: number): number {
  const { table, sides } = store
  const flow = table.find(batch, row)
  if (flow < 0) return NO_FLOW
  const i = flow * 2 + table.side
  const seq = batch.seq[row]
  const sent =
    (sides.state[i] & SIDE_SEQ) !== 0 &&
    seqDelta(seq, sides.baseSeq[i]) >= 0 &&
    seqDelta(seq, sides.nextSeq[i]) <= 0
  return sent ? flow : NO_FLOW
}

function newFlow(store: FlowStore, batch: SegmentBatch, row: number, capture: number, state: number): number {
  const flows = store.flows
  const flow = store.newRows()
  flows.stream[flow] = store.streams++
  flows.family[flow] = batch.family[row]
  flows.address0[flow] = batch.source[row]
  flows.address1[flow] = batch.destination[row]
  flows.port0[flow] = batch.sourcePort[row]
  flows.port1[flow] = batch.destinationPort[row]
  flows.capture[flow] = capture
  flows.vantage[flow] = store.table.vantage
  const socks = batch.sourcePort[row] === SOCKS_PORT || batch.destinationPort[row] === SOCKS_PORT
  flows.state[flow] = socks ? state | FLOW_SOCKS_PORT : state
  flows.firstFrame[flow] = batch.frame[row]
  flows.firstNs[flow] = batch.timeNs[row]
  flows.lastNs[flow] = batch.timeNs[row]
  if ((batch.flags[row] & (SYN | ACK)) === SYN) flows.completeness[flow] = COMPLETE_SYN
  store.table.put(flow)
  store.table.side = 0
  store.ends?.began(flow, batch.timeNs[row])
  return flow
}
