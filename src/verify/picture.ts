/** Before and after in one picture: the two ladders of the same kind of request, and under them the two distributions. */
import { inertText, wrapText } from '../diagram/inert-text.js'
import { FACES, textWidth } from '../diagram/measure.js'
import { DARK, darkRules, LIGHT, pillColour, type Theme } from '../diagram/palette.js'
import { MONO, number, Pen } from '../diagram/pen.js'
import type { SceneText } from '../diagram/scene.js'
import { drawFlow } from '../diagram/sequence-diagram.js'
import type { Report } from '../result.js'
import type { Answer } from './comparison.js'
import type { Column, Distributions } from './distribution.js'
import { drawDistribution } from './draw-distribution.js'

/** One side of the picture. */
export interface PictureSide {
  /** `before`, `fresh`. */
  readonly name: string
  /** File, flow, what it shows. */
  readonly caption: string
  /** A report that holds the flow with its ladder, or the reason why there is none. */
  readonly flow: { readonly report: Report; readonly stream: number } | string
}

/** Everything the picture shows. */
export interface Picture {
  readonly answer: Answer
  readonly because: string
  readonly before: PictureSide
  readonly after: PictureSide
  readonly distributions: Distributions | null
  readonly theme?: Theme
}

const MARGIN = 20
const GUTTER = 24
/** A column without a ladder. */
const EMPTY = { width: 560, height: 80 }
const PANEL = 210
const ROWS = 22
const ID = 'pcap-why-verify'

interface Ladder {
  readonly svg: string
  readonly width: number
  readonly height: number
}

async function ladderOf(side: PictureSide, id: string, theme: Theme): Promise<Ladder | null> {
  if (typeof side.flow === 'string') return null
  const { report, stream } = side.flow
  const svg = await drawFlow(report, stream, {
    ladderOnly: true,
    maxRows: ROWS,
    idPrefix: `${ID}-${id}`,
    theme,
  })
  const [, width, height] = /^<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? []
  return { svg: svg.trim(), width: Number(width), height: Number(height) }
}

/** The picture as an SVG document. Loads d3-node only now. */
export async function drawPicture(picture: Picture): Promise<string> {
  const theme = picture.theme ?? 'auto'
  const ladders = [
    await ladderOf(picture.before, 'before', theme),
    await ladderOf(picture.after, 'after', theme),
  ]
  const widths = ladders.map((ladder) => ladder?.width ?? EMPTY.width)
  const column = Math.max(...widths)
  const width = 2 * MARGIN + 2 * column + GUTTER
  const head = headTexts(picture, width)
  const top = head.bottom + 34
  const ladderHeight = Math.max(...ladders.map((ladder) => ladder?.height ?? EMPTY.height))
  const panelTop = top + ladderHeight + 34
  const height = picture.distributions === null ? panelTop - 14 : panelTop + PANEL + 24
  const xs = [MARGIN, MARGIN + column + GUTTER]

  const { D3Node } = await import('d3-node')
  const document = new D3Node()
  const svg = document.createSVG(width, height, {
    viewBox: `0 0 ${width} ${height}`,
    id: ID,
    'font-family': MONO,
    role: 'img',
    'aria-labelledby': `${ID}-title ${ID}-desc`,
  })
  svg
    .append('title')
    .attr('id', `${ID}-title`)
    .text(`${picture.answer}: ${inertText(picture.because)}`)
  svg.append('desc').attr('id', `${ID}-desc`).text(described(picture))
  if (theme === 'auto') svg.append('style').text(darkRules(`#${ID}`))
  const pen = new Pen(svg, theme === 'dark' ? DARK : LIGHT)
  pen.fill('rect', 'page', { width, height, rx: 8 })
  svg
    .append('rect')
    .attr('x', MARGIN)
    .attr('y', 20)
    .attr('width', head.pillWidth)
    .attr('height', 20)
    .attr('rx', 10)
    .attr('fill', answerColour(picture.answer))
  for (const text of head.texts) pen.text(text)
  for (const [index, side] of [picture.before, picture.after].entries()) {
    const x = xs[index] ?? MARGIN
    for (const text of captionTexts(side, x, head.bottom + 22, column)) pen.text(text)
    if (typeof side.flow === 'string') pen.text(line(x, top + 30, 'sub', 'muted', side.flow))
    if (picture.distributions !== null) drawPanel(pen, picture.distributions, index, x, panelTop, column)
  }
  const outer = new document.window.XMLSerializer().serializeToString(svg.node())
  const inner = ladders.flatMap((ladder, index) =>
    ladder === null
      ? []
      : [ladder.svg.replace('<svg ', `<svg x="${number(xs[index] ?? 0)}" y="${number(top)}" `)],
  )
  return `${outer.replace(/<\/svg>$/, `${inner.join('')}</svg>`)}\n`
}

