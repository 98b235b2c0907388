import { grown } from './growable.js'

/** Bits of `SideColumns.state`: the side … */
export const SIDE_SEQ = 1 /* baseSeq and nextSeq are known */
export const SIDE_ACKED = 2 /* sent an ACK */
export const SIDE_COVERED = 4 /* all its payload has been acknowledged */
export const SIDE_FIN = 8 /* sent a FIN */
export const SIDE_FIN_ACKED = 16 /* and the other side acknowledged it */
export const SIDE_RST = 32 /* sent a RST */
export const SIDE_WINDOW_SCALE = 64 /* offered window scaling */
export const SIDE_TIMESTAMPS = 128 /* sent timestamps in a SYN or later segment */
export const SIDE_ZERO_WINDOW = 256 /* its latest window is zero */
export const SIDE_AWAITING = 512 /* sent something that the other side has not answered with any segment */
export const SIDE_SYN = 1024 /* sent a SYN */
export const SIDE_HOLES = 2048 /* bytes are missing below nextSeq */
export const SIDE_TTL_VARIES = 4096 /* its ordinary segments came with more than one TTL */
export const SIDE_MISSING = 16384 /* bytes of it were acknowledged that the capture does not hold, up to missingTo */
export const SIDE_INCOMING = 32768 /* was seen arriving at the capturing host (SLL/SLL2 packet types 0–3) */
export const SIDE_OUTGOING = 8192 /* was seen leaving the capturing host (SLL/SLL2 packet type 4) */

/**
 * One row per side of a flow, at flow * 2 + side. Times are nanoseconds since the run's epoch, frames 1-based with 0 for none,
 * sequence numbers raw.
 */
export class SideColumns {
  private capacity: number
  /** SIDE_… bits. */
  state: Uint16Array
  /** ISN: the SYN's sequence number, else first seen minus 1. */
  baseSeq: Uint32Array
  /** End of the highest payload byte seen (or acknowledged by the other side). */
  nextSeq: Uint32Array
  segments: Uint32Array
  /** New payload bytes, retransmissions and probes not counted. */
  payloadBytes: Float64Array
  /** Highest acknowledgement number sent; valid with SIDE_ACKED. */
  highAck: Uint32Array
  /** Last segment of any kind. */
  lastFrame: Uint32Array
  lastNs: Float64Array
  /** Last segment with new payload. */
  payloadFrame: Uint32Array
  payloadNs: Float64Array
  /** When the other side's ACK first covered this side's latest payload; valid with SIDE_COVERED. */
  coveredNs: Float64Array
  /** The same at the moment of the flow's first close (payloadFrame, payloadNs, coveredNs, highAck, nextSeq). */
  closePayloadFrame: Uint32Array
  closePayloadNs: Float64Array
  /** NaN when the latest payload had not been acknowledged at the first close. */
  closeCoveredNs: Float64Array
  closeHighAck: Uint32Array
  closeNextSeq: Uint32Array
  /** First FIN. */
  finFrame: Uint32Array
  finNs: Float64Array
  /** Sequence number of the FIN itself (after its payload). */
  finSeq: Uint32Array
  finAck: Uint32Array
  finRepeats: Uint16Array
  /** First segment of the other side that acknowledges the FIN. */
  finAckedFrame: Uint32Array
  finAckedNs: Float64Array
  /** First RST. */
  rstFrame: Uint32Array
  rstNs: Float64Array
  rstSeq: Uint32Array
  rstAck: Uint32Array
  /** index into RST_FORMS. */
  rstForm: Uint8Array
  /** Frame that provoked the first RST, when it is stateless. */
  rstTriggerFrame: Uint32Array
  rstTtl: Uint8Array
  /** RST_WINDOW_ZERO and RST_UNSTAMPED of the first RST. */
  rstMarks: Uint8Array
  rsts: Uint16Array
  /** TTL of the latest segment with payload or plain ACK. */
  ttl: Uint8Array
  /** Copies sent since the other side's last segment. */
  repeats: Uint16Array
  /** First sending of what is repeated unanswered. */
  repeatFirstNs: Float64Array
  repeatFirstFrame: Uint32Array
  /** Latest copy. */
  repeatLastNs: Float64Array
  repeatLastFrame: Uint32Array
  /** Longest wait between two sendings of it. */
  repeatMaxGapNs: Float64Array
  /** First segment since the other side's last one that calls for an answer; valid with SIDE_AWAITING. */
  awaitedNs: Float64Array
  awaitedFrame: Uint32Array
  /** Keep-alive probes since the other side's last segment. */
  probes: Uint16Array
  probesAll: Uint16Array
  probeFirstNs: Float64Array
  probeFirstFrame: Uint32Array
  /** Window scale offered; valid with SIDE_WINDOW_SCALE. */
  windowShift: Uint8Array
  /** First segment of the latest run of zero windows; valid with SIDE_ZERO_WINDOW. */
  zeroFrame: Uint32Array
  zeroNs: Float64Array
  /** Bytes of this side that were acknowledged but are not in the capture. */
  ackedUnseen: Float64Array
  /** Bytes of this side that the other side acknowledged and that never came into the capture: lost by the capture, not on the way. */
  captureLossBytes: Float64Array
  /** Sequence number after the latest byte (or FIN) that the capture lacks; valid with SIDE_MISSING. */
  missingTo: Uint32Array
  /** Bytes that were missing for a while and then sent again: lost on the way to the capture point. */
  networkLossBytes: Float64Array
  /** Segments that repeated payload. */
  retransmissions: Uint32Array

