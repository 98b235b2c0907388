import { wholeLabel } from './arrow-label.js'
import { shorten } from './inert-text.js'
import { textWidth } from './measure.js'
import type { Lifeline, SceneText } from './scene.js'
import type { ArrowRow, Story, StoryRow } from './story.js'

/** Space around the picture. */
export const MARGIN = 24
/** A picture is never narrower: the header has to be readable. */
const NARROWEST = 760
/** Between lifelines, by number of legs: few legs may spread. */
const GAP = { min: 300, minSingle: 420, max: 430, maxSingle: 560 }
const BOX = { min: 150, padding: 14, line: 14 }
/** From the last lifeline to the bracket and from there to its text. */
const BRACKET = { offset: 20, text: 12, widest: 210 }

/** Where things stand from left to right. */
export interface Columns {
  readonly width: number
  /** Right edge of the clocks. */
  readonly clockX: number
  readonly bandX: number
  readonly bandWidth: number
  /** One x per lifeline. */
  readonly lifelines: readonly number[]
  readonly boxWidths: readonly number[]
  readonly bracketX: number
  readonly bracketTextX: number
  readonly bracketTextWidth: number
}

/** Columns wide enough for what has to stand between them, within limits. */
export function layoutColumns(story: Story): Columns {
  const arrows = story.rows.filter((row): row is ArrowRow => row.kind === 'arrow')
  const clockWidth = Math.max(
    30,
    ...arrows.map((row) => textWidth(row.clock, 'clock')),
    ...arrows.map((row) => textWidth(`–${row.untilClock ?? ''}`, 'frame')),
  )
  const clockX = Math.ceil(MARGIN + clockWidth)
  const single = story.hosts.length <= 2
  const boxWidths = story.hosts.map((host) => {
    const name = textWidth(host.name, 'host')
    const addresses = host.addresses.map((address) => textWidth(address, 'address'))
    const most = single ? GAP.minSingle - 40 : GAP.max - 60
    return Math.ceil(
      Math.min(Math.max(BOX.min, name + 2 * BOX.padding, ...addresses.map((w) => w + 2 * BOX.padding)), most),
    )
  })
  const half = (index: number) => (boxWidths[index] ?? BOX.min) / 2
  let x = Math.ceil(clockX + 20 + Math.max(half(0), 60))
  const lifelines = [x]
  for (let leg = 0; leg < story.hosts.length - 1; leg++) {
    const least = Math.max(single ? GAP.minSingle : GAP.min, half(leg) + half(leg + 1) + 20)
    const wanted = widestOn(story.rows, leg, single ? GAP.maxSingle : GAP.max)
    x += Math.ceil(Math.max(least, Math.min(wanted, single ? GAP.maxSingle : GAP.max)))
    lifelines.push(x)
  }
  const bracketX = x + BRACKET.offset
  const lines = story.timer?.lines ?? []
  const bracketTextWidth = Math.min(
    BRACKET.widest,
    Math.max(0, ...lines.map((line) => textWidth(line, 'sub'))),
  )
  const right = Math.max(
    x + half(story.hosts.length - 1),
    lines.length > 0 ? bracketX + BRACKET.text + bracketTextWidth + 8 : x + 60,
  )
  const width = Math.max(NARROWEST, Math.ceil(right + MARGIN))
  return {
    width,
    clockX,
    bandX: clockX + 12,
    bandWidth: width - MARGIN - clockX - 12,
    lifelines,
    boxWidths,
    bracketX,
    bracketTextX: bracketX + BRACKET.text,
    bracketTextWidth: width - MARGIN - bracketX - BRACKET.text,
  }
}

/** Room that the labels of one leg ask for; two that cross ask for room beside each other if there can be so much. */
function widestOn(rows: readonly StoryRow[], leg: number, most: number): number {
  let widest = 0
  for (const row of rows) {
    if (row.kind !== 'arrow' || Math.min(row.from, row.to) !== leg) continue
    const own = textWidth(wholeLabel(row), 'label')
    const frames = textWidth(row.frames, 'frame') + 8
    const crossed = row.crosses === null ? undefined : rows[row.crosses]
    widest = Math.max(widest, own + 56)
    if (crossed?.kind !== 'arrow') continue
    const other = textWidth(wholeLabel(crossed), 'label') + textWidth(crossed.frames, 'frame') + 8
    const beside = own + frames + other + 60
    widest = Math.max(widest, beside <= most ? beside : Math.max(own + frames, other) + 40)
  }
  return widest
}

/** The heads of the lifelines; the lines themselves come with the rows. */
export function layoutHeads(
  story: Story,
  columns: Columns,
  top: number,
): { heads: Omit<Lifeline, 'parts'>[]; bottom: number } {
  const lines = Math.max(1, ...story.hosts.map((host) => host.addresses.length))
  const height = 26 + lines * BOX.line
  const heads = story.hosts.map((host, index) => {
    const x = columns.lifelines[index] as number
    const width = columns.boxWidths[index] as number
    const room = width - 12
    const texts: SceneText[] = [
      { x, y: top + 17, anchor: 'middle', style: 'host', ink: 'ink', text: fit(host.name, room, 'host') },
      ...host.addresses.map((address, line): SceneText => ({
        x,
        y: top + 32 + line * BOX.line,
        anchor: 'middle',
        style: 'address',
        ink: 'muted',
        text: fit(address, room, 'address'),
      })),
    ]
    return { x, box: { x: x - width / 2, y: top, width, height }, texts }
  })
  return { heads, bottom: top + height }
}

/** A text cut to a width in its style. */
export function fit(text: string, room: number, style: SceneText['style']): string {
  return shorten(text, room, (part) => textWidth(part, style))
}
