import { factsPolicy } from './policy.js'
import { RST_FORMS } from '../flow/closing.js'
import { seqAdd, seqDelta } from '../flow/sequence.js'
import { SIDE_FIN, SIDE_MISSING, SIDE_RST, SIDE_SEQ, type SideColumns } from '../flow/side-columns.js'

/**
 * What the capture is known to lack of this side: acknowledged but unseen, or before its own FIN, RST or latest segment, or acknowledged
 * by a RST.
 */
export function missingTo(sides: SideColumns, i: number): number | null {
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
  if (sides.sentTo[i] !== 0 && within(sides.sentTo[i], end)) to = sides.sentTo[i]
  const other = i ^ 1
  if (
    sides.state[other] & SIDE_RST &&
    RST_FORMS[sides.rstForm[other]] === 'abort' &&
    within(sides.rstAck[other], end)
  )
    to = sides.rstAck[other]
  return to
}

function within(seq: number, end: number): boolean {
  const ahead = seqDelta(seq, end)
  return ahead > 0 && ahead < factsPolicy.plausibleAhead
}
