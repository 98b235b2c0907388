/** Bytes as they stand in HTTP/1 messages: everything here works on a range of bytes and makes no string. */
export const HTAB = 9
export const LF = 10
export const CR = 13
export const SP = 32
export const COMMA = 44
export const COLON = 58

/** The characters of an ASCII word as bytes, for comparisons. */
export function ascii(word: string): Uint8Array {
  return Uint8Array.from(word, (char) => char.charCodeAt(0))
}

/** Whether the bytes from `at` up to `end` begin with `word`. */
export function startsWith(bytes: Uint8Array, at: number, end: number, word: Uint8Array): boolean {
  return end - at >= word.length && agrees(bytes, at, end, word)
}

/** Whether the bytes and `word` are equal as far as both go. */
export function agrees(bytes: Uint8Array, at: number, end: number, word: Uint8Array): boolean {
  const length = Math.min(end - at, word.length)
  for (let i = 0; i < length; i++) if (bytes[at + i] !== word[i]) return false
  return true
}

/** Whether the range is `word` (given in lower case), letters of either case. */
export function isWord(bytes: Uint8Array, from: number, to: number, word: Uint8Array): boolean {
  if (to - from !== word.length) return false
  for (let i = 0; i < word.length; i++) if (lower(bytes[from + i]) !== word[i]) return false
  return true
}

/** Whether a comma-separated list has `word` (in lower case) among its members; parameters after `;` are not looked at. */
export function listHas(bytes: Uint8Array, from: number, to: number, word: Uint8Array): boolean {
  for (let start = from; to - start >= word.length;) {
    const first = skipBlanks(bytes, start, to)
    let comma = first
    while (comma < to && bytes[comma] !== COMMA) comma++
    if (isWord(bytes, first, memberEnd(bytes, first, comma), word)) return true
    start = comma + 1
  }
  return false
}

/** First index in the range that holds no space or tab. */
export function skipBlanks(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  while (at < to && (bytes[at] === SP || bytes[at] === HTAB)) at++
  return at
}

/** The end of the range without trailing spaces and tabs. */
export function trimEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = to
  while (end > from && (bytes[end - 1] === SP || bytes[end - 1] === HTAB)) end--
  return end
}

/** The number written in the range in decimal digits and nothing else; -1 if it is none or beyond what can be counted. */
export function decimal(bytes: Uint8Array, from: number, to: number): number {
  if (to <= from || to - from > 15) return -1
  let value = 0
  for (let i = from; i < to; i++) {
    const digit = bytes[i] - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

/** The value of a hexadecimal digit, or -1. */
export function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const letter = byte | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

/** Whether the byte may stand in a method or a header name (RFC 9110 token). */
export function isToken(byte: number): boolean {
  return byte < 128 && TOKEN[byte] === 1
}

function lower(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte
}

function memberEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = from
  while (end < to && bytes[end] !== 59 /* ; */) end++
  return trimEnd(bytes, from, end)
}

const TOKEN = new Uint8Array(128)
for (const byte of ascii("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
  TOKEN[byte] = 1
