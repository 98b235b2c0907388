import { describe, expect, it } from 'vitest'
import { bestRun, median } from '../../src/timers/steady.js'

const wanted = { least: 1, width: () => 0.02, count: 3 }
/** Evenly spread, as far as two irrational steps can be. */
const spreadOut = (count: number, span: number): number[] =>
  Array.from({ length: count }, (_, i) => (i * 0.6180339887 * span) % span).sort((a, b) => a - b)

describe('values that agree', () => {
  it('are found whatever their value', () => {
    for (const value of [1.5, 7.3, 41.6, 60, 3600.01]) {
      const values = [0.2, value, value + 0.004, value + 0.009, value * 1.3]
      expect(bestRun(values, wanted)).toEqual({ from: 1, to: 4 })
    }
  })

  it('have to lie within the width', () => {
    expect(bestRun([5, 5.015, 5.03], wanted)).toBeNull()
  })

  it('have to be several', () => {
    expect(bestRun([5, 5.001], wanted)).toBeNull()
  })

  it('are no news where values lie dense anyway', () => {
    expect(bestRun(spreadOut(1000, 10), wanted)).toBeNull()
    expect(bestRun(spreadOut(40, 10), wanted)).toBeNull()
  })

  it('stand out of values spread over the same range', () => {
    const values = [...spreadOut(200, 10), ...Array.from({ length: 25 }, (_, i) => 4.2 + i * 0.0005)].sort(
      (a, b) => a - b,
    )
    const run = bestRun(values, wanted)
    expect(run === null ? null : median(values, run)).toBeCloseTo(4.206, 2)
  })

  it('do not begin below the least value, but are measured against what lies there', () => {
    expect(bestRun([0.5, 0.501, 0.502], wanted)).toBeNull()
    const crowd = Array.from({ length: 300 }, (_, i) => 0.7 + i * 0.002)
    expect(bestRun(crowd, wanted)).toBeNull()
  })
})