function line(
  x: number,
  y: number,
  style: SceneText['style'],
  ink: SceneText['ink'],
  text: string,
): SceneText {
  return { x, y, anchor: 'start', style, ink, text: inertText(text) }
}

function answerColour(answer: Answer): string {
  if (answer === 'fixed') return pillColour('clean', 'ok')
  return answer === 'not fixed'
    ? pillColour('keepalive-race', 'problem')
    : pillColour('idle-timeout', 'latent')
}

function headTexts(
  picture: Picture,
  width: number,
): { readonly texts: SceneText[]; readonly bottom: number; readonly pillWidth: number } {
  const pill = picture.answer.toUpperCase()
  const pillWidth = Math.ceil(textWidth(pill, 'pill') + 22)
  const texts: SceneText[] = [
    { x: MARGIN + pillWidth / 2, y: 34, anchor: 'middle', style: 'pill', ink: 'pill', text: pill },
  ]
  let y = 46
  const sentence = picture.because.charAt(0).toUpperCase() + picture.because.slice(1)
  for (const text of wrapText(inertText(sentence), width - 2 * MARGIN, 3, (part) =>
    textWidth(part, 'title'),
  )) {
    y += FACES.title.size + 5
    texts.push(line(MARGIN, y, 'title', 'ink', text))
  }
  return { texts, bottom: y + 8, pillWidth }
}

function captionTexts(side: PictureSide, x: number, y: number, room: number): SceneText[] {
  const name = side.name.toUpperCase()
  const offset = textWidth(name, 'strong') + 12
  const [caption = ''] = wrapText(inertText(side.caption), room - offset, 1, (part) => textWidth(part, 'sub'))
  return [line(x, y, 'strong', 'ink', name), line(x + offset, y, 'sub', 'muted', caption)]
}

function drawPanel(
  pen: Pen,
  distributions: Distributions,
  index: number,
  x: number,
  y: number,
  width: number,
): void {
  const columns = index === 0 ? distributions.before : distributions.after
  const amount = (column: Column): number => column.well + column.failed
  const most = Math.max(1, ...[...distributions.before, ...distributions.after].map(amount))
  const sum = (of: (column: Column) => number): number => columns.reduce((all, column) => all + of(column), 0)
  const [well, failed] = [sum((column) => column.well), sum((column) => column.failed)]
  const key = failed === 0 ? `${well}` : `${well} went well (green), ${failed} failed (orange)`
  pen.text(line(x, y - 8, 'sub', 'muted', `${distributions.words}: ${key}`))
  pen.box('box', 'edge', { x, y, width, height: PANEL, rx: 6 })
  drawDistribution(pen, { x, y, width, height: PANEL }, distributions, columns, most)
}

function described(picture: Picture): string {
  const sides = [picture.before, picture.after].map((side) => `${side.name}: ${inertText(side.caption)}.`)
  const counted =
    picture.distributions === null ? [] : [`Below: ${picture.distributions.words}, before and after.`]
  return [...sides, ...counted].join('\n')
}
