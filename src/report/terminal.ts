/** The report for a terminal: header, findings, the requests that failed of them, then the flows that matter. */
import type { FlowReport, Report } from '../result.js'
import { notListedLines } from './not-listed.js'
import { counted } from './numbers.js'
import { terminalPolicy } from './policy.js'
import type { Look, Style } from './style.js'
import { styleOf } from './style.js'
import { findingsInOrder, findingsLines } from './terminal-findings.js'
import { headerLines } from './terminal-header.js'
import { requestsLines } from './terminal-requests.js'
import { wrapText } from './text-width.js'

/** What the reader asked for. */
export interface TerminalOptions {
  /** Findings only. */
  readonly quiet?: boolean
  /** Every flow in the table, whatever their number. */
  readonly all?: boolean
}

/** Place of the finding that speaks of a flow; flows of none come last. */
function findingRanks(report: Report): (flow: FlowReport) => number {
  const ranks = new Map<number, number>()
  findingsInOrder(report).forEach((finding, index) => {
    for (const stream of finding.streams) if (!ranks.has(stream)) ranks.set(stream, index)
  })
  return (flow) => ranks.get(flow.stream) ?? report.findings.length
}

/** A few flows of every finding, its example among them, and the flows of no finding; at most `limit`, order kept. */
function representatives(report: Report, flows: readonly FlowReport[], limit: number): FlowReport[] {
  if (flows.length <= limit) return [...flows]
  const findings = findingsInOrder(report)
  const share = Math.min(
    terminalPolicy.rowsOfFinding,
    Math.max(1, Math.floor(limit / Math.max(1, findings.length))),
  )
  const chosen = new Set<number>()
  const told = new Set<number>()
  for (const { example, streams } of findings) {
    const others = streams.filter((stream) => stream !== example).slice(0, share - 1)
    for (const stream of [example, ...others]) if (chosen.size < limit) chosen.add(stream)
    for (const stream of streams) told.add(stream)
  }
  for (const { stream } of flows) if (!told.has(stream) && chosen.size < limit) chosen.add(stream)
  return flows.filter((flow) => chosen.has(flow.stream))
}

function leftOutLines(report: Report, left: number, style: Style): string[] {
  const file = report.captures[0]?.file ?? '-'
  const again = report.captures.length === 1 && file !== '-' ? `pcap-why ${file}` : 'pcap-why …'
  const text = `… ${counted(left, 'more flow')}: all of them with \`${again} | less -S\`, fewer with --filter`
  return wrapText(style.text(text), style.width).map(style.paint.quiet)
}

/** The table and what was left out of it. Nothing when there is no flow. */
async function tableLines(report: Report, options: TerminalOptions, style: Style): Promise<Iterable<string>> {
  const rank = findingRanks(report)
  const flows = [...report.flows].sort((a, b) => rank(a) - rank(b) || a.stream - b.stream)
  if (flows.length === 0) return []
  const limited = style.width !== null && options.all !== true
  const shown = limited ? representatives(report, flows, terminalPolicy.rows) : flows
  // Loaded when there is a table: the findings of a clean capture should not wait for it.
  const { flowTable } = await import('./terminal-table.js')
  const left = flows.length - shown.length
  return (function* () {
    yield ''
    yield* flowTable(report, shown, rank, style)
    if (left > 0) yield* leftOutLines(report, left, style)
  })()
}

/** The whole text in lines, each with its line break; made as it is written, for a table may have a million rows. */
export async function terminalReport(
  report: Report,
  look: Look,
  options: TerminalOptions = {},
): Promise<Iterable<string>> {
  const style = styleOf(look)
  const findings = findingsLines(report, style)
  const requests = options.quiet === true ? [] : requestsLines(report, options.all === true, style)
  const table = options.quiet === true ? [] : await tableLines(report, options, style)
  return (function* () {
    const header = options.quiet === true ? [] : [...headerLines(report, style), '']
    for (const line of [...header, ...findings, ...requests]) yield `${line}\n`
    for (const line of table) yield `${line}\n`
    for (const line of notListedLines(report))
      for (const part of wrapText(style.text(line), style.width)) yield `${style.paint.quiet(part)}\n`
  })()
}
