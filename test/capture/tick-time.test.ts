import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TickTime } from '../../src/capture/tick-time.js'

const face = { name: null, linkType: 1, snaplen: 0, dropped: null }

test('64-bit ticks of any clock become seconds and nanoseconds, as BigInt has it', () => {
  const clocks = [1, 1e3, 1e6, 1e7, 1e9, 1e12, 1e15, 2 ** 10, 2 ** 20, 2 ** 32, 2 ** 40]
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 64n - 1n), fc.constantFrom(...clocks), (ticks, ticksPerSecond) => {
      const time = new TickTime()
      time.set(Number(ticks >> 32n), Number(ticks & 0xffffffffn), {
        ...face,
        ticksPerSecond,
        offsetSeconds: 5,
      })
      const perSecond = BigInt(ticksPerSecond)
      const nanoseconds = Number(((ticks % perSecond) * 1_000_000_000n) / perSecond)
      expect(time.seconds).toBe(Number(ticks / perSecond) + 5)
      // Clocks of fractions below a nanosecond may round the last one.
      expect(Math.abs(time.nanoseconds - nanoseconds)).toBeLessThanOrEqual(ticksPerSecond > 1e9 ? 1 : 0)
    }),
    { seed: 20260121, numRuns: 2000 },
  )
})
