import { decodeHuffman } from './hpack-huffman.js'
import type { HpackTable } from './hpack-table.js'
import { MAX_FIELD, MAX_HOST, MAX_METHOD, MAX_NAME, MAX_TARGET } from './policy.js'
import { latin1 } from './text-cache.js'

/** Fields of a header block that are asked for, by their names; those that could not be read are missing. */
export type HeaderBlock = ReadonlyMap<string, string>

/** A target, and one character more that tells a longer one. */
const LONGEST_WANTED = MAX_TARGET + 1

/** How many characters of each are kept. Names that are not here are read over. */
const WANTED: ReadonlyMap<string, number> = new Map([
  [':method', MAX_METHOD],
  [':path', LONGEST_WANTED],
  [':authority', MAX_HOST],
  [':status', 4],
  ['grpc-status', 4],
  ['x-request-id', MAX_FIELD],
  ['traceparent', MAX_FIELD],
  ['x-forwarded-for', MAX_HOST],
  ['user-agent', MAX_FIELD],
  ['server', MAX_FIELD],
  ['via', MAX_FIELD],
])

/** Where a text is decoded to; only one is looked at at a time. */
const decoded = new Uint8Array(LONGEST_WANTED)

/** A string of a block: its first characters, and how long all of it is. */
interface Text {
  readonly text: string
  readonly bytes: number
}
const UNREADABLE: Text = { text: '', bytes: 0 }

/** Reads HPACK integers and strings, and stops at the end. */
class Block {
  failed = false

  constructor(
    readonly bytes: Uint8Array,
    public at: number,
    readonly end: number,
  ) {}

  /** An integer with a prefix of `bits` in the next byte (RFC 7541, 5.1). */
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

  /** A string, of which `limit` characters are wanted (RFC 7541, 5.2). */
  text(limit: number): Text {
    const huffman = this.at < this.end && this.bytes[this.at] >= 128
    const length = this.integer(7)
    const from = this.at
    this.at += length
    if (this.failed || this.at > this.end) return this.fail()
    if (!huffman) return { text: latin1(this.bytes, from, this.at, limit), bytes: length }
    const bytes = decodeHuffman(this.bytes, from, this.at, decoded)
    return bytes < 0 ? this.fail() : { text: latin1(decoded, 0, Math.min(bytes, limit), limit), bytes }
  }

  private fail(): Text {
    this.failed = true
    return UNREADABLE
  }

  private byte(): number {
    if (this.at < this.end) return this.bytes[this.at++]
    this.failed = true
    return 0
  }
}

/**
 * Reads the header block in [at, end) with the table of its direction, which learns from it. Of a field that occurs twice the first
 * counts. A block that is `cut` or makes no sense is read as far as it goes; after it the table cannot be relied on.
 */
export function readHeaderBlock(
  bytes: Uint8Array,
  at: number,
  end: number,
  table: HpackTable,
  cut = false,
): HeaderBlock {
  const block = new Block(bytes, at, end)
  const found = new Map<string, string>()
  const keep = (name: string, value: string): void => {
    if (WANTED.has(name) && !found.has(name)) found.set(name, value)
  }
  while (block.at < end && !block.failed) {
    const first = bytes[block.at]
    if (first >= 0x80) {
      const field = table.at(block.integer(7))
      if (field === null) table.lose()
      else keep(field.name, field.value)
    } else if (first >= 0x20 && first < 0x40) {
      const limit = block.integer(5)
      if (!block.failed) table.resize(limit)
    } else readLiteral(block, first, table, keep)
  }
  if (block.failed || cut) table.lose()
  return found
}

function readLiteral(
  block: Block,
  first: number,
  table: HpackTable,
  keep: (name: string, value: string) => void,
): void {
  const indexed = first >= 0x40
  const index = block.integer(indexed ? 6 : 4)
  const known = index === 0 ? null : table.at(index)
  if (index > 0 && known === null) table.lose()
  const name = index === 0 ? block.text(MAX_NAME) : { text: known?.name ?? '', bytes: known?.nameBytes ?? 0 }
  const value = block.text(WANTED.get(name.text) ?? 0)
  if (block.failed) return
  keep(name.text, value.text)
  if (indexed) table.add({ name: name.text, value: value.text, nameBytes: name.bytes }, value.bytes)
}
