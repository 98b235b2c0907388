/** The columns of the table of flows: what they say, and how wide they are. */
import type { FlowReport, Report } from '../result.js'
import { frameName } from './frame-names.js'
import { tablePolicy, terminalPolicy } from './policy.js'
import type { Style } from './style.js'
import { textWidth } from './text-width.js'
import { address } from './words.js'

/** One cell as lines; all of them safe to print. */
export type Cell = readonly string[]

/** One column: what stands above it, and what it says of a flow. */
export interface Column {
  readonly title: string
  readonly cell: (flow: FlowReport) => Cell
  /** How many lines of the cell, from the top, wear the colour of the verdict's severity; default none. */
  readonly coloured?: (flow: FlowReport) => number
}

function verdictCell(flow: FlowReport, style: Style): Cell {
  const { class: word, variant } = flow.verdict
  if (variant === null) return [word]
  // Without an edge every flow is one line, so that grep finds all of it.
  return style.width === null ? [`${word} ${style.text(variant)}`] : [word, style.text(variant)]
}

function closeCell(report: Report, { capture, close: { first } }: FlowReport, style: Style): Cell {
  if (first === null) return [style.signs.dash]
  return [`${first.by} ${first.flag} #${frameName(report, capture, first)}`]
}

function whyText(flow: FlowReport, style: Style): string {
  const { causeStream, summary } = flow.verdict
  const cause =
    causeStream === null || summary.includes(`flow ${causeStream}`) ? '' : ` (because of flow ${causeStream})`
  const text = style.text(summary + cause)
  if (style.width === null || text.length <= terminalPolicy.sentence) return text
  return text.slice(0, terminalPolicy.sentence) + style.signs.ellipsis
}

/** The columns that fit the style. */
export function columns(report: Report, style: Style): Column[] {
  const { text } = style
  const roomy = style.width === null || style.width >= tablePolicy.roomy
  const ends = (flow: FlowReport): Cell => {
    const client = address(flow.client)
    const server = `${style.signs.arrow} ${address(flow.server)}`
    // Two IPv6 ends on one line would leave no room for the reason.
    const oneLine =
      style.width === null || (roomy && client.length + server.length <= tablePolicy.endsOnOneLine)
    return (oneLine ? [`${client} ${server}`] : [client, server]).map(text)
  }
  const verdict = (flow: FlowReport): Cell => verdictCell(flow, style)
  const coloured = (flow: FlowReport): number => verdict(flow).length
  const close = (flow: FlowReport): Cell => closeCell(report, flow, style)
  return [
    { title: 'flow', cell: (flow) => [String(flow.stream)] },
    { title: `client ${style.signs.arrow} server`, cell: ends },
    ...(roomy
      ? [
          { title: 'verdict', cell: verdict, coloured },
          { title: 'first close', cell: close },
        ]
      : [{ title: 'verdict', cell: (flow: FlowReport) => [...verdict(flow), ...close(flow)], coloured }]),
    { title: 'why', cell: (flow) => [whyText(flow, style)] },
  ]
}

/** Cells that each column takes. Goes over all flows, so that blocks of them have one width. */
export function columnWidths(shown: readonly Column[], flows: readonly FlowReport[], style: Style): number[] {
  const widths = shown.map((column) => textWidth(column.title))
  for (const flow of flows) {
    shown.forEach((column, index) => {
      for (const line of column.cell(flow)) widths[index] = Math.max(widths[index] ?? 0, textWidth(line))
    })
  }
  if (style.width === null) return widths
  const why = widths.length - 1
  const frame = widths.length * 3 + 1
  // An IPv6 address may not push the reason off the screen: it is folded instead.
  const ends = Math.min(
    widths[1] ?? 0,
    Math.max(tablePolicy.narrowestEnds, Math.floor(style.width / tablePolicy.endsPart)),
  )
  widths[1] = ends
  // The class words fit; a variant that does not is folded.
  widths[2] = Math.min(widths[2] ?? 0, tablePolicy.widestVerdict)
  const others = widths.slice(0, why).reduce((sum, width) => sum + width, 0)
  const room = Math.max(tablePolicy.narrowestLast, style.width - frame - others)
  widths[why] = Math.min(widths[why] ?? 0, room, tablePolicy.widestWhy)
  return widths
}
