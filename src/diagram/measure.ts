import { cellsOf } from './inert-text.js'

/** The kinds of text in a picture. */
export type TextStyle =
  | 'title'
  | 'pill'
  | 'sub'
  | 'subMono'
  | 'host'
  | 'address'
  | 'clock'
  | 'label'
  | 'frame'
  | 'code'
  | 'strong'
  | 'legend'

interface Face {
  readonly size: number
  readonly mono: boolean
  readonly bold: boolean
}

/** Size and face of each kind. */
export const FACES: Readonly<Record<TextStyle, Face>> = {
  title: { size: 17, mono: false, bold: true },
  pill: { size: 11, mono: false, bold: true },
  sub: { size: 12, mono: false, bold: false },
  subMono: { size: 12, mono: true, bold: false },
  host: { size: 13, mono: false, bold: true },
  address: { size: 11, mono: true, bold: false },
  clock: { size: 11, mono: true, bold: false },
  label: { size: 12, mono: true, bold: false },
  frame: { size: 10, mono: true, bold: false },
  code: { size: 12, mono: true, bold: false },
  legend: { size: 11, mono: false, bold: false },
  strong: { size: 13, mono: false, bold: true },
}

/** Advance of monospace digits and letters in em: the widest of the named system fonts, rounded up. */
const MONO = 0.605

/** Width in pixels as characters × advance: no layout engine, the same number everywhere, rather too wide than too narrow. */
export function textWidth(text: string, style: TextStyle): number {
  const { size, mono, bold } = FACES[style]
  let ems = 0
  for (const character of text)
    ems += mono ? cellsOf(character) * MONO : advance(character) * (bold ? 1.1 : 1)
  return ems * size
}

/** Advance of a proportional character in em, in classes; DejaVu Sans, the widest of the fonts, is the measure. */
function advance(character: string): number {
  const cells = cellsOf(character)
  if (cells !== 1) return cells / 2
  if (/[ijlI.,:;'|! ()[\]/·’‘]/.test(character)) return 0.36
  if (/[frt"*_-]/.test(character)) return 0.46
  if (/[mwMW@%—…→]/.test(character)) return 0.96
  if (/[A-Z&#=<>+~]/.test(character)) return 0.73
  return 0.625
}
