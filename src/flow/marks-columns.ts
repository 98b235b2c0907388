import { grown } from './growable.js'

/** Values of `MarksColumns.windowScale` besides shifts: not known; known not to be used. */
export const SCALE_UNKNOWN = -1
export const SCALE_UNUSED = -2

/** SACK blocks of the latest segment that are kept (a TCP header has room for four). */
export const SACK_BLOCKS = 4

/** What Wireshark's analysis remembers of each side (row flow * 2 + side) and of each flow. Sequence numbers raw, 0 = not seen yet. */
export class MarksColumns {
  private sidesHeld = 256
  /** Highest sequence number after a segment; probes of a zero window do not move it. */
  nextSeq = new Uint32Array(256)
  /** End of what the other side can acknowledge without a loss in the capture. */
  maxAckable = new Uint32Array(256)
  /** Latest acknowledgement field, whatever the flags. */
  lastAck = new Uint32Array(256)
  /** Latest window field; −1: no segment yet. */
  window = new Int32Array(256).fill(-1)
  windowScale = new Int8Array(256).fill(SCALE_UNKNOWN)
  /** 1 between a SYN and the side's first ACK: scaling does not apply yet. */
  firstAckDue = new Uint8Array(256)
  /** Duplicate ACKs in a row; −1: an unseen segment was acknowledged and told (4.0 only). */
  duplicateAcks = new Int32Array(256)
  /** Time of the latest segment, and of the one that moved `nextSeq`. */
  lastNs = new Float64Array(256)
  nextSeqNs = new Float64Array(256)
  /** Marks of the latest segment. */
  lastMarks = new Uint16Array(256)
  /** Payload length of the segment that moved `nextSeq`. */
  advanceLength = new Uint32Array(256)
  /** Blocks in the latest segment, and their edges. */
  sackBlocks = new Uint8Array(256)
  sackLeft = new Uint32Array(256 * SACK_BLOCKS)
  sackRight = new Uint32Array(256 * SACK_BLOCKS)
  /** Per flow: latest SYN, and from it to the first ACK; NaN: none. */
  synNs = new Float64Array(128).fill(NaN)
  firstRttNs = new Float64Array(128).fill(NaN)

  /** Makes room for `flow`. */
  reserve(flow: number): void {
    if (flow * 2 + 1 < this.sidesHeld) return
    const before = this.sidesHeld
    const n = Math.max(before * 2, flow * 2 + 2)
    this.sidesHeld = n
    this.nextSeq = grown(this.nextSeq, n)
    this.maxAckable = grown(this.maxAckable, n)
    this.lastAck = grown(this.lastAck, n)
    this.window = grown(this.window, n).fill(-1, before)
    this.windowScale = grown(this.windowScale, n).fill(SCALE_UNKNOWN, before)
    this.firstAckDue = grown(this.firstAckDue, n)
    this.duplicateAcks = grown(this.duplicateAcks, n)
    this.lastNs = grown(this.lastNs, n)
    this.nextSeqNs = grown(this.nextSeqNs, n)
    this.lastMarks = grown(this.lastMarks, n)
    this.advanceLength = grown(this.advanceLength, n)
    this.sackBlocks = grown(this.sackBlocks, n)
    this.sackLeft = grown(this.sackLeft, n * SACK_BLOCKS)
    this.sackRight = grown(this.sackRight, n * SACK_BLOCKS)
    this.synNs = grown(this.synNs, n / 2).fill(NaN, before / 2)
    this.firstRttNs = grown(this.firstRttNs, n / 2).fill(NaN, before / 2)
  }
}
