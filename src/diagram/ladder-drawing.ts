import { fitLabel } from './arrow-label.js'
import { cellWidth, shorten } from './inert-text.js'
import type { Sheet } from './ladder-sheet.js'
import type { ArrowRow, StoryHost, StoryRow } from './story.js'
import { TextLine, type TextRole } from './text-grid.js'

/** The ladder with lifelines, arrows and the timer's bracket. */
export function drawnLines(sheet: Sheet): string[] {
  const lines = [...headings(sheet), ...sheet.story.rows.map((row, index) => rowLine(sheet, row, index))]
  const { timer } = sheet.story
  if (timer !== null && sheet.bracket !== null)
    drawTimer(sheet, lines.slice(lines.length - sheet.story.rows.length))
  return lines.map((line) => line.toString(sheet.paint))
}

/** Names and addresses, centred on their lifelines, as far as the neighbours leave room. */
function headings(sheet: Sheet): TextLine[] {
  const { hosts } = sheet.story
  const count = 1 + Math.max(0, ...hosts.map((host) => host.addresses.length))
  const leg = (sheet.lifelines[1] ?? 0) - (sheet.lifelines[0] ?? 0)
  return Array.from({ length: count }, (_, index) => {
    const line = new TextLine()
    // From the right: the last one must not run over the edge, and pushes its neighbours.
    let edge = sheet.width
    for (let at = hosts.length - 1; at >= 0; at--) {
      const { name, addresses } = hosts[at] as StoryHost
      const text = sheet.say(index === 0 ? name : (addresses[index - 1] ?? ''))
      if (text === '') continue
      const cut = shorten(text, Math.min(leg - 2, edge), cellWidth, sheet.signs.ellipsis)
      const centred = (sheet.lifelines[at] as number) - Math.floor(cellWidth(cut) / 2)
      const column = Math.max(0, Math.min(centred, edge - cellWidth(cut)))
      line.put(column, cut, index === 0 ? 'strong' : 'muted', sheet.width)
      edge = column - 1
    }
    return line
  })
}

function rowLine(sheet: Sheet, row: StoryRow, index: number): TextLine {
  const line = new TextLine()
  const { signs, clockWidth, frameWidth } = sheet
  if (row.kind !== 'arrow') {
    line.put(1 + clockWidth, signs.more, 'muted')
    for (const column of sheet.lifelines) line.put(column, signs.gap, 'life')
    const from = row.kind === 'silence' ? row.from : 0
    const to = row.kind === 'silence' ? row.to : sheet.lifelines.length - 1
    const strong = row.kind === 'silence' && row.size === 'long'
    const room = (sheet.lifelines[to] as number) - (sheet.lifelines[from] as number) - 5
    const fits = row.kind === 'omitted' || cellWidth(row.label) <= room
    centred(sheet, line, from, to, fits ? row.label : row.shortLabel, strong ? 'strong' : 'muted')
    return line
  }
  if (row.part === 'deciding') line.put(0, signs.deciding, 'fin')
  line.put(2, row.clock.padStart(clockWidth), row.part === null ? 'muted' : null)
  line.put(4 + clockWidth, shorten(sheet.say(row.frames), frameWidth, cellWidth, signs.ellipsis), 'muted')
  for (const column of sheet.lifelines) line.put(column, signs.life, 'life')
  arrowInto(sheet, line, row, index)
  return line
}

/** A label between two lifelines, with a space on either side. */
function centred(
  sheet: Sheet,
  line: TextLine,
  from: number,
  to: number,
  label: string,
  role: TextRole,
): void {
  const start = sheet.lifelines[from] as number
  const end = sheet.lifelines[to] as number
  const text = ` ${shorten(sheet.say(label), end - start - 5, cellWidth, sheet.signs.ellipsis)} `
  line.put(start + Math.max(1, Math.floor((end - start - cellWidth(text)) / 2) + 1), text, role, end)
}

function arrowInto(sheet: Sheet, line: TextLine, row: ArrowRow, index: number): void {
  const { signs } = sheet
  const outward = row.to > row.from
  const start = sheet.lifelines[Math.min(row.from, row.to)] as number
  const end = sheet.lifelines[Math.max(row.from, row.to)] as number
  const length = end - start - 1
  const crossed = sheet.story.rows.some((other) => other.kind === 'arrow' && other.crosses === index)
  const plain = row.line === 'solid' ? (row.strong ? signs.strong : signs.solid) : signs[row.line]
  line.put(start + 1, plain.repeat(length), row.ink)
  // What a host between the two sent does not begin at a lifeline.
  if (row.fromBetween) line.put(outward ? start + 1 : end - 2, '  ', null)
  if (crossed || row.crosses !== null) {
    const half = Math.floor(length / 2)
    // The near half was seen, the far one follows from acknowledgement numbers.
    const far = outward === crossed ? start + 1 + half : start + 1
    line.put(far, signs.dashed.repeat(length - half), row.ink, end)
    line.put(outward ? end - 4 : start + 4, signs.cross, row.ink)
  }
  if (row.head === 'rst') line.put(outward ? end - 2 : start + 2, signs.reset, row.ink)
  if (row.head === 'bar') line.put(outward ? end - 2 : start + 2, signs.life, row.ink)
  const control = row.head === 'control' || row.head === 'bar'
  line.put(
    outward ? end - 1 : start + 1,
    outward ? (control ? '>' : signs.right) : control ? '<' : signs.left,
    row.ink,
  )
  const taken = crossed || row.crosses !== null || row.head === 'rst' || row.head === 'bar' ? 8 : 6
  const said = { ...row, label: sheet.say(row.label), size: sheet.say(row.size) }
  const label = fitLabel(said, length - taken, cellWidth, signs.ellipsis)
  if (label === '') return
  const text = ` ${label} `
  // At the tail: where reading the arrow begins.
  const column = outward ? start + 3 : end - 2 - cellWidth(text)
  line.put(column, text, row.ink, end)
}

function drawTimer(sheet: Sheet, rows: readonly TextLine[]): void {
  const { timer } = sheet.story
  const column = sheet.bracket
  if (timer === null || column === null) return
  for (let at = timer.fromRow; at <= timer.toRow; at++) {
    const sign =
      at === timer.fromRow
        ? sheet.signs.corner[0]
        : at === timer.toRow
          ? sheet.signs.corner[1]
          : sheet.signs.side
    rows[at]?.put(column, sign, 'fin')
  }
  const middle = Math.round((timer.fromRow + timer.toRow - timer.lines.length + 1) / 2)
  timer.lines.forEach((line, index) => {
    rows[Math.max(0, middle) + index]?.put(column + 2, sheet.say(line), 'fin', sheet.width)
  })
}
