/** The answer as Markdown, for a pull request or a ticket. */
import { code, prose, table } from '../report/markdown/inert.js'
import type { CauseComparison, ComparedSide } from './comparison.js'
import { stillNeeded } from './measures.js'
import { hardest, measureText } from './sentences.js'
import { headline, type Verification } from './verification.js'
import { causeParts, chanceText, probability, sideFacts, statusWords, testWords } from './words.js'

/** One Markdown document. */
export function verificationMarkdown(verification: Verification): string {
  const { answer, because } = headline(verification)
  const { comparison, fresh, result } = verification
  const sides: [string, ComparedSide][] = [
    ...(comparison === null ? [] : [['before', comparison.before] as [string, ComparedSide]]),
    ['fresh', fresh],
  ]
  const lines = [
    `# ${capital(answer)}`,
    '',
    `${prose(capital(because))}.`,
    '',
    ...(result === 'inconclusive' ? ['The evidence is short: **inconclusive**.', ''] : []),
    ...table(
      ['', 'capture', 'seconds', 'frames', 'connections', 'problems'],
      sides.map(([name, side]) => [
        name,
        side.files.map(code).join(', '),
        ...sideFacts(side).map((fact) => fact.replace(/ [a-z]+$/, '')),
      ]),
    ),
    ...(comparison?.causes ?? []).flatMap((cause) => causeSection(cause, comparison?.level ?? 0)),
    ...expectationSection(verification),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

function expectationSection({ expectations }: Verification): string[] {
  if (expectations.length === 0) return []
  const rows = expectations.map(({ rule, outcome, because }) => [
    code(rule),
    `**${outcome}**`,
    prose(because),
  ])
  return ['## Expectations', '', ...table(['rule', 'outcome', 'because'], rows)]
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function causeSection(cause: CauseComparison, level: number): string[] {
  const needed = cause.measures.flatMap((measure) => stillNeeded(measure) ?? [])
  const measure = hardest(cause.measures)
  const chance =
    measure === null || measure.after.of === 0 || cause.after !== null
      ? []
      : [`${measureText(measure)}; ${chanceText(measure, level)}`]
  return [
    `## ${capital(statusWords(cause.status))}: ${causeParts(cause).map(prose).join(', ')}`,
    '',
    `${prose(capital(cause.sentence))}.`,
    '',
    ...table(
      ['opportunities', 'before', 'fresh', 'p', 'test'],
      cause.measures.map((measure) => [
        prose(measure.words),
        `${measure.before.failed} of ${measure.before.of}`,
        `${measure.after.failed} of ${measure.after.of}`,
        probability(measure.p),
        testWords(measure.test),
      ]),
    ),
    ...chance.map((text) => `- ${prose(text)}`),
    ...cause.mechanisms.map(
      ({ text, stream }) => `- ${prose(stream === null ? text : `${text} (flow ${stream})`)}`,
    ),
    ...(cause.status === 'unseen' ? needed : []).map((text) => `- still needed: ${prose(text)}`),
    '',
  ]
}