  /** Room for `flows` flows. */
  constructor(flows: number) {
    const n = flows * 2
    this.capacity = n
    this.state = new Uint16Array(n)
    this.baseSeq = new Uint32Array(n)
    this.nextSeq = new Uint32Array(n)
    this.segments = new Uint32Array(n)
    this.payloadBytes = new Float64Array(n)
    this.highAck = new Uint32Array(n)
    this.lastFrame = new Uint32Array(n)
    this.lastNs = new Float64Array(n)
    this.payloadFrame = new Uint32Array(n)
    this.payloadNs = new Float64Array(n)
    this.coveredNs = new Float64Array(n)
    this.closePayloadFrame = new Uint32Array(n)
    this.closePayloadNs = new Float64Array(n)
    this.closeCoveredNs = new Float64Array(n)
    this.closeHighAck = new Uint32Array(n)
    this.closeNextSeq = new Uint32Array(n)
    this.finFrame = new Uint32Array(n)
    this.finNs = new Float64Array(n)
    this.finSeq = new Uint32Array(n)
    this.finAck = new Uint32Array(n)
    this.finRepeats = new Uint16Array(n)
    this.finAckedFrame = new Uint32Array(n)
    this.finAckedNs = new Float64Array(n)
    this.rstFrame = new Uint32Array(n)
    this.rstNs = new Float64Array(n)
    this.rstSeq = new Uint32Array(n)
    this.rstAck = new Uint32Array(n)
    this.rstForm = new Uint8Array(n)
    this.rstTriggerFrame = new Uint32Array(n)
    this.rstTtl = new Uint8Array(n)
    this.rstMarks = new Uint8Array(n)
    this.rsts = new Uint16Array(n)
    this.ttl = new Uint8Array(n)
    this.repeats = new Uint16Array(n)
    this.repeatFirstNs = new Float64Array(n)
    this.repeatFirstFrame = new Uint32Array(n)
    this.repeatLastNs = new Float64Array(n)
    this.repeatLastFrame = new Uint32Array(n)
    this.repeatMaxGapNs = new Float64Array(n)
    this.awaitedNs = new Float64Array(n)
    this.awaitedFrame = new Uint32Array(n)
    this.probes = new Uint16Array(n)
    this.probesAll = new Uint16Array(n)
    this.probeFirstNs = new Float64Array(n)
    this.probeFirstFrame = new Uint32Array(n)
    this.windowShift = new Uint8Array(n)
    this.zeroFrame = new Uint32Array(n)
    this.zeroNs = new Float64Array(n)
    this.ackedUnseen = new Float64Array(n)
    this.captureLossBytes = new Float64Array(n)
    this.missingTo = new Uint32Array(n)
    this.networkLossBytes = new Float64Array(n)
    this.retransmissions = new Uint32Array(n)
  }

