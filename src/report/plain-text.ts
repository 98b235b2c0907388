/**
 * Text that may come from packets, made inert for a terminal. Host names, paths and headers are chosen by whoever sent
 * them: an escape sequence, a bidi mark or a pile of combining marks must be shown, not obeyed.
 */

/** Spaces that are neither the ordinary one nor a line break: shown as the ordinary one. */
const OTHER_SPACES = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g

/**
 * Everything whose effect on a terminal is more, or less, than "one or two cells with a glyph": controls, format and
 * bidi marks, lone surrogates, private and unassigned characters, combining marks, line separators, emoji, conjoining jamo.
 */
const hostile = (): RegExp =>
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{M}\p{Zl}\p{Zp}\p{Emoji_Presentation}\p{Emoji_Modifier}\p{Emoji_Modifier_Base}\p{Default_Ignorable_Code_Point}\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]/gu

/** Made when it is first needed: V8 takes a millisecond for it, and most runs tell nothing that is not plain ASCII. */
let found: RegExp | null = null
const PLAIN_ASCII = /^[\x20-\x7e]*$/

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Our own typography in ASCII, for terminals without UTF-8. */
const ASCII_SIGNS: Readonly<Record<string, string>> = {
  '→': '->',
  '←': '<-',
  '–': '-',
  '—': '-',
  '−': '-',
  '×': 'x',
  '·': '-',
  '…': '...',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '≥': '>=',
  '≤': '<=',
  '≈': '~',
  '±': '+/-',
  µ: 'u',
}

function escapeCharacter(character: string): string {
  const short = SHORT_ESCAPES[character]
  if (short !== undefined) return short
  const code = character.codePointAt(0) ?? 0
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
}

/**
 * One line of text that no terminal acts upon. What is hostile is written as `\x1b` or `\u{202e}`; composed letters
 * (é, 漢) stay. The result has no line break, and each of its characters is one or two cells wide.
 */
export function plainText(text: string): string {
  if (PLAIN_ASCII.test(text)) return text
  found ??= hostile()
  return text.normalize('NFC').replace(OTHER_SPACES, ' ').replace(found, escapeCharacter)
}

/** Like `plainText`, and in ASCII alone: known signs are spelled (`→` is `->`), everything else is escaped. */
export function asciiText(text: string): string {
  return plainText(text).replace(
    /[^\x20-\x7e]/gu,
    (character) => ASCII_SIGNS[character] ?? escapeCharacter(character),
  )
}
