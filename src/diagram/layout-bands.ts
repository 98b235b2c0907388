import { LABEL_AIR, type Slot } from './layout-arrows.js'
import { fit, type Columns } from './layout-columns.js'
import { textWidth } from './measure.js'
import { LONGEST_BAND } from './policy.js'
import type { Band, Bracket, SceneText } from './scene.js'
import type { SilenceRow, Story, StoryRow } from './story.js'

/** A silence with its length between the lifelines of the leg that it is about. */
export function silenceBand(columns: Columns, slot: Slot, row: SilenceRow): Band {
  const from = columns.lifelines[row.from] as number
  const to = columns.lifelines[row.to] as number
  const style = row.size === 'long' ? 'host' : 'sub'
  const room = to - from - 2 * LABEL_AIR
  const text = fit(textWidth(row.label, style) <= room ? row.label : row.shortLabel, room, style)
  return {
    kind: 'silence',
    x: columns.bandX,
    y: slot.top,
    width: columns.bandWidth,
    height: slot.bottom - slot.top,
    texts: [
      {
        x: (from + to) / 2,
        y: slot.y + 4,
        anchor: 'middle',
        style,
        ink: row.size === 'long' ? 'ink' : 'muted',
        text,
      },
    ],
  }
}

/** What was left out, in the first column. */
export function omittedText(columns: Columns, slot: Slot, label: string): SceneText {
  const from = columns.lifelines[0] as number
  const to = columns.lifelines.at(-1) as number
  const x = columns.lifelines.length > 2 ? (from + (columns.lifelines[1] as number)) / 2 : (from + to) / 2
  const room = columns.lifelines.length > 2 ? (columns.lifelines[1] as number) - from : to - from
  return {
    x,
    y: slot.y + 4,
    anchor: 'middle',
    style: 'sub',
    ink: 'muted',
    text: fit(wholeParts(label, room - 2 * LABEL_AIR), room - 2 * LABEL_AIR, 'sub'),
  }
}

/** As many parts of `a · b · c` as fit: half a number would be another number. */
function wholeParts(label: string, room: number): string {
  let text = label
  while (textWidth(text, 'sub') > room && text.includes(' · ')) text = text.slice(0, text.lastIndexOf(' · '))
  return text
}

/** One tinted band under the deciding rows: the stretch of them that is not torn apart by a silence. */
export function decidingBand(
  rows: readonly StoryRow[],
  slots: readonly Slot[],
  columns: Columns,
): Band | null {
  const marked = rows.flatMap((row, index) =>
    row.kind === 'arrow' && row.part === 'deciding' ? [index] : [],
  )
  const [first] = marked
  if (first === undefined) return null
  // What crosses a deciding row decides with it.
  const partner = rows[first]
  let start = partner?.kind === 'arrow' && partner.crosses !== null ? Math.min(first, partner.crosses) : first
  let end = start
  for (const index of marked) {
    const between = rows.slice(end, index + 1)
    if (index - start >= LONGEST_BAND || between.some((row) => row.kind !== 'arrow')) break
    end = index
  }
  rows.forEach((row, index) => {
    if (row.kind === 'arrow' && row.crosses !== null && row.crosses >= start && row.crosses <= end)
      end = Math.max(end, index)
  })
  start = Math.min(start, end)
  const y = (slots[start] as Slot).top + 1
  return {
    kind: 'deciding',
    x: columns.bandX,
    y,
    width: columns.bandWidth,
    height: (slots[end] as Slot).bottom + 2 - y,
    texts: [],
  }
}

/** The bracket of the timer; null when the story has none. */
export function bracketOf(story: Story, columns: Columns, slots: readonly Slot[]): Bracket | null {
  const { timer } = story
  if (timer === null) return null
  const from = slots[timer.fromRow]
  const to = slots[timer.toRow]
  if (from === undefined || to === undefined) return null
  const row = story.rows[timer.toRow]
  // A crossing close left its host level with what it crossed.
  const end = row?.kind === 'arrow' && row.crosses !== null ? (slots[row.crosses] as Slot) : to
  const middle = (from.y + end.y) / 2
  const first = middle - ((timer.lines.length - 1) * 16) / 2 + 4
  const texts = timer.lines.map((line, index): SceneText => ({
    x: columns.bracketTextX,
    y: first + index * 16,
    anchor: 'start',
    style: 'sub',
    ink: index === 0 ? 'fin' : 'muted',
    text: fit(line, columns.bracketTextWidth, 'sub'),
  }))
  return {
    x: columns.bracketX,
    y1: from.y,
    y2: end.y,
    armX: columns.lifelines[timer.lifeline] as number,
    texts,
  }
}
