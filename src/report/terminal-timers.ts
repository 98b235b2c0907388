/** `pcap-why timers` for a terminal: the timers as a table, then the order of keep-alive timers on each leg. */
import type { InferredTimer, LegOrder, Report } from '../result.js'
import { terminalPolicy } from './policy.js'
import type { Look, Style } from './style.js'
import { styleOf } from './style.js'
import { headerLines } from './terminal-header.js'
import { timerTable } from './terminal-timers-table.js'
import { wrapText } from './text-width.js'
import { namedHost } from './words.js'

const ORDER_RANK: Readonly<Record<LegOrder['order'], number>> = { unsafe: 0, safe: 1, unknown: 2 }
const MARGIN = '   '

/** All lines, each with its line break. */
export function terminalTimers(report: Report, look: Look): string[] {
  const style = styleOf(look)
  const timers = report.timers ?? []
  const legs = [...(report.legs ?? [])].sort((a, b) => ORDER_RANK[a.order] - ORDER_RANK[b.order])
  return [
    ...headerLines(report, style),
    '',
    ...timersLines(timers, style),
    '',
    ...ordersLines(legs, style),
  ].map((line) => `${line}\n`)
}

function timersLines(timers: readonly InferredTimer[], style: Style): string[] {
  if (timers.length > 0) return timerTable(timers, style)
  return wrapText('no timer shows: no closes agree on a silence, an age or a number of requests', style.width)
}

function ordersLines(legs: readonly LegOrder[], style: Style): string[] {
  const { paint, text } = style
  if (legs.length === 0)
    return wrapText(
      'no connection was used again or closed when idle: there is no order to judge',
      style.width,
    )
  const title = 'order of keep-alive timers: the side that reuses connections has to give up first'
  const quiet = legs.filter(({ order }) => order !== 'unsafe').length
  const most = style.width === null ? legs.length : legs.length - quiet + terminalPolicy.quietLegs
  const left = legs.length - most
  return [
    ...wrapText(title, style.width).map(paint.strong),
    ...legs.slice(0, most).flatMap((leg) => legLines(leg, style)),
    ...(left > 0
      ? [paint.quiet(text(` … and ${left} more legs, none unsafe: see them all with | less`))]
      : []),
  ]
}

function legLines(leg: LegOrder, style: Style): string[] {
  const { text } = style
  const room = style.width === null ? null : style.width - MARGIN.length
  const folded = (line: string, colour: (part: string) => string): string[] =>
    wrapText(text(line), room).map((part) => MARGIN + colour(part))
  const hosts = `${namedHost(leg.client)} → ${namedHost(leg.server)}`
  const [head = '', ...rest] = wrapText(text(`${leg.order}   ${hosts}`), room)
  const plain = (line: string): string => line
  return [
    ` ${sign(leg, style)}${head}`,
    ...rest.map((line) => MARGIN + line),
    ...folded(leg.because, plain),
    ...(leg.risk === null ? [] : folded(leg.risk, plain)),
    ...leg.fix.flatMap((line, index) => fixLines(line, index, room, style)),
  ]
}

/** Two cells. A race that was seen is a problem, one that can come is not yet. */
function sign(leg: LegOrder, { paint, signs }: Style): string {
  if (leg.order === 'unknown') return paint.quiet('?') + ' '
  const severity = leg.order === 'safe' ? 'ok' : leg.races > 0 ? 'problem' : 'latent'
  return paint[severity](signs[severity]) + ' '.repeat(2 - signs[severity].length)
}

function fixLines(fix: string, index: number, room: number | null, style: Style): string[] {
  const label = 'fix  '
  return wrapText(style.text(fix), room === null ? null : room - label.length).map((part, row) => {
    const head = index === 0 && row === 0 ? style.paint.accent(label) : ' '.repeat(label.length)
    return MARGIN + head + part
  })
}
