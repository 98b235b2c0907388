import { ACK, SYN, type SegmentBatch } from '../decode/segments.js'
import { FLOW_QUOTED_ONLY, FLOW_REUSED_PORTS } from './flow-columns.js'
import type { FlowStore } from './flow-store.js'
import { SIDE_SEQ } from './side-columns.js'

const COMPLETENESS_FIN_OR_RST = 16 | 32

/**
 * The flow a segment belongs to, numbered as Wireshark 4.4 numbers `tcp.stream`: one more for every new 4-tuple, and for a SYN or
 * SYN-ACK whose sequence number differs from its sender's base, or that comes after a FIN or RST. Idle time never splits a flow.
 * `store.table.side` is the sender's side afterwards.
 */
export function streamOf(store: FlowStore, batch: SegmentBatch, row: number, capture: number): number {
  const flow = store.table.find(batch, row)
  if (flow < 0) return newFlow(store, batch, row, capture, 0)
  if (batch.flags[row] & SYN) {
    const sides = store.sides
    const i = flow * 2 + store.table.side
    if (sides.state[i] & SIDE_SEQ) {
      const ended = (store.flows.completeness[flow] & COMPLETENESS_FIN_OR_RST) !== 0
      if (batch.seq[row] !== sides.baseSeq[i] || ended)
        return newFlow(store, batch, row, capture, FLOW_REUSED_PORTS)
    }
  }
  return flow
}

/** A number for a header quoted in an ICMP error: Wireshark looks it up, and creates a stream when it finds none. */
export function numberQuoted(store: FlowStore, batch: SegmentBatch, row: number, capture: number): void {
  if (store.table.find(batch, row) < 0) newFlow(store, batch, row, capture, FLOW_QUOTED_ONLY)
}

function newFlow(store: FlowStore, batch: SegmentBatch, row: number, capture: number, state: number): number {
  const flows = store.flows
  const flow = flows.add()
  store.sides.reserve(flow)
  store.ladder.reserve(flow)
  flows.family[flow] = batch.family[row]
  flows.address0[flow] = batch.source[row]
  flows.address1[flow] = batch.destination[row]
  flows.port0[flow] = batch.sourcePort[row]
  flows.port1[flow] = batch.destinationPort[row]
  flows.capture[flow] = capture
  flows.state[flow] = state
  flows.firstFrame[flow] = batch.frame[row]
  flows.firstNs[flow] = batch.timeNs[row]
  flows.lastNs[flow] = batch.timeNs[row]
  if ((batch.flags[row] & (SYN | ACK)) === SYN) flows.completeness[flow] = 1
  store.table.put(flow)
  store.table.side = 0
  return flow
}
