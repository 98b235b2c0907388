/** The first lines of the report: what was captured, where, which hosts stand in a row, and what could not be seen. */
import type { CaptureSummary, ChainHost, Report } from '../result.js'
import { captureNotes, filesBefore, type CaptureNote } from './capture-notes.js'
import { framesNote } from './frame-names.js'
import { bytes, counted } from './numbers.js'
import { showPolicy, terminalPolicy } from './policy.js'
import type { Style } from './style.js'
import { textWidth, wrapText } from './text-width.js'

const LABEL_WIDTH = 10

/** `label   text`, folded under the text. The label is ours, the text may come from packets. */
function labelled(label: string, text: string, style: Style, indent = 0): string[] {
  const margin = ' '.repeat(indent)
  const hang = margin + ' '.repeat(LABEL_WIDTH)
  const room = style.width === null ? null : style.width - hang.length
  return wrapText(style.text(text), room).map((line, index) =>
    index === 0 ? margin + style.paint.quiet(label.padEnd(LABEL_WIDTH)) + line : hang + line,
  )
}

/** The name and the facts beside it; below it when the line is too short for both. */
function captureLine(capture: CaptureSummary, connections: number | null, style: Style): string[] {
  const facts = [
    `${capture.seconds.toFixed(1)} s`,
    counted(capture.frames, 'frame'),
    ...(connections === null ? [] : [counted(connections, 'connection')]),
    ...(capture.duplicates > 0 ? [`${counted(capture.duplicates, 'copy', 'copies')} set aside`] : []),
  ].join('   ')
  const name = style.text(capture.file === '-' ? 'standard input' : capture.file)
  const fits = style.width === null || textWidth(`${name}   ${facts}`) <= style.width
  if (fits) return [`${style.paint.strong(name)}   ${facts}`]
  return [...wrapText(name, style.width).map(style.paint.strong), ...wrapText(facts, style.width)]
}

function captureLines(report: Report, style: Style): string[] {
  const [first, ...others] = report.captures
  if (first === undefined) return []
  if (others.length === 0) return captureLine(first, report.summary.flows, style)
  const shown = report.captures.slice(0, showPolicy.captures)
  const left = report.captures.length - shown.length
  const frames = report.captures.reduce((sum, capture) => sum + capture.frames, 0)
  const size = report.captures.reduce((sum, capture) => sum + capture.bytes, 0)
  const together = [
    `${counted(report.captures.length, 'file')} together`,
    bytes(size),
    counted(frames, 'frame'),
    counted(report.summary.flows, 'connection'),
  ]
  return [
    ...shown.flatMap((capture) => captureLine(capture, null, style)),
    ...(left > 0 ? [style.paint.quiet(`${style.signs.ellipsis} and ${counted(left, 'more file')}`)] : []),
    together.join('   '),
  ]
}

function chainHost(host: ChainHost): string {
  const ips =
    host.ips.slice(0, terminalPolicy.ipsOfHost).join(', ') +
    (host.ips.length > terminalPolicy.ipsOfHost ? ', …' : '')
  const ports =
    host.ports.slice(0, terminalPolicy.portsOfHost).join('/') +
    (host.ports.length > terminalPolicy.portsOfHost ? '/…' : '')
  const where = host.hosts > 1 ? `(${counted(host.hosts, 'host')})` : ips
  const software = host.software === null || host.software === host.role ? '' : ` (${host.software})`
  return `${host.role} ${where}${ports === '' ? '' : `:${ports}`}${software}`
}

function chainText(chain: readonly ChainHost[]): string {
  const shown = chain.slice(0, terminalPolicy.hosts).map(chainHost)
  const left = chain.length - shown.length
  return shown.join(' → ') + (left > 0 ? ` … and ${counted(left, 'more host')}` : '')
}

function noteLines(note: CaptureNote, style: Style): string[] {
  const lines = labelled(note.label, filesBefore(note, (file) => file) + note.text, style)
  return note.label === 'cut off' ? lines.map(style.paint.latent) : lines
}

/** The header; ends without an empty line. */
export function headerLines(report: Report, style: Style): string[] {
  const frames = framesNote(report)
  return [
    ...captureLines(report, style),
    ...(frames === null ? [] : labelled('frames', frames, style)),
    ...(report.chain.length > 1 ? labelled('chain', chainText(report.chain), style) : []),
    ...captureNotes(report.captures).flatMap((note) => noteLines(note, style)),
  ]
}
