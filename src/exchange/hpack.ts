import { latin1 } from './text-cache.js'

/** What can be read of a header block without the tables that the peers built up. Null: not there, or not readable. */
export interface PseudoHeaders {
  method: string | null
  path: string | null
  authority: string | null
  status: number | null
}

/** RFC 7541, appendix A, as far as it is of use: entries 1 to 14. */
const METHODS = ['GET', 'POST']
const PATHS = ['/', '/index.html']
const STATUSES = [200, 204, 206, 304, 400, 404, 500]
const AUTHORITY = 1
const METHOD = 2
const PATH = 4
const STATUS = 8
const STATIC_LAST = 61

/** Reads HPACK integers and strings, and stops at the end. */
class Block {
  failed = false

  constructor(
    readonly bytes: Uint8Array,
    public at: number,
    readonly end: number,
  ) {}

  /** An integer with a prefix of `bits` in the next byte. */
  integer(bits: number): number {
    const limit = (1 << bits) - 1
    let value = this.byte() & limit
    if (value < limit) return value
    for (let shift = 0; shift <= 21; shift += 7) {
      const next = this.byte()
      value += (next & 127) << shift
      if (next < 128) return value
    }
    this.failed = true
    return 0
  }

  /** A string; null when it is in Huffman code, unless it consists of digits. */
  text(limit: number): string | null {
    const huffman = this.at < this.end && this.bytes[this.at] >= 128
    const length = this.integer(7)
    const from = this.at
    this.at += length
    if (this.failed || this.at > this.end) {
      this.failed = true
      return null
    }
    return huffman ? digits(this.bytes, from, this.at) : latin1(this.bytes, from, this.at, limit)
  }

  private byte(): number {
    if (this.at < this.end) return this.bytes[this.at++]
    this.failed = true
    return 0
  }
}

/** Reads the pseudo-header fields of a header block in [at, end), which may be cut. */
export function readPseudoHeaders(bytes: Uint8Array, at: number, end: number): PseudoHeaders {
  const block = new Block(bytes, at, end)
  const found: PseudoHeaders = { method: null, path: null, authority: null, status: null }
  while (block.at < end && !block.failed) {
    const first = bytes[block.at]
    if (first >= 0x80) {
      const index = block.integer(7)
      if (index > STATIC_LAST) continue
      if (index === METHOD || index === METHOD + 1) found.method ??= METHODS[index - METHOD]
      else if (index === PATH || index === PATH + 1) found.path ??= PATHS[index - PATH]
      else if (index >= STATUS && index < STATUS + STATUSES.length) found.status ??= STATUSES[index - STATUS]
      continue
    }
    if (first >= 0x20 && first < 0x40) {
      block.integer(5) /* new table size */
      continue
    }
    readLiteral(block, block.integer(first >= 0x40 ? 6 : 4), found)
  }
  return found
}

function readLiteral(block: Block, name: number, found: PseudoHeaders): void {
  if (name === 0) block.text(0)
  const value = block.text(name === PATH || name === PATH + 1 ? 513 : 256)
  if (value === null || block.failed) return
  if (name === METHOD || name === METHOD + 1) found.method ??= value.slice(0, 32)
  else if (name === PATH || name === PATH + 1) found.path ??= value
  else if (name === AUTHORITY) found.authority ??= value
  else if (name >= STATUS && name < STATUS + STATUSES.length && /^\d{3}$/.test(value)) {
    found.status ??= Number(value)
  }
}

/** Digits in Huffman code (5 bits for 0 to 2, 6 bits for 3 to 9, filled up with ones); null for anything else. */
function digits(bytes: Uint8Array, from: number, to: number): string | null {
  if (to - from > 4) return null
  let text = ''
  let code = 0
  let bits = 0
  for (let i = from * 8; i < to * 8; i++) {
    code = code * 2 + ((bytes[i >> 3] >> (7 - (i & 7))) & 1)
    bits++
    const digit = bits === 5 && code <= 2 ? code : bits === 6 && code >= 25 && code <= 31 ? code - 22 : -1
    if (digit < 0) continue
    text += String(digit)
    code = bits = 0
  }
  return bits < 8 && code === (1 << bits) - 1 ? text : null
}
