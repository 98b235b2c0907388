/** Failed requests, one line per leg, with the sentence that tells what happened. */
import type { FailedRequest, FramePlace, LegMoment, Report, RequestLeg, Side } from '../result.js'
import { frameName } from './frame-names.js'
import { duration } from './numbers.js'
import { terminalPolicy } from './policy.js'
import type { Style } from './style.js'
import { findingsInOrder } from './terminal-findings.js'
import { textWidth, wrapText } from './text-width.js'
import { address } from './words.js'

const HEAD_INDENT = 2
const LEG_INDENT = 4
/** Of the rest of a leg that did not fit on its line. */
const FOLDED_INDENT = 8
const BETWEEN = '   '

/** An example for each finding, worst first, as far as requests failed because of it. */
function examples(report: Report): FailedRequest[] {
  /** The request that a flow is an example of: the first that failed because of it, or else the first that it carried. */
  const byStream = new Map<number, FailedRequest>()
  for (const request of report.requests ?? []) {
    for (const stream of request.legs.flatMap((leg) => [leg.stream, ...leg.alsoSeen])) {
      const known = byStream.get(stream)
      const isCause = request.causeStream === stream && known?.causeStream !== stream
      if (known === undefined || isCause) byStream.set(stream, request)
    }
  }
  const chosen = new Set<FailedRequest>()
  for (const { example, streams } of findingsInOrder(report)) {
    if (chosen.size >= terminalPolicy.requests) break
    const shown = [example, ...streams].find((stream) => byStream.has(stream))
    const request = shown === undefined ? undefined : byStream.get(shown)
    if (request !== undefined) chosen.add(request)
  }
  // What no finding speaks of: statuses that a proxy answered without a leg behind it.
  for (const request of report.requests ?? []) {
    if (chosen.size >= terminalPolicy.requests) break
    if (request.causeStream === null && ![...chosen].some((one) => one.causeStream === null))
      chosen.add(request)
  }
  return [...chosen]
}

/** The section of the whole report; nothing when no request failed. */
export function requestsLines(report: Report, all: boolean, style: Style): string[] {
  const failed = report.requests ?? []
  if (failed.length === 0) return []
  const shown = all ? failed : examples(report)
  const left = failed.length - shown.length
  const title = failed.length === 1 ? 'failed request' : 'failed requests'
  const note =
    left > 0
      ? `${BETWEEN}${shown.length} of ${failed.length}, examples of the findings above; all with --all`
      : ''
  return [
    '',
    ...titleLines(title, note, style),
    ...shown.flatMap((request) => ['', ...requestLines(report, request, style)]),
  ]
}

/** The note goes below where it does not fit beside. */
function titleLines(title: string, note: string, style: Style): string[] {
  const { paint, width } = style
  if (width === null || textWidth(title + note) <= width) return [paint.strong(title) + paint.quiet(note)]
  const below = wrapText(note.trim(), roomFor(HEAD_INDENT, style))
  return [paint.strong(title), ...below.map((line) => ' '.repeat(HEAD_INDENT) + paint.quiet(line))]
}

/** The section of one flow: what it carried, on all legs. */
export function carriedLines(report: Report, style: Style): string[] {
  const carried = report.carried ?? []
  if (carried.length === 0) return []
  const title = carried.length === 1 ? 'the request on every leg' : 'the latest requests on every leg'
  return [
    '',
    style.paint.strong(title),
    ...carried.flatMap((request) => requestLines(report, request, style)),
  ]
}

/** One request: what it was and came to, its legs, its sentence. */
function requestLines(report: Report, request: FailedRequest, style: Style): string[] {
  const rows = request.legs.map((leg) => cellsOf(report, leg).map((cell) => style.text(cell)))
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(0, ...rows.map((row) => textWidth(row[column] ?? ''))),
  )
  const sentence = wrapText(style.text(request.sentence), roomFor(LEG_INDENT, style))
  return [
    ...headLines(request, style),
    ...rows.flatMap((row, index) => legLines(row, widths, request.legs[index]?.part === 'cause', style)),
    ...sentence.map((line) => ' '.repeat(LEG_INDENT) + line),
  ]
}

