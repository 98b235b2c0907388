/** What became of a cause, in one sentence with its numbers. */
import { count, counted, duration } from '../report/numbers.js'
import { classTitle, phaseWords } from '../report/words.js'
import type { Cause } from './causes.js'
import type { CauseComparison, Measure, Place } from './comparison.js'
import { actor, closerOf, legName } from './names.js'

type Told = Omit<CauseComparison, 'sentence'>

/** One sentence, without a full stop. */
export function sentenceOf(told: Told, place: Place): string {
  const { status, before, after } = told
  const cause = before ?? after
  if (cause === null) return ''
  switch (status) {
    case 'gone':
      return absence(told, cause)
    case 'impossible':
      return `${titleOf(cause)} can no longer happen: ${mechanismText(told, 'impossible')}`
    case 'possible':
      return `${titleOf(cause)} was not seen again but can still happen: ${mechanismText(told, 'possible')}`
    case 'unseen':
      return unseen(told, cause)
    case 'still there':
      return stillThere(told, cause, place)
    case 'changed timer':
      return changedTimer(told, cause, place)
    case 'new':
      return `${titleOf(cause)} is new: ${connections(cause)}`
  }
}

/** `keep-alive race nginx → proxy`. */
function titleOf(cause: Cause): string {
  return `${classTitle(cause)} ${legName(cause)}`
}

function connections(cause: Cause): string {
  return counted(cause.count, 'connection')
}

function mechanismText({ mechanisms }: Told, means: 'impossible' | 'possible'): string {
  return mechanisms.find((mechanism) => mechanism.means === means)?.text ?? ''
}

/** `0 of 64 requests that waited 5.301 s or more failed, 16 of 16 before`. */
export function measureText(measure: Measure): string {
  const { before, after, words } = measure
  if (measure.kind === 'time') {
    return `${after.failed} in ${duration(after.of)}, ${before.failed} in ${duration(before.of)} before`
  }
  if (after.of === 0) {
    return `the fresh capture holds no ${words}; before, ${count(before.failed)} of ${count(before.of)} ${measure.failedWords}`
  }
  const open =
    measure.open === 0
      ? ''
      : `; ${count(measure.open)} of them ${measure.open === 1 ? 'was' : 'were'} still waiting when the capture ended`
  return `${count(after.failed)} of ${count(after.of)} ${words} ${measure.failedWords}, ${count(before.failed)} of ${count(before.of)} before${open}`
}

/** The measure that is hardest to satisfy; null: none. */
export function hardest(measures: readonly Measure[]): Measure | null {
  return measures.reduce<Measure | null>(
    (worst, one) => (worst === null || one.p > worst.p ? one : worst),
    null,
  )
}

function absence(told: Told, cause: Cause): string {
  const measure = hardest(told.measures)
  return measure === null ? `${titleOf(cause)} is gone` : `${titleOf(cause)} is gone: ${measureText(measure)}`
}

function unseen(told: Told, cause: Cause): string {
  if (told.matchedBy === null)
    return `nothing in the fresh capture could have shown the ${titleOf(cause)}: it holds no connection of that leg`
  const measure = hardest(told.measures)
  if (measure === null) {
    return `${titleOf(cause)} was not seen again, but the report before does not say among how many requests it was`
  }
  if (measure.after.of === 0) {
    return `nothing in the fresh capture could have shown the ${titleOf(cause)}: it holds no ${measure.words}`
  }
  return `${titleOf(cause)} was not seen again, which may be chance: ${measureText(measure)}`
}

function stillThere(told: Told, cause: Cause, place: Place): string {
  const now = told.after ?? cause
  const timer =
    now.timerSeconds === null || cause.class === 'client-abort'
      ? ''
      : `, ${whoWaits(now, place)} still ${now.closer === 'none' ? 'gives up' : 'closes'} at ${duration(now.timerSeconds)}`
  const measure = told.measures[0]
  const numbers = measure === undefined ? connections(now) : measureText(measure)
  return `${titleOf(now)} is still there${timer}: ${numbers}`
}

/** Whose timer it is: a connection that never came about is closed by nobody, but it is its opener that gave up. */
function whoWaits(cause: Cause, { after }: Place): string {
  return cause.closer === 'none' ? actor(cause.client, after[0]?.clientSoftware) : closerOf(cause, after[0])
}

function changedTimer(told: Told, cause: Cause, place: Place): string {
  const now = told.after ?? cause
  const phase = now.phase === null ? '' : ` ${phaseWords(now.phase)}`
  const [is, was] = [now.timerSeconds, cause.timerSeconds].map((seconds) =>
    seconds === null ? 'another time' : duration(seconds),
  )
  return `${whoWaits(now, place)} now gives up at ${is ?? ''}${phase}, was ${was ?? ''}: ${connections(now)} still ended like that`
}
