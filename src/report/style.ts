/** What a terminal can show, and how to speak to it. Nothing here asks the terminal; `cli/` does and hands it in. */
import { asciiText, plainText } from './plain-text.js'

/** Abilities of the place where the report will be read. */
export interface Look {
  /** Cells of a line; null when there is no edge (a pipe, a file): nothing is folded or left out then. */
  readonly width: number | null
  readonly colour: boolean
  readonly utf8: boolean
}

/** The few signs of the report. */
export interface Signs {
  readonly problem: string
  readonly latent: string
  readonly ok: string
  readonly arrow: string
  readonly times: string
  readonly dot: string
  readonly dash: string
  readonly ellipsis: string
}

/** Colours by meaning. Each function takes and gives one line; without colour it gives it back unchanged. */
export interface Palette {
  readonly problem: (text: string) => string
  readonly latent: (text: string) => string
  readonly ok: (text: string) => string
  readonly strong: (text: string) => string
  readonly quiet: (text: string) => string
  readonly accent: (text: string) => string
  readonly request: (text: string) => string
  readonly response: (text: string) => string
}

/** A look made usable. */
export interface Style {
  readonly width: number | null
  readonly utf8: boolean
  readonly colour: boolean
  readonly signs: Signs
  readonly paint: Palette
  /** Makes any text safe to print here; everything that may come from packets goes through it. */
  readonly text: (text: string) => string
}

const UTF8_SIGNS: Signs = {
  problem: '✗',
  latent: '!',
  ok: '✓',
  arrow: '→',
  times: '×',
  dot: '·',
  dash: '–',
  ellipsis: '…',
}

const ASCII_SIGNS: Signs = {
  problem: 'x',
  latent: '!',
  ok: 'ok',
  arrow: '->',
  times: 'x',
  dot: '-',
  dash: '-',
  ellipsis: '...',
}

/** Paints with one SGR code and ends with the code that takes just that back, so that colours can be nested. */
function brush(code: number, end: number): (text: string) => string {
  return (text) => (text === '' ? '' : `\x1b[${code}m${text}\x1b[${end}m`)
}

const COLOURS: Palette = {
  problem: brush(31, 39),
  latent: brush(33, 39),
  ok: brush(32, 39),
  strong: brush(1, 22),
  quiet: brush(2, 22),
  accent: brush(36, 39),
  request: brush(34, 39),
  response: brush(32, 39),
}

const same = (text: string): string => text
const NO_COLOURS: Palette = {
  problem: same,
  latent: same,
  ok: same,
  strong: same,
  quiet: same,
  accent: same,
  request: same,
  response: same,
}

/** The style for a look. */
export function styleOf(look: Look): Style {
  return {
    width: look.width,
    utf8: look.utf8,
    colour: look.colour,
    signs: look.utf8 ? UTF8_SIGNS : ASCII_SIGNS,
    paint: look.colour ? COLOURS : NO_COLOURS,
    text: look.utf8 ? plainText : asciiText,
  }
}
