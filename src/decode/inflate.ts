/** Raw deflate (RFC 1951), for compressed IP packets: synchronous, bounded, into room that is there already. */

const MOST_BITS = 15
const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
]
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
  6145, 8193, 12289, 16385, 24577,
]
const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
]
/** Order in which code lengths of code lengths are sent. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

/** A canonical Huffman code: how many codes there are of each length, and the symbols in order of their codes. */
class Code {
  readonly counts = new Uint16Array(MOST_BITS + 1)
  readonly symbols = new Uint16Array(288)

  /** Takes the code lengths of symbols 0, 1, …; 0: the symbol has no code. */
  set(lengths: Uint8Array): this {
    this.counts.fill(0)
    for (const length of lengths) this.counts[length]++
    this.counts[0] = 0
    const next = new Uint16Array(MOST_BITS + 2)
    for (let bits = 1; bits <= MOST_BITS; bits++) next[bits + 1] = next[bits] + this.counts[bits]
    lengths.forEach((length, symbol) => {
      if (length > 0) this.symbols[next[length]++] = symbol
    })
    return this
  }
}

/** Thrown inside this file only: the data ends or makes no sense. */
class BadData extends Error {}

/** One stream being inflated. */
class Inflation {
  #bits = 0
  #bitCount = 0
  readonly #start: number
  readonly #literals = new Code()
  readonly #distances = new Code()

  constructor(
    readonly bytes: Uint8Array,
    public from: number,
    readonly end: number,
    public to: number,
    readonly limit: number,
  ) {
    this.#start = to
  }

  run(): number {
    for (let last = 0; last === 0;) {
      last = this.#take(1)
      const type = this.#take(2)
      if (type === 0) this.#stored()
      else if (type === 3) throw new BadData()
      else {
        if (type === 1) this.#fixedCodes()
        else this.#sentCodes()
        this.#block()
      }
    }
    return this.to - this.#start
  }

  #take(count: number): number {
    while (this.#bitCount < count) {
      if (this.from >= this.end) throw new BadData()
      this.#bits |= this.bytes[this.from++] << this.#bitCount
      this.#bitCount += 8
    }
    const value = this.#bits & ((1 << count) - 1)
    this.#bits >>>= count
    this.#bitCount -= count
    return value
  }

  #symbol({ counts, symbols }: Code): number {
    let code = 0
    let first = 0
    let index = 0
    for (let bits = 1; bits <= MOST_BITS; bits++) {
      code |= this.#take(1)
      const count = counts[bits]
      if (code - count < first) return symbols[index + code - first]
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    throw new BadData()
  }

  #put(byte: number): void {
    if (this.to >= this.limit) throw new BadData()
    this.bytes[this.to++] = byte
  }

  #stored(): void {
    this.#bits = this.#bitCount = 0
    const length = this.#take(16)
    this.#take(16)
    for (let i = 0; i < length; i++) this.#put(this.#take(8))
  }

  #block(): void {
    for (;;) {
      const symbol = this.#symbol(this.#literals)
      if (symbol === 256) return
      if (symbol < 256) this.#put(symbol)
      else this.#copy(symbol - 257)
    }
  }

  #copy(lengthCode: number): void {
    if (lengthCode > 28) throw new BadData()
    const length = LENGTH_BASE[lengthCode] + this.#take(LENGTH_EXTRA[lengthCode])
    const distanceCode = this.#symbol(this.#distances)
    if (distanceCode > 29) throw new BadData()
    const distance = DISTANCE_BASE[distanceCode] + this.#take(DISTANCE_EXTRA[distanceCode])
    if (distance > this.to - this.#start) throw new BadData()
    for (let i = 0; i < length; i++) this.#put(this.bytes[this.to - distance])
  }

  #fixedCodes(): void {
    const lengths = new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280)
    this.#literals.set(lengths)
    this.#distances.set(new Uint8Array(30).fill(5))
  }

  #sentCodes(): void {
    const literals = this.#take(5) + 257
    const distances = this.#take(5) + 1
    const sent = this.#take(4) + 4
    const lengths = new Uint8Array(19)
    for (let i = 0; i < sent; i++) lengths[ORDER[i]] = this.#take(3)
    const code = new Code().set(lengths)
    const all = new Uint8Array(literals + distances)
    for (let i = 0; i < all.length;) {
      const symbol = this.#symbol(code)
      if (symbol < 16) all[i++] = symbol
      else {
        if (symbol === 16 && i === 0) throw new BadData()
        const value = symbol === 16 ? all[i - 1] : 0
        const repeat =
          symbol === 16 ? 3 + this.#take(2) : symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7)
        if (i + repeat > all.length) throw new BadData()
        all.fill(value, i, (i += repeat))
      }
    }
    this.#literals.set(all.subarray(0, Math.min(literals, 288)))
    this.#distances.set(all.subarray(literals))
  }
}

/** Inflates `bytes[from, end)` to `bytes[to, limit)` of the same array; returns how many bytes came out, −1 for bad data. */
export function inflate(bytes: Uint8Array, from: number, end: number, to: number, limit: number): number {
  try {
    return new Inflation(bytes, from, end, to, limit).run()
  } catch (error) {
    if (error instanceof BadData) return -1
    throw error
  }
}
