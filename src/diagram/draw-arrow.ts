import { number, type Pen } from './pen.js'
import type { Arrow } from './scene.js'
import type { Head, Ink, Line } from './story.js'

const DASHES: Readonly<Record<Line, string | null>> = { solid: null, dashed: '8 4', dotted: '1.5 4' }
const INFERRED = '3 3'
/** How much of the line's end the head covers. */
const HEAD_LENGTH: Readonly<Record<Head, number>> = { data: 8, control: 1, fin: 11, rst: 8, bar: 3 }

/** Line, head and texts of one arrow. */
export function drawArrow(pen: Pen, arrow: Arrow): void {
  const group = pen.group()
  if (arrow.detail !== '') group.hint(arrow.detail)
  const angle = Math.atan2(arrow.y2 - arrow.y1, arrow.x2 - arrow.x1)
  drawLine(group, arrow, angle)
  if (arrow.fromBetween)
    group.stroke(arrow.ink, `M${number(arrow.x1)} ${number(arrow.y1 - 3)}v9`, arrow.strong ? 2.4 : 1.4)
  drawHead(group, arrow.head, arrow.ink, arrow.x2, arrow.y2, (angle * 180) / Math.PI, arrow.strong)
  for (const text of arrow.texts) group.text(text)
}

function drawLine(pen: Pen, arrow: Arrow, angle: number): void {
  const width = arrow.strong ? 2.4 : 1.4
  const cut = HEAD_LENGTH[arrow.head]
  const x2 = arrow.x2 - Math.cos(angle) * cut
  const y2 = arrow.y2 - Math.sin(angle) * cut
  const dash = DASHES[arrow.line]
  const style = dash === null ? {} : { 'stroke-dasharray': dash }
  if (arrow.inferred === null) {
    pen.stroke(arrow.ink, straight(arrow.x1, arrow.y1, x2, y2), width, style)
    return
  }
  const midX = (arrow.x1 + arrow.x2) / 2
  const midY = (arrow.y1 + arrow.y2) / 2
  const inferred = { 'stroke-dasharray': INFERRED }
  pen.stroke(
    arrow.ink,
    straight(arrow.x1, arrow.y1, midX, midY),
    width,
    arrow.inferred === 'start' ? inferred : style,
  )
  pen.stroke(arrow.ink, straight(midX, midY, x2, y2), width, arrow.inferred === 'end' ? inferred : style)
}

/** The shape at the point tells the role without colour: data is full, control open, FIN ends in a bar, RST is crossed out. */
export function drawHead(
  pen: Pen,
  head: Head,
  ink: Ink,
  x: number,
  y: number,
  degrees: number,
  strong: boolean,
): void {
  const at = { transform: `translate(${number(x)} ${number(y)}) rotate(${number(degrees)})` }
  const group = pen.group(at)
  const width = strong ? 2.2 : 1.6
  switch (head) {
    case 'data':
      group.fill('path', ink, { d: 'M0 0L-10 -4.5L-10 4.5Z' })
      break
    case 'control':
      group.stroke(ink, 'M-8 -4L-0.8 0L-8 4', 1.5)
      break
    case 'fin':
      group.fill('path', ink, { d: 'M-4 0L-13 -4.5L-13 4.5Z' })
      group.stroke(ink, 'M-2.5 -6V6', width)
      break
    case 'rst':
      group.fill('path', ink, { d: 'M0 0L-10 -4.5L-10 4.5Z' })
      group.stroke(ink, 'M-24 -5L-14 5M-24 5L-14 -5', width)
      break
    case 'bar':
      group.stroke(ink, 'M-12 -4L-5 0L-12 4', 1.5)
      group.stroke(ink, 'M-2.5 -8V8', 3)
  }
}

/** A straight line as a path. */
export function straight(x1: number, y1: number, x2: number, y2: number): string {
  return `M${number(x1)} ${number(y1)}L${number(x2)} ${number(y2)}`
}
