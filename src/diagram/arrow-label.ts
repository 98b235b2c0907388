import { shorten } from './inert-text.js'
import { textWidth } from './measure.js'
import type { ArrowRow } from './story.js'

/** The whole label of an arrow: what and how much. */
export function wholeLabel(row: ArrowRow): string {
  return [row.label, row.size].filter((part) => part !== '').join('  ')
}

/** An arrow's label cut to a width; how much stays as long as there is room for some of what. */
export function fitLabel(row: ArrowRow, room: number, widthOf = labelMeasure, ellipsis = '…'): string {
  const whole = wholeLabel(row)
  const tail = `  ${row.size}`
  const rest = room - widthOf(tail)
  if (widthOf(whole) <= room || row.label === '' || row.size === '' || rest < widthOf('x'.repeat(8))) {
    return shorten(whole, room, widthOf, ellipsis)
  }
  return `${shorten(row.label, rest, widthOf, ellipsis)}${tail}`
}

function labelMeasure(text: string): number {
  return textWidth(text, 'label')
}
