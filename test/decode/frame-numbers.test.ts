import { expect, test } from 'vitest'
import { FrameNumbers } from '../../src/decode/frame-numbers.js'

test('one capture alone: the numbers are the file’s', () => {
  const numbers = new FrameNumbers()
  expect(numbers.of(1)).toEqual({ capture: 0, frame: 1 })
  expect(numbers.of(4_000_000_000)).toEqual({ capture: 0, frame: 4_000_000_000 })
})

test('a file that follows another has higher numbers, and each leads back to its frame', () => {
  const numbers = new FrameNumbers()
  const seen = new Set<number>()
  let last = 0
  // The last frame of a block, the first of the next, and files that share no number.
  for (const [capture, frames] of [10_000, 1, 4096, 4097].entries()) {
    const lane = numbers.lane(capture)
    for (let frame = 1; frame <= frames; frame++) {
      const number = lane.numberOf(frame)
      expect(number).toBeGreaterThan(last)
      last = number
      seen.add(number)
      if (frame < 3 || frame % 4096 < 3 || frame === frames)
        expect(numbers.of(number)).toEqual({ capture, frame })
    }
  }
  expect(seen.size).toBe(10_000 + 1 + 4096 + 4097)
})

test('captures that are read by turns, with frames that are no packets in between', () => {
  const numbers = new FrameNumbers()
  const lanes = [numbers.lane(3), numbers.lane(1)]
  const given: { capture: number; frame: number; number: number }[] = []
  for (let frame = 1; frame < 40_000; frame += 1777)
    for (const [n, lane] of lanes.entries())
      given.push({ capture: n === 0 ? 3 : 1, frame: frame + n, number: lane?.numberOf(frame + n) ?? 0 })
  expect(new Set(given.map(({ number }) => number)).size).toBe(given.length)
  for (const { capture, frame, number } of given) expect(numbers.of(number)).toEqual({ capture, frame })
})
