import { RST_FORMS, RST_UNSTAMPED, RST_WINDOW_ZERO } from '../flow/closing.js'
import { seqAdd, seqDelta } from '../flow/sequence.js'
import {
  SIDE_ACKED,
  SIDE_AWAITING,
  SIDE_COVERED,
  SIDE_FIN,
  SIDE_FIN_ACKED,
  SIDE_MISSING,
  SIDE_INCOMING,
  SIDE_OUTGOING,
  SIDE_RST,
  SIDE_SEQ,
  SIDE_TTL_VARIES,
  SIDE_ZERO_WINDOW,
  type SideColumns,
} from '../flow/side-columns.js'
import type { FinFact, Moment, RstFact, SideFacts, Unanswered } from './flow-facts.js'

/** Facts of one side from its columns; `closed`: the flow had a FIN or RST, so the moment of the first close counts. */
export function sideFacts(sides: SideColumns, i: number, closed: boolean): SideFacts {
  const state = sides.state[i]
  const spoke = sides.segments[i] > 0
  const lastPayload = moment(sides.payloadFrame[i], sides.payloadNs[i])
  const covered = closed ? sides.closeCoveredNs[i] : state & SIDE_COVERED ? sides.coveredNs[i] : NaN
  return {
    segments: sides.segments[i],
    payloadBytes: sides.payloadBytes[i],
    retransmissions: sides.retransmissions[i],
    lastSegment: moment(sides.lastFrame[i], sides.lastNs[i]),
    lastPayload,
    payloadBeforeClose: closed ? moment(sides.closePayloadFrame[i], sides.closePayloadNs[i]) : lastPayload,
    payloadCoveredNs: Number.isNaN(covered) ? null : covered,
    ackAtClose: state & SIDE_ACKED ? (closed ? sides.closeHighAck[i] : sides.highAck[i]) : null,
    sentAtClose: spoke ? (closed ? sides.closeNextSeq[i] : sides.nextSeq[i]) : null,
    baseSeq: sides.baseSeq[i],
    fin: finFact(sides, i),
    rst: rstFact(sides, i),
    unanswered: unanswered(sides, i),
    probes: {
      unanswered: sides.probes[i],
      all: sides.probesAll[i],
      first: sides.probes[i] > 0 ? moment(sides.probeFirstFrame[i], sides.probeFirstNs[i]) : null,
    },
    zeroWindowSince: state & SIDE_ZERO_WINDOW ? moment(sides.zeroFrame[i], sides.zeroNs[i]) : null,
    missingTo: missingTo(sides, i),
    lastAck: state & SIDE_ACKED ? sides.highAck[i] : null,
    missingBytes: sides.ackedUnseen[i],
    ttl: sides.ttl[i],
    ttlVaries: (state & SIDE_TTL_VARIES) !== 0,
    outgoing: (state & SIDE_OUTGOING) !== 0,
    incoming: (state & SIDE_INCOMING) !== 0,
  }
}

/** What the capture is known to lack of this side: acknowledged but unseen, or before its own FIN or RST, or acknowledged by a RST. */
function missingTo(sides: SideColumns, i: number): number | null {
  const state = sides.state[i]
  if (!(state & SIDE_SEQ)) return null
  const end = state & SIDE_FIN ? seqAdd(sides.finSeq[i], 1) : sides.nextSeq[i]
  let to = state & SIDE_MISSING ? sides.missingTo[i] : null
  if (state & SIDE_FIN && seqDelta(sides.finSeq[i], sides.nextSeq[i]) > 0) to = sides.finSeq[i]
  const ownReset =
    state & SIDE_RST &&
    RST_FORMS[sides.rstForm[i]] !== 'stateless' &&
    RST_FORMS[sides.rstForm[i]] !== 'refused'
  if (ownReset && within(sides.rstSeq[i], end)) to = sides.rstSeq[i]
  const other = i ^ 1
  const otherForm = RST_FORMS[sides.rstForm[other]]
  if (sides.state[other] & SIDE_RST && otherForm === 'abort' && within(sides.rstAck[other], end))
    to = sides.rstAck[other]
  return to
}

/** RST numbers further ahead than this are no position in the stream (forged, or another connection's). */
const PLAUSIBLE_AHEAD = 1 << 20

function within(seq: number, end: number): boolean {
  const ahead = seqDelta(seq, end)
  return ahead > 0 && ahead < PLAUSIBLE_AHEAD
}

function moment(frame: number, ns: number): Moment | null {
  return frame === 0 ? null : { frame, ns }
}

function finFact(sides: SideColumns, i: number): FinFact | null {
  if (!(sides.state[i] & SIDE_FIN)) return null
  return {
    frame: sides.finFrame[i],
    ns: sides.finNs[i],
    seq: sides.finSeq[i],
    ack: sides.finAck[i],
    repeats: sides.finRepeats[i],
    acked: sides.state[i] & SIDE_FIN_ACKED ? moment(sides.finAckedFrame[i], sides.finAckedNs[i]) : null,
  }
}

function rstFact(sides: SideColumns, i: number): RstFact | null {
  if (!(sides.state[i] & SIDE_RST)) return null
  return {
    frame: sides.rstFrame[i],
    ns: sides.rstNs[i],
    form: RST_FORMS[sides.rstForm[i]],
    seq: sides.rstSeq[i],
    ack: sides.rstAck[i],
    triggerFrame: sides.rstTriggerFrame[i] || null,
    ttl: sides.rstTtl[i],
    windowZero: (sides.rstMarks[i] & RST_WINDOW_ZERO) !== 0,
    unstamped: (sides.rstMarks[i] & RST_UNSTAMPED) !== 0,
    count: sides.rsts[i],
  }
}

function unanswered(sides: SideColumns, i: number): Unanswered | null {
  if (!(sides.state[i] & SIDE_AWAITING)) return null
  const since = moment(sides.awaitedFrame[i], sides.awaitedNs[i])
  const last = moment(sides.repeatLastFrame[i], sides.repeatLastNs[i])
  if (since === null || last === null) return null
  return {
    since,
    repeats: sides.repeats[i],
    firstRepeat: sides.repeats[i] > 0 ? moment(sides.repeatFirstFrame[i], sides.repeatFirstNs[i]) : null,
    last,
    longestWaitNs: sides.repeatMaxGapNs[i],
  }
}
