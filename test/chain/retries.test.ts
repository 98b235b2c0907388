import { describe, expect, it } from 'vitest'
import { Retries } from '../../src/chain/retries.js'
import type { LegLink } from '../../src/facts/leg-facts.js'

/** A leg of a request, sent at `ns` on connection `stream`. */
function leg(request: object, stream: number, ns: number): LegLink {
  const upstreamExchange = { requestStart: { timeNs: ns, frame: stream } }
  return {
    downstream: { stream: 0 },
    downstreamExchange: request,
    upstream: { stream },
    upstreamExchange,
  } as never
}

const NO_TWINS = (): readonly number[] => []

describe('which leg took a request over', () => {
  const request = {}
  const [first, second, third] = [leg(request, 1, 10), leg(request, 2, 20), leg(request, 3, 30)]

  it('is the next one of the same request, by time', () => {
    const retries = new Retries([third, first, leg({}, 9, 15), second], NO_TWINS)
    expect([first, second, third].map((one) => retries.after(one)?.upstream.stream ?? null)).toEqual([
      2,
      3,
      null,
    ])
  })

  it('is not the same connection seen elsewhere, nor one sent in the same moment', () => {
    const twins = (stream: number): readonly number[] => (stream === 1 ? [2] : [])
    expect(new Retries([first, second, third], twins).after(first)).toBe(third)
    expect(new Retries([first, leg(request, 4, 10)], NO_TWINS).after(first)).toBeNull()
  })

  it('is found without looking at all legs for each', () => {
    let reads = 0
    const many = Array.from({ length: 4000 }, (_, n) => {
      const one = leg(request, n, n)
      const { upstreamExchange } = one
      Object.defineProperty(one, 'upstreamExchange', { get: () => (reads++, upstreamExchange) })
      return one
    })
    const retries = new Retries(many, NO_TWINS)
    expect(many.map((one) => retries.after(one)?.upstream.stream ?? null).slice(-2)).toEqual([3999, null])
    expect(reads).toBeLessThan(4000 * 100)
  })
})
