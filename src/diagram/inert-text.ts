import { LONGEST_TEXT } from './policy.js'

/** Control characters and line separators. */
const CONTROLS = /[\p{Cc}\u2028\u2029]/gu
/** Marks that reorder or hide text, and code points that no XML document may hold. */
const HIDDEN =
  /\u034f|[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\uffff\u{e0000}-\u{e00ff}\u{e01f0}-\u{e0fff}]/gu
/** A surrogate without its other half: with the `u` flag a pair counts as one code point and does not match. */
const LONE_SURROGATES = /\p{Cs}/gu
/** More marks on one letter than any script needs. */
const STACKED_MARKS = /(\p{M}{3})\p{M}+/gu

/** Text from a packet made harmless to show: one line, left to right in storage order, valid XML, nothing invisible. */
export function inertText(text: string): string {
  const bounded = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text
  return bounded
    .replace(LONE_SURROGATES, '\ufffd')
    .replace(/[\t\r\n]/g, ' ')
    .replace(CONTROLS, '\ufffd')
    .replace(HIDDEN, '\ufffd')
    .replace(/\p{Zs}/gu, ' ')
    .replace(STACKED_MARKS, '$1')
}

/** East Asian wide characters and pictographs, which take two cells of a terminal and a whole em of a picture. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
const MARK = /\p{M}/u

/** Cells that one character takes in a monospace grid: 0, 1 or 2. */
export function cellsOf(character: string): number {
  if (MARK.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}

/** Width of a text in the cells of a monospace grid. */
export function cellWidth(text: string): number {
  let cells = 0
  for (const character of text) cells += cellsOf(character)
  return cells
}

/** The longest beginning of a text that fits, with an ellipsis when something was cut. */
export function shorten(
  text: string,
  room: number,
  widthOf: (text: string) => number = cellWidth,
  ellipsis = '…',
): string {
  if (widthOf(text) <= room) return text
  let kept = ''
  let used = widthOf(ellipsis)
  if (used > room) return ''
  for (const character of text) {
    used += widthOf(character)
    if (used > room) break
    kept += character
  }
  return `${kept.trimEnd()}${ellipsis}`
}

/** A number and its unit stay on one line. */
const UNITS = /(\d) (ns|µs|ms|s|min|h|d|B|KB|MB|GB|TB)(?![\p{L}\d])/gu

/** Breaks a text into lines at spaces; a word longer than a line is broken hard, the last line allowed ends in an ellipsis. */
export function wrapText(
  text: string,
  room: number,
  lines: number,
  widthOf: (text: string) => number = cellWidth,
  ellipsis = '…',
): string[] {
  const words = text
    .replace(UNITS, '$1\u00a0$2')
    .split(' ')
    .filter((word) => word !== '')
  return brokenLines(words, room, lines, widthOf, ellipsis).map((line) => line.replaceAll('\u00a0', ' '))
}

function brokenLines(
  words: string[],
  room: number,
  lines: number,
  widthOf: (text: string) => number,
  ellipsis: string,
): string[] {
  const out: string[] = []
  let line = ''
  for (let i = 0; i < words.length; i++) {
    const longer = line === '' ? (words[i] as string) : `${line} ${words[i] as string}`
    if (widthOf(longer) <= room) {
      line = longer
      continue
    }
    if (out.length === lines - 1) {
      const rest = [line, ...words.slice(i)].filter((part) => part !== '').join(' ')
      return [...out, shorten(rest, room, widthOf, ellipsis)]
    }
    if (line !== '') {
      out.push(line)
      line = ''
      i--
      continue
    }
    const head = hardBreak(longer, room, widthOf)
    out.push(head)
    words[i] = longer.slice(head.length)
    i--
  }
  return line === '' ? out : [...out, line]
}

/** As many characters as fit, at least one. */
function hardBreak(word: string, room: number, widthOf: (text: string) => number): string {
  let head = ''
  let used = 0
  for (const character of word) {
    used += widthOf(character)
    if (used > room && head !== '') break
    head += character
  }
  return head
}
