import type { Model } from './model.js'

/** Where and how large the time line is drawn, in CSS pixels. */
export interface View {
  readonly width: number
  readonly height: number
  /** Height of the axis at the top. */
  readonly axis: number
  readonly left: number
  readonly right: number
  readonly rowHeight: number
  /** How far the rows are scrolled. */
  readonly top: number
  /** First and last second. */
  readonly range: readonly [number, number]
  readonly brush: { readonly from: number; readonly to: number } | null
}

/** Colours that are readable on white and on black, so that a print of a dark screen is right too. */
const COLOURS: Readonly<Record<string, string>> = {
  'idle-timeout': '#c2660a',
  'keepalive-race': '#d1353f',
  'half-open-zombie': '#8b5fd6',
  'client-abort': '#2f7fd6',
  'server-abort': '#c2409c',
  'middlebox-reset': '#0f8f8f',
  shutdown: '#9a6b3f',
  refused: '#b08800',
  'connect-timeout': '#5a74b8',
  clean: '#3f9a52',
}
const GREY = '#7d8590'
const RESET = '#d1353f'
const FONT = '11px system-ui, sans-serif'

/** Draws the rows in sight, the axis and the brush. */
export function drawTimeline(canvas: HTMLCanvasElement, model: Model, view: View): void {
  const ratio = Math.max(1, globalThis.devicePixelRatio || 1)
  canvas.width = Math.round(view.width * ratio)
  canvas.height = Math.round(view.height * ratio)
  canvas.style.width = `${view.width}px`
  canvas.style.height = `${view.height}px`
  const pen = canvas.getContext('2d')
  if (pen === null) return
  pen.setTransform(ratio, 0, 0, ratio, 0, 0)
  pen.clearRect(0, 0, view.width, view.height)
  pen.font = FONT
  const first = Math.floor(view.top / view.rowHeight)
  const last = Math.min(model.byStart.length, Math.ceil((view.top + view.height) / view.rowHeight))
  pen.save()
  pen.beginPath()
  pen.rect(0, view.axis, view.width, view.height - view.axis)
  pen.clip()
  for (let place = first; place < last; place++)
    drawRow(pen, model, view, model.byStart[place] as number, view.axis + place * view.rowHeight - view.top)
  pen.restore()
  drawAxis(pen, view)
  if (view.brush !== null) {
    pen.fillStyle = 'rgba(47, 127, 214, 0.25)'
    pen.fillRect(view.brush.from, 0, view.brush.to - view.brush.from, view.height)
  }
}

function scale(view: View): (time: number) => number {
  const [from, to] = view.range
  const inner = view.width - view.left - view.right
  return (time) => view.left + Math.min(1.002, Math.max(-0.002, (time - from) / (to - from))) * inner
}

/** One flow: full while it speaks, hollow while it is silent, its end marked. */
function drawRow(pen: CanvasRenderingContext2D, model: Model, view: View, flow: number, y: number): void {
  const { flows } = model.data
  const x = scale(view)
  const kind = model.kindOf(flow)
  const colour = COLOURS[kind.word] ?? GREY
  const thick = view.rowHeight >= 8
  const height = thick ? view.rowHeight - 4 : Math.max(2, view.rowHeight - 1)
  const top = y + (view.rowHeight - height) / 2
  if (flow === model.open || flow === model.cursor) {
    pen.fillStyle = flow === model.open ? 'rgba(47, 127, 214, 0.3)' : 'rgba(125, 133, 144, 0.3)'
    pen.fillRect(0, y, view.width, view.rowHeight)
  }
  if (view.rowHeight >= 11) {
    pen.fillStyle = GREY
    pen.textAlign = 'right'
    pen.fillText(String(flows.stream[flow]), view.left - 8, y + view.rowHeight / 2 + 4)
  }
  const from = x(flows.start[flow] as number)
  const to = Math.max(from + 1.5, x(flows.end[flow] as number))
  pen.globalAlpha = kind.severity === 'ok' ? 0.6 : 1
  pen.fillStyle = colour
  pen.fillRect(from, top, to - from, height)
  pen.strokeStyle = colour
  pen.lineWidth = 1
  const silences = flows.silences[flow] ?? []
  for (let i = 0; i + 1 < silences.length; i += 2) {
    const a = x(silences[i] as number)
    const b = x(silences[i + 1] as number)
    if (b - a < 3) continue
    pen.clearRect(a, top, b - a, height)
    if (thick) pen.strokeRect(a, top + 0.5, b - a, height - 1)
    else {
      pen.globalAlpha *= 0.35
      pen.fillRect(a, top, b - a, height)
      pen.globalAlpha = kind.severity === 'ok' ? 0.6 : 1
    }
  }
  pen.globalAlpha = 1
  drawEnd(pen, model, flow, { x, top, height, thick, to, colour })
}

/** The first close: a bar for a FIN, a cross for a RST; an arrow head where none was seen. */
function drawEnd(
  pen: CanvasRenderingContext2D,
  model: Model,
  flow: number,
  at: {
    x: (time: number) => number
    top: number
    height: number
    thick: boolean
    to: number
    colour: string
  },
): void {
  const { flows } = model.data
  const time = flows.closeTime[flow] ?? null
  const closer = flows.closer[flow] ?? 0
  if (time === null) {
    if (!at.thick) return
    pen.fillStyle = at.colour
    pen.beginPath()
    pen.moveTo(at.to, at.top)
    pen.lineTo(at.to + 6, at.top + at.height / 2)
    pen.lineTo(at.to, at.top + at.height)
    pen.fill()
    return
  }
  const x = at.x(time)
  const isReset = closer === 2 || closer === 4
  pen.fillStyle = isReset ? RESET : at.colour
  if (isReset && at.thick) {
    pen.strokeStyle = RESET
    pen.lineWidth = 2
    pen.beginPath()
    const [y1, y2] = [at.top, at.top + at.height]
    pen.moveTo(x - 4, y1)
    pen.lineTo(x + 4, y2)
    pen.moveTo(x + 4, y1)
    pen.lineTo(x - 4, y2)
    pen.stroke()
  } else pen.fillRect(x - 1, at.thick ? at.top - 2 : at.top, 2, at.thick ? at.height + 4 : at.height)
}

/** Ticks at round times. */
function drawAxis(pen: CanvasRenderingContext2D, view: View): void {
  const [from, to] = view.range
  const x = scale(view)
  const wanted = (to - from) / Math.max(2, (view.width - view.left - view.right) / 110)
  const power = 10 ** Math.floor(Math.log10(wanted))
  const step = power * ([1, 2, 5].find((factor) => power * factor >= wanted) ?? 10)
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  pen.fillStyle = GREY
  pen.textAlign = 'center'
  for (let tick = Math.ceil(from / step); tick * step <= to; tick++) {
    const at = x(tick * step)
    pen.fillText(
      `${(tick * step).toFixed(decimals)} s`,
      Math.min(Math.max(at, view.left), view.width - 24),
      14,
    )
    pen.fillRect(at, 18, 1, 5)
    pen.globalAlpha = 0.15
    pen.fillRect(at, view.axis, 1, view.height)
    pen.globalAlpha = 1
  }
  pen.fillRect(view.left, view.axis - 1, view.width - view.left - view.right, 1)
}
