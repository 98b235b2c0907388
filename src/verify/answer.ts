/** The answer from what became of each cause. */
import { classTitle } from '../report/words.js'
import type { Cause } from './causes.js'
import type { Answer, CauseComparison } from './comparison.js'
import { stillNeeded } from './measures.js'
import { legName } from './names.js'

/** Whether a new failure is the old one in another form: the next timer in the chain, or another end of the same wait. */
function takesOver(fresh: Cause, known: readonly CauseComparison[]): boolean {
  return known.some(({ before, decides }) => {
    if (before === null || !decides || fresh.severity !== 'problem') return false
    const sameWait = fresh.phase !== null && fresh.phase === before.phase
    const onLeg = legName(fresh) === legName(before)
    // Leaving, giving up and closing are ways to end one wait; what a box on the path does is not.
    const ends = ['idle-timeout', 'client-abort', 'server-abort', 'keepalive-race', 'half-open-zombie']
    return (
      ends.includes(fresh.class) &&
      ends.includes(before.class) &&
      sameWait &&
      (onLeg || fresh.class === before.class)
    )
  })
}

/** The answer and its reason in one sentence. */
export function answerOf(causes: readonly CauseComparison[]): {
  readonly answer: Answer
  readonly because: string
} {
  const deciding = causes.filter((cause) => cause.decides)
  if (deciding.length === 0)
    return {
      answer: 'not enough evidence yet',
      because: 'the capture before shows no problem, so there is nothing that could be fixed',
    }
  const there = deciding.filter(({ status }) => ['still there', 'changed timer', 'possible'].includes(status))
  const instead = causes.filter(
    ({ status, after }) => status === 'new' && after !== null && takesOver(after, deciding),
  )
  if (there.length > 0 || instead.length > 0) {
    const [first] = [...there, ...instead]
    return {
      answer: 'not fixed',
      because: withOthers(first?.sentence ?? '', there.length + instead.length - 1),
    }
  }
  const unseen = deciding.filter(({ status }) => status === 'unseen')
  if (unseen.length > 0) {
    const [first] = unseen
    const needed = (first?.measures ?? []).flatMap((measure) => stillNeeded(measure) ?? [])
    const more = needed.length === 0 ? '' : `; capture ${needed.join(' and ')}`
    return {
      answer: 'not enough evidence yet',
      because: withOthers(`${first?.sentence ?? ''}${more}`, unseen.length - 1),
    }
  }
  const [first] = deciding
  const news = causes.filter(({ status, after }) => status === 'new' && after?.severity === 'problem')
  const but = news.length === 0 ? '' : `; new in the fresh capture: ${newWords(news)}`
  return { answer: 'fixed', because: withOthers(first?.sentence ?? '', deciding.length - 1) + but }
}

function withOthers(sentence: string, others: number): string {
  if (others <= 0) return sentence
  return `${sentence} (and ${others} other ${others === 1 ? 'cause' : 'causes'})`
}

function newWords(causes: readonly CauseComparison[]): string {
  return causes
    .flatMap(({ after }) =>
      after === null ? [] : [`${after.count} × ${classTitle(after)} ${legName(after)}`],
    )
    .join(', ')
}
