/** The frame of a table, drawn by cli-table3. Cells are folded and made safe before they come here. */
import Table from 'cli-table3'
import type { Style } from './style.js'

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

/** Lines of a table with these rows (lines of a cell joined by line breaks) and a head; `widths` are those of the text. */
export function drawTable(
  titles: readonly string[],
  rows: readonly string[][],
  widths: readonly number[],
  style: Style,
): string[] {
  const table = new Table({
    head: titles.map((title) => style.paint.strong(title)),
    // cli-table3's own colours need a package that is not here and do not know our switches.
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 1 },
    colWidths: widths.map((width) => width + 2),
    ...(style.utf8 ? {} : { chars: ASCII_FRAME }),
  })
  table.push(...rows)
  return table.toString().split('\n')
}

/** Cells that a table with these widths of text takes. */
export function tableWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + 3, 1)
}

/** The frame of a drawn line in a quiet colour. */
export function quietFrame(line: string, style: Style): string {
  return style.colour ? line.replace(/[│├┤┌┐└┘┬┴┼─]+/g, style.paint.quiet) : line
}

/** The rows' own lines of a drawn table: without the frame above, between and below them, and without the head. */
export function rowLines(lines: readonly string[], style: Style): string[] {
  const side = style.utf8 ? '│' : '|'
  return lines.slice(2).filter((line) => line.startsWith(side))
}
