/** IPv6 addresses seen so far, each with a small number, so that a segment's addresses fit two 32-bit columns. */
export class AddressTable {
  #bytes = new Uint8Array(16 * 64)
  /** Open addressing; slot holds index + 1, 0 is free. Always less than half full. */
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
    const mask = this.#slots.length - 1
    let slot = this.#hash(bytes, at) & mask
    for (;;) {
      const found = this.#slots[slot]
      if (found === 0) break
      if (this.#equal(found - 1, bytes, at)) return found - 1
      slot = (slot + 1) & mask
    }
    return this.#add(bytes, at, slot)
  }

  /** The address as text: dotted IPv4 (`id` is the address itself), or IPv6 as RFC 5952 wants it (`id` from `intern`). */
  text(family: number, id: number): string {
    if (family === 4) return `${id >>> 24}.${(id >>> 16) & 255}.${(id >>> 8) & 255}.${id & 255}`
    return ipv6Text(this.bytes(id))
  }

  /** The 16 bytes of an interned address. */
  bytes(id: number): Uint8Array {
    return this.#bytes.slice(id * 16, id * 16 + 16)
  }

  #hash(bytes: Uint8Array, at: number): number {
    let hash = this.seed
    for (let i = at; i < at + 16; i += 4) {
      const word = (bytes[i] << 24) | (bytes[i + 1] << 16) | (bytes[i + 2] << 8) | bytes[i + 3]
      hash = Math.imul(hash ^ word, 0x85ebca6b)
      hash ^= hash >>> 15
    }
    return hash >>> 0
  }

  #equal(id: number, bytes: Uint8Array, at: number): boolean {
    const own = this.#bytes
    for (let i = 0, from = id * 16; i < 16; i++) if (own[from + i] !== bytes[at + i]) return false
    return true
  }

  #add(bytes: Uint8Array, at: number, slot: number): number {
    const id = this.#count++
    if (id * 16 === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    for (let i = 0; i < 16; i++) this.#bytes[id * 16 + i] = bytes[at + i]
    this.#slots[slot] = id + 1
    if (this.#count * 2 > this.#slots.length) this.#grow()
    return id
  }

  #grow(): void {
    this.#slots = new Uint32Array(this.#slots.length * 4)
    const mask = this.#slots.length - 1
    for (let id = 0; id < this.#count; id++) {
      let slot = this.#hash(this.#bytes, id * 16) & mask
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
