import { u32 } from './big-endian.js'

/** IPv6 addresses seen so far, each with a small number, so that a segment's addresses fit two 32-bit columns. */
export class AddressTable {
  /** Four words an address. */
  #words = new Uint32Array(4 * 64)
  /** Open addressing; a slot holds index + 1, 0 is free. At most half full. */
  #slots = new Uint32Array(256)
  #count = 0

  /** @param seed of the hash, so that nobody can craft a capture of colliding addresses for a host that sets its own */
  constructor(readonly seed = 0x9e3779b9) {}

  /** Distinct IPv6 addresses. */
  get size(): number {
    return this.#count
  }

  /** Index of the 16-byte address at `bytes[at]`; equal addresses have equal indexes, new ones get the next. */
  intern(bytes: Uint8Array, at: number): number {
    const a = u32(bytes, at)
    const b = u32(bytes, at + 4)
    const c = u32(bytes, at + 8)
    const d = u32(bytes, at + 12)
    const words = this.#words
    const mask = this.#slots.length - 1
    let slot = this.#hash(a, b, c, d) & mask
    for (let found = this.#slots[slot]; found !== 0; found = this.#slots[slot]) {
      const i = (found - 1) * 4
      if (words[i] === a && words[i + 1] === b && words[i + 2] === c && words[i + 3] === d) return found - 1
      slot = (slot + 1) & mask
    }
    return this.#add(a, b, c, d, slot)
  }

  /** The address as text: dotted IPv4 (`id` is the address itself), or IPv6 as RFC 5952 wants it (`id` from `intern`). */
  text(family: number, id: number): string {
    if (family === 4) return `${id >>> 24}.${(id >>> 16) & 255}.${(id >>> 8) & 255}.${id & 255}`
    return ipv6Text(this.bytes(id))
  }

  /** The 16 bytes of an interned address. */
  bytes(id: number): Uint8Array {
    const view = new DataView(new ArrayBuffer(16))
    for (let i = 0; i < 4; i++) view.setUint32(i * 4, this.#words[id * 4 + i])
    return new Uint8Array(view.buffer)
  }

  #hash(a: number, b: number, c: number, d: number): number {
    let hash = Math.imul(this.seed ^ a, 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 15) ^ b, 0xc2b2ae35)
    hash = Math.imul(hash ^ (hash >>> 13) ^ c, 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 15) ^ d, 0xc2b2ae35)
    return hash ^ (hash >>> 16)
  }

  #add(a: number, b: number, c: number, d: number, slot: number): number {
    const id = this.#count++
    if (id * 4 === this.#words.length) {
      const larger = new Uint32Array(this.#words.length * 2)
      larger.set(this.#words)
      this.#words = larger
    }
    this.#words.set([a, b, c, d], id * 4)
    this.#slots[slot] = id + 1
    if (this.#count * 2 > this.#slots.length) this.#grow()
    return id
  }

  #grow(): void {
    const words = this.#words
    this.#slots = new Uint32Array(this.#slots.length * 4)
    const mask = this.#slots.length - 1
    for (let id = 0; id < this.#count; id++) {
      const i = id * 4
      let slot = this.#hash(words[i], words[i + 1], words[i + 2], words[i + 3]) & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = id + 1
    }
  }
}

/** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups as `::`, mapped IPv4 in dotted form. */
export function ipv6Text(bytes: Uint8Array): string {
  const groups: number[] = []
  for (let i = 0; i < 16; i += 2) groups.push((bytes[i] << 8) | bytes[i + 1])
  if (groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)) {
    return `::ffff:${bytes.slice(12).join('.')}`
  }
  let start = -1
  let length = 1
  for (let i = 0; i < 8; i++) {
    let run = 0
    while (i + run < 8 && groups[i + run] === 0) run++
    if (run > length) {
      start = i
      length = run
    }
  }
  const hex = groups.map((group) => group.toString(16))
  if (start < 0) return hex.join(':')
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`
}
