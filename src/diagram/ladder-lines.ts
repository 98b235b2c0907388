import { cellWidth, shorten, wrapText } from './inert-text.js'
import {
  ASCII_SIGNS,
  TextLine,
  toAscii,
  UNICODE_SIGNS,
  type Paint,
  type Signs,
  type TextRole,
} from './text-grid.js'
import type { ArrowRow, Story, StoryRow } from './story.js'

/** What a caller may choose about text. */
export interface LadderLineOptions {
  /** Cells of a line; default 100. */
  readonly width?: number
  /** false: nothing but ASCII. */
  readonly unicode?: boolean
  /** Colours; default none. */
  readonly paint?: Paint
  /** Only the ladder, without the verdict above and the fix below. */
  readonly ladderOnly?: boolean
}

/** A lifeline needs this many cells to the next one; narrower terminals get a list. */
const NARROWEST_LEG = 16
const WIDEST_LEG = 64

interface Sheet {
  readonly story: Story
  readonly signs: Signs
  readonly width: number
  readonly paint: Paint
  readonly say: (text: string) => string
  readonly clockWidth: number
  readonly frameWidth: number
  /** Column of each lifeline. */
  readonly lifelines: readonly number[]
  /** Column of the timer's bracket; null when there is no room or no timer. */
  readonly bracket: number | null
}

/** The story as lines of monospace text. */
export function ladderLines(story: Story, options: LadderLineOptions = {}): string[] {
  const sheet = sheetOf(story, options)
  const ladder = sheet.lifelines.length === 0 ? listLines(sheet) : drawnLines(sheet)
  return options.ladderOnly === true ? ladder : [...headLines(sheet), '', ...ladder, '', ...footLines(sheet)]
}

function sheetOf(story: Story, options: LadderLineOptions): Sheet {
  const unicode = options.unicode !== false
  const say = unicode ? (text: string) => text : toAscii
  const width = Math.max(options.width ?? 100, 20)
  const arrows = story.rows.filter((row): row is ArrowRow => row.kind === 'arrow')
  const clockWidth = Math.max(5, ...arrows.map((row) => row.clock.length))
  const frameWidth = Math.min(14, Math.max(2, ...arrows.map((row) => cellWidth(say(row.frames)))))
  const left = 2 + clockWidth + 2 + frameWidth + 2
  const legs = Math.max(1, story.hosts.length - 1)
  const timerWidth =
    story.timer === null ? 0 : 4 + Math.max(...story.timer.lines.map((line) => cellWidth(say(line))))
  const wanted = Math.max(24, ...arrows.map((row) => cellWidth(say(row.label)) + 8))
  const legWidth = (right: number) =>
    Math.min(WIDEST_LEG, wanted, Math.floor((width - left - 1 - right) / legs))
  const withTimer = timerWidth > 0 && legWidth(timerWidth) >= Math.min(wanted, 30)
  const leg = legWidth(withTimer ? timerWidth : 0)
  const lifelines = leg < NARROWEST_LEG ? [] : story.hosts.map((_, index) => left + index * leg)
  return {
    story,
    signs: unicode ? UNICODE_SIGNS : ASCII_SIGNS,
    width,
    paint: options.paint ?? ((_, text) => text),
    say,
    clockWidth,
    frameWidth,
    lifelines,
    bracket: withTimer && lifelines.length > 0 ? (lifelines.at(-1) as number) + 2 : null,
  }
}

function wrapped(sheet: Sheet, text: string, role: TextRole | null, lines: number, indent = ''): string[] {
  const room = sheet.width - indent.length
  return wrapText(sheet.say(text), room, lines, cellWidth, sheet.signs.ellipsis).map((line) =>
    role === null ? `${indent}${line}` : `${indent}${sheet.paint(role, line)}`,
  )
}

function headLines(sheet: Sheet): string[] {
  const { story } = sheet
  return [
    ...wrapped(sheet, `${story.pill}  ${story.aside}`, 'strong', 2),
    ...wrapped(sheet, story.title, null, 4),
    ...wrapped(sheet, story.where, 'muted', 3),
    ...story.why.flatMap((line) => wrapped(sheet, line, null, 3)),
  ]
}

function footLines(sheet: Sheet): string[] {
  const { story } = sheet
  const timer =
    story.timer === null || sheet.bracket !== null ? [] : [`Timer: ${story.timer.lines.join(', ')}`]
  const crossed = story.rows.some((row) => row.kind === 'arrow' && row.crosses !== null)
  const crossing = crossed
    ? [`${sheet.signs.cross} crossed on the way; the dashed half is inferred from ACK numbers`]
    : []
  return [
    ...timer.flatMap((line) => wrapped(sheet, line, 'fin', 2)),
    ...story.fix.flatMap((line) => wrapped(sheet, `Fix: ${line}`, 'strong', 3)),
    ...wrapped(sheet, `Wireshark: ${story.filter}`, 'muted', 4),
    ...[...story.notes, ...crossing].flatMap((line) => wrapped(sheet, line, 'muted', 2)),
  ]
}

function drawnLines(sheet: Sheet): string[] {
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
    hosts.forEach((host, at) => {
      const text = sheet.say(index === 0 ? host.name : (host.addresses[index - 1] ?? ''))
      const cut = shorten(text, leg - 2, cellWidth, sheet.signs.ellipsis)
      const column = (sheet.lifelines[at] as number) - Math.floor(cellWidth(cut) / 2)
      const inside = Math.max(0, Math.min(column, sheet.width - cellWidth(cut)))
      line.put(inside, cut, index === 0 ? 'strong' : 'muted', sheet.width)
    })
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
    centred(sheet, line, from, to, row.label, strong ? 'strong' : 'muted')
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
  const room = length - 8
  const label = shorten(sheet.say(row.label), room, cellWidth, signs.ellipsis)
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

/** For narrow terminals: one row a line, no lifelines. */
function listLines(sheet: Sheet): string[] {
  const { story, signs } = sheet
  const name = (index: number) => (story.hosts[index]?.name ?? '?').replace(/ · .*$/, '')
  return story.rows.map((row) => {
    if (row.kind !== 'arrow')
      return shorten(`  ${sheet.say(`${signs.more} ${row.label}`)}`, sheet.width, cellWidth, signs.ellipsis)
    const mark = row.part === 'deciding' ? signs.deciding : ' '
    const text = `${row.clock.padStart(sheet.clockWidth)} ${row.frames} ${name(row.from)} → ${name(row.to)} ${row.label}`
    return sheet.paint(row.ink, shorten(sheet.say(`${mark} ${text}`), sheet.width, cellWidth, signs.ellipsis))
  })
}
