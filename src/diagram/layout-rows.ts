import { fit, type Columns } from './layout-columns.js'
import { textWidth } from './measure.js'
import type { Arrow, Band, Bracket, LifelinePart, SceneText } from './scene.js'
import type { ArrowRow, Ink, SilenceRow, Story, StoryRow } from './story.js'

/** Above an arrow its label, below it its frame number. */
const ARROW = { above: 19, below: 14 }
/** Least height of a crossing, so that the X is seen as one. */
const CROSSING_HEIGHT = 46
const SILENCE = { long: 56, short: 26, air: 5 }
const OMITTED = 28
/** A label may come this near to a lifeline. */
const LABEL_AIR = 14
/** More rows than this on one tint would tint the whole picture. */
const LONGEST_BAND = 8

/** What the rows put into the picture. */
export interface RowsLayout {
  readonly arrows: readonly Arrow[]
  readonly bands: readonly Band[]
  readonly parts: readonly LifelinePart[]
  readonly texts: readonly SceneText[]
  readonly bracket: Bracket | null
  readonly bottom: number
}

interface Slot {
  readonly top: number
  readonly bottom: number
  /** Height of an arrow's measured end; the middle of other rows. */
  readonly y: number
  /** Raised label: another label stands under it. */
  readonly raised: boolean
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
      texts.push({ x: columns.clockX, y: slot.y + 4, anchor: 'end', style: 'clock', ink, text: row.clock })
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
    slots.push({ top: start, bottom: line + ARROW.below, y: line, raised })
    y = line + ARROW.below
  })
  return slots
}

/** Whether the labels and frame numbers of two crossing arrows have room on one line. */
function fitBeside(columns: Columns, a: ArrowRow, b: ArrowRow): boolean {
  const texts = [a, b].map((row) => textWidth(row.label, 'label') + textWidth(row.frames, 'frame') + 8)
  return (texts[0] as number) + (texts[1] as number) + 24 + 2 * LABEL_AIR <= gapOf(columns, a)
}

function gapOf(columns: Columns, row: ArrowRow): number {
  return Math.abs((columns.lifelines[row.to] as number) - (columns.lifelines[row.from] as number))
}

function arrowOf(
  story: Story,
  columns: Columns,
  slots: readonly Slot[],
  index: number,
  row: ArrowRow,
): Arrow {
  const slot = slots[index] as Slot
  const x1 = columns.lifelines[row.from] as number
  const x2 = columns.lifelines[row.to] as number
  const shape = {
    row: index,
    x1,
    x2,
    ink: row.ink,
    head: row.head,
    line: row.line,
    strong: row.strong,
    detail: row.detail,
  }
  const crossers = story.rows.flatMap((other, at) =>
    other.kind === 'arrow' && other.crosses === index ? [at] : [],
  )
  if (row.crosses !== null) {
    // Left before the crossed segment arrived: its tail stands level with that one's tail, later ones lower.
    const firstCrosser = story.rows.findIndex(
      (other) => other.kind === 'arrow' && other.crosses === row.crosses,
    )
    const y1 = (slots[row.crosses] as Slot).y + slot.y - (slots[firstCrosser] as Slot).y
    return { ...shape, y1, y2: slot.y, inferred: 'start', texts: tailTexts(columns, row, y1, false) }
  }
  if (crossers.length > 0) {
    const y2 = (slots[crossers.at(-1) as number] as Slot).y
    return { ...shape, y1: slot.y, y2, inferred: 'end', texts: tailTexts(columns, row, slot.y, slot.raised) }
  }
  return { ...shape, y1: slot.y, y2: slot.y, inferred: null, texts: levelTexts(columns, row, slot.y) }
}

/** Label above the middle, frame number under the tail. */
function levelTexts(columns: Columns, row: ArrowRow, y: number): SceneText[] {
  const x1 = columns.lifelines[row.from] as number
  const x2 = columns.lifelines[row.to] as number
  const outward = x2 > x1
  const text = fit(row.label, gapOf(columns, row) - 2 * LABEL_AIR, 'label')
  return [
    { x: (x1 + x2) / 2, y: y - 6, anchor: 'middle', style: 'label', ink: textInk(row.ink), text },
    {
      x: x1 + (outward ? 8 : -8),
      y: y + 12,
      anchor: outward ? 'start' : 'end',
      style: 'frame',
      ink: 'muted',
      text: row.frames,
    },
  ]
}

/** Of a slanted arrow both stand above its tail: below and in the middle is where the lines cross. */
function tailTexts(columns: Columns, row: ArrowRow, y: number, raised: boolean): SceneText[] {
  const x1 = columns.lifelines[row.from] as number
  const outward = (columns.lifelines[row.to] as number) > x1
  const anchor = outward ? 'start' : 'end'
  const sign = outward ? 1 : -1
  const frameWidth = textWidth(row.frames, 'frame') + 8
  const text = fit(row.label, gapOf(columns, row) - frameWidth - 2 * LABEL_AIR, 'label')
  const baseline = y - 7 - (raised ? 15 : 0)
  return [
    { x: x1 + sign * 8, y: baseline, anchor, style: 'frame', ink: 'muted', text: row.frames },
    { x: x1 + sign * (8 + frameWidth), y: baseline, anchor, style: 'label', ink: textInk(row.ink), text },
  ]
}

function textInk(ink: Ink): Ink {
  return ink === 'control' ? 'muted' : ink
}

function silenceBand(columns: Columns, slot: Slot, row: SilenceRow): Band {
  const from = columns.lifelines[row.from] as number
  const to = columns.lifelines[row.to] as number
  const style = row.size === 'long' ? 'host' : 'sub'
  const text = fit(row.label, to - from - 2 * LABEL_AIR, style)
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

function omittedText(columns: Columns, slot: Slot, label: string): SceneText {
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
    text: fit(label, room - 2 * LABEL_AIR, 'sub'),
  }
}

/** One tinted band under the deciding rows: the stretch of them that is not torn apart by a silence. */
function decidingBand(rows: readonly StoryRow[], slots: readonly Slot[], columns: Columns): Band | null {
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

function bracketOf(story: Story, columns: Columns, slots: readonly Slot[]): Bracket | null {
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
