import { RST, SYN, type SegmentBatch } from '../decode/segments.js'
import type { FlowStore } from './flow-store.js'
import { seqAdd, seqDelta } from './sequence.js'
import { SIDE_SEQ } from './side-columns.js'
import { SocksTalk } from './socks-talk.js'
import { numberOnly, SOCKS_PORT } from './streams.js'

/**
 * Wireshark hands what a SOCKS tunnel carries to the dissector of the port that was asked for, and thereby opens a TCP
 * conversation that no packet belongs to: it uses up a stream number. Without the same numbers here, `tcp.stream eq N` would
 * show another connection than the one we name. Only connections on port 1080 have an entry.
 */
export class SocksNumbers {
  private readonly talks = new Map<number, SocksTalk>()

  /** Takes a segment before the flow's state does; `i` is flow * 2 + side of its sender. */
  note(store: FlowStore, batch: SegmentBatch, row: number, i: number, capture: number): void {
    if (!isDissected(store, batch, row, i)) return
    const flow = i >> 1
    let talk = this.talks.get(flow)
    if (talk === undefined) {
      talk = new SocksTalk(batch.destinationPort[row])
      this.talks.set(flow, talk)
    }
    const at = batch.payloadAt[row]
    if (talk.segment(batch.destinationPort[row], batch.bytes.subarray(at, at + batch.payloadCaptured[row])))
      useNumber(store, batch, row, capture, talk.port)
  }

  /** The flow has ended and its number here will be given to another. */
  forget(flow: number): void {
    this.talks.delete(flow)
  }
}

/** Wireshark shows no dissector what it takes for a repetition. */
function isDissected(store: FlowStore, batch: SegmentBatch, row: number, i: number): boolean {
  if (batch.payloadCaptured[row] === 0 || batch.flags[row] & RST) return false
  if (!(store.sides.state[i] & SIDE_SEQ)) return true
  const end = seqAdd(batch.seq[row], batch.payloadLength[row] + (batch.flags[row] & SYN ? 1 : 0))
  return seqDelta(end, store.sides.nextSeq[i]) > 0
}

/** Looks up, and if need be creates, the conversation with the tunnelled port in place of the SOCKS port. */
function useNumber(store: FlowStore, batch: SegmentBatch, row: number, capture: number, port: number): void {
  const { side, reused } = store.table
  const column = batch.destinationPort[row] === SOCKS_PORT ? batch.destinationPort : batch.sourcePort
  column[row] = port
  if (store.table.find(batch, row) < 0) numberOnly(store, batch, row, capture)
  column[row] = SOCKS_PORT
  store.table.side = side
  store.table.reused = reused
}
