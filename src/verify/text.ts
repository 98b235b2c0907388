/** The answer for a terminal: one line that says it, then the reasons with their numbers. */
import type { Look, Style } from '../report/style.js'
import { styleOf } from '../report/style.js'
import { textWidth, wrapText } from '../report/text-width.js'
import type { Cause } from './causes.js'
import type { CauseComparison, CauseStatus, ComparedSide } from './comparison.js'
import type { Outcome } from './expectations.js'
import { stillNeeded } from './measures.js'
import { measureText } from './sentences.js'
import { headline, passed, type Verification } from './verification.js'
import { causeParts, chanceText, frequencyText, sideFacts, statusWords } from './words.js'

type Mood = 'ok' | 'latent' | 'problem'

const MOODS: Readonly<Record<CauseStatus, Mood>> = {
  gone: 'ok',
  impossible: 'ok',
  unseen: 'latent',
  possible: 'problem',
  'still there': 'problem',
  'changed timer': 'problem',
  new: 'problem',
}

const OUTCOME_MOODS: Readonly<Record<Outcome['outcome'], Mood>> = {
  holds: 'ok',
  fails: 'problem',
  inconclusive: 'latent',
}

const ANSWER_MOODS: Readonly<Record<string, Mood>> = {
  fixed: 'ok',
  'not fixed': 'problem',
  'not enough evidence yet': 'latent',
  ...OUTCOME_MOODS,
}

/** Where the reasons of a cause begin. */
const MARGIN = 3
const LABEL = 10

/** All lines, each with its line break. `quiet`: the first line only. */
export function verificationText(verification: Verification, look: Look, quiet = false): string[] {
  const style = styleOf(look)
  const lines = [...headLines(verification, style)]
  if (!quiet) {
    lines.push('', ...sidesLines(verification, style))
    const causes = shownCauses(verification.comparison?.causes ?? [])
    if (causes.length > 0)
      lines.push('', ...causes.flatMap((cause) => causeLines(cause, verification, style)))
    if (verification.expectations.length > 0) {
      lines.push('', ...verification.expectations.flatMap((one) => outcomeLines(one, style)))
    }
  }
  lines.push(...endLines(verification, style))
  return lines.map((line) => `${line}\n`)
}

/** What was waiting to happen where the race itself is told says the same once more. */
function shownCauses(causes: readonly CauseComparison[]): readonly CauseComparison[] {
  return causes.filter(
    ({ decides, status }) =>
      decides || status === 'still there' || status === 'changed timer' || status === 'new',
  )
}

function headLines(verification: Verification, style: Style): string[] {
  const { answer, because } = headline(verification)
  const mood = ANSWER_MOODS[answer] ?? 'latent'
  const painted = style.paint.strong(style.paint[mood](answer))
  const text = style.text(because)
  if (style.width === null) return [`${painted}   ${text}`]
  // The answer stands alone at the left edge; what does not fit beside it goes under it, not into a narrow column.
  const [first = ''] = wrapText(text, style.width - answer.length - MARGIN)
  const rest = text.slice(first.length).trimStart()
  return [`${painted}   ${first}`, ...(rest === '' ? [] : indented(rest, style))]
}

function fileNames(side: ComparedSide): string {
  return side.files.map((file) => (file === '-' ? 'standard input' : file)).join(', ')
}

function sideLine(label: string, side: ComparedSide, style: Style, widest: number): string[] {
  const facts = sideFacts(side).join('   ')
  const files = style.text(fileNames(side))
  const head = style.paint.quiet(label.padEnd(LABEL))
  // The facts of both stand under each other where the longer name leaves room for it.
  const pad = ' '.repeat(Math.max(0, widest - textWidth(files)))
  const fits = style.width === null || LABEL + textWidth(`${files}${pad}   ${facts}`) <= style.width
  if (fits) return [`${head}${style.paint.strong(files)}${pad}   ${facts}`]
  const room = (style.width ?? 0) - LABEL
  const [first = '', ...rest] = wrapText(files, room)
  return [
    head + style.paint.strong(first),
    ...rest.map((line) => ' '.repeat(LABEL) + style.paint.strong(line)),
    ...wrapText(facts, room).map((line) => ' '.repeat(LABEL) + line),
  ]
}

