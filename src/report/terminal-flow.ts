/** One flow in detail: the facts, the verdict with its proof, why it is nothing else, and how to see it in Wireshark. */
import type { CloseEvent, FlowReport, Report, Verdict } from '../result.js'
import { filesOfFlow, frameName } from './frame-names.js'
import { bytes, counted, duration, moment, setValue } from './numbers.js'
import type { Look, Style } from './style.js'
import { styleOf } from './style.js'
import { carriedLines } from './terminal-requests.js'
import { textWidth, wrapText } from './text-width.js'
import { flowFilter, proofFilters } from './wireshark-filters.js'
import {
  address,
  basisWords,
  classTitle,
  closeWords,
  owedWords,
  phaseWords,
  linkWords,
  tlsWords,
} from './words.js'

const INDENT = 2
/** Wide enough for `first close`, the widest label, and two spaces. */
const LABEL = 15

/** Label and text. */
type Pair = readonly [string, string]

/** Lines of `label  text`; the label is painted quiet, the text folded beside it. */
function pair(label: string, text: string, style: Style, labelWidth = LABEL): string[] {
  const room = style.width === null ? null : style.width - INDENT - labelWidth
  return wrapText(style.text(text), room).map((line, index) => {
    const shown = index === 0 ? style.text(label) : ''
    const gap = ' '.repeat(Math.max(0, labelWidth - textWidth(shown)))
    return ' '.repeat(INDENT) + style.paint.quiet(shown) + gap + line
  })
}

/** Pairs under a heading, labels as wide as the widest; nothing when there are none. */
function section(title: string, pairs: readonly Pair[], style: Style): string[] {
  if (pairs.length === 0) return []
  const width = Math.max(...pairs.map(([label]) => textWidth(style.text(label)))) + 2
  const indent = pairs.every(([label]) => label === '') ? 0 : width
  return [
    '',
    style.paint.strong(title),
    ...pairs.flatMap(([label, text]) => pair(label, text, style, indent)),
  ]
}

function closeText(report: Report, { capture }: FlowReport, close: CloseEvent | null): string {
  if (close === null) return 'not seen'
  return `${closeWords(close)}, frame ${frameName(report, capture, close)}, at ${moment(close.time)}`
}

function timerText(flow: FlowReport): string | null {
  const timer = flow.verdict.timer
  if (timer === null) return null
  const others = timer.candidates.filter((name) => name !== timer.setting)
  if (timer.guessed === true)
    return `${setValue(timer.seconds)}; the software is not known: it could be ${timer.candidates.join(', ')}`
  const also = others.length === 0 ? '' : `; could also be ${others.join(', ')}`
  return `${setValue(timer.seconds)}, ${timer.setting ?? 'no known setting'}${also}`
}

function factPairs(report: Report, flow: FlowReport): Pair[] {
  const { close } = flow
  const requests = flow.exchanges === null ? 'payload not readable' : counted(flow.exchanges, 'request')
  const timer = timerText(flow)
  const phase = close.phase === null ? '' : `, ${phaseWords(close.phase)}`
  return [
    [
      'client',
      `${address(flow.client)}${flow.client.role === null ? '' : ` (${flow.client.role})`}: ${basisWords(flow.clientBasis)}`,
    ],
    ['server', `${address(flow.server)}${flow.server.role === null ? '' : ` (${flow.server.role})`}`],
    ['time', `${moment(flow.start)} to ${moment(flow.end)}: ${duration(flow.end - flow.start)}`],
    [
      'traffic',
      `${counted(flow.frames, 'frame')}, ${bytes(flow.payloadBytes.client)} from the client, ` +
        `${bytes(flow.payloadBytes.server)} from the server, ${requests}`,
    ],
    ...eventPairs(flow),
    ...(flow.tls == null ? [] : [['TLS', tlsWords(flow.tls)] as Pair]),
    ['history', `${flow.history} (completeness ${flow.completeness})`],
    [
      'last payload',
      close.lastData === null
        ? 'none'
        : `from the ${close.lastData.by}, frame ${frameName(report, flow.capture, close.lastData)}, at ${moment(close.lastData.time)}`,
    ],
    ['first close', closeText(report, flow, close.first)],
    ['second close', closeText(report, flow, close.second)],
    [
      'silence',
      close.silence === null ? 'not measurable' : `${duration(close.silence)} before the first close`,
    ],
    ['owed', `${owedWords(close.owed)}${phase}`],
    ...(timer === null ? [] : [['timer', timer] as Pair]),
  ]
}

