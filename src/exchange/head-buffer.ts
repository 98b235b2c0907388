import { CR, LF } from './octets.js'
import { FIRST_HEAD_ROOM, MAX_HEAD_BYTES } from './policy.js'

const NO_BYTES = new Uint8Array(0)

/** A message head that is spread over several segments. */
export class HeadBuffer {
  bytes = NO_BYTES
  length = 0
  private scanned = 0
  private line = -1

  /** Adds bytes, as many as there is room for; returns how many. */
  add(bytes: Uint8Array, from: number, to: number): number {
    const count = Math.min(to - from, MAX_HEAD_BYTES - this.length)
    const needed = this.length + count
    if (needed > this.bytes.length) {
      const larger = new Uint8Array(Math.max(FIRST_HEAD_ROOM, needed, this.bytes.length * 2))
      larger.set(this.bytes.subarray(0, this.length))
      this.bytes = larger
    }
    this.bytes.set(bytes.subarray(from, from + count), this.length)
    this.length = needed
    return count
  }

  /** Makes room for another head. */
  clear(): void {
    this.length = this.scanned = 0
    this.line = -1
  }

  /** The end of the head, or -1 while it is not there. Looks at each byte once. */
  findEnd(): number {
    const end = findHeadEnd(this.bytes, Math.max(0, this.scanned - 2), this.length)
    this.scanned = this.length
    return end
  }

  /** Whether the first line has come to its end since the last call: true once. */
  firstLineEnded(): boolean {
    if (this.line === -2) return false
    let i = Math.max(0, this.line)
    while (i < this.length && this.bytes[i] !== LF) i++
    this.line = i < this.length ? -2 : i
    return this.line === -2
  }
}

/** Index after the empty line that ends a head in [from, to), or -1. Lines end with CRLF or LF. */
export function findHeadEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    if (bytes[i] !== LF) continue
    if (i + 1 < to && bytes[i + 1] === LF) return i + 2
    if (i + 2 < to && bytes[i + 1] === CR && bytes[i + 2] === LF) return i + 3
  }
  return -1
}
