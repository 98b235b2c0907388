import { grown, nextCapacity } from './growable.js'
import { HISTORY_LENGTH } from './policy.js'

/** Bits of `FlowColumns.state`. */
export const FLOW_SYN = 1 /* a SYN without ACK was seen, from `synSide` */
export const FLOW_SYN_ACK = 2
export const FLOW_HANDSHAKE_ACK = 4
/** Created by a header quoted in an ICMP error (or sampled, or malformed) and never seen for real: it has a number and nothing else. */
export const FLOW_QUOTED_ONLY = 8
export const FLOW_CLOSED = 16 /* a FIN or RST was seen */
/** A sender's ACK covered bytes that are not in the capture. */
export const FLOW_ACKED_UNSEEN = 32
/** Payload was cut by snaplen. */
export const FLOW_PAYLOAD_CUT = 64
/** The 4-tuple had been used by an earlier flow (tshark: reused_ports). */
export const FLOW_REUSED_PORTS = 128
/** One of its ports is that of SOCKS: Wireshark's numbers depend on what it carries. */
export const FLOW_SOCKS_PORT = 256
/** Nothing goes on in it but talk (see ordinary.ts). */
export const FLOW_CALM = 512

const FREE = 0
const HELD = 1
const ENDED = 2

/**
 * One row per flow: identity, handshake, and the moment of the first close. Side 0 is the end that sent the flow's first
 * captured segment, side 1 the other; which of them is the client is judged later. Frame 0 means "none".
 */
export class FlowColumns {
  /** Rows in use or used before; free ones among them are given to new flows first. */
  count = 0
  /** Rows in use. */
  held = 0
  private capacity: number
  private readonly free: number[] = []
  /** FREE, HELD or ENDED. */
  private life: Uint8Array
  /** The flow's number as Wireshark counts `tcp.stream`. Equal to its row only as long as no row has been given back. */
  stream: Uint32Array
  family: Uint8Array
  address0: Uint32Array
  address1: Uint32Array
  port0: Uint16Array
  port1: Uint16Array
  capture: Uint16Array
  /** Place the capture was taken at: the same connection seen at two places is two flows. */
  vantage: Uint16Array
  state: Uint16Array
  /** tshark's tcp.completeness bits: SYN 1, SYN-ACK 2, ACK 4, DATA 8, FIN 16, RST 32. */
  completeness: Uint8Array
  frames: Uint32Array
  copies: Uint32Array
  firstFrame: Uint32Array
  firstNs: Float64Array
  lastNs: Float64Array
  synSide: Uint8Array
  synFrame: Uint32Array
  synNs: Float64Array
  synRepeats: Uint16Array
  lastSynNs: Float64Array
  synAckFrame: Uint32Array
  synAckNs: Float64Array
  synAckRepeats: Uint16Array
  /** NaN: the capture lacks that segment, and only a later one shows that it was sent. */
  handshakeAckNs: Float64Array
  /** Side, frame and time of the first FIN or RST in capture order; valid with FLOW_CLOSED. */
  closeSide: Uint8Array
  closeFrame: Uint32Array
  closeNs: Float64Array
  /** The side that opened the connection, as Zeek judges; its letters in the history are capitals. */
  originator: Uint8Array
  historyLength: Uint8Array
  /** Zeek's history letters, HISTORY_LENGTH bytes a flow. */
  history: Uint8Array

  constructor(capacity = 1024) {
    this.capacity = capacity
    this.life = new Uint8Array(capacity)
    this.stream = new Uint32Array(capacity)
    this.family = new Uint8Array(capacity)
    this.address0 = new Uint32Array(capacity)
    this.address1 = new Uint32Array(capacity)
    this.port0 = new Uint16Array(capacity)
    this.port1 = new Uint16Array(capacity)
    this.capture = new Uint16Array(capacity)
    this.vantage = new Uint16Array(capacity)
    this.state = new Uint16Array(capacity)
    this.completeness = new Uint8Array(capacity)
    this.frames = new Uint32Array(capacity)
    this.copies = new Uint32Array(capacity)
    this.firstFrame = new Uint32Array(capacity)
    this.firstNs = new Float64Array(capacity)
    this.lastNs = new Float64Array(capacity)
    this.synSide = new Uint8Array(capacity)
    this.synFrame = new Uint32Array(capacity)
    this.synNs = new Float64Array(capacity)
    this.synRepeats = new Uint16Array(capacity)
    this.lastSynNs = new Float64Array(capacity)
    this.synAckFrame = new Uint32Array(capacity)
    this.synAckNs = new Float64Array(capacity)
    this.synAckRepeats = new Uint16Array(capacity)
    this.handshakeAckNs = new Float64Array(capacity)
    this.closeSide = new Uint8Array(capacity)
    this.closeFrame = new Uint32Array(capacity)
    this.closeNs = new Float64Array(capacity)
    this.originator = new Uint8Array(capacity)
    this.historyLength = new Uint8Array(capacity)
    this.history = new Uint8Array(capacity * HISTORY_LENGTH)
  }

