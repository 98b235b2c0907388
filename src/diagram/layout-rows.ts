import { arrowOf, fitBeside, type Slot } from './layout-arrows.js'
import { bracketOf, decidingBand, omittedText, silenceBand } from './layout-bands.js'
import type { Columns } from './layout-columns.js'
import type { Arrow, Band, Bracket, LifelinePart, SceneText } from './scene.js'
import type { ArrowRow, Story, StoryRow } from './story.js'

/** Above an arrow its label, below it its frame number. */
const ARROW = { above: 19, below: 14 }
/** Least height of a crossing, so that the X is seen as one. */
const CROSSING_HEIGHT = 46
const SILENCE = { long: 56, short: 26, air: 5 }
const OMITTED = 28

/** What the rows put into the picture. */
export interface RowsLayout {
  readonly arrows: readonly Arrow[]
  readonly bands: readonly Band[]
  readonly parts: readonly LifelinePart[]
  readonly texts: readonly SceneText[]
  readonly bracket: Bracket | null
  readonly bottom: number
}

/** Puts the rows under each other and everything that hangs on them. */
export function layoutRows(story: Story, columns: Columns, top: number): RowsLayout {
  const slots = slotsOf(story, columns, top)
  const bottom = (slots.at(-1)?.bottom ?? top) + 8
  const texts: SceneText[] = []
  const bands: Band[] = []
  const arrows: Arrow[] = []
  story.rows.forEach((row, index) => {
    const slot = slots[index] as Slot
    if (row.kind === 'arrow') {
      arrows.push(arrowOf(story, columns, slots, index, row))
      const ink = row.part === null ? 'muted' : 'ink'
      const clock = { x: columns.clockX, anchor: 'end', style: 'clock', ink } as const
      texts.push({ ...clock, y: slot.y + 4, text: row.clock })
      if (row.untilClock !== null) {
        texts.push({ ...clock, style: 'frame', ink: 'muted', y: slot.y + 15, text: `–${row.untilClock}` })
      }
    } else {
      texts.push({ x: columns.clockX, y: slot.y + 4, anchor: 'end', style: 'clock', ink: 'muted', text: '⋮' })
      if (row.kind === 'silence') bands.push(silenceBand(columns, slot, row))
      else texts.push(omittedText(columns, slot, row.label))
    }
  })
  const deciding = decidingBand(story.rows, slots, columns)
  if (deciding !== null) bands.push(deciding)
  return {
    arrows,
    bands,
    parts: partsOf(story.rows, slots, top, bottom),
    texts,
    bracket: bracketOf(story, columns, slots),
    bottom,
  }
}

/** Heights of all rows. */
function slotsOf(story: Story, columns: Columns, top: number): Slot[] {
  const slots: Slot[] = []
  let y = top
  story.rows.forEach((row, index) => {
    const start = y
    if (row.kind === 'silence') {
      const height = SILENCE[row.size]
      slots.push({
        top: start + SILENCE.air,
        bottom: start + SILENCE.air + height,
        y: start + SILENCE.air + height / 2,
        raised: false,
      })
      y += height + 2 * SILENCE.air
      return
    }
    if (row.kind === 'omitted') {
      slots.push({ top: start, bottom: start + OMITTED, y: start + OMITTED / 2, raised: false })
      y += OMITTED
      return
    }
    const crosser = story.rows.find(
      (other): other is ArrowRow => other.kind === 'arrow' && other.crosses === index,
    )
    const raised = crosser !== undefined && !fitBeside(columns, row, crosser)
    let line = start + ARROW.above + (raised ? 15 : 0)
    if (row.crosses !== null) line = Math.max(line, (slots[row.crosses] as Slot).y + CROSSING_HEIGHT)
    if (isLaterCrosser(story.rows, index, row))
      line = Math.max(line, (slots[index - 1] as Slot).y + CROSSING_HEIGHT)
    const below = ARROW.below + (isLaterCrosser(story.rows, index, row) ? 5 : 0)
    slots.push({ top: start, bottom: line + below, y: line, raised })
    y = line + below
  })
  return slots
}

function isLaterCrosser(rows: readonly StoryRow[], index: number, row: ArrowRow): boolean {
  return (
    row.crosses !== null &&
    rows.slice(0, index).some((other) => other.kind === 'arrow' && other.crosses === row.crosses)
  )
}

/** The stretches that every lifeline goes through. */
function partsOf(
  rows: readonly StoryRow[],
  slots: readonly Slot[],
  top: number,
  bottom: number,
): LifelinePart[] {
  const parts: LifelinePart[] = []
  let y = top
  rows.forEach((row, index) => {
    if (row.kind === 'arrow') return
    const slot = slots[index] as Slot
    const reach = row.kind === 'omitted' ? OMITTED / 2 - 2 : row.size === 'long' ? 16 : 9
    parts.push({ kind: 'line', y1: y, y2: slot.y - reach })
    parts.push({ kind: row.kind === 'omitted' ? 'dots' : 'break', y1: slot.y - reach, y2: slot.y + reach })
    y = slot.y + reach
  })
  parts.push({ kind: 'line', y1: y, y2: bottom })
  return parts
}