  /** Makes sure that `flow` has its two rows. */
  reserve(flow: number): void {
    if (flow * 2 + 1 < this.capacity) return
    const n = this.capacity * 2
    this.capacity = n
    this.state = grown(this.state, n)
    this.baseSeq = grown(this.baseSeq, n)
    this.nextSeq = grown(this.nextSeq, n)
    this.segments = grown(this.segments, n)
    this.payloadBytes = grown(this.payloadBytes, n)
    this.highAck = grown(this.highAck, n)
    this.lastFrame = grown(this.lastFrame, n)
    this.lastNs = grown(this.lastNs, n)
    this.payloadFrame = grown(this.payloadFrame, n)
    this.payloadNs = grown(this.payloadNs, n)
    this.coveredNs = grown(this.coveredNs, n)
    this.closePayloadFrame = grown(this.closePayloadFrame, n)
    this.closePayloadNs = grown(this.closePayloadNs, n)
    this.closeCoveredNs = grown(this.closeCoveredNs, n)
    this.closeHighAck = grown(this.closeHighAck, n)
    this.closeNextSeq = grown(this.closeNextSeq, n)
    this.finFrame = grown(this.finFrame, n)
    this.finNs = grown(this.finNs, n)
    this.finSeq = grown(this.finSeq, n)
    this.finAck = grown(this.finAck, n)
    this.finRepeats = grown(this.finRepeats, n)
    this.finAckedFrame = grown(this.finAckedFrame, n)
    this.finAckedNs = grown(this.finAckedNs, n)
    this.rstFrame = grown(this.rstFrame, n)
    this.rstNs = grown(this.rstNs, n)
    this.rstSeq = grown(this.rstSeq, n)
    this.rstAck = grown(this.rstAck, n)
    this.rstForm = grown(this.rstForm, n)
    this.rstTriggerFrame = grown(this.rstTriggerFrame, n)
    this.rstTtl = grown(this.rstTtl, n)
    this.rstMarks = grown(this.rstMarks, n)
    this.rsts = grown(this.rsts, n)
    this.ttl = grown(this.ttl, n)
    this.repeats = grown(this.repeats, n)
    this.repeatFirstNs = grown(this.repeatFirstNs, n)
    this.repeatFirstFrame = grown(this.repeatFirstFrame, n)
    this.repeatLastNs = grown(this.repeatLastNs, n)
    this.repeatLastFrame = grown(this.repeatLastFrame, n)
    this.repeatMaxGapNs = grown(this.repeatMaxGapNs, n)
    this.awaitedNs = grown(this.awaitedNs, n)
    this.awaitedFrame = grown(this.awaitedFrame, n)
    this.probes = grown(this.probes, n)
    this.probesAll = grown(this.probesAll, n)
    this.probeFirstNs = grown(this.probeFirstNs, n)
    this.probeFirstFrame = grown(this.probeFirstFrame, n)
    this.windowShift = grown(this.windowShift, n)
    this.zeroFrame = grown(this.zeroFrame, n)
    this.zeroNs = grown(this.zeroNs, n)
    this.ackedUnseen = grown(this.ackedUnseen, n)
    this.captureLossBytes = grown(this.captureLossBytes, n)
    this.missingTo = grown(this.missingTo, n)
    this.networkLossBytes = grown(this.networkLossBytes, n)
    this.retransmissions = grown(this.retransmissions, n)
  }
}