  /** Index of a row that nobody uses; of one that was used before, what it was used for still stands there. */
  add(): number {
    const free = this.free.pop()
    if (free === undefined && this.count === this.capacity) this.grow(nextCapacity(this.capacity))
    const flow = free ?? this.count++
    this.held++
    this.life[flow] = HELD
    return flow
  }

  /** The flow is over; its row is in use until it is given back. */
  noteEnd(flow: number): void {
    this.life[flow] = ENDED
  }

  /** When the handshake was done: its third segment, or where the capture lacks that, the SYN-ACK. Valid with FLOW_HANDSHAKE_ACK. */
  establishedNs(flow: number): number {
    const ns = this.handshakeAckNs[flow]
    return Number.isNaN(ns) ? this.synAckNs[flow] : ns
  }

  /** Whether the row is in use by a flow that goes on. */
  isOpen(flow: number): boolean {
    return this.life[flow] === HELD
  }

  /** Gives a row back, as it is. */
  release(flow: number): void {
    if (this.life[flow] === FREE) return
    this.held--
    this.free.push(flow)
    this.life[flow] = FREE
  }

  /** Empties a row. */
  clear(flow: number): void {
    this.stream[flow] = 0
    this.family[flow] = 0
    this.address0[flow] = 0
    this.address1[flow] = 0
    this.port0[flow] = 0
    this.port1[flow] = 0
    this.capture[flow] = 0
    this.vantage[flow] = 0
    this.state[flow] = 0
    this.completeness[flow] = 0
    this.frames[flow] = 0
    this.copies[flow] = 0
    this.firstFrame[flow] = 0
    this.firstNs[flow] = 0
    this.lastNs[flow] = 0
    this.synSide[flow] = 0
    this.synFrame[flow] = 0
    this.synNs[flow] = 0
    this.synRepeats[flow] = 0
    this.lastSynNs[flow] = 0
    this.synAckFrame[flow] = 0
    this.synAckNs[flow] = 0
    this.synAckRepeats[flow] = 0
    this.handshakeAckNs[flow] = 0
    this.closeSide[flow] = 0
    this.closeFrame[flow] = 0
    this.closeNs[flow] = 0
    this.originator[flow] = 0
    this.historyLength[flow] = 0
  }

  private grow(n: number): void {
    this.capacity = n
    this.life = grown(this.life, n)
    this.stream = grown(this.stream, n)
    this.family = grown(this.family, n)
    this.address0 = grown(this.address0, n)
    this.address1 = grown(this.address1, n)
    this.port0 = grown(this.port0, n)
    this.port1 = grown(this.port1, n)
    this.capture = grown(this.capture, n)
    this.vantage = grown(this.vantage, n)
    this.state = grown(this.state, n)
    this.completeness = grown(this.completeness, n)
    this.frames = grown(this.frames, n)
    this.copies = grown(this.copies, n)
    this.firstFrame = grown(this.firstFrame, n)
    this.firstNs = grown(this.firstNs, n)
    this.lastNs = grown(this.lastNs, n)
    this.synSide = grown(this.synSide, n)
    this.synFrame = grown(this.synFrame, n)
    this.synNs = grown(this.synNs, n)
    this.synRepeats = grown(this.synRepeats, n)
    this.lastSynNs = grown(this.lastSynNs, n)
    this.synAckFrame = grown(this.synAckFrame, n)
    this.synAckNs = grown(this.synAckNs, n)
    this.synAckRepeats = grown(this.synAckRepeats, n)
    this.handshakeAckNs = grown(this.handshakeAckNs, n)
    this.closeSide = grown(this.closeSide, n)
    this.closeFrame = grown(this.closeFrame, n)
    this.closeNs = grown(this.closeNs, n)
    this.originator = grown(this.originator, n)
    this.historyLength = grown(this.historyLength, n)
    this.history = grown(this.history, n * HISTORY_LENGTH)
  }
}
