/** What `verify` found out, and what that means for the exit status. */
import type { Comparison, ComparedSide } from './comparison.js'
import { OUTCOMES, type Outcome } from './expectations.js'

/** The result of one run. */
export interface Verification {
  /** null: there was no capture before. */
  readonly comparison: Comparison | null
  readonly fresh: ComparedSide
  readonly expectations: readonly Outcome[]
  /** `inconclusive`: nothing fails, but the evidence is short. */
  readonly result: Outcome['outcome']
  /** Inconclusive counts as passed. */
  readonly inconclusiveAllowed: boolean
}

/** Everything has to hold: the comparison, when there is one, and each expectation. */
export function resultOf(
  comparison: Comparison | null,
  expectations: readonly Outcome[],
): Verification['result'] {
  const outcomes = expectations.map(({ outcome }) => outcome)
  if (comparison !== null) outcomes.push(OUTCOMES[comparison.answer])
  if (outcomes.includes('fails')) return 'fails'
  return outcomes.includes('inconclusive') ? 'inconclusive' : 'holds'
}

/** Whether the exit status is 0. */
export function passed(verification: Verification): boolean {
  const { result, inconclusiveAllowed } = verification
  return result === 'holds' || (result === 'inconclusive' && inconclusiveAllowed)
}

/** The first line: the answer, or how the expectations fared. Then why. */
export function headline(verification: Verification): { readonly answer: string; readonly because: string } {
  const { comparison, expectations } = verification
  if (comparison !== null) return { answer: comparison.answer, because: comparison.because }
  const of = (outcome: Outcome['outcome']): Outcome[] => expectations.filter((one) => one.outcome === outcome)
  const failing = of('fails')
  const open = of('inconclusive')
  const total = expectations.length
  const some = (list: readonly Outcome[], one: string, many: string): string =>
    `${list.length} of ${total} ${total === 1 ? 'expectation' : 'expectations'} ${list.length === 1 ? one : many}`
  if (failing.length > 0) return { answer: 'fails', because: some(failing, 'does not hold', 'do not hold') }
  if (open.length > 0)
    return { answer: 'inconclusive', because: some(open, 'cannot be told yet', 'cannot be told yet') }
  return { answer: 'holds', because: some(of('holds'), 'holds', 'hold') }
}
