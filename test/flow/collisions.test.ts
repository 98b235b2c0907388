import { expect, test } from 'vitest'
import { endpointHash, tupleHash } from '../../src/flow/tuple-hash.js'

const SLOTS = 4096
/** A seed that the author of the capture would have to know. */
const KNOWN = 0x1234567

/** Connections of many clients to one server whose hashes, under one seed, all fall into the first slots of a table. */
function chosen(seed: number, wanted: number): { address: number; ports: number }[] {
  const found: { address: number; ports: number }[] = []
  for (let address = 1; found.length < wanted; address++)
    for (let port = 1024; port < 65_536; port += 7) {
      const ports = (port << 16) | 80
      if ((tupleHash(seed, address, 0, ports) & (SLOTS - 1)) < 2) found.push({ address, ports })
    }
  return found.slice(0, wanted)
}

/** Most connections in one slot. */
function fullest(seed: number, connections: readonly { address: number; ports: number }[]): number {
  const slots = new Uint32Array(SLOTS)
  for (const { address, ports } of connections) slots[tupleHash(seed, address, 0, ports) & (SLOTS - 1)]++
  return Math.max(...slots)
}

test('connections chosen to collide under one seed are spread out under any other', () => {
  const connections = chosen(KNOWN, 2000)
  expect(fullest(KNOWN, connections)).toBeGreaterThan(900)
  for (const seed of [0, 1, KNOWN + 1, KNOWN ^ 0x8000_0000, 0xffff_ffff, 0xdead_beef])
    expect(fullest(seed, connections), `seed ${seed}`).toBeLessThan(12)
})

test('both directions of a connection meet, and swapped ports are another', () => {
  for (const seed of [0, KNOWN, 0xffff_ffff]) {
    expect(tupleHash(seed, 5, 9, (40_000 << 16) | 80)).toBe(tupleHash(seed, 9, 5, (80 << 16) | 40_000))
    expect(tupleHash(seed, 5, 9, (40_000 << 16) | 80)).not.toBe(tupleHash(seed, 5, 9, (80 << 16) | 40_000))
    expect(endpointHash(seed, 5, 80)).not.toBe(endpointHash(seed + 1, 5, 80))
  }
})
