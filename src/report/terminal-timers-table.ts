/** The table of inferred timers: who closes, when, after how long, how steadily, and which setting that may be. */
import type { FindingHost, InferredTimer, Phase } from '../result.js'
import { count, duration } from './numbers.js'
import { tablePolicy } from './policy.js'
import type { Style } from './style.js'
import { drawTable, quietFrame, rowLines, tableWidth } from './table-frame.js'
import { textWidth, wrapText } from './text-width.js'
import { namedHost } from './words.js'

interface Column {
  readonly title: string
  readonly lines: (timer: InferredTimer) => readonly string[]
}

/** Lines of the table; there has to be at least one timer. */
export function timerTable(timers: readonly InferredTimer[], style: Style): string[] {
  const columns = columnsFor(style)
  const titles = columns.map(({ title }) => title)
  const cells = timers.map((timer) => columns.map(({ lines }) => lines(timer).map(style.text)))
  const widths = widthsOf(titles, cells, style)
  if (style.width !== null && tableWidth(widths) > style.width) {
    const room = style.width - 2
    return cells.flatMap(([who = [], ...rest]) => [
      ...wrapText(who.join(' '), room),
      ...rest.flatMap((lines) => wrapText(lines.join(', '), room).map((line) => `  ${line}`)),
    ])
  }
  const rows = cells.map((row) =>
    row.map((lines, at) =>
      lines.flatMap((line) => wrapText(line, style.width === null ? null : (widths[at] ?? null))).join('\n'),
    ),
  )
  const frame = drawTable(titles, [titles.map(() => '')], widths, style)
  const blocks: string[] = []
  for (let from = 0; from < rows.length; from += tablePolicy.drawnAtOnce)
    blocks.push(
      ...rowLines(drawTable(titles, rows.slice(from, from + tablePolicy.drawnAtOnce), widths, style), style),
    )
  return [...frame.slice(0, 3), ...blocks, frame.at(-1) ?? ''].map((line) => quietFrame(line, style))
}

function widthsOf(
  titles: readonly string[],
  cells: readonly (readonly string[])[][],
  style: Style,
): number[] {
  const widths = titles.map((title, at) =>
    Math.max(textWidth(title), ...cells.flatMap((row) => (row[at] ?? []).map(textWidth))),
  )
  if (style.width === null) return widths
  const last = widths.length - 1
  const widest = style.width < tablePolicy.timersRoomy ? tablePolicy.timersNarrow : tablePolicy.timersWide
  widest.forEach((most, at) => (widths[at] = Math.min(widths[at] ?? 0, most)))
  const others = widths.slice(0, last).reduce((sum, width) => sum + width, 0)
  const room = Math.max(tablePolicy.narrowestLast, style.width - others - widths.length * 3 - 1)
  widths[last] = Math.min(widths[last] ?? 0, room)
  return widths
}

function columnsFor(style: Style): Column[] {
  // Without an edge every timer is one line, so that grep finds all of it.
  const joined = (lines: readonly string[]): readonly string[] =>
    style.width === null ? [lines.join(' ')] : lines
  return [
    {
      title: 'who closes',
      lines: (timer) => {
        const [who, whom] =
          timer.by === 'client' ? [timer.client, timer.server] : [timer.server, timer.client]
        return joined([namedHost(who), `to ${whomText(whom)}`])
      },
    },
    ...(style.width !== null && style.width < tablePolicy.timersRoomy
      ? [
          {
            title: 'when',
            lines: (timer: InferredTimer) => [
              `${whenText(timer.phase, timer.kind)}, ${afterText(timer)}`,
              closesText(timer).join(', '),
            ],
          },
        ]
      : [
          { title: 'when', lines: ({ phase, kind }: InferredTimer) => [whenText(phase, kind)] },
          { title: 'after', lines: (timer: InferredTimer) => [afterText(timer)] },
          { title: 'closes', lines: (timer: InferredTimer) => joined(closesText(timer)) },
        ]),
    { title: 'setting', lines: (timer) => joined(settingText(timer)) },
  ]
}

function whomText(host: FindingHost): string {
  return host.role === 'client' && host.ip.endsWith(' hosts') ? `${host.ip} (clients)` : namedHost(host)
}

const WHEN: Readonly<Record<Phase, string>> = {
  connecting: 'connecting',
  'awaiting-request': 'no request came',
  'mid-request': 'request unfinished',
  'awaiting-response': 'no response came',
  'mid-response': 'response stalled',
  'peer-not-reading': 'peer not reading',
  'between-requests': 'idle',
  tunnel: 'tunnel silent',
  closing: 'closing',
}

function whenText(phase: Phase, kind: InferredTimer['kind']): string {
  if (kind === 'requests') return 'enough requests'
  if (kind === 'age' && phase === 'between-requests') return 'old enough'
  return WHEN[phase]
}

function afterText({ kind, value, basis, closes }: InferredTimer): string {
  if (kind === 'requests') return `${count(value)} requests`
  if (basis === 'declared' && closes === 0) return `${value} s`
  return `${value.toFixed(value < 1000 ? 3 : 1)} s`
}

function closesText({ closes, of, min, max, kind, sampled }: InferredTimer): string[] {
  if (closes === 0) return ['none yet']
  const counted = `${sampled ? 'about ' : ''}${count(closes)} of ${count(of)}`
  return closes === 1 || kind === 'requests' ? [counted] : [counted, `spread ${duration(max - min)}`]
}

function settingText({ settings, basis, declaredSeconds }: InferredTimer): string[] {
  const [best] = settings
  const others = settings.length - 1
  const word = basis === 'configured' ? 'configured: ' : ''
  const lines = best === undefined ? [] : [`${word}${best}${others > 0 ? `, or ${others} more` : ''}`]
  if (basis === 'single') lines.push('a guess from one close')
  if (declaredSeconds !== null) lines.push(`Keep-Alive header says ${declaredSeconds} s`)
  return lines.length === 0 ? ['not known'] : lines
}
