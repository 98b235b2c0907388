/** Words that text and Markdown share: statuses, probabilities, the tests' names. */
import type { CauseComparison, CauseStatus, ComparedSide, Measure, TestName } from './comparison.js'
import { counted } from '../report/numbers.js'
import { classTitle, phaseWords } from '../report/words.js'
import { legName } from './names.js'
import { isSignificant } from './significance.js'

const STATUS_WORDS: Readonly<Record<CauseStatus, string>> = {
  gone: 'gone',
  impossible: 'impossible now',
  unseen: 'not seen again',
  possible: 'still possible',
  'still there': 'still there',
  'changed timer': 'timer moved',
  new: 'new',
}

/** What became of a cause, in two or three words. */
export function statusWords(status: CauseStatus): string {
  return STATUS_WORDS[status]
}

const TESTS: Readonly<Record<TestName, string>> = {
  'fisher-exact': 'Fisher’s exact test, 1935',
  'poisson-conditional': 'conditional test of two Poisson rates, Przyborowski and Wilenski 1940',
}

/** The test with its author and year. */
export function testWords(test: TestName): string {
  return TESTS[test]
}

/** `0.75`, `0.048`, `0.00012`, `3.7e-17`. */
export function probability(p: number): string {
  if (p >= 0.9995) return '1'
  if (p >= 1e-5) return String(Number(p.toPrecision(2)))
  return p.toExponential(1)
}

/** What a measure's p says, as a sentence. */
export function chanceText(measure: Measure, level: number): string {
  const { p } = measure
  const enough = isSignificant(p, level)
    ? `below the ${level} that is asked for`
    : `above ${level}, so this may be chance`
  const counted = measure.open === 0 ? '' : ' and those still waiting failed'
  return `if nothing had changed${counted}, the probability of so few would be ${probability(p)}, ${enough} (${testWords(measure.test)})`
}

/** For a cause that is still there: whether it is significantly rarer or more frequent; null: neither. */
export function frequencyText({ p, oftener, test }: Measure, level: number): string | null {
  const text = (change: string, many: string, value: number): string =>
    `${change} than before: by chance the probability of so ${many} would be ${probability(value)} (${testWords(test)})`
  if (isSignificant(p, level)) return text('rarer', 'few', p)
  return isSignificant(oftener, level) ? text('more frequent', 'many', oftener) : null
}

/** Class, leg and phase of a cause, as parts of a line. */
export function causeParts(comparison: CauseComparison): string[] {
  const cause = comparison.before ?? comparison.after
  if (cause === null) return []
  const phase = cause.phase === null ? [] : [phaseWords(cause.phase)]
  return [classTitle(cause), legName(cause), ...phase]
}

/** `19.8 s   380 frames   80 connections   16 problems`. */
export function sideFacts(side: ComparedSide): string[] {
  return [
    `${side.seconds.toFixed(1)} s`,
    counted(side.frames, 'frame'),
    counted(side.connections, 'connection'),
    counted(side.problems, 'problem'),
  ]
}