/** How often the events of a stream came. */
function eventPairs({ events }: FlowReport): Pair[] {
  if (events == null) return []
  const { intervals, median, longest } = events
  return [
    [
      'events',
      `every ${duration(median)} (median of ${counted(intervals, 'interval')}), the longest pause ${duration(longest)}`,
    ],
  ]
}

function wiresharkPairs(report: Report, flow: FlowReport): Pair[] {
  const proofs = proofFilters(report, flow).map(({ file, filter }): Pair => [
    file === null ? 'the proof' : `proof in ${file}`,
    filter,
  ])
  return [['the flow', flowFilter(report, flow)], ...proofs]
}

/** Sign, class and certainty; the variant beside the class where there is room. */
function verdictLines(verdict: Verdict, style: Style): string[] {
  const sign = style.paint[verdict.severity](style.signs[verdict.severity])
  const title = classTitle(verdict)
  const variant = verdict.variant === null ? '' : style.text(` (${verdict.variant})`)
  const fits =
    style.width === null || textWidth(`ok ${title}${variant}   ${verdict.certainty}`) <= style.width
  const beside = fits ? style.paint.quiet(variant) : ''
  const line = `${sign} ${style.paint.strong(title)}${beside}   ${style.paint.quiet(verdict.certainty)}`
  return fits ? [line] : [line, ...pair('', variant.trim(), style, 0)]
}

function titleLines(report: Report, flow: FlowReport, style: Style): string[] {
  const { verdict } = flow
  const file = report.captures[flow.capture]?.file ?? ''
  const ends = style.text(`${address(flow.client)} → ${address(flow.server)}`)
  const cause =
    verdict.causeStream === null ? [] : pair('', `because of flow ${verdict.causeStream}`, style, 0)
  const room = style.width
  const name = `flow ${flow.stream}`
  const where = wrapText(`${name}   ${ends}   ${style.text(file)}`, room)
  return [
    ...where.map((line) => line.replace(name, style.paint.strong(name))),
    '',
    ...verdictLines(verdict, style),
    ...pair('', verdict.summary, style, 0),
    ...cause,
  ]
}

/** The ladder is drawn, made safe and painted by the diagram room: only the margin is added. */
function ladderLines(ladder: string | null, style: Style): string[] {
  if (ladder === null || ladder.trim() === '') return []
  const lines = ladder.trimEnd().split('\n')
  return ['', style.paint.strong('ladder'), ...lines.map((line) => (line === '' ? '' : `  ${line}`))]
}

/** The whole view of one flow, with a line break at the end. `ladder` is finished text for the same look, null when there is none. */
export function flowDetail(report: Report, flow: FlowReport, look: Look, ladder: string | null): string {
  const style = styleOf(look)
  const { verdict } = flow
  const bare = (text: string): Pair => ['', text]
  const proof = verdict.evidence.map((one): Pair => [
    `frame ${frameName(report, flow.capture, one)}`,
    one.text,
  ])
  const others = verdict.notThis.map((other): Pair => [other.class, other.because])
  const links = flow.links.map((link): Pair => [
    `flow ${link.stream}`,
    `${linkWords(link)} (${link.certainty})`,
  ])
  return (
    [
      ...titleLines(report, flow, style),
      ...carriedLines(report, style),
      ...section('proof', proof, style),
      ...ladderLines(ladder, style),
      ...section('files', filesOfFlow(report, flow), style),
      ...section('fix', verdict.fix.map(bare), style),
      ...section('also', verdict.remarks.map(bare), style),
      ...section('linked flows', links, style),
      ...section('facts', factPairs(report, flow), style),
      ...section('why nothing else', others, style),
      ...section('in Wireshark', wiresharkPairs(report, flow), style),
    ].join('\n') + '\n'
  )
}
