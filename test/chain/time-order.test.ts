import fc from 'fast-check'
import { expect, test } from 'vitest'
import { orderOfTimes } from '../../src/chain/time-order.js'

const sorted = (times: readonly number[]): number[] =>
  times.map((_, at) => at).sort((a, b) => times[a] - times[b] || a - b)
const ordered = (times: readonly number[]): number[] => [...orderOfTimes(times)]

test('times that differ by next to nothing', () => {
  expect(ordered([0, -5e-324])).toEqual([1, 0])
})

test('no time, one time, equal times', () => {
  for (const times of [[], [7], [7, 7, 7]]) expect(ordered(times)).toEqual(times.map((_, at) => at))
})

test('the order is that of a sort, equal ones as given, whatever the pace', () => {
  const time = fc.oneof(
    fc.double({ min: -1e18, max: 1e18, noNaN: true }),
    fc.integer({ min: 0, max: 40 }),
    fc.integer({ min: 0, max: 1000 }).map((n) => 1e18 + n * 128),
  )
  fc.assert(
    fc.property(fc.array(time, { maxLength: 200 }), (times) => {
      expect(ordered(times)).toEqual(sorted(times))
    }),
  )
})

test('a crowd in one moment beside one far away costs no more than a sort', () => {
  const times = Array.from({ length: 50_000 }, (_, n) => (n * 7919) % 50_000)
  times.push(1e18)
  const begun = performance.now()
  expect(ordered(times)).toEqual(sorted(times))
  expect(performance.now() - begun).toBeLessThan(2000)
})
