import { fitLabel, wholeLabel } from './arrow-label.js'
import type { Columns } from './layout-columns.js'
import { textWidth } from './measure.js'
import type { Arrow, SceneText } from './scene.js'
import type { ArrowRow, Ink, Story } from './story.js'

/** A label may come this near to a lifeline. */
export const LABEL_AIR = 14

/** The height that a row takes. */
export interface Slot {
  readonly top: number
  readonly bottom: number
  /** Height of an arrow's measured end; the middle of other rows. */
  readonly y: number
  /** Raised label: another label stands under it. */
  readonly raised: boolean
}

/** Whether the labels and frame numbers of two crossing arrows have room on one line. */
export function fitBeside(columns: Columns, a: ArrowRow, b: ArrowRow): boolean {
  const texts = [a, b].map((row) => textWidth(wholeLabel(row), 'label') + textWidth(row.frames, 'frame') + 8)
  return (texts[0] as number) + (texts[1] as number) + 24 + 2 * LABEL_AIR <= gapOf(columns, a)
}

function gapOf(columns: Columns, row: ArrowRow): number {
  return Math.abs((columns.lifelines[row.to] as number) - (columns.lifelines[row.from] as number))
}

/** One row as an arrow between its lifelines, slanted where it crossed another. */
export function arrowOf(
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
    fromBetween: row.fromBetween,
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
    const texts =
      index === firstCrosser ? tailTexts(columns, row, y1, false) : headTexts(columns, row, y1, slot.y)
    return { ...shape, y1, y2: slot.y, inferred: 'start', texts }
  }
  if (crossers.length > 0) {
    const y2 = (slots[crossers.at(-1) as number] as Slot).y
    return { ...shape, y1: slot.y, y2, inferred: 'end', texts: tailTexts(columns, row, slot.y, slot.raised) }
  }
  const begins = row.fromBetween ? { x1: (x1 + x2) / 2 } : {}
  return {
    ...shape,
    ...begins,
    y1: slot.y,
    y2: slot.y,
    inferred: null,
    texts: levelTexts(columns, row, slot.y),
  }
}

/** Label above the middle, frame number under the tail. */
function levelTexts(columns: Columns, row: ArrowRow, y: number): SceneText[] {
  const x1 = columns.lifelines[row.from] as number
  const x2 = columns.lifelines[row.to] as number
  const outward = x2 > x1
  const text = fitLabel(row, gapOf(columns, row) - 2 * LABEL_AIR)
  return [
    { x: (x1 + x2) / 2, y: y - 6, anchor: 'middle', style: 'label', ink: textInk(row.ink), text },
    {
      x: (row.fromBetween ? (x1 + x2) / 2 : x1) + (outward ? 8 : -8),
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
  const text = fitLabel(row, gapOf(columns, row) - frameWidth - 2 * LABEL_AIR)
  const baseline = y - 7 - (raised ? 15 : 0)
  return [
    { x: x1 + sign * 8, y: baseline, anchor, style: 'frame', ink: 'muted', text: row.frames },
    { x: x1 + sign * (8 + frameWidth), y: baseline, anchor, style: 'label', ink: textInk(row.ink), text },
  ]
}

/** Of the second and later segments that crossed the same one: the label under the head, where no line passes. */
function headTexts(columns: Columns, row: ArrowRow, tailY: number, headY: number): SceneText[] {
  const x1 = columns.lifelines[row.from] as number
  const x2 = columns.lifelines[row.to] as number
  const outward = x2 > x1
  const sign = outward ? 1 : -1
  const text = fitLabel(row, gapOf(columns, row) - 60)
  return [
    {
      x: x1 + sign * 8,
      y: tailY - 5,
      anchor: outward ? 'start' : 'end',
      style: 'frame',
      ink: 'muted',
      text: row.frames,
    },
    {
      x: x2 - sign * 30,
      y: headY + 13,
      anchor: outward ? 'end' : 'start',
      style: 'label',
      ink: textInk(row.ink),
      text,
    },
  ]
}

function textInk(ink: Ink): Ink {
  return ink === 'control' ? 'muted' : ink
}
