import { describe, expect, it } from 'vitest'
import { CloseSamples, type CloseSample } from '../../src/timers/close-samples.js'
import { GapClasses } from '../../src/timers/gap-classes.js'
import { rateText } from '../../src/timers/order-words.js'
import { timerPolicy } from '../../src/timers/policy.js'

const sample = (stream: number): CloseSample => ({
  stream,
  closeNs: stream,
  phase: 'between-requests',
  gapNs: 5e9,
  ageNs: 6e9,
  requests: 1,
  byTimer: true,
  timer: null,
})

describe('memory', () => {
  it('is bounded for closes: an even sample stands for all', () => {
    const closes = new CloseSamples()
    const many = 50_000
    for (let i = 0; i < many; i++) if (closes.takesNext()) closes.add(sample(i))
    expect(closes.all.length).toBeLessThanOrEqual(timerPolicy.closesKept)
    expect(closes.sampled).toBe(true)
    expect(Math.abs(closes.all.length * closes.weight - many)).toBeLessThan(closes.weight)
    expect(closes.all[0]?.stream).toBe(0)
    expect(closes.all.at(-1)?.stream).toBeGreaterThan(many - 2 * closes.weight)
  })

  it('is bounded for idle gaps: classes grow wider, none is lost', () => {
    const gaps = new GapClasses()
    for (let i = 0; i < 10_000; i++) gaps.add(i * 77e6)
    expect(gaps.total).toBe(10_000)
    expect(gaps.longestNs).toBe(9999 * 77e6)
    expect(gaps.between(0, Infinity)).toBe(10_000)
    expect(Math.abs(gaps.between(100e9, 200e9) - 100 / 0.077)).toBeLessThan(20)
  })
})

describe('words of a risk', () => {
  it('says a rate with the digits it deserves', () => {
    expect(rateText(2297.4)).toBe('about 2300 races an hour')
    expect(rateText(2.04)).toBe('about 2 races an hour')
    expect(rateText(1)).toBe('about 1 race an hour')
    expect(rateText(0.3)).toBe('about one race in 3 hours')
    expect(rateText(0.01)).toBe('about one race in 4 days')
    expect(rateText(1e-9)).toBe('hardly ever a race')
  })
})
