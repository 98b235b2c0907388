import { grown, nextCapacity } from './growable.js'
import { OriginColumns } from './origin-columns.js'

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

const ROWS = 2048

/**
 * One row per side of a flow, at flow * 2 + side. Times are nanoseconds since the run's epoch, frames 1-based with 0 for none,
 * sequence numbers raw.
 */
export class SideColumns {
  private capacity = ROWS
  /** SIDE_… bits. */
  state = new Uint16Array(ROWS)
  /** ISN: the SYN's sequence number, else first seen minus 1. */
  baseSeq = new Uint32Array(ROWS)
  /** End of the highest payload byte seen (or acknowledged by the other side). */
  nextSeq = new Uint32Array(ROWS)
  segments = new Uint32Array(ROWS)
  /** New payload bytes, retransmissions and probes not counted. */
  payloadBytes = new Float64Array(ROWS)
  /** Highest acknowledgement number sent; valid with SIDE_ACKED. */
  highAck = new Uint32Array(ROWS)
  /** Last segment of any kind. */
  lastFrame = new Uint32Array(ROWS)
  lastNs = new Float64Array(ROWS)
  /** Last segment with new payload. */
  payloadFrame = new Uint32Array(ROWS)
  payloadNs = new Float64Array(ROWS)
  /** When the other side's ACK first covered this side's latest payload; valid with SIDE_COVERED. */
  coveredNs = new Float64Array(ROWS)
  /** The same at the moment of the flow's first close (payloadFrame, payloadNs, coveredNs, highAck, nextSeq). */
  closePayloadFrame = new Uint32Array(ROWS)
  closePayloadNs = new Float64Array(ROWS)
  /** NaN when the latest payload had not been acknowledged at the first close. */
  closeCoveredNs = new Float64Array(ROWS)
  closeHighAck = new Uint32Array(ROWS)
  closeNextSeq = new Uint32Array(ROWS)
  /** First FIN. */
  finFrame = new Uint32Array(ROWS)
  finNs = new Float64Array(ROWS)
  /** Sequence number of the FIN itself (after its payload). */
  finSeq = new Uint32Array(ROWS)
  finAck = new Uint32Array(ROWS)
  finRepeats = new Uint16Array(ROWS)
  /** First segment of the other side that acknowledges the FIN. */
  finAckedFrame = new Uint32Array(ROWS)
  finAckedNs = new Float64Array(ROWS)
  /** First RST. */
  rstFrame = new Uint32Array(ROWS)
  rstNs = new Float64Array(ROWS)
  rstSeq = new Uint32Array(ROWS)
  rstAck = new Uint32Array(ROWS)
  /** index into RST_FORMS. */
  rstForm = new Uint8Array(ROWS)
  /** Frame that provoked the first RST, when it is stateless. */
  rstTriggerFrame = new Uint32Array(ROWS)
  rstTtl = new Uint8Array(ROWS)
  /** RST_WINDOW_ZERO and the other marks of the first RST. */
  rstMarks = new Uint16Array(ROWS)
  /** What its IP headers and its first RST tell beside that. */
  readonly origin = new OriginColumns(ROWS)
  rsts = new Uint16Array(ROWS)
  /** TTL of the latest segment with payload or plain ACK. */
  ttl = new Uint8Array(ROWS)
  /** TTL or hop limit of its SYN or SYN-ACK; 0: none seen. */
  synTtl = new Uint8Array(ROWS)
  /** Copies sent since the other side's last segment. */
  repeats = new Uint16Array(ROWS)
  /** First sending of what is repeated unanswered. */
  repeatFirstNs = new Float64Array(ROWS)
  repeatFirstFrame = new Uint32Array(ROWS)
  /** Latest copy. */
  repeatLastNs = new Float64Array(ROWS)
  repeatLastFrame = new Uint32Array(ROWS)
  /** Longest wait between two sendings of it. */
  repeatMaxGapNs = new Float64Array(ROWS)
  /** First segment since the other side's last one that calls for an answer; valid with SIDE_AWAITING. */
  awaitedNs = new Float64Array(ROWS)
  awaitedFrame = new Uint32Array(ROWS)
  /** Keep-alive probes since the other side's last segment. */
  probes = new Uint16Array(ROWS)
  probesAll = new Uint16Array(ROWS)
  probeFirstNs = new Float64Array(ROWS)
  probeFirstFrame = new Uint32Array(ROWS)
  /** Window scale offered; valid with SIDE_WINDOW_SCALE. */
  windowShift = new Uint8Array(ROWS)
  /** First segment of the latest run of zero windows; valid with SIDE_ZERO_WINDOW. */
  zeroFrame = new Uint32Array(ROWS)
  zeroNs = new Float64Array(ROWS)
  /** Bytes of this side that were acknowledged but are not in the capture. */
  ackedUnseen = new Float64Array(ROWS)
  /** Bytes of this side that the other side acknowledged and that never came into the capture: lost by the capture, not on the way. */
  captureLossBytes = new Float64Array(ROWS)
  /** Sequence number after the latest byte (or FIN) that the capture lacks; valid with SIDE_MISSING. */
  missingTo = new Uint32Array(ROWS)
  /** Sequence number of its latest segment without payload that lay beyond nextSeq: it had sent more by then; 0: none. */
  sentTo = new Uint32Array(ROWS)
  /** Bytes that were missing for a while and then sent again: lost on the way to the capture point. */
  networkLossBytes = new Float64Array(ROWS)
  /** Segments that repeated payload. */
  retransmissions = new Uint32Array(ROWS)

