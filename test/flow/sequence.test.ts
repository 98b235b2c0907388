import { describe, expect, test } from 'vitest'
import { isBefore, seqAdd, seqDelta } from '../../src/flow/sequence.js'

describe('sequence numbers are modulo 2^32', () => {
  test.each([
    [5, 3, 2],
    [3, 5, -2],
    [0, 0xffffffff, 1],
    [0xffffffff, 0, -1],
    [0x7fffffff, 0, 0x7fffffff],
    [0x10, 0xfffffff0, 0x20],
  ])('from %i to %i', (a, b, distance) => {
    expect(seqDelta(a, b)).toBe(distance)
  })

  test('adding wraps around, both ways', () => {
    expect(seqAdd(0xffffffff, 1)).toBe(0)
    expect(seqAdd(0, -1)).toBe(0xffffffff)
    expect(seqAdd(0xfffffff0, 0x20)).toBe(0x10)
  })

  test('before, across the wrap; at the greatest distance each is before the other', () => {
    expect(isBefore(0xffffffff, 0)).toBe(true)
    expect(isBefore(0, 0xffffffff)).toBe(false)
    expect(isBefore(7, 7)).toBe(false)
    expect([isBefore(0, 2 ** 31), isBefore(2 ** 31, 0)]).toEqual([true, true])
  })
})
