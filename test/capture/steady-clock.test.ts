import { describe, expect, test } from 'vitest'
import { SteadyClock } from '../../src/capture/steady-clock.js'

const MS = 1e6

function steady(...times: (number | readonly [ms: number, interfaceId: number])[]): number[] {
  const clock = new SteadyClock()
  return times.map((time) => {
    const [ms, interfaceId] = typeof time === 'number' ? [time, 0] : time
    clock.note(ms * MS, interfaceId)
    return clock.timeNs / MS
  })
}

const every = (from: number, to: number, step: number): number[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, n) => from + n * step)

describe('time that does not run backwards', () => {
  test('a clock that is right stays as it is', () => {
    const times = [0, 0.5, 0.5, 70_000]
    expect(steady(...times)).toEqual(times)
  })

  test('set back: time goes on from there', () => {
    expect(steady(0, 5000, ...every(2000, 4000, 100))).toEqual([0, 5000, ...every(5000, 7000, 100)])
  })

  test('set back twice', () => {
    expect(steady(100, 0, 10, 20, 5, 15)).toEqual([100, 100, 110, 120, 120, 130])
  })

  test('near miss: less than 1 ms is order of records, and nothing is added', () => {
    expect(steady(10, 9.2, 10.1)).toEqual([10, 10, 10.1])
  })

  test('near miss: one late frame does not move what follows', () => {
    expect(steady(100, 60, 101, 102)).toEqual([100, 100, 101, 102])
  })

  test('near miss: buffers of two interfaces, written in turns', () => {
    const times = [[0, 0], [90, 0], [1, 1], [91, 1], [100, 0]] as const // prettier-ignore
    expect(steady(...times)).toEqual(times.map(([ms]) => ms))
  })

  test('two interfaces, one clock: set back for both at once', () => {
    expect(steady([5000, 0], [5001, 1], [2000, 0], [2001, 1], [2010, 0])).toEqual([
      5000, 5001, 5000, 5001, 5010,
    ])
  })
})