function headLines(request: FailedRequest, style: Style): string[] {
  const [outermost] = request.legs
  const name = request.request ?? 'a request that cannot be read'
  const who = outermost === undefined ? '' : `${outermost.client.role ?? 'client'} ${outermost.client.ip} `
  const text = style.text(
    `${name}${BETWEEN}${who}→ ${resultText(outermost)}${BETWEEN}at ${request.time.toFixed(3)} s`,
  )
  return wrapText(text, roomFor(HEAD_INDENT, style)).map(
    (line) => ' '.repeat(HEAD_INDENT) + style.paint.accent(line),
  )
}

/** What the outermost client got. */
function resultText(leg: RequestLeg | undefined): string {
  const answer = leg?.answer ?? null
  if (answer === null) return 'no answer'
  const status = answer.status === null ? 'an answer' : String(answer.status)
  const { close } = leg ?? { close: null }
  // What came after it had gone it did not get.
  if (leg?.class === 'client-abort' && close?.by === 'client' && close.after < answer.after)
    return `left after ${duration(close.after)}, before the ${status}`
  return `${status} after ${duration(answer.after)}${answer.complete === false ? ', not whole' : ''}`
}

/** Leg, flow, request, answer, close, words. */
function cellsOf(report: Report, leg: RequestLeg): string[] {
  const { request, opened, answer } = leg
  const sign = (place: FramePlace): string => `#${frameName(report, leg.capture, place)}`
  const seen = leg.alsoSeen.length === 0 ? '' : ` = ${leg.alsoSeen.join(', ')}`
  const began =
    request !== null
      ? `${offset(request.after)} request ${sign(request)}`
      : opened === null
        ? 'no request'
        : `${offset(opened.after)} SYN ${sign(opened)}`
  const words =
    leg.part === 'cause' ? `cause: ${leg.text}` : leg.part === 'retry' ? `sent again: ${leg.text}` : leg.text
  return [
    `${leg.client.role ?? address(leg.client)} → ${leg.server.role ?? address(leg.server)}`,
    `flow ${leg.stream}${seen}`,
    began,
    answer === null ? 'no answer' : `${offset(answer.after)} ${answer.status ?? 'answer'} ${sign(answer)}`,
    endText(leg, sign),
    leg.certainty === 'possible' ? `${words} (only possibly this request)` : words,
  ]
}

/** What ended the request on this leg: its stream was reset, or the connection closed. */
function endText(leg: RequestLeg, sign: (place: FramePlace) => string): string {
  const { close, reset = null, answer } = leg
  // It may have gone on to carry other requests.
  if (close === null && reset === null) return answer === null ? 'no close' : ''
  const told = (event: LegMoment & { readonly by: Side }, what: string): string =>
    `${offset(event.after)} ${what} by ${leg[event.by].role ?? `the ${event.by}`} ${sign(event)}`
  if (reset !== null) return told(reset, 'RST_STREAM')
  return close === null ? '' : told(close, close.flag)
}

function legLines(
  cells: readonly string[],
  widths: readonly number[],
  cause: boolean,
  style: Style,
): string[] {
  const words = cells[5] ?? ''
  const paint = cause ? style.paint.problem : style.paint.quiet
  const padded = cells
    .slice(0, 5)
    .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - textWidth(cell))))
  const line = ' '.repeat(LEG_INDENT) + padded.join(BETWEEN)
  if (style.width === null || textWidth(line + BETWEEN + words) <= style.width)
    return [line + BETWEEN + paint(words)]
  const room = roomFor(FOLDED_INDENT, style)
  const folded = (text: string): string[] =>
    wrapText(text, room).map((part) => ' '.repeat(FOLDED_INDENT) + part)
  if (textWidth(line.trimEnd()) <= style.width) return [line.trimEnd(), ...folded(words).map(paint)]
  const split = 3
  const first = padded.slice(0, split).join(BETWEEN).trimEnd()
  return [
    ...wrapText(first, roomFor(LEG_INDENT, style)).map((part) => ' '.repeat(LEG_INDENT) + part),
    ...folded(
      cells
        .slice(split, 5)
        .filter((cell) => cell !== '')
        .join(BETWEEN),
    ),
    ...folded(words).map(paint),
  ]
}

/** Seconds after the request began, to a tenth of a millisecond. */
function offset(seconds: number): string {
  return `${seconds < 0 ? '−' : '+'}${Math.abs(seconds).toFixed(4)}`
}

function roomFor(indent: number, style: Style): number | null {
  return style.width === null ? null : style.width - indent
}