function sidesLines({ comparison, fresh }: Verification, style: Style): string[] {
  const sides = comparison === null ? [fresh] : [comparison.before, fresh]
  const widest = Math.max(...sides.map((side) => textWidth(style.text(fileNames(side)))))
  return [
    ...(comparison === null ? [] : sideLine('before', comparison.before, style, widest)),
    ...sideLine('fresh', fresh, style, widest),
  ]
}

function sign(mood: Mood, style: Style): string {
  const text = mood === 'latent' ? '?' : style.signs[mood]
  return style.paint[mood](text) + ' '.repeat(Math.max(1, 2 - textWidth(text)))
}

function indented(text: string, style: Style, colour: (line: string) => string = (line) => line): string[] {
  const room = style.width === null ? null : style.width - MARGIN
  return wrapText(style.text(text), room).map((line) => ' '.repeat(MARGIN) + colour(line))
}

function causeLines(cause: CauseComparison, { comparison }: Verification, style: Style): string[] {
  const mood: Mood =
    cause.after !== null && cause.after.severity === 'latent' ? 'latent' : MOODS[cause.status]
  const parts = causeParts(cause).join(`   `)
  const level = comparison?.level ?? 0
  const words = statusWords(cause.status)
  const head = ` ${sign(mood, style)}${style.paint.strong(style.paint[mood](words))}`
  const room = MARGIN + words.length + MARGIN + textWidth(style.text(parts))
  const oneLine = style.width === null || room <= style.width
  const lines = oneLine ? [`${head}   ${style.text(parts)}`] : [head, ...indented(parts, style)]
  if (cause.measures.length === 0) lines.push(...indented(cause.sentence, style))
  const [first, ...others] = cause.mechanisms
  // What makes it impossible, or leaves it possible, weighs more than any count.
  const decisive = first !== undefined && first.means !== 'support' && cause.after === null
  if (decisive) lines.push(...mechanismLines([first], style))
  for (const measure of cause.measures) {
    lines.push(...indented(measureText(measure), style))
    if (measure.after.of === 0) continue
    const chance = cause.after === null ? chanceText(measure, level) : frequencyText(measure, level)
    if (chance !== null) lines.push(...indented(chance, style, style.paint.quiet))
  }
  lines.push(...mechanismLines(decisive ? others : cause.mechanisms, style))
  if (cause.status === 'unseen') {
    const needed = cause.measures.flatMap((measure) => stillNeeded(measure) ?? [])
    for (const text of needed) lines.push(...indented(`still needed: ${text}`, style, style.paint.accent))
  }
  lines.push(...indented(where(cause), style, style.paint.quiet))
  return lines
}

function mechanismLines(mechanisms: CauseComparison['mechanisms'], style: Style): string[] {
  return mechanisms.flatMap(({ text, stream }) =>
    indented(stream === null ? text : `${text} (flow ${stream})`, style),
  )
}

function exampleText({ example, count }: Pick<Cause, 'example' | 'count'>): string {
  return count === 1 ? `flow ${example}` : `flow ${example}, one of ${count} alike`
}

/** The flows to look at, and how the leg was found again. */
function where({ before, after, matchedBy }: CauseComparison): string {
  const parts = [
    ...(before === null ? [] : [`before: ${exampleText(before)}`]),
    ...(after === null ? [] : [`fresh: ${exampleText(after)}`]),
    ...(matchedBy === 'role' ? ['addresses changed; matched by role and port'] : []),
    ...(matchedBy === 'port' ? ['addresses changed; matched by port'] : []),
    ...(before !== null && matchedBy === null
      ? ['this leg is not in the fresh capture; --role names hosts that it does not tell']
      : []),
  ]
  return parts.join(' · ')
}

function outcomeLines({ rule, outcome, because }: Outcome, style: Style): string[] {
  const mood = OUTCOME_MOODS[outcome]
  const [first = '', ...rest] = indented(rule, style, style.paint.strong)
  const head = ` ${sign(mood, style)}${first.slice(MARGIN)}`
  return [head, ...rest, ...indented(`${outcome}: ${because}`, style)]
}

/** Said in so many words where the exit status would otherwise be a riddle. */
function endLines(verification: Verification, style: Style): string[] {
  if (verification.result !== 'inconclusive') return []
  const text = passed(verification)
    ? 'inconclusive, which --allow-inconclusive lets pass'
    : 'inconclusive: exit status 1; --allow-inconclusive makes it 0'
  return ['', style.paint.quiet(style.text(text))]
}
