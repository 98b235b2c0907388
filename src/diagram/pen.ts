import type { Selection } from 'd3-node'
import { FACES } from './measure.js'
import type { Palette, Role } from './palette.js'
import type { SceneText } from './scene.js'

const SANS = 'ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif'
/** Face of the whole picture; headings and sentences say otherwise. */
export const MONO = 'ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace'

/** Writes shapes with a colour's role twice: as an attribute for every viewer, as a class for those that can go dark. */
export class Pen {
  constructor(
    private readonly target: Selection,
    private readonly palette: Palette,
  ) {}

  /** A group inside this pen's target. */
  group(attributes: Readonly<Record<string, string>> = {}): Pen {
    return new Pen(put(this.target.append('g'), attributes), this.palette)
  }

  /** A tooltip for the group. */
  hint(text: string): void {
    this.target.append('title').text(text)
  }

  /** A filled shape. */
  fill(name: string, role: Role, attributes: Readonly<Record<string, string | number>>): void {
    put(this.target.append(name), attributes).attr('fill', this.palette[role]).attr('class', `pw-f-${role}`)
  }

  /** A line without filling. */
  stroke(
    role: Role,
    path: string,
    width: number,
    attributes: Readonly<Record<string, string | number>> = {},
  ): void {
    put(this.target.append('path').attr('d', path), attributes)
      .attr('fill', 'none')
      .attr('stroke', this.palette[role])
      .attr('stroke-width', width)
      .attr('class', `pw-s-${role}`)
  }

  /** A filled box with an edge. */
  box(fill: Role, edge: Role, attributes: Readonly<Record<string, string | number>>): void {
    put(this.target.append('rect'), attributes)
      .attr('fill', this.palette[fill])
      .attr('stroke', this.palette[edge])
      .attr('class', `pw-f-${fill} pw-s-${edge}`)
  }

  /** One line of text; two spaces stay two. */
  text(text: SceneText): void {
    const { size, mono, bold } = FACES[text.style]
    const node = put(this.target.append('text'), { x: number(text.x), y: number(text.y) })
    if (text.anchor !== 'start') node.attr('text-anchor', text.anchor)
    node.attr('font-size', size)
    if (!mono) node.attr('font-family', SANS)
    if (bold) node.attr('font-weight', 600)
    node
      .attr('fill', this.palette[text.ink])
      .attr('class', `pw-f-${text.ink}`)
      .text(text.text.replace(/ {2}/g, '\u00a0 '))
  }
}

/** Coordinates to a tenth of a pixel, always written the same way. */
export function number(value: number): string {
  const rounded = Math.round(value * 10) / 10
  return String(rounded === 0 ? 0 : rounded)
}

function put(node: Selection, attributes: Readonly<Record<string, string | number>>): Selection {
  for (const [name, value] of Object.entries(attributes)) node.attr(name, value)
  return node
}
