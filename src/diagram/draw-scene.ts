import type { D3Node, Selection } from 'd3-node'
import { describeStory } from './describe.js'
import { drawArrow, drawHead, straight } from './draw-arrow.js'
import { DARK, darkRules, LIGHT, pillColour, type Theme } from './palette.js'
import { MONO, number, Pen } from './pen.js'
import type { Band, Bracket, LegendItem, Lifeline, LifelinePart, Scene, SceneBox } from './scene.js'

/** What a caller may choose about the drawing. */
export interface DrawOptions {
  /** Beginning of all ids, so that several pictures can stand in one page; default `pcap-why-<stream>`. */
  readonly idPrefix?: string
  /** Default `auto`: light, and dark where the viewer prefers it. */
  readonly theme?: Theme
}

/** The document that all pictures are drawn in, one after the other: making one takes as long as drawing into it. */
let studio: D3Node | null = null

/** Writes a scene as SVG text. Loads d3-node, which takes a third of a second, only when called. */
export async function drawScene(scene: Scene, options: DrawOptions = {}): Promise<string> {
  const { D3Node } = await import('d3-node')
  const id = safeId(options.idPrefix ?? `pcap-why-${scene.story.stream}`)
  const theme = options.theme ?? 'auto'
  studio ??= new D3Node()
  const svg = studio.createSVG(scene.width, scene.height, {
    viewBox: `0 0 ${scene.width} ${scene.height}`,
    id,
    'font-family': MONO,
    role: 'img',
    'aria-labelledby': `${id}-title ${id}-desc`,
  })
  svg
    .append('title')
    .attr('id', `${id}-title`)
    .text(scene.story.title === '' ? scene.story.pill : scene.story.title)
  svg.append('desc').attr('id', `${id}-desc`).text(describeStory(scene.story))
  if (theme === 'auto') svg.append('style').text(darkRules(`#${id}`))
  const pen = new Pen(svg, theme === 'dark' ? DARK : LIGHT)
  pen.fill('rect', 'page', { width: scene.width, height: scene.height, rx: 8 })
  for (const band of scene.bands) drawBand(pen, band)
  for (const lifeline of scene.lifelines) drawLifeline(pen, lifeline)
  if (scene.bracket !== null) drawBracket(pen, scene.bracket)
  for (const band of scene.bands) for (const text of band.texts) pen.text(text)
  for (const arrow of scene.arrows) drawArrow(pen, arrow)
  if (scene.pill !== null) drawPill(svg, scene.pill, scene)
  for (const text of scene.texts) pen.text(text)
  for (const item of scene.legend) drawLegendItem(pen, item)
  const text = `${new studio.window.XMLSerializer().serializeToString(svg.node())}\n`
  svg.remove()
  return text
}

function drawPill(svg: Selection, pill: SceneBox, { story }: Scene): void {
  svg
    .append('rect')
    .attr('x', pill.x)
    .attr('y', pill.y)
    .attr('width', pill.width)
    .attr('height', pill.height)
    .attr('rx', pill.height / 2)
    .attr('fill', pillColour(story.class, story.severity))
}

/** An id that needs no escaping in XML, CSS or a URL. */
function safeId(prefix: string): string {
  const cleaned = prefix.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 80)
  return /^[A-Za-z]/.test(cleaned) ? cleaned : `p-${cleaned}`
}

function drawBand(pen: Pen, band: Band): void {
  const y = number(band.y)
  const height = number(band.height)
  pen.fill('rect', band.kind, { x: band.x, y, width: band.width, height })
  // The edge repeats the tint for grey prints.
  if (band.kind === 'deciding') pen.fill('rect', 'fin', { x: band.x, y, width: 3, height })
}

function drawLifeline(pen: Pen, lifeline: Lifeline): void {
  const group = pen.group()
  for (const part of lifeline.parts) {
    const style = part.kind === 'dots' ? { 'stroke-dasharray': '2 4' } : {}
    group.stroke(
      'life',
      part.kind === 'break'
        ? brokenLine(lifeline.x, part)
        : straight(lifeline.x, part.y1, lifeline.x, part.y2),
      2,
      style,
    )
  }
  const { box } = lifeline
  group.box('box', 'edge', {
    x: number(box.x),
    y: number(box.y),
    width: number(box.width),
    height: number(box.height),
    rx: 6,
  })
  for (const text of lifeline.texts) group.text(text)
}

/** A zigzag: time is missing here. */
function brokenLine(x: number, part: LifelinePart): string {
  const middle = (part.y1 + part.y2) / 2
  const [wide, high] = part.y2 - part.y1 > 24 ? [7, 11] : [5, 7]
  const points = [
    [0, part.y1],
    [0, middle - high],
    [-wide, middle - high * 0.64],
    [wide, middle],
    [-wide, middle + high * 0.64],
    [0, middle + high],
    [0, part.y2],
  ]
  return points
    .map(([dx, y], index) => `${index === 0 ? 'M' : 'L'}${number(x + (dx as number))} ${number(y as number)}`)
    .join('')
}

function drawBracket(pen: Pen, bracket: Bracket): void {
  const group = pen.group()
  const { x, y1, y2, armX } = bracket
  const arm = x - 10
  group.stroke('fin', `M${number(arm)} ${number(y1)}H${number(x)}V${number(y2)}H${number(arm)}`, 2)
  for (const y of [y1, y2])
    group.stroke('fin', straight(armX + 4, y, arm, y), 1, { 'stroke-dasharray': '2 3' })
  for (const text of bracket.texts) group.text(text)
}

function drawLegendItem(pen: Pen, item: LegendItem): void {
  const group = pen.group()
  const { x, y } = item
  const end = x + 28
  const line = (ink: 'request' | 'response' | 'control' | 'fin' | 'reset' | 'muted', dash = '') =>
    group.stroke(ink, straight(x, y, end - 6, y), 1.8, dash === '' ? {} : { 'stroke-dasharray': dash })
  switch (item.key) {
    case 'deciding':
      group.fill('rect', 'deciding', { x, y: y - 6, width: 28, height: 12 })
      group.fill('rect', 'fin', { x, y: y - 6, width: 3, height: 12 })
      break
    case 'crossing':
      group.stroke('muted', straight(x, y - 5, x + 14, y), 1.6)
      group.stroke('muted', straight(x + 14, y, end, y + 5), 1.6, { 'stroke-dasharray': '3 2' })
      break
    case 'retransmission':
    case 'probe':
      line('muted', item.key === 'probe' ? '1.5 4' : '8 4')
      drawHead(group, item.key === 'probe' ? 'control' : 'data', 'muted', end, y, 0, false)
      break
    case 'zero-window':
      line('control')
      drawHead(group, 'bar', 'control', end, y, 0, false)
      break
    case 'error':
    case 'icmp':
      line('reset')
      drawHead(group, item.key === 'icmp' ? 'control' : 'data', 'reset', end, y, 0, false)
      break
    default: {
      line(item.key)
      const heads = {
        request: 'data',
        response: 'data',
        control: 'control',
        fin: 'fin',
        reset: 'rst',
      } as const
      drawHead(group, heads[item.key], item.key, end, y, 0, false)
    }
  }
  group.text(item.text)
}
