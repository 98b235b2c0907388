import { wrapText } from './inert-text.js'
import { layoutColumns, layoutHeads, MARGIN, type Columns } from './layout-columns.js'
import { layoutRows } from './layout-rows.js'
import { FACES, textWidth, type TextStyle } from './measure.js'
import { TITLE_LINES } from './policy.js'
import type { LegendItem, Scene, SceneBox, SceneText } from './scene.js'
import type { LegendKey, Story } from './story.js'

/** What the samples of the legend mean. */
const LEGEND_WORDS: Readonly<Record<LegendKey, string>> = {
  request: 'request',
  response: 'response',
  control: 'handshake, ACK',
  fin: 'FIN (close)',
  reset: 'RST (abort)',
  error: 'error response',
  icmp: 'ICMP error',
  retransmission: 'sent again',
  probe: 'probe',
  'zero-window': 'window 0',
  crossing: 'crossed on the way; dashed half inferred from ACK numbers',
  deciding: 'what decided',
}

const SAMPLE = 30

/** What a caller may choose about the layout. */
export interface LayoutOptions {
  /** Only the lifelines, for places that say the verdict themselves. */
  readonly ladderOnly?: boolean
}

/** Turns a story into numbers: header, columns, rows, footer, from top to bottom. */
export function layoutStory(story: Story, options: LayoutOptions = {}): Scene {
  const whole = options.ladderOnly !== true
  const columns = layoutColumns(story)
  const header = whole ? layoutHeader(story, columns) : { pill: null, texts: [], bottom: 2 }
  const { heads, bottom } = layoutHeads(story, columns, header.bottom + 14)
  const rows = layoutRows(story, columns, bottom + 6)
  const footer = whole
    ? layoutFooter(story, columns, rows.bottom + 14)
    : { texts: [], legend: [], bottom: rows.bottom }
  const parts = rows.parts.map((part, index) => (index === 0 ? { ...part, y1: bottom } : part))
  return {
    story,
    width: columns.width,
    height: Math.ceil(footer.bottom + 16),
    pill: header.pill,
    lifelines: heads.map((head) => ({ ...head, parts })),
    bands: rows.bands,
    arrows: rows.arrows,
    bracket: rows.bracket,
    legend: footer.legend,
    texts: [...header.texts, ...rows.texts, ...footer.texts],
  }
}

interface Block {
  readonly texts: SceneText[]
  readonly bottom: number
}

function layoutHeader(story: Story, columns: Columns): Block & { pill: SceneBox } {
  const pillWidth = Math.ceil(textWidth(story.pill, 'pill') + 22)
  const pill = { x: MARGIN, y: 20, width: pillWidth, height: 20 }
  const texts: SceneText[] = [
    { x: MARGIN + pillWidth / 2, y: 34, anchor: 'middle', style: 'pill', ink: 'pill', text: story.pill },
  ]
  const besideX = MARGIN + pillWidth + 12
  const [beside] = wrap(story.aside, columns.width - MARGIN - besideX, 1, 'sub')
  if (beside !== undefined)
    texts.push({ x: besideX, y: 34, anchor: 'start', style: 'sub', ink: 'muted', text: beside })
  const room = columns.width - 2 * MARGIN
  let y = 43
  const add = (lines: readonly string[], style: TextStyle, ink: SceneText['ink'], step: number) => {
    for (const text of lines) texts.push({ x: MARGIN, y: (y += step), anchor: 'start', style, ink, text })
  }
  add(balanced(story.title, room), 'title', 'ink', 22)
  y += 3
  add(wrap(story.where, room, 2, 'sub'), 'sub', 'muted', 17)
  y += 2
  const frames = Math.max(0, ...story.why.map((reason) => textWidth(reason.frames, 'subMono')))
  for (const reason of story.why) {
    const x = reason.frames === '' ? MARGIN : Math.ceil(MARGIN + frames + 8)
    wrap(reason.text, columns.width - MARGIN - x, 3, 'sub').forEach((text, index) => {
      y += 17
      if (index === 0 && reason.frames !== '') {
        texts.push({ x: MARGIN, y, anchor: 'start', style: 'subMono', ink: 'muted', text: reason.frames })
      }
      texts.push({ x, y, anchor: 'start', style: 'sub', ink: 'ink', text })
    })
  }
  return { pill, texts, bottom: y + 4 }
}

function layoutFooter(story: Story, columns: Columns, top: number): Block & { legend: LegendItem[] } {
  const texts: SceneText[] = []
  let y = top
  const put = (x: number, style: TextStyle, ink: SceneText['ink'], text: string) =>
    texts.push({ x, y, anchor: 'start', style, ink, text })
  const listed = (
    heading: string,
    lines: readonly string[],
    style: TextStyle,
    ink: SceneText['ink'],
    most: number,
  ) => {
    if (lines.length === 0) return
    const bold: TextStyle = style === 'code' && ink === 'ink' ? 'strong' : 'sub'
    const x = Math.ceil(MARGIN + textWidth(heading, bold) + 10)
    const wrapped = lines.flatMap((line) => wrap(line, columns.width - MARGIN - x, most, style))
    wrapped.forEach((line, index) => {
      y += 18
      if (index === 0) put(MARGIN, bold, bold === 'strong' ? 'ink' : 'muted', heading)
      put(x, style, ink, line)
    })
    y += 4
  }
  listed('Fix', story.fix, 'code', 'ink', 2)
  listed('Check in Wireshark:', [story.filter], 'subMono', 'muted', 3)
  for (const note of story.notes) {
    for (const line of wrap(note, columns.width - 2 * MARGIN, 2, 'sub')) {
      y += 17
      put(MARGIN, 'sub', 'muted', line)
    }
  }
  const legend = layoutLegend(story, columns, y + 8)
  return { texts, legend, bottom: legend.at(-1)?.y ?? y }
}

/** Samples from left to right, in as many lines as they need. */
function layoutLegend(story: Story, columns: Columns, top: number): LegendItem[] {
  let x = MARGIN
  let y = top + 16
  return story.legend.map((key) => {
    const word = LEGEND_WORDS[key]
    const width = SAMPLE + 6 + textWidth(word, 'legend') + 16
    if (x > MARGIN && x + width - 16 > columns.width - MARGIN) {
      x = MARGIN
      y += 18
    }
    const item: LegendItem = {
      key,
      x,
      y,
      text: { x: x + SAMPLE + 6, y: y + 4, anchor: 'start', style: 'legend', ink: 'muted', text: word },
    }
    x = Math.ceil(x + width)
    return item
  })
}

/** A title of several lines has lines of about equal length: no word stands alone. */
function balanced(title: string, room: number): string[] {
  const lines = wrap(title, room, TITLE_LINES, 'title')
  let best = lines
  for (let narrower = room - 20; narrower > room / 2 && lines.length > 1; narrower -= 20) {
    const tried = wrap(title, narrower, TITLE_LINES, 'title')
    if (tried.length > lines.length || tried.at(-1)?.endsWith('…')) break
    best = tried
  }
  return best
}

function wrap(text: string, room: number, lines: number, style: TextStyle): string[] {
  return wrapText(text, room, lines, (part) => textWidth(part, style))
}

/** The box that a text takes by our measure; tests look for overlaps with it. */
export function textBox(text: SceneText): SceneBox {
  const width = textWidth(text.text, text.style)
  const { size } = FACES[text.style]
  const x = text.anchor === 'start' ? text.x : text.anchor === 'end' ? text.x - width : text.x - width / 2
  return { x, y: text.y - size * 0.8, width, height: size }
}
