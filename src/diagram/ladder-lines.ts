import { wholeLabel } from './arrow-label.js'
import { cellWidth, shorten, wrapText } from './inert-text.js'
import { drawnLines } from './ladder-drawing.js'
import { sheetOf, type LadderLineOptions, type Sheet } from './ladder-sheet.js'
import type { Story } from './story.js'
import type { TextRole } from './text-grid.js'

/** The story as lines of monospace text. */
export function ladderLines(story: Story, options: LadderLineOptions = {}): string[] {
  const sheet = sheetOf(story, options)
  const ladder = sheet.lifelines.length === 0 ? listLines(sheet) : drawnLines(sheet)
  return options.ladderOnly === true ? ladder : [...headLines(sheet), '', ...ladder, '', ...footLines(sheet)]
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
    ...wrapped(sheet, `${story.pill} · ${story.aside}`, 'strong', 2),
    ...wrapped(sheet, story.title, null, 4),
    ...wrapped(sheet, story.where, 'muted', 3),
    ...story.why.flatMap(({ frames, text }) => wrapped(sheet, `${frames} ${text}`.trim(), null, 3)),
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
    ...story.fix.flatMap((line, index) =>
      wrapped(sheet, line, 'strong', 3, '     ').map((text, part) =>
        index + part === 0 ? `Fix: ${text.trimStart()}` : text,
      ),
    ),
    ...wrapped(sheet, `Wireshark: ${story.filter}`, 'muted', 4),
    ...[...story.notes, ...crossing].flatMap((line) => wrapped(sheet, line, 'muted', 2)),
  ]
}

/** For narrow terminals: one row a line, no lifelines. */
function listLines(sheet: Sheet): string[] {
  const { story, signs } = sheet
  const name = (index: number) => (story.hosts[index]?.name ?? '?').replace(/ · .*$/, '')
  return story.rows.map((row) => {
    if (row.kind !== 'arrow')
      return shorten(`  ${sheet.say(`${signs.more} ${row.label}`)}`, sheet.width, cellWidth, signs.ellipsis)
    const mark = row.part === 'deciding' ? signs.deciding : ' '
    const text = `${row.clock.padStart(sheet.clockWidth)} ${row.frames} ${name(row.from)} → ${name(row.to)} ${wholeLabel(row)}`
    return sheet.paint(row.ink, shorten(sheet.say(`${mark} ${text}`), sheet.width, cellWidth, signs.ellipsis))
  })
}
