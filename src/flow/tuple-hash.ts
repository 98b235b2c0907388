/** Hash of an address and port, seeded so that nobody can write a capture whose connections all collide. */
export function endpointHash(seed: number, address: number, port: number): number {
  let h = Math.imul(address ^ seed, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 15) ^ port, 0xc2b2ae35)
  h ^= h >>> 13
  h = Math.imul(h, 0x27d4eb2f)
  return h ^ (h >>> 16)
}

/** Hash of a 4-tuple, `ports` in one number: commutative over the two ends, so that both directions meet in one place. */
export function tupleHash(seed: number, address0: number, address1: number, ports: number): number {
  return (endpointHash(seed, address0, ports >>> 16) + endpointHash(seed, address1, ports & 0xffff)) | 0
}
