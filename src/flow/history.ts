import { ACK, FIN, RST, SYN, type SegmentBatch } from '../decode/segments.js'
import type { FlowColumns } from './flow-columns.js'
import type { FlowStore } from './flow-store.js'
import { isLikelyResponder } from './likely-servers.js'
import { BELIEVED_WITHIN, HISTORY_LENGTH } from './policy.js'
import { seqAdd, seqDelta } from './sequence.js'
import * as zeek from './zeek-sides.js'
import { enterNext } from './zeek-state.js'

const ONCE_ACK = 1
const ONCE_DATA = 2
const ONCE_FIN_RST = 4
const ONCE_MULTI = 8
const ONCE_SYN = 16
const ONCE_FIN = 32
const ONCE_RST = 64

const CODE_CARET = 94
const UPPER_CASE = 32
const A = 97
const D = 100
const F = 102
const G = 103
const H = 104
const I = 105
const Q = 113
const R = 114
const S = 115
const T = 116
const W = 119

/**
 * Notes a segment in its flow's history, in Zeek's letters (upper case: the originator's): s SYN, h SYN-ACK, a plain ACK, d payload,
 * f FIN, r RST, i FIN with RST, q other mixtures, t payload sent again, w zero window, ^ roles taken the other way round.
 * https://docs.zeek.org/en/master/scripts/base/protocols/conn/main.zeek.html
 */
export function noteHistory(store: FlowStore, batch: SegmentBatch, row: number, i: number): void {
  const { flows, zeekSides: sides } = store
  const flow = i >> 1
  const flags = batch.flags[row]
  const payload = batch.payloadLength[row]
  const seq = batch.seq[row]
  if (flows.frames[flow] === 1) chooseOriginator(flows, batch, row, flow)
  const consumed = (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0) + (flags & RST ? 0 : payload)
  const end = seqAdd(seq, consumed)
  initialize(sides, i, flags, seq, end)
  noteFlags(flows, sides, i, flags, seqAdd(seq, -sides.startSeq[i]), payload)
  noteZeroWindow(flows, sides, batch, row, i)
  if (flags & ACK && sides.state[i ^ 1] === zeek.ZEEK_INACTIVE) {
    sides.startSeq[i ^ 1] = seqAdd(batch.ack[row], -1)
    sides.lastSeq[i ^ 1] = sides.startSeq[i ^ 1]
  }
  noteProgress(flows, sides, i, flags, end, payload)
  if (enterNext(sides, i, (i & 1) === flows.originator[flow], flags, payload)) {
    flows.originator[flow] ^= 1
    write(flows, flow, CODE_CARET)
  }
}

/**
 * The same for payload or an ACK without other flags, once both ends are established: the side's progress up to `end`, and the letter
 * of its first such segment. Returns false, with nothing noted, when it is neither.
 */
export function noteProgressOf(store: FlowStore, i: number, end: number, payload: number): boolean {
  const sides = store.zeekSides
  if (((end - sides.lastSeq[i]) | 0) > 0) sides.lastSeq[i] = end
  else if (payload > 0) return false
  const bit = payload > 0 ? ONCE_DATA : ONCE_ACK
  if (!(sides.written[i] & bit)) once(store.flows, sides, i, bit, payload > 0 ? D : A)
  return true
}

/** Notes that bytes of side `i` were acknowledged that are not in the capture (g). */
export function noteHistoryGap(store: FlowStore, i: number): void {
  // Of a side that is not in the capture at all everything is missing.
  if (store.zeekSides.state[i] === zeek.ZEEK_INACTIVE) return
  count(store.flows, i, G, ++store.zeekSides.gaps[i])
}

/** The flow's history as text; empty when nothing was noted. */
export function historyText(flows: FlowColumns, flow: number): string {
  const start = flow * HISTORY_LENGTH
  return String.fromCharCode(...flows.history.subarray(start, start + flows.historyLength[flow]))
}

function write(flows: FlowColumns, flow: number, code: number): void {
  const length = flows.historyLength[flow]
  if (length === HISTORY_LENGTH) return
  flows.history[flow * HISTORY_LENGTH + length] = code
  flows.historyLength[flow] = length + 1
}

function letter(flows: FlowColumns, i: number, code: number): void {
  write(flows, i >> 1, (i & 1) === flows.originator[i >> 1] ? code - UPPER_CASE : code)
}

