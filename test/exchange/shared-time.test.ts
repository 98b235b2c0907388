import { expect, test } from 'vitest'
import { MessageExchange } from '../../src/exchange/message-exchange.js'
import { anchorOf, NEVER } from '../../src/exchange/shared-time.js'

const SECONDS = 1e9
/** Years apart, before the epoch, half a nanosecond (the middle of two clocks), and beyond what counts nanoseconds exactly. */
const TIMES = [0, 1, 2 * SECONDS, -5, 1.7e18, 1.7e18 + 512, -3.4e18, 12.5, 13, 4.3e27, 7 * SECONDS + 0.5]

test('a moment is told exactly, whatever came before it', () => {
  for (const before of TIMES)
    for (const ns of TIMES) {
      const exchange = new MessageExchange(0)
      exchange.began(false, 1, before, 0)
      exchange.began(true, 2, ns, 0)
      expect([exchange.requestStartNs, exchange.responseStartNs]).toEqual([before, ns])
      expect(exchange.responseStart).toEqual({ frame: 2, timeNs: ns, seq: 0 })
    }
})

test('moments near each other have one anchor, those far apart have two', () => {
  const anchor = anchorOf(60 * SECONDS)
  expect(anchorOf(61 * SECONDS)).toBe(anchor)
  expect(anchorOf(59 * SECONDS)).toBe(anchor)
  expect(anchorOf(64 * SECONDS)).not.toBe(anchor)
})

test('what has not happened has no time, and no end of time is an anchor for others', () => {
  expect(new MessageExchange(0).requestStartNs).toBe(Infinity)
  const exchange = new MessageExchange(0)
  exchange.began(false, 1, 5, 0)
  exchange.requestStart = null
  expect([exchange.requestStartNs, exchange.requestStart]).toEqual([Infinity, null])
  expect(anchorOf(Infinity)).toBe(NEVER)
  expect(anchorOf(5)).not.toBe(NEVER)
})
