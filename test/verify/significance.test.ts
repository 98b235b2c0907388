/** Exact tests against sums of whole numbers, and against values of other software. */
import { describe, expect, it } from 'vitest'
import { fewest, fisherExact, lowerBound, poissonRates, upperBound } from '../../src/verify/significance.js'
import { exactFisher } from './exact.js'

describe('Fisher’s exact test', () => {
  it('is the sum of the hypergeometric probabilities, in whole numbers', () => {
    for (const [k1, n1, k2, n2] of [
      [16, 16, 0, 64],
      [5, 71, 0, 4],
      [2, 70, 0, 242],
      [3, 10, 2, 30],
      [14, 30, 16, 34],
      [1, 1, 0, 19],
      [12, 5000, 1, 4000],
    ] as const) {
      const exact = exactFisher({ failed: k1, of: n1 }, { failed: k2, of: n2 })
      expect(fisherExact({ failed: k1, of: n1 }, { failed: k2, of: n2 }) / exact).toBeCloseTo(1, 9)
    }
  })

  it('agrees with scipy.stats.fisher_exact(alternative="less")', () => {
    // scipy 1.17.1: fisher_exact([[2, 28], [3, 7]], 'less').pvalue
    expect(fisherExact({ failed: 3, of: 10 }, { failed: 2, of: 30 })).toBeCloseTo(0.0892876682, 6)
  })

  it('tells nothing from nothing', () => {
    expect(fisherExact({ failed: 5, of: 5 }, { failed: 0, of: 0 })).toBe(1)
    expect(fisherExact({ failed: 0, of: 50 }, { failed: 0, of: 50 })).toBe(1)
  })

  it('stays exact for millions of trials', () => {
    const before = { failed: 3, of: 2_000_000 }
    // Rare failures: the share of the second sample, to the third power.
    expect(fisherExact(before, { failed: 0, of: 2_000_000 })).toBeCloseTo(0.125, 6)
  })

  it('falls as the fresh capture grows, and never below what whole numbers say', () => {
    const before = { failed: 4, of: 40 }
    const ps = [1, 5, 20, 80, 320].map((of) => fisherExact(before, { failed: 0, of }))
    expect([...ps].sort((a, b) => b - a)).toEqual(ps)
  })
})

/** P(X = k), X binomial. */
function binomial(n: number, k: number, p: number): number {
  let ways = 1
  for (let i = 0; i < k; i++) ways = (ways * (n - i)) / (i + 1)
  return ways * p ** k * (1 - p) ** (n - k)
}

describe('calling an unchanged failure gone', () => {
  it('happens in fewer than 5 of 100 captures, whatever its rate and however long both are', () => {
    for (const before of [1, 3, 10, 40]) {
      for (const after of [1, 5, 20, 100, 400]) {
        for (const rate of [0.01, 0.05, 0.1, 0.3, 0.5, 0.8, 0.95, 1]) {
          let wrongly = 0
          for (let failed = 1; failed <= before; failed++) {
            const p = fisherExact({ failed, of: before }, { failed: 0, of: after })
            if (p <= 0.05) wrongly += binomial(before, failed, rate) * (1 - rate) ** after
          }
          expect(wrongly).toBeLessThanOrEqual(0.05)
        }
      }
    }
  })
})

describe('how many are needed', () => {
  it('is the fewest that are enough, not one less', () => {
    for (const before of [
      { failed: 1, of: 1 },
      { failed: 1, of: 100 },
      { failed: 5, of: 71 },
      { failed: 16, of: 16 },
    ]) {
      const needed = fewest((of) => fisherExact(before, { failed: 0, of }), 0.05) ?? NaN
      expect(exactFisher(before, { failed: 0, of: needed })).toBeLessThanOrEqual(0.05 + 1e-12)
      expect(exactFisher(before, { failed: 0, of: needed - 1 })).toBeGreaterThan(0.05 + 1e-12)
    }
  })

  it('is null where no number is enough', () => {
    expect(fewest(() => 1, 0.05, 1024)).toBeNull()
  })
})

describe('rates in time', () => {
  it('splits all events by the times', () => {
    // Three events in 60 s, none in 120 s: (60 / 180)³.
    expect(poissonRates({ events: 3, time: 60 }, { events: 0, time: 120 })).toBeCloseTo(1 / 27, 12)
    expect(poissonRates({ events: 3, time: 60 }, { events: 0, time: 0 })).toBe(1)
    expect(poissonRates({ events: 1, time: 10 }, { events: 1, time: 10 })).toBeCloseTo(0.75, 12)
  })
})

describe('Clopper and Pearson', () => {
  it('gives the known bounds', () => {
    // No failure in n: 1 − 0.05^(1/n); 59 are the fewest below 5 %.
    expect(upperBound({ failed: 0, of: 59 }, 0.05)).toBeCloseTo(1 - 0.05 ** (1 / 59), 9)
    expect(upperBound({ failed: 0, of: 58 }, 0.05)).toBeGreaterThan(0.05)
    expect(upperBound({ failed: 0, of: 59 }, 0.05)).toBeLessThan(0.05)
    // scipy.stats.beta.ppf(0.95, 3, 98) and beta.ppf(0.05, 2, 99)
    expect(upperBound({ failed: 2, of: 100 }, 0.05)).toBeCloseTo(0.0616192004, 8)
    expect(lowerBound({ failed: 2, of: 100 }, 0.05)).toBeCloseTo(0.0035651526, 8)
    expect(upperBound({ failed: 0, of: 0 }, 0.05)).toBe(1)
    expect(lowerBound({ failed: 0, of: 10 }, 0.05)).toBe(0)
  })
})
