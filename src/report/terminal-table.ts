/** The table of flows. Text is folded here, so that whoever draws the frame never has to cut or to guess. */
import type { FlowReport, Report } from '../result.js'
import type { Style } from './style.js'
import type { Column } from './terminal-columns.js'
import { columns, columnWidths } from './terminal-columns.js'
import { tablePolicy } from './policy.js'
import { drawTable, quietFrame, rowLines, tableWidth } from './table-frame.js'
import { wrapText } from './text-width.js'

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

/** On a terminal too narrow for the columns: what they say, one after the other, the reason below. */
function listed(flow: FlowReport, { columns: shown, style }: Plan, width: number): string[] {
  const [number = '', ...rest] = shown.map(({ cell }) => cell(flow).join(' '))
  const why = rest.pop() ?? ''
  const head = wrapText(`flow ${number}   ${rest.join('   ')}`, width - 2).map((line, index) =>
    index === 0 ? style.paint[flow.verdict.severity](line) : `  ${line.trimStart()}`,
  )
  return [...head, ...wrapText(why, width - 2).map((line) => `  ${line}`)]
}

/**
 * The flows as a table, line by line. Rows stand close, their flow number marks where they begin; a rule marks where
 * `groupOf` changes. Flows of one group have to follow each other; there has to be at least one.
 */
export function* flowTable(
  report: Report,
  flows: readonly FlowReport[],
  groupOf: (flow: FlowReport) => number,
  style: Style,
): Generator<string> {
  const shown = columns(report, style)
  const plan = { columns: shown, widths: columnWidths(shown, flows, style), style }
  if (style.width !== null && tableWidth(plan.widths) > style.width) {
    for (const flow of flows) yield* listed(flow, plan, style.width)
    return
  }
  const draw = (rows: readonly string[][]): string[] =>
    drawTable(
      shown.map(({ title }) => title),
      rows,
      plan.widths,
      style,
    )
  const frame = draw([shown.map(() => '')])
  const [top = '', head = '', rule = ''] = frame
  for (const line of [top, head, rule]) yield quietFrame(line, style)
  let from = 0
  while (from < flows.length) {
    const group = groupOf(flows[from] as FlowReport)
    let to = from + 1
    while (
      to < flows.length &&
      to - from < tablePolicy.drawnAtOnce &&
      groupOf(flows[to] as FlowReport) === group
    )
      to += 1
    const drawn = draw(flows.slice(from, to).map((flow) => tableRow(flow, plan)))
    for (const line of rowLines(drawn, style)) yield quietFrame(line, style)
    const next = flows[to]
    if (next !== undefined && groupOf(next) !== group) yield quietFrame(rule, style)
    from = to
  }
  yield quietFrame(frame.at(-1) ?? '', style)
}
