const TAB = 9
const LINE_FEED = 10
const DOT = 46
const ZERO = 48

/** Writes fields of digits and ASCII text into bytes: making a string of every number would cost more than all the analysis. */
export class LineWriter {
  private bytes = new Uint8Array(1 << 20)
  private at = 0
  private readonly decoder = new TextDecoder('latin1')

  /** Makes room for a line of at most `length` characters. */
  reserve(length: number): void {
    if (this.at + length <= this.bytes.length) return
    const larger = new Uint8Array(this.bytes.length * 2)
    larger.set(this.bytes)
    this.bytes = larger
  }

  /** A whole number from 0 to 2^32 − 1 and a tab. */
  number(value: number): void {
    const { bytes } = this
    let digits = 1
    for (let limit = 10; value >= limit && digits < 10; limit *= 10) digits++
    let rest = value
    for (let i = this.at + digits - 1; i >= this.at; i--) {
      const next = (rest / 10) >>> 0
      bytes[i] = ZERO + rest - next * 10
      rest = next
    }
    this.at += digits
    bytes[this.at++] = TAB
  }

  /** A dot, nine digits and a tab. */
  nanoseconds(value: number): void {
    const { bytes } = this
    bytes[this.at++] = DOT
    let rest = value
    for (let i = this.at + 8; i >= this.at; i--) {
      const next = (rest / 10) >>> 0
      bytes[i] = ZERO + rest - next * 10
      rest = next
    }
    this.at += 9
    bytes[this.at++] = TAB
  }

  /** ASCII text as bytes, with what separates it from what follows. */
  text(text: Uint8Array): void {
    const { bytes } = this
    let { at } = this
    for (let i = 0; i < text.length; i++) bytes[at++] = text[i]
    this.at = at
  }

  /** Everything since the last call. */
  take(): string {
    const text = this.decoder.decode(this.bytes.subarray(0, this.at))
    this.at = 0
    return text
  }
}

/** The bytes of ASCII text followed by a tab, or by the end of the line. */
export function field(text: string, last = false): Uint8Array {
  return Uint8Array.from([...text].map((letter) => letter.charCodeAt(0)).concat(last ? LINE_FEED : TAB))
}

/** The bytes of ASCII text and nothing else. */
export function plain(text: string): Uint8Array {
  return field(text).subarray(0, -1)
}
