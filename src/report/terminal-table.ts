/** The table of flows. cli-table3 draws the frame; text is folded here, so that it never has to cut or to guess. */
import Table from 'cli-table3'
import type { FlowReport } from '../result.js'
import type { Style } from './style.js'
import { textWidth, wrapText } from './text-width.js'
import { address } from './words.js'

/** Below this many cells the two ends stand on two lines and the first close goes under the verdict. */
const ROOMY = 150
/** Longer lines are hard to follow with the eye. */
const WIDEST_WHY = 110
const NARROWEST_WHY = 20
/** `half-open-zombie`, the longest class, and `server RST #123456` fit. */
const WIDEST_VERDICT = 20
/** On a terminal a sentence ends after this many characters; --flow and pipes show all of it. */
const LONGEST_WHY = 360
const ROW_START = '├'

/** One cell as lines; all of them safe to print. */
type Cell = readonly string[]

interface Column {
  readonly title: string
  readonly cell: (flow: FlowReport) => Cell
}

function verdictCell(flow: FlowReport, style: Style): Cell {
  const { class: word, variant } = flow.verdict
  if (variant === null) return [word]
  // Without an edge every flow is one line, so that grep finds all of it.
  return style.width === null ? [`${word} ${style.text(variant)}`] : [word, style.text(variant)]
}

function closeCell(flow: FlowReport, style: Style): Cell {
  const first = flow.close.first
  if (first === null) return [style.signs.dash]
  return [`${first.by} ${first.flag} #${first.frame}`]
}

function whyText(flow: FlowReport, style: Style): string {
  const { causeStream, summary } = flow.verdict
  const cause =
    causeStream === null || summary.includes(`flow ${causeStream}`) ? '' : ` (because of flow ${causeStream})`
  const text = style.text(summary + cause)
  if (style.width === null || text.length <= LONGEST_WHY) return text
  return text.slice(0, LONGEST_WHY) + style.signs.ellipsis
}

function columns(style: Style): Column[] {
  const { text } = style
  const roomy = style.width === null || style.width >= ROOMY
  const ends = (flow: FlowReport): Cell => {
    const client = address(flow.client)
    const server = `${style.signs.arrow} ${address(flow.server)}`
    // Two IPv6 ends on one line would leave no room for the reason.
    const oneLine = style.width === null || (roomy && client.length + server.length <= 46)
    return (oneLine ? [`${client} ${server}`] : [client, server]).map(text)
  }
  const verdict = (flow: FlowReport): Cell => verdictCell(flow, style)
  const close = (flow: FlowReport): Cell => closeCell(flow, style)
  return [
    { title: 'flow', cell: (flow) => [String(flow.stream)] },
    { title: `client ${style.signs.arrow} server`, cell: ends },
    ...(roomy
      ? [
          { title: 'verdict', cell: verdict },
          { title: 'first close', cell: close },
        ]
      : [{ title: 'verdict', cell: (flow: FlowReport) => [...verdict(flow), ...close(flow)] }]),
    { title: 'why', cell: (flow) => [whyText(flow, style)] },
  ]
}

function columnWidths(titles: readonly string[], rows: readonly (readonly Cell[])[], style: Style): number[] {
  const widths = titles.map((title, column) =>
    Math.max(textWidth(title), ...rows.flatMap((row) => (row[column] ?? []).map(textWidth))),
  )
  if (style.width === null) return widths
  const why = widths.length - 1
  const frame = widths.length * 3 + 1
  // An IPv6 address may not push the reason off the screen: it is folded instead.
  const ends = Math.min(widths[1] ?? 0, Math.max(21, Math.floor(style.width / 3.5)))
  widths[1] = ends
  // The class words fit; a variant that does not is folded.
  widths[2] = Math.min(widths[2] ?? 0, WIDEST_VERDICT)
  const others = widths.slice(0, why).reduce((sum, width) => sum + width, 0)
  const room = Math.max(NARROWEST_WHY, style.width - frame - others)
  widths[why] = Math.min(widths[why] ?? 0, room, WIDEST_WHY)
  return widths
}

function colourOf(flow: FlowReport, title: string, style: Style): (text: string) => string {
  if (title === 'verdict') return style.paint[flow.verdict.severity]
  return (text) => text
}

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

/**
 * The lines of the table without the rules between rows of one group: first the top, then the head's rule, then one rule per
 * row. The flow number marks where a row begins; a rule marks where another finding begins.
 */
function groupRules(lines: readonly string[], ruleStart: string, starts: readonly boolean[]): string[] {
  let rule = -1
  return lines.filter((line, index) => {
    if (!line.startsWith(ruleStart) || index === 0 || index === lines.length - 1) return true
    rule += 1
    return rule === 0 || starts[rule] === true
  })
}

/** The flows as a table, one line per entry of the result. `groupOf` tells which flows belong together. */
export function flowTable(
  flows: readonly FlowReport[],
  groupOf: (flow: FlowReport) => number,
  style: Style,
): string[] {
  const shown = columns(style)
  const titles = shown.map((column) => column.title)
  const cells = flows.map((flow) => shown.map((column) => column.cell(flow)))
  const widths = columnWidths(titles, cells, style)
  const folded = cells.map((row) =>
    row.map((cell, column) => cell.flatMap((line) => wrapText(line, widths[column] ?? null))),
  )
  const table = new Table({
    head: titles.map(style.paint.strong),
    // cli-table3's own colours need a package that is not here and do not know our switches.
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 1 },
    colWidths: widths.map((width) => width + 2),
    ...(style.utf8 ? {} : { chars: ASCII_FRAME }),
  })
  folded.forEach((row, index) => {
    const flow = flows[index]
    if (flow === undefined) return
    table.push(row.map((cell, column) => cell.map(colourOf(flow, titles[column] ?? '', style)).join('\n')))
  })
  const lines = table.toString().split('\n')
  const groups = flows.map(groupOf)
  const starts = groups.map((group, index) => index === 0 || group !== groups[index - 1])
  const tidy = groupRules(lines, style.utf8 ? ROW_START : '+', starts)
  return style.colour ? tidy.map((line) => quietFrame(line, style)) : tidy
}

function quietFrame(line: string, style: Style): string {
  return line.replace(/[│├┤┌┐└┘┬┴┼─]+/g, style.paint.quiet)
}
