/** Expectations judged on a fresh report: each holds, fails, or cannot be told from what was captured. */
import { count } from '../report/numbers.js'
import type { Report } from '../result.js'
import { openText, opportunities, type Subject } from './chances.js'
import type { Answer, Comparison } from './comparison.js'
import { stillNeeded } from './measures.js'
import { verifyPolicy } from './policy.js'
import { holds, type Rule } from './rules.js'
import { fewest, lowerBound, upperBound } from './significance.js'
import { judgeTimer, type KnownTimer } from './timer-rule.js'

/** What became of one expectation. */
export interface Outcome {
  readonly rule: string
  readonly outcome: 'holds' | 'fails' | 'inconclusive'
  /** One sentence with its numbers. */
  readonly because: string
  /** The numbers in it, by name. */
  readonly numbers: Readonly<Record<string, number>>
}

/** What rules are judged by. */
export interface Evidence {
  readonly fresh: Report
  /** null: there was no capture before. */
  readonly comparison: Comparison | null
  /** What is known of a setting that a rule names; null: nothing. */
  readonly timer: (setting: string) => KnownTimer | null
}

/** What a comparison's answer is as the outcome of an expectation. */
export const OUTCOMES: Readonly<Record<Answer, Outcome['outcome']>> = {
  fixed: 'holds',
  'not fixed': 'fails',
  'not enough evidence yet': 'inconclusive',
}

/** Judges one rule. */
export function judgeRule(rule: Rule, evidence: Evidence): Outcome {
  switch (rule.kind) {
    case 'fixed':
      return judgeFixed(rule.text, evidence.comparison)
    case 'none':
      return judgeAbsence(rule.text, rule.of, evidence)
    case 'count': {
      const seen = countOf(evidence.fresh, rule.of)
      const of = opportunities(evidence.fresh, rule.of)
      const told = { rule: rule.text, numbers: { failed: seen, opportunities: of.count } }
      const because = `${count(seen)} seen in ${count(of.count)} ${of.words}`
      if (!holds(seen, rule.relation, rule.limit)) return { ...told, outcome: 'fails', because }
      if (of.count === 0)
        return { ...told, outcome: 'inconclusive', because: `the capture holds no ${of.words}` }
      return { ...told, outcome: 'holds', because }
    }
    case 'share':
      return judgeShare(rule, evidence.fresh)
    case 'timer':
      return { rule: rule.text, ...judgeTimer(rule, evidence.timer(rule.setting), evidence.fresh) }
  }
}

function judgeFixed(rule: string, comparison: Comparison | null): Outcome {
  if (comparison === null) {
    const because = 'there is no capture before the change to compare with (--before)'
    return { rule, outcome: 'inconclusive', because, numbers: {} }
  }
  return { rule, outcome: OUTCOMES[comparison.answer], because: comparison.because, numbers: {} }
}

/** Failures of a class: connections that a problem finding counts. What is only waiting to happen is none. */
function countOf(report: Report, of: Subject): number {
  if (of === 'problems') return report.summary.problems
  if (of === 'clean' || of === 'open' || of === 'unclassified') return report.summary.byClass[of] ?? 0
  return report.findings
    .filter((finding) => finding.class === of && finding.severity === 'problem')
    .reduce((sum, finding) => sum + finding.count, 0)
}

function judgeAbsence(rule: string, of: Subject, { fresh, comparison }: Evidence): Outcome {
  const seen = countOf(fresh, of)
  const chances = opportunities(fresh, of)
  const { count: trials, words, open } = chances
  const numbers = { failed: seen, opportunities: trials, open }
  if (seen > 0) {
    return { rule, outcome: 'fails', because: `${count(seen)} seen in ${count(trials)} ${words}`, numbers }
  }
  const known = comparison?.causes.filter(
    ({ before }) =>
      before !== null && before.severity === 'problem' && (of === 'problems' || before.class === of),
  )
  if (known !== undefined && known.length > 0) return { rule, numbers, ...byComparison(known) }
  const rate = upperBound({ failed: open, of: trials }, verifyPolicy.level)
  const needed = fewest(
    (n) => upperBound({ failed: 0, of: n }, verifyPolicy.level),
    verifyPolicy.rateWithoutBefore,
  )
  const all = { ...numbers, upperBound: rate, needed: needed ?? 0 }
  if (trials === 0)
    return { rule, outcome: 'inconclusive', because: `the capture holds no ${words}`, numbers: all }
  const bound = `0 of ${count(trials)} ${words}${openText(chances)}: at most ${percent(rate)} at 95 %`
  if (rate <= verifyPolicy.rateWithoutBefore) return { rule, outcome: 'holds', because: bound, numbers: all }
  const more =
    needed === null || needed <= trials
      ? ''
      : `; ${count(needed - trials)} more would show less than ${percent(verifyPolicy.rateWithoutBefore)}`
  return { rule, outcome: 'inconclusive', because: bound + more, numbers: all }
}

/** With a capture before, an absence is judged against what was seen there. */
function byComparison(known: Comparison['causes']): Pick<Outcome, 'outcome' | 'because'> {
  const open = known.find(({ status }) => status !== 'gone' && status !== 'impossible')
  const told = open ?? known[0]
  const needed = (open?.measures ?? []).flatMap((measure) => stillNeeded(measure) ?? [])
  const more = needed.length === 0 || open?.status !== 'unseen' ? '' : `; capture ${needed.join(' and ')}`
  return { outcome: open === undefined ? 'holds' : 'inconclusive', because: `${told?.sentence ?? ''}${more}` }
}

function judgeShare(rule: Extract<Rule, { kind: 'share' }>, fresh: Report): Outcome {
  const failed = countOf(fresh, rule.of)
  const chances = opportunities(fresh, rule.of)
  const { count: of, words, open } = chances
  const all = Math.max(failed, of)
  const low = lowerBound({ failed, of: Math.max(failed, chances.inAll) }, verifyPolicy.level)
  const high = upperBound({ failed: Math.min(all, failed + open), of: all }, verifyPolicy.level)
  const numbers = { failed, opportunities: of, open, lowerBound: low, upperBound: high }
  const told = { rule: rule.text, numbers }
  const because = `${count(failed)} of ${count(of)} ${words}${openText(chances)}: between ${percent(low)} and ${percent(high)} at 95 % each way`
  if (holds(high, rule.relation, rule.limit)) return { ...told, outcome: 'holds', because }
  if (low > rule.limit) return { ...told, outcome: 'fails', because }
  if (failed > 0) return { ...told, outcome: 'inconclusive', because }
  const needed = fewest((n) => upperBound({ failed: 0, of: n }, verifyPolicy.level), rule.limit)
  const more = needed === null || needed <= of ? '' : `; ${count(needed - of)} more without one would do`
  return { ...told, outcome: 'inconclusive', because: because + more }
}

/** A share as a percentage with two digits that mean something. */
function percent(share: number): string {
  const value = share * 100
  return `${value >= 10 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : Number(value.toPrecision(2))} %`
}
