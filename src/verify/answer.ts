/** The answer from what became of each cause. */
import { counted } from '../report/numbers.js'
import { classTitle } from '../report/words.js'
import type { VerdictClass } from '../result.js'
import type { Cause } from './causes.js'
import type { Answer, CauseComparison } from './comparison.js'
import { stillNeeded } from './measures.js'
import { legName } from './names.js'
import { verifyPolicy } from './policy.js'

/** Leaving, giving up, closing and refusing are ways to end one wait; what a box on the path does is not. */
const ENDS: ReadonlySet<VerdictClass> = new Set([
  'idle-timeout',
  'client-abort',
  'server-abort',
  'keepalive-race',
  'half-open-zombie',
  'refused',
  'connect-timeout',
])

/** Whether a new failure is the old one in another form: another end of the same wait, on this leg or on another one of the chain. */
function takesOver(fresh: Cause, before: Cause): boolean {
  if (fresh.severity !== 'problem' || !ENDS.has(fresh.class) || !ENDS.has(before.class)) return false
  if (fresh.phase === null || fresh.phase !== before.phase) return false
  if (legName(fresh) === legName(before)) return true
  switch (fresh.phase) {
    case 'connecting':
      // Another server that cannot be reached is another matter.
      return false
    case 'between-requests':
      return fresh.class === before.class
    default:
      return waitedOf(fresh) >= leastWaitOf(before) * (1 - verifyPolicy.reachedShare)
  }
}

/** The longest that one of these waited, seconds. */
function waitedOf({ timerSeconds, silenceSeconds }: Cause): number {
  return Math.max(timerSeconds ?? 0, silenceSeconds?.max ?? 0)
}

/** How long they waited at least before they failed, seconds. */
function leastWaitOf({ timerSeconds, silenceSeconds }: Cause): number {
  return timerSeconds ?? silenceSeconds?.min ?? 0
}

/** What is new and stands in the place of one that decides, with the words that say so. */
function replacements(causes: readonly CauseComparison[], deciding: readonly CauseComparison[]): string[] {
  return causes.flatMap(({ status, after, sentence }) => {
    if (status !== 'new' || after === null) return []
    const old = deciding.find(({ before }) => before !== null && takesOver(after, before))?.before
    if (old == null) return []
    return [`${sentence}; it ends the same wait as the ${classTitle(old)} ${legName(old)} before`]
  })
}

/** The capture before, as far as there is nothing to compare in it. */
export interface Before {
  /** What was asked for; null: all. */
  readonly classes: readonly VerdictClass[] | null
  /** Requests that failed, on whichever leg. */
  readonly failedRequests: number
}

function nothingBefore({ classes, failedRequests }: Before): string {
  const asked = classes === null ? 'problem' : classes.join(' or ')
  const failed =
    classes !== null || failedRequests === 0
      ? ''
      : `; ${counted(failedRequests, 'request')} failed in it for a reason that its connections do not show`
  return `the capture before shows no ${asked}, so there is nothing that could be fixed${failed}`
}

/** The answer and its reason in one sentence. */
export function answerOf(
  causes: readonly CauseComparison[],
  old: Before,
): {
  readonly answer: Answer
  readonly because: string
} {
  const deciding = causes.filter((cause) => cause.decides)
  const news = causes.filter(({ status, after }) => status === 'new' && after?.severity === 'problem')
  const but = news.length === 0 ? '' : `; new in the fresh capture: ${newWords(news)}`
  if (deciding.length === 0) return { answer: 'not enough evidence yet', because: nothingBefore(old) + but }
  const there = deciding.filter(({ status }) => ['still there', 'changed timer', 'possible'].includes(status))
  const sentences = [...there.map(({ sentence }) => sentence), ...replacements(causes, deciding)]
  if (sentences.length > 0)
    return { answer: 'not fixed', because: withOthers(sentences[0] ?? '', sentences.length - 1) }
  const unseen = deciding.filter(({ status }) => status === 'unseen')
  if (unseen.length > 0) {
    const [first] = unseen
    const missing = first?.matchedBy == null ? [] : first.measures.flatMap((one) => stillNeeded(one) ?? [])
    const more = missing.length === 0 ? '' : `; capture ${missing.join(' and ')}`
    return {
      answer: 'not enough evidence yet',
      because: withOthers(`${first?.sentence ?? ''}${more}`, unseen.length - 1) + but,
    }
  }
  const [first] = deciding
  return { answer: 'fixed', because: withOthers(first?.sentence ?? '', deciding.length - 1) + but }
}

function withOthers(sentence: string, others: number): string {
  if (others <= 0) return sentence
  return `${sentence} (and ${others} other ${others === 1 ? 'cause' : 'causes'})`
}

/** Counts by what they are called: several servers may play one role. */
function newWords(causes: readonly CauseComparison[]): string {
  const counts = new Map<string, number>()
  for (const { after } of causes) {
    if (after === null) continue
    const name = `${classTitle(after)} ${legName(after)}`
    counts.set(name, (counts.get(name) ?? 0) + after.count)
  }
  return [...counts].map(([name, count]) => `${count} × ${name}`).join(', ')
}