/** Writes a letter that stands at most once for each side. Returns whether it was there before. */
function once(flows: FlowColumns, sides: zeek.ZeekSides, i: number, bit: number, code: number): boolean {
  if (sides.written[i] & bit) return true
  sides.written[i] |= bit
  letter(flows, i, code)
  return false
}

/** Writes a letter on the 1st, 10th, 100th … occurrence. */
function count(flows: FlowColumns, i: number, code: number, occurrence: number): void {
  let power = 1
  while (power < occurrence) power *= 10
  if (power === occurrence) letter(flows, i, code)
}

/** The sender of the first segment, unless it answers (SYN-ACK) or comes from a port where servers are. */
function chooseOriginator(flows: FlowColumns, batch: SegmentBatch, row: number, flow: number): void {
  const flags = batch.flags[row]
  const answers =
    (flags & (SYN | ACK)) === (SYN | ACK) ||
    isLikelyResponder(batch.sourcePort[row], batch.destinationPort[row], (flags & SYN) !== 0)
  if (!answers) return
  flows.originator[flow] = 1
  write(flows, flow, CODE_CARET)
}

/** Where the side's relative sequence numbers begin: at a SYN, or as if there had been one just before. */
function initialize(sides: zeek.ZeekSides, i: number, flags: number, seq: number, end: number): void {
  const state = sides.state[i]
  if (state === zeek.ZEEK_INACTIVE) {
    sides.startSeq[i] = flags & SYN ? seq : seqAdd(seq, -1)
    sides.lastSeq[i] = flags & SYN ? end : seq
    return
  }
  if (!(flags & SYN) || state === zeek.ZEEK_CLOSED) return
  if (state === zeek.ZEEK_RESET && sides.previous[i] !== zeek.ZEEK_INACTIVE) return
  sides.startSeq[i] = seq
  sides.lastSeq[i] = end
}

function noteFlags(
  flows: FlowColumns,
  sides: zeek.ZeekSides,
  i: number,
  flags: number,
  relative: number,
  payload: number,
): void {
  const control = flags & (SYN | FIN | RST)
  if (control === 0) {
    if (payload > 0) once(flows, sides, i, ONCE_DATA, D)
    else if (flags & ACK) once(flows, sides, i, ONCE_ACK, A)
  } else if (control === SYN) {
    const code = flags & ACK ? H : S
    if (once(flows, sides, i, ONCE_SYN, code) && relative !== sides.synSeq[i]) letter(flows, i, code)
    sides.synSeq[i] = relative
  } else if (control === FIN) {
    const end = seqAdd(relative, payload)
    if (once(flows, sides, i, ONCE_FIN, F) && end !== sides.finSeq[i]) letter(flows, i, F)
    sides.finSeq[i] = end
  } else if (control === RST) {
    if (once(flows, sides, i, ONCE_RST, R) && relative !== sides.rstSeq[i]) letter(flows, i, R)
    sides.rstSeq[i] = relative
  } else if ((control & (FIN | RST)) === (FIN | RST)) once(flows, sides, i, ONCE_FIN_RST, I)
  else once(flows, sides, i, ONCE_MULTI, Q)
}

/** Zero windows with or after a RST, or after the peer's FIN, say nothing. */
function noteZeroWindow(
  flows: FlowColumns,
  sides: zeek.ZeekSides,
  batch: SegmentBatch,
  row: number,
  i: number,
): void {
  if (batch.window[row] !== 0 || batch.flags[row] & RST) return
  if (sides.state[i ^ 1] === zeek.ZEEK_CLOSED || sides.state[i] === zeek.ZEEK_RESET) return
  count(flows, i, W, ++sides.zeroWindows[i])
}

/** Moves the side's highest sequence number, or notes that payload was sent again. */
function noteProgress(
  flows: FlowColumns,
  sides: zeek.ZeekSides,
  i: number,
  flags: number,
  end: number,
  payload: number,
): void {
  const delta = seqDelta(end, sides.lastSeq[i])
  if (flags & (SYN | RST) && (delta > BELIEVED_WITHIN || delta < -BELIEVED_WITHIN)) return
  const onlySyn = sides.lastSeq[i] === seqAdd(sides.startSeq[i], 1)
  if (flags & FIN && onlySyn) sides.lastSeq[i] = end
  else if (sides.state[i] === zeek.ZEEK_RESET) return
  else if (delta > 0) sides.lastSeq[i] = end
  else if (payload > 0) count(flows, i, T, ++sides.retransmissions[i])
}
