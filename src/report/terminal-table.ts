/** The table of flows. cli-table3 draws the frame; text is folded here, so that it never has to cut or to guess. */
import Table from 'cli-table3'
import type { FlowReport } from '../result.js'
import type { Style } from './style.js'
import type { Column } from './terminal-columns.js'
import { columns, columnWidths } from './terminal-columns.js'
import { wrapText } from './text-width.js'

/** cli-table3 needs time with the square of the rows; so many are drawn at once. */
const BLOCK_ROWS = 50

const ASCII_FRAME = {
  top: '-',
  'top-mid': '+',
  'top-left': '+',
  'top-right': '+',
  bottom: '-',
  'bottom-mid': '+',
  'bottom-left': '+',
  'bottom-right': '+',
  left: '|',
  'left-mid': '+',
  mid: '-',
  'mid-mid': '+',
  right: '|',
  'right-mid': '+',
  middle: '|',
}

/** Columns and widths of one table, the same for all its blocks. */
interface Plan {
  readonly columns: readonly Column[]
  readonly widths: readonly number[]
  readonly style: Style
}

/** One row of cli-table3: folded, painted, lines joined. */
function tableRow(flow: FlowReport, plan: Plan): string[] {
  const loud = plan.style.paint[flow.verdict.severity]
  return plan.columns.map(({ cell, coloured }, column) => {
    const until = coloured?.(flow) ?? 0
    const lines = cell(flow).flatMap((line, index) => {
      const parts = wrapText(line, plan.widths[column] ?? null)
      return index < until ? parts.map(loud) : parts
    })
    return lines.join('\n')
  })
}

/** Lines of a table with these rows and a head. */
function drawTable(rows: readonly string[][], plan: Plan): string[] {
  const { style, widths } = plan
  const table = new Table({
    head: plan.columns.map(({ title }) => style.paint.strong(title)),
    // cli-table3's own colours need a package that is not here and do not know our switches.
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 1 },
    colWidths: widths.map((width) => width + 2),
    ...(style.utf8 ? {} : { chars: ASCII_FRAME }),
  })
  table.push(...rows)
  return table.toString().split('\n')
}

function quietFrame(line: string, style: Style): string {
  return style.colour ? line.replace(/[│├┤┌┐└┘┬┴┼─]+/g, style.paint.quiet) : line
}

/** The rows' own lines: without the frame above, between and below them, and without the head. */
function rowLines(flows: readonly FlowReport[], plan: Plan): string[] {
  const lines = drawTable(
    flows.map((flow) => tableRow(flow, plan)),
    plan,
  )
  const side = plan.style.utf8 ? '│' : '|'
  return lines.slice(2).filter((line) => line.startsWith(side))
}

/**
 * The flows as a table, line by line. Rows stand close, their flow number marks where they begin; a rule marks where
 * `groupOf` changes. Flows of one group have to follow each other; there has to be at least one.
 */
export function* flowTable(
  flows: readonly FlowReport[],
  groupOf: (flow: FlowReport) => number,
  style: Style,
): Generator<string> {
  const shown = columns(style)
  const plan = { columns: shown, widths: columnWidths(shown, flows, style), style }
  const frame = drawTable([shown.map(() => '')], plan)
  const [top = '', head = '', rule = ''] = frame
  for (const line of [top, head, rule]) yield quietFrame(line, style)
  let from = 0
  while (from < flows.length) {
    const group = groupOf(flows[from] as FlowReport)
    let to = from + 1
    while (to < flows.length && to - from < BLOCK_ROWS && groupOf(flows[to] as FlowReport) === group) to += 1
    for (const line of rowLines(flows.slice(from, to), plan)) yield quietFrame(line, style)
    const next = flows[to]
    if (next !== undefined && groupOf(next) !== group) yield quietFrame(rule, style)
    from = to
  }
  yield quietFrame(frame.at(-1) ?? '', style)
}