  /** Makes sure that `flow` has its two rows. */
  reserve(flow: number): void {
    if (flow * 2 + 1 < this.capacity) return
    const n = nextCapacity(this.capacity / 2) * 2
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
    this.origin.grow(n)
    this.rsts = grown(this.rsts, n)
    this.ttl = grown(this.ttl, n)
    this.synTtl = grown(this.synTtl, n)
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
    this.sentTo = grown(this.sentTo, n)
    this.networkLossBytes = grown(this.networkLossBytes, n)
    this.retransmissions = grown(this.retransmissions, n)
  }

  /** Empties the two rows of `flow`. */
  clear(flow: number): void {
    for (let i = flow * 2; i <= flow * 2 + 1; i++) {
      this.state[i] = 0
      this.baseSeq[i] = 0
      this.nextSeq[i] = 0
      this.segments[i] = 0
      this.payloadBytes[i] = 0
      this.highAck[i] = 0
      this.lastFrame[i] = 0
      this.lastNs[i] = 0
      this.payloadFrame[i] = 0
      this.payloadNs[i] = 0
      this.coveredNs[i] = 0
      this.closePayloadFrame[i] = 0
      this.closePayloadNs[i] = 0
      this.closeCoveredNs[i] = 0
      this.closeHighAck[i] = 0
      this.closeNextSeq[i] = 0
      this.finFrame[i] = 0
      this.finNs[i] = 0
      this.finSeq[i] = 0
      this.finAck[i] = 0
      this.finRepeats[i] = 0
      this.finAckedFrame[i] = 0
      this.finAckedNs[i] = 0
      this.rstFrame[i] = 0
      this.rstNs[i] = 0
      this.rstSeq[i] = 0
      this.rstAck[i] = 0
      this.rstForm[i] = 0
      this.rstTriggerFrame[i] = 0
      this.rstTtl[i] = 0
      this.rstMarks[i] = 0
      this.origin.clear(i)
      this.rsts[i] = 0
      this.ttl[i] = 0
      this.synTtl[i] = 0
      this.repeats[i] = 0
      this.repeatFirstNs[i] = 0
      this.repeatFirstFrame[i] = 0
      this.repeatLastNs[i] = 0
      this.repeatLastFrame[i] = 0
      this.repeatMaxGapNs[i] = 0
      this.awaitedNs[i] = 0
      this.awaitedFrame[i] = 0
      this.probes[i] = 0
      this.probesAll[i] = 0
      this.probeFirstNs[i] = 0
      this.probeFirstFrame[i] = 0
      this.windowShift[i] = 0
      this.zeroFrame[i] = 0
      this.zeroNs[i] = 0
      this.ackedUnseen[i] = 0
      this.captureLossBytes[i] = 0
      this.missingTo[i] = 0
      this.sentTo[i] = 0
      this.networkLossBytes[i] = 0
      this.retransmissions[i] = 0
    }
  }
}
