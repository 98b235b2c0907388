/** Two reports, cause by cause: what is gone, what is still there, what is new, and whether that can be chance. */
import { secondsCovered } from '../report/capture-notes.js'
import type { Report, VerdictClass } from '../result.js'
import { causesOf, joinCauses, kindOf, sameTimer, type Cause } from './causes.js'
import { answerOf } from './answer.js'
import type {
  CauseComparison,
  CauseStatus,
  ComparedSide,
  Comparison,
  Mechanism,
  Place,
} from './comparison.js'
import { legKey, sameLegs, type Ends, type MatchedBy } from './legs.js'
import { measuresOf, type Covered } from './measures.js'
import { mechanismsOf } from './mechanism.js'
import { verifyPolicy } from './policy.js'
import { sentenceOf } from './sentences.js'
import { isSignificant } from './significance.js'

/** What the caller may choose about a comparison. */
export interface CompareOptions {
  /** Only these classes count for the answer; null: all. */
  readonly classes?: readonly VerdictClass[] | null
}

interface Pairing {
  readonly before: Cause
  after: Cause | null
  readonly legs: readonly Ends[]
  readonly by: MatchedBy
}

/** Compares a report made before a change with one made after it. */
export function compareReports(before: Report, after: Report, options: CompareOptions = {}): Comparison {
  const old = causesOf(before)
  const fresh = causesOf(after)
  const { pairs, left } = pairUp(old, fresh, before, after)
  const deciding = decidingCauses(old, options.classes ?? null)
  const known = pairs.map((pair) => compared(pair, deciding.has(pair.before), before, after))
  const added = left.map((cause) => newCause(cause))
  const causes = [...known, ...added]
  const failedRequests = (before.requests?.length ?? 0) + (before.summary.requestsNotListed ?? 0)
  const verdict = answerOf(causes, { classes: options.classes ?? null, failedRequests })
  return {
    ...verdict,
    level: verifyPolicy.level,
    before: sideOf(before),
    after: sideOf(after),
    causes: [...causes].sort((a, b) => Number(b.decides) - Number(a.decides)),
  }
}

/** Problems decide; where there are none, what was waiting to happen. */
function decidingCauses(causes: readonly Cause[], classes: readonly VerdictClass[] | null): Set<Cause> {
  const asked = causes.filter((cause) => classes === null || classes.includes(cause.class))
  const problems = asked.filter((cause) => cause.severity === 'problem')
  return new Set(problems.length > 0 ? problems : asked)
}

/** Causes of the first capture, each with what of the second has its kind on its legs; `left`: what is on none of them. */
function pairUp(
  old: readonly Cause[],
  fresh: readonly Cause[],
  before: Report,
  after: Report,
): { readonly pairs: readonly Pairing[]; readonly left: readonly Cause[] } {
  const oldLegs = legsOf(before)
  const newLegs = legsOf(after)
  const pairs: Pairing[] = old.map((cause) => ({
    before: cause,
    after: null,
    ...sameLegs(cause, oldLegs, newLegs),
  }))
  let left = fresh
  const take = (open: readonly Pairing[], fits: (cause: Cause, before: Cause) => boolean): void => {
    const taken = new Set<Cause>()
    for (const pair of open) {
      const keys = new Set(pair.legs.map(legKey))
      const found = left.filter(
        (cause) =>
          kindOf(cause) === kindOf(pair.before) && keys.has(legKey(cause)) && fits(cause, pair.before),
      )
      pair.after = joinCauses(found)
      for (const cause of found) taken.add(cause)
    }
    left = left.filter((cause) => !taken.has(cause))
  }
  // The same timer first, so that of two timers of one leg each meets its own.
  take(pairs, (cause, before) => sameTimer(cause.timerSeconds, before.timerSeconds))
  take(
    pairs.filter(({ after: cause }) => cause === null),
    () => true,
  )
  return { pairs, left }
}

/** Legs by their ends: those with exposure, and those that only a finding names. */
function legsOf(report: Report): Ends[] {
  const legs: Ends[] = [...(report.exposure?.legs ?? []), ...report.findings]
  return [...new Map(legs.reverse().map((leg) => [legKey(leg), leg])).values()].reverse()
}

function compared(pair: Pairing, decides: boolean, before: Report, after: Report): CauseComparison {
  const keys = new Set(pair.legs.map(legKey))
  const place: Place = {
    before: before.exposure?.legs.find((leg) => legKey(leg) === legKey(pair.before)) ?? null,
    after: (after.exposure?.legs ?? []).filter((leg) => keys.has(legKey(leg))),
  }
  const covered: Covered = { before: secondsCovered(before), after: secondsCovered(after) }
  const measures = measuresOf(pair.before, pair.after?.count ?? 0, place, covered)
  const p = measures.length === 0 ? null : Math.max(...measures.map((measure) => measure.p))
  const mechanisms = mechanismsOf(pair.before, place, after)
  const status = statusOf(pair, p, mechanisms)
  const result = {
    status,
    before: pair.before,
    after: pair.after,
    decides,
    matchedBy: pair.legs.length === 0 ? null : pair.by,
    measures,
    p,
    mechanisms,
  }
  return { ...result, sentence: sentenceOf(result, place) }
}

function statusOf(pair: Pairing, p: number | null, mechanisms: readonly Mechanism[]): CauseStatus {
  const { before, after } = pair
  if (after !== null) {
    const timed = before.class === 'idle-timeout' || before.class === 'client-abort'
    return timed && !sameTimer(before.timerSeconds, after.timerSeconds) ? 'changed timer' : 'still there'
  }
  if (mechanisms.some(({ means }) => means === 'possible')) return 'possible'
  if (mechanisms.some(({ means }) => means === 'impossible')) return 'impossible'
  return p !== null && isSignificant(p, verifyPolicy.level) ? 'gone' : 'unseen'
}

function newCause(cause: Cause): CauseComparison {
  const result = {
    status: 'new' as const,
    before: null,
    after: cause,
    decides: false,
    matchedBy: null,
    measures: [],
    p: null,
    mechanisms: [],
  }
  return { ...result, sentence: sentenceOf(result, { before: null, after: [] }) }
}

/** One side of a comparison, in figures. */
export function sideOf(report: Report): ComparedSide {
  return {
    files: report.captures.map((capture) => capture.file),
    seconds: secondsCovered(report),
    frames: report.captures.reduce((sum, capture) => sum + capture.frames, 0),
    connections: report.summary.flows,
    problems: report.summary.problems,
  }
}
