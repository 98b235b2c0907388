import { requestBegunNs } from '../head-clocks.js'
import type { TimerAnswer } from '../timer-match.js'
import type { Case } from '../verdict-rule.js'
import { policy } from '../policy.js'
import { span } from '../wording.js'

/** How long the head of a request had been waited for when its connection was closed, on each clock a timer may have; nanoseconds. */
interface HeadWait {
  readonly sinceHandshake: number
  /** Since the first byte of the head, and since the last one. Null: not known. */
  readonly sinceFirst: number | null
  readonly sinceLast: number | null
}

function headWaitOf({ facts }: Case): HeadWait | null {
  const { standing, close, establishedNs, timerGapNs } = facts
  const head = standing.phase === 'mid-request' && standing.exchange?.requestHeadWhole !== true
  if (!head || close.first === null || establishedNs === null) return null
  const begunNs = requestBegunNs(facts)
  return {
    sinceHandshake: close.first.ns - establishedNs,
    sinceFirst: begunNs === null ? null : close.first.ns - begunNs,
    sinceLast: timerGapNs,
  }
}

/** How long the head of a request was waited for since the handshake. Null: it is not a head that was waited for. */
export function headWaitNs(c: Case): number | null {
  return headWaitOf(c)?.sinceHandshake ?? null
}

/** What was waited for, in words, and for how long; `ns` null: not known. */
interface Waited {
  readonly ns: number | null
  readonly text: string
}

/** The wait for a head on the clock that the timer's value fits best; of equal ones the timer's own, or the one that began last. Null: as above. */
export function headWait(c: Case, { timer, best }: TimerAnswer): Waited | null {
  const wait = headWaitOf(c)
  if (wait === null) return null
  const { sinceHandshake, sinceFirst, sinceLast } = wait
  const off = (ns: number): number => (timer === null ? 0 : Math.abs(timer.seconds * 1e9 - ns))
  const all: [ns: number | null, words: string][] = [
    [sinceLast, 'after the last byte of a request whose head had not come to its end'],
    [sinceFirst, 'after the first byte of a request whose head had not come to its end'],
    [sinceHandshake, 'after the handshake: the head of the request had not come to its end'],
  ]
  const clocks = all.filter((clock): clock is [number, string] => clock[0] !== null)
  if (best?.measured === 'age') clocks.reverse()
  // A value is given in milliseconds: less is no difference.
  const [ns, words] = clocks.reduce((nearest, one) =>
    off(one[0]) < off(nearest[0]) - policy.clockStepNs ? one : nearest,
  )
  return { ns, text: `${span(ns)} ${words}` }
}

/** The wait for the body of a request; in all, where its bytes were still coming: a timer of the whole request ran out. */
export function bodyWait({ facts: { standing, close, timerGapNs } }: Case): Waited {
  const began = standing.exchange?.requestStart ?? null
  const coming = timerGapNs !== null && timerGapNs < policy.promptCloseNs
  if (coming && began !== null && close.first !== null) {
    const ns = close.first.ns - began.timeNs
    return { ns, text: `${span(ns)} after the request began, whose rest was still coming` }
  }
  const waited = timerGapNs === null ? 'a while' : span(timerGapNs)
  return { ns: timerGapNs, text: `after waiting ${waited} for the rest of the request` }
}

/** The other setting of the same software that may have fired, and why it cannot be told; null: there is none. */
export function rivalText(c: Case, { rival }: TimerAnswer): string | null {
  const wait = headWaitOf(c)
  if (rival === null || wait === null) return null
  const { sinceFirst, sinceLast } = wait
  if (sinceFirst === null || sinceLast === null) return null
  const other = rival.measured === 'gap' ? sinceLast : sinceFirst
  const from = rival.measured === 'gap' ? 'last' : 'first'
  return Math.abs(sinceFirst - sinceLast) < policy.sameClockNs
    ? `${rival.id} may have fired instead: all that came of the head came at once, so that clocks from its first and from its last byte agree`
    : `${rival.id} may have fired instead, if it is ${span(other)}: it counts from the ${from} byte`
}
