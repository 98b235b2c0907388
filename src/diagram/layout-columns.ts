import { shorten } from './inert-text.js'
import { textWidth } from './measure.js'
import type { Lifeline, SceneText } from './scene.js'
import type { ArrowRow, Story } from './story.js'

/** Space around the picture. */
export const MARGIN = 24
/** A picture is never narrower: the header has to be readable. */
const NARROWEST = 760
/** Between lifelines, by number of legs: few legs may spread. */
const GAP = { min: 270, minSingle: 400, max: 430, maxSingle: 560 }
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
  const clockWidth = Math.max(30, ...arrows.map((row) => textWidth(row.clock, 'clock')))
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
    const wanted = widestOn(arrows, leg)
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
    lines.length > 0 ? bracketX + BRACKET.text + bracketTextWidth : x + 60,
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

/** Room that the labels of one leg ask for. */
function widestOn(arrows: readonly ArrowRow[], leg: number): number {
  const own = arrows.filter((row) => Math.min(row.from, row.to) === leg)
  return Math.max(0, ...own.map((row) => labelWidth(row) + 56))
}

function labelWidth(row: ArrowRow): number {
  return textWidth(row.label, 'label')
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
