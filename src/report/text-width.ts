/** How many cells of a terminal a text takes, and how to fold it. Only for text that went through `plainText`. */

/** The blocks of East Asian wide characters, as terminals draw them. */
const WIDE =
  /[\u2329\u232a\u2e80-\u303e\u3040-\u3247\u3250-\u4dbf\u4e00-\ua4c6\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b001}\u{1f200}-\u{1f251}\u{20000}-\u{3fffd}]/u

function characterWidth(character: string): 1 | 2 {
  return WIDE.test(character) ? 2 : 1
}

/** Cells that a text takes. */
export function textWidth(text: string): number {
  // Nearly all text is ASCII; only the rest is looked at character by character.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

/** A word that is wider than the line, cut where the line is full. */
function splitWord(word: string, width: number): string[] {
  const pieces: string[] = []
  let piece = ''
  let used = 0
  for (const character of word) {
    const step = characterWidth(character)
    if (used + step > width && piece !== '') {
      pieces.push(piece)
      piece = ''
      used = 0
    }
    piece += character
    used += step
  }
  pieces.push(piece)
  return pieces
}

/** Spaces where a line may end: not between a number and its unit. */
const FOLDS = /(?<!\d) | (?!(?:[mµun]?s|min|h|[kMGT]?B)(?![\p{L}\d]))/u

/**
 * The text folded at spaces to lines of at most `width` cells (at least 2); a longer word is cut, nothing is lost.
 * `null`: no limit, one line.
 */
export function wrapText(text: string, width: number | null): string[] {
  if (width === null) return [text]
  const limit = Math.max(2, width)
  const lines: string[] = []
  let line = ''
  for (const word of text.split(FOLDS)) {
    const joined = line === '' ? word : `${line} ${word}`
    if (textWidth(joined) <= limit) {
      line = joined
      continue
    }
    if (line !== '') lines.push(line)
    const pieces = splitWord(word, limit)
    line = pieces.pop() ?? ''
    lines.push(...pieces)
  }
  lines.push(line)
  return lines
}
