import { byId, seconds } from './dom.js'
import type { Model } from './model.js'
import { drawTimeline, type View } from './timeline-drawing.js'

/** Height of the picture and of its axis; a row is between these. */
const HEIGHT = 420
const AXIS = 24
const ROW_HEIGHT = { least: 3, most: 18 }
/** A pointer that moved less has clicked. */
const CLICK = 5
/** No zoom into less than this, in seconds. */
const SHORTEST = 1e-5

/** All flows over time: a row each. Drawn on a canvas, only the rows in sight, so that thousands do not lag. */
export class Timeline {
  private readonly scroller = byId('timeline-rows')
  private readonly sizer = byId('timeline-size')
  private readonly canvas = byId<HTMLCanvasElement>('timeline-canvas')
  private readonly tip = byId('timeline-tip')
  private brush: { from: number; to: number } | null = null
  private waiting = false

  constructor(private readonly model: Model) {
    model.onChange((change) => {
      if (change === 'flows') this.scroller.scrollTop = 0
      else this.reveal()
      this.drawSoon()
    })
    this.scroller.addEventListener('scroll', () => this.drawSoon(), { passive: true })
    this.scroller.addEventListener('keydown', (event) => this.onKey(event))
    addEventListener('resize', () => this.drawSoon())
    this.listenToPointer()
    byId('timeline-reset').addEventListener('click', () => this.zoom(null))
    this.draw()
  }

  private get range(): readonly [number, number] {
    return this.model.filter.range ?? [0, Math.max(this.model.data.seconds, SHORTEST)]
  }

  private view(): View {
    const rows = this.model.byStart.length
    const rowHeight = Math.max(
      ROW_HEIGHT.least,
      Math.min(ROW_HEIGHT.most, Math.floor((HEIGHT - AXIS) / Math.max(1, rows))),
    )
    const height = Math.min(HEIGHT, AXIS + rows * rowHeight + 4)
    const width = this.scroller.clientWidth
    return {
      width,
      height,
      axis: AXIS,
      left: 50,
      right: 10,
      rowHeight,
      top: this.scroller.scrollTop,
      range: this.range,
      brush: this.brush,
    }
  }

  private drawSoon(): void {
    if (this.waiting) return
    this.waiting = true
    requestAnimationFrame(() => {
      this.waiting = false
      this.draw()
    })
  }

  private draw(): void {
    const view = this.view()
    this.scroller.style.height = `${view.height}px`
    this.sizer.style.height = `${AXIS + this.model.byStart.length * view.rowHeight + 4}px`
    byId('timeline-reset').hidden = this.model.filter.range === null
    drawTimeline(this.canvas, this.model, view)
  }

  private timeAt(x: number): number {
    const { left, right, width, range } = this.view()
    const share = Math.min(1, Math.max(0, (x - left) / Math.max(1, width - left - right)))
    return range[0] + share * (range[1] - range[0])
  }

  private flowAt(y: number): number | null {
    const { axis, rowHeight, top } = this.view()
    return y < axis ? null : (this.model.byStart[Math.floor((y - axis + top) / rowHeight)] ?? null)
  }

  private listenToPointer(): void {
    let start: { x: number; y: number } | null = null
    const at = (event: PointerEvent): { x: number; y: number } => {
      const box = this.canvas.getBoundingClientRect()
      return { x: event.clientX - box.left, y: event.clientY - box.top }
    }
    this.canvas.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return
      start = at(event)
      this.canvas.setPointerCapture(event.pointerId)
    })
    this.canvas.addEventListener('pointermove', (event) => {
      const { x, y } = at(event)
      if (start !== null && Math.abs(x - start.x) > CLICK)
        this.brush = { from: Math.min(start.x, x), to: Math.max(start.x, x) }
      if (this.brush !== null) this.drawSoon()
      this.hint(x, y)
    })
    this.canvas.addEventListener('pointerup', (event) => {
      const { y } = at(event)
      if (this.brush !== null) this.zoom([this.timeAt(this.brush.from), this.timeAt(this.brush.to)])
      else if (start !== null) {
        const flow = this.flowAt(y)
        if (flow !== null) this.model.show(flow)
      }
      start = null
    })
    this.canvas.addEventListener('pointercancel', () => {
      start = null
      this.zoom(this.model.filter.range)
    })
    this.canvas.addEventListener('pointerleave', () => (this.tip.hidden = true))
    this.canvas.addEventListener('dblclick', () => this.zoom(null))
  }

  /** Says beside the pointer which flow is under it. */
  private hint(x: number, y: number): void {
    const flow = this.brush === null ? this.flowAt(y) : null
    this.tip.hidden = flow === null
    if (flow === null) return
    const { model } = this
    this.tip.textContent = `flow ${model.data.flows.stream[flow] ?? ''} · ${model.kindOf(flow).title} · at ${seconds(this.timeAt(x))}\n${model.clientOf(flow)} → ${model.serverOf(flow)}\n${model.textOf(model.data.flows.summary[flow])}`
    const isRight = x > this.canvas.clientWidth / 2
    this.tip.style.left = isRight ? 'auto' : `${x + 14}px`
    this.tip.style.right = isRight ? `${this.canvas.clientWidth - x + 14}px` : 'auto'
    this.tip.style.top = `${y + 14}px`
  }

  private zoom(range: readonly [number, number] | null): void {
    this.brush = null
    const whole = this.model.data.seconds
    const isWhole = range === null || (range[0] <= 0 && range[1] >= whole)
    if (!isWhole && range[1] - range[0] < SHORTEST) this.drawSoon()
    else {
      this.model.filter.range = isWhole ? null : [Math.max(0, range[0]), Math.min(whole, range[1])]
      this.model.update()
    }
  }

  private reveal(): void {
    const { cursor, byStart } = this.model
    const place = cursor === null ? -1 : byStart.indexOf(cursor)
    if (place < 0) return
    const { rowHeight, height, axis, top } = this.view()
    const y = place * rowHeight
    if (y < top || y + rowHeight > top + height - axis)
      this.scroller.scrollTop = Math.max(0, y - (height - axis) / 2)
  }

  private onKey(event: KeyboardEvent): void {
    const { byStart, cursor } = this.model
    const place = cursor === null ? -1 : byStart.indexOf(cursor)
    const [from, to] = this.range
    const width = to - from
    const move = (step: number): void => {
      const next = byStart[Math.min(byStart.length - 1, Math.max(0, place + step))]
      if (next !== undefined) this.model.moveTo(next)
    }
    const keys: Record<string, () => void> = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      PageDown: () => move(20),
      PageUp: () => move(-20),
      ArrowLeft: () => this.zoom([Math.max(0, from - width / 4), Math.max(width, to - width / 4)]),
      ArrowRight: () =>
        this.zoom([Math.min(this.model.data.seconds - width, from + width / 4), to + width / 4]),
      '+': () => this.zoom([from + width / 4, to - width / 4]),
      '-': () => this.zoom([from - width / 2, to + width / 2]),
      Enter: () => cursor !== null && this.model.show(cursor),
      Escape: () => this.zoom(null),
    }
    const act = keys[event.key]
    if (act === undefined) return
    act()
    event.preventDefault()
  }
}
