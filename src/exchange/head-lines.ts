import { looksLikeLength } from './header-values.js'
import { COLON, CR, HTAB, isToken, LF, skipBlanks, SP, trimEnd } from './octets.js'

/** The lines of a head after its first one. Subclasses know what the fields mean. */
export abstract class HeadLines {
  /** The end of the body cannot be told beyond doubt: other readers of this head may see another end. */
  ambiguous = false
  /** There are lines, and no name in them has an upper-case letter. */
  lowerCaseNames = false

  /** A field: its name in [name, nameEnd), its value in [from, to) without the blanks around it. */
  protected abstract field(bytes: Uint8Array, name: number, nameEnd: number, from: number, to: number): void
  /** All lines have been read. */
  protected abstract ended(): void

  /**
   * Reads the lines in [at, end), as far as they are whole, up to the empty one. Returns the index after that, or -1 when it is not there.
   * Each byte is looked at once, and once more where a value is wanted.
   */
  read(bytes: Uint8Array, at: number, end: number): number {
    this.clear()
    let headEnd = -1
    for (let start = at; start < end;) {
      let kinds = 0
      let nameEnd = start
      for (; nameEnd < end; nameEnd++) {
        const kind = NAME_BYTES[bytes[nameEnd]]
        if (kind === 0) break
        kinds |= kind
      }
      const lineFeed = this.lineFeed(bytes, nameEnd, end)
      if (lineFeed < 0) break
      const lineEnd = lineFeed > start && bytes[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed
      if (lineEnd === start) {
        headEnd = lineFeed + 1
        break
      }
      if (start === at) this.lowerCaseNames = true
      if (kinds & UPPER_CASE) this.lowerCaseNames = false
      if (nameEnd === start || bytes[nameEnd] !== COLON) this.noField(bytes, start, lineEnd)
      else {
        const from = skipBlanks(bytes, nameEnd + 1, lineEnd)
        this.field(bytes, start, nameEnd, from, trimEnd(bytes, from, lineEnd))
      }
      start = lineFeed + 1
    }
    this.ended()
    return headEnd
  }

  /** Index of the line's end, or -1. Readers disagree about what a zero byte or a lone CR before it means. */
  private lineFeed(bytes: Uint8Array, from: number, end: number): number {
    for (let i = from; i < end; i++) {
      const byte = bytes[i]
      if (byte > CR) continue
      if (byte === LF) return i
      if (byte === 0 || (byte === CR && i + 1 < end && bytes[i + 1] !== LF)) this.ambiguous = true
    }
    return -1
  }

  private noField(bytes: Uint8Array, from: number, to: number): void {
    /* obs-fold: belongs to the field before it, and nobody agrees on how */
    const folded = bytes[from] === SP || bytes[from] === HTAB
    if (folded || looksLikeLength(bytes, from, to)) this.ambiguous = true
  }

  /** Forgets the head read before. */
  protected clear(): void {
    this.ambiguous = this.lowerCaseNames = false
  }
}

/** What a byte can be in a header name: nothing, a token character, one of them that is an upper-case letter. */
const TOKEN_BYTE = 1
const UPPER_CASE = 2
const NAME_BYTES = Uint8Array.from({ length: 256 }, (_, byte) =>
  isToken(byte) ? TOKEN_BYTE | (byte >= 65 && byte <= 90 ? UPPER_CASE : 0) : 0,
)
