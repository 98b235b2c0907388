import { cellsOf } from './inert-text.js'
import type { Ink } from './story.js'

/** What a stretch of terminal text stands for. */
export type TextRole = Ink | 'strong' | 'life'

/** Colours a stretch of text, for example with ANSI codes; it must not change its width. */
export type Paint = (role: TextRole, text: string) => string

/** One line of a terminal, written cell by cell. */
export class TextLine {
  private readonly cells: string[] = []
  private readonly roles: (TextRole | null)[] = []

  /** Writes text from a column on; what does not fit left of column 0 or right of `room` is dropped. */
  put(column: number, text: string, role: TextRole | null, room = Infinity): void {
    let at = column
    for (const character of text) {
      const cells = cellsOf(character)
      if (cells === 0) {
        if (at > column) this.cells[at - 1] = `${this.cells[at - 1] ?? ' '}${character}`
        continue
      }
      if (at >= 0 && at + cells <= room) {
        this.set(at, character, role)
        // The second cell of a wide character is taken but empty.
        if (cells === 2) this.set(at + 1, '', role)
      }
      at += cells
    }
  }

  private set(at: number, character: string, role: TextRole | null): void {
    while (this.cells.length < at) {
      this.cells.push(' ')
      this.roles.push(null)
    }
    this.cells[at] = character
    this.roles[at] = role
  }

  /** The line as text, no spaces at its end. */
  toString(paint: Paint): string {
    let end = this.cells.length
    while (end > 0 && this.cells[end - 1] === ' ') end--
    let out = ''
    let from = 0
    while (from < end) {
      let to = from + 1
      while (to < end && this.roles[to] === this.roles[from]) to++
      const text = this.cells.slice(from, to).join('')
      const role = this.roles[from] ?? null
      out += role === null ? text : paint(role, text)
      from = to
    }
    return out
  }
}

/** Signs that the ladder is drawn with. */
export interface Signs {
  readonly life: string
  readonly gap: string
  readonly solid: string
  readonly strong: string
  readonly dashed: string
  readonly dotted: string
  readonly right: string
  readonly left: string
  readonly cross: string
  readonly reset: string
  readonly deciding: string
  readonly corner: readonly [string, string]
  readonly side: string
  readonly ellipsis: string
  readonly more: string
}

export const UNICODE_SIGNS: Signs = {
  life: '│',
  gap: '┊',
  solid: '─',
  strong: '━',
  dashed: '╌',
  dotted: '┈',
  right: '▶',
  left: '◀',
  cross: '╳',
  reset: '×',
  deciding: '▌',
  corner: ['┐', '┘'],
  side: '│',
  ellipsis: '…',
  more: '⋮',
}

export const ASCII_SIGNS: Signs = {
  life: '|',
  gap: ':',
  solid: '-',
  strong: '=',
  dashed: '~',
  dotted: '.',
  right: '>',
  left: '<',
  cross: 'X',
  reset: 'x',
  deciding: '*',
  corner: ['+', '+'],
  side: '|',
  ellipsis: '...',
  more: ':',
}

const ASCII: Readonly<Record<string, string>> = {
  '·': '-',
  '–': '-',
  '—': '-',
  '…': '...',
  '→': '->',
  '×': 'x',
  µ: 'u',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '≥': '>=',
  '≤': '<=',
  '\u00a0': ' ',
}

/** Text for terminals without UTF-8. */
export function toAscii(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (character) => ASCII[character] ?? '?')
}
