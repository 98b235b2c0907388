/** One distribution as a histogram on a logarithmic axis of seconds. */
import type { Pen } from '../diagram/pen.js'
import { number } from '../diagram/pen.js'
import { count, setValue } from '../report/numbers.js'
import type { Column, Distributions } from './distribution.js'

/** Where a histogram stands, in pixels. */
export interface Panel {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const AXIS = 34
const SIDES = 20
/** A single one among a thousand is still to be seen. */
const LEAST_BAR = 2

/** Draws it; `most`: what the tallest column of both histograms counts, so that they can be compared. */
export function drawDistribution(
  pen: Pen,
  panel: Panel,
  shared: Distributions,
  columns: readonly Column[],
  most: number,
): void {
  const left = panel.x + SIDES
  const width = panel.width - 2 * SIDES
  const base = panel.y + panel.height - AXIS
  const [low, high] = [Math.log10(shared.from), Math.log10(shared.below)]
  const at = (seconds: number): number => left + ((Math.log10(seconds) - low) / (high - low)) * width
  const tall = (amount: number): number =>
    amount === 0 ? 0 : Math.max(LEAST_BAR, (amount / most) * (panel.height - AXIS - 34))
  const { oldTimer, mixed } = shared
  const newTimer = shared.newTimer === oldTimer ? null : shared.newTimer
  // The lines begin below the lower of their names.
  const top = panel.y + (oldTimer !== null && newTimer !== null ? 32 : 20)
  drawTimer(pen, oldTimer, 'old', at, panel, [top, base])
  drawTimer(pen, newTimer, 'new', at, panel, [top, base])
  pen.stroke('life', `M${number(left)} ${number(base)}H${number(left + width)}`, 1)
  for (const column of columns) {
    const [x1, x2] = [at(column.from), at(column.below)]
    const bar = (role: 'response' | 'fin' | 'muted', from: number, height: number, hint: string): void => {
      if (height <= 0) return
      const group = pen.group()
      group.hint(hint)
      group.fill('rect', role, {
        x: number(x1 + 0.5),
        y: number(base - from - height),
        width: number(Math.max(1, x2 - x1 - 1)),
        height: number(height),
      })
    }
    const range = `${setValue(column.from)} to ${setValue(column.below)}`
    const well = tall(column.well)
    bar(mixed ? 'muted' : 'response', 0, well, `${range}: ${count(column.well)}${mixed ? '' : ' went well'}`)
    const failed = tall(column.failed)
    bar('fin', well, failed, `${range}: ${count(column.failed)} failed`)
    if (column.failed > 0) {
      const crossed = [oldTimer, newTimer].some((timer) => timer !== null && Math.abs(at(timer) - x1) < 24)
      pen.text({
        x: crossed ? x1 - 2 : x1 + 1,
        y: base - well - failed - 4,
        anchor: crossed ? 'end' : 'start',
        style: 'frame',
        ink: 'fin',
        text: count(column.failed),
      })
    }
  }
  drawAxis(pen, shared, at, base)
}

function drawTimer(
  pen: Pen,
  seconds: number | null,
  age: 'old' | 'new',
  at: (seconds: number) => number,
  panel: Panel,
  [top, base]: readonly [number, number],
): void {
  if (seconds === null) return
  const x = at(seconds)
  pen.stroke('fin', `M${number(x)} ${number(top)}V${number(base)}`, 1.2, {
    'stroke-dasharray': age === 'old' ? '3 3' : '8 3',
  })
  const right = x > panel.x + panel.width * 0.7
  pen.text({
    x: x + (right ? -5 : 5),
    y: panel.y + (age === 'old' ? 16 : 28),
    anchor: right ? 'end' : 'start',
    style: 'frame',
    ink: 'fin',
    text: `${age === 'old' ? 'ended before at' : 'ends now at'} ${setValue(seconds)}`,
  })
}

/** A tick with its value at each power of ten, small ones at 2 and 5. */
function drawAxis(
  pen: Pen,
  { from, below }: Distributions,
  at: (seconds: number) => number,
  base: number,
): void {
  const words = (seconds: number): string =>
    seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds} s`
  let last = -Infinity
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(below)); power++) {
    for (const lead of [1, 2, 5]) {
      const seconds = Number(`${lead}e${power}`)
      if (seconds < from * 0.999 || seconds > below * 1.001) continue
      const x = at(seconds)
      pen.stroke('life', `M${number(x)} ${number(base)}V${number(base + (lead === 1 ? 6 : 4))}`, 1)
      if (x - last < 44) continue
      last = x
      pen.text({ x, y: base + 18, anchor: 'middle', style: 'frame', ink: 'muted', text: words(seconds) })
    }
  }
}
