import {
  RST_ACK_MOVES,
  RST_FORMS,
  RST_INCOMING,
  RST_IP_ID_FOREIGN,
  RST_OUTGOING,
  RST_SEQ_RISES,
  RST_UNSTAMPED,
  RST_WINDOW_ZERO,
  RST_WITH_ACK,
  RST_WITH_PAYLOAD,
} from '../flow/closing.js'
import { SIDE_RST, type SideColumns } from '../flow/side-columns.js'
import type { RstFact } from './flow-facts.js'

function directionOf(marks: number): RstFact['direction'] {
  if (marks & RST_OUTGOING) return 'outgoing'
  return marks & RST_INCOMING ? 'incoming' : null
}

/** The first RST of the side in this row; null: it sent none. */
export function rstFact(sides: SideColumns, i: number): RstFact | null {
  if (!(sides.state[i] & SIDE_RST)) return null
  const { origin } = sides
  return {
    frame: sides.rstFrame[i],
    ns: sides.rstNs[i],
    form: RST_FORMS[sides.rstForm[i]],
    seq: sides.rstSeq[i],
    ack: sides.rstAck[i],
    triggerFrame: sides.rstTriggerFrame[i] || null,
    ttl: sides.rstTtl[i],
    window: origin.rstWindow[i],
    windowZero: (sides.rstMarks[i] & RST_WINDOW_ZERO) !== 0,
    unstamped: (sides.rstMarks[i] & RST_UNSTAMPED) !== 0,
    withAck: (sides.rstMarks[i] & RST_WITH_ACK) !== 0,
    withPayload: (sides.rstMarks[i] & RST_WITH_PAYLOAD) !== 0,
    direction: directionOf(sides.rstMarks[i]),
    seqRises: (sides.rstMarks[i] & RST_SEQ_RISES) !== 0,
    ackMoves: (sides.rstMarks[i] & RST_ACK_MOVES) !== 0,
    foreignIpId:
      (sides.rstMarks[i] & RST_IP_ID_FOREIGN) === 0
        ? null
        : { own: origin.rstIpId[i], before: origin.rstIpIdBefore[i] },
    count: sides.rsts[i],
  }
}
