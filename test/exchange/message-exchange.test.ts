import { expect, test } from 'vitest'
import { noPauses } from '../../src/exchange/event-pauses.js'
import { MessageExchange } from '../../src/exchange/message-exchange.js'

const FLAGS = [
  'targetCut',
  'requestHeadWhole',
  'requestCloses',
  'requestSaysClose',
  'lowerCaseNames',
  'expectsContinue',
  'continued',
  'responseCloses',
  'eventStream',
  'legGone',
] as const

const FRAMINGS = ['none', 'length', 'chunked', 'close', 'frames', 'unknown'] as const

/** A sequence number that is no small number of 32 bits with a sign. */
const HIGH = 0xfffffff0

test('nothing is known of a new one, and its ends are not complete', () => {
  const exchange = new MessageExchange(3)
  expect(exchange.index).toBe(3)
  expect(FLAGS.filter((flag) => exchange[flag])).toEqual([])
  expect([exchange.requestComplete, exchange.responseComplete]).toEqual([false, false])
  expect(exchange.responseFraming).toBe('unknown')
  expect([exchange.requestStart, exchange.responseLast, exchange.responseEnd]).toEqual([null, null, null])
})

test('each flag stands by itself', () => {
  for (const flag of FLAGS) {
    const exchange = new MessageExchange(0)
    exchange[flag] = true
    expect(FLAGS.filter((other) => exchange[other])).toEqual([flag])
    exchange.requestComplete = null
    exchange.responseComplete = true
    for (const framing of FRAMINGS) {
      exchange.responseFraming = framing
      expect(exchange.responseFraming).toBe(framing)
    }
    expect([exchange.requestComplete, exchange.responseComplete]).toEqual([null, true])
    exchange[flag] = false
    expect(FLAGS.filter((other) => exchange[other])).toEqual([])
  }
})

test.each([false, true])('points of one frame, and of several (of the response: %s)', (answers) => {
  const exchange = new MessageExchange(0)
  const [start, last, end] = answers
    ? (['responseStart', 'responseLast', 'responseEnd'] as const)
    : (['requestStart', 'requestLast', 'requestEnd'] as const)
  exchange[start] = { frame: 7, timeNs: 70, seq: HIGH }
  exchange.passed(answers, 7, 70, HIGH + 3)
  exchange.passed(answers, 7, 70, HIGH + 4)
  expect(exchange[last]).toEqual({ frame: 7, timeNs: 70, seq: HIGH + 4 })
  exchange[end] = { frame: 7, timeNs: 70, seq: HIGH + 5 }
  expect(exchange[end]).toEqual({ frame: 7, timeNs: 70, seq: HIGH + 5 })
  exchange.passed(answers, 9, 90, HIGH + 6)
  expect(exchange[last]).toEqual({ frame: 9, timeNs: 90, seq: HIGH + 6 })
  expect(exchange[end]).toEqual({ frame: 7, timeNs: 70, seq: HIGH + 5 })
  exchange.passed(answers, 11, 110, HIGH + 9)
  expect(exchange[last]).toEqual({ frame: 11, timeNs: 110, seq: HIGH + 9 })
  exchange[end] = { frame: 11, timeNs: 110, seq: HIGH + 10 }
  expect(exchange[end]).toEqual({ frame: 11, timeNs: 110, seq: HIGH + 10 })
  exchange.passed(answers, 12, 120, HIGH + 11)
  expect(exchange[end]).toEqual({ frame: 11, timeNs: 110, seq: HIGH + 10 })
  const other = answers ? exchange.requestLast : exchange.responseLast
  expect(other).toBeNull()
})

test('a start that is taken back leaves the other points as they were', () => {
  const exchange = new MessageExchange(0)
  exchange.responseStart = { frame: 7, timeNs: 70, seq: 1 }
  exchange.passed(true, 7, 70, 5)
  exchange.responseStart = null
  expect(exchange.responseLast).toEqual({ frame: 7, timeNs: 70, seq: 5 })
  exchange.responseLast = null
  exchange.passed(true, 8, 80, 9)
  exchange.responseStart = { frame: 8, timeNs: 80, seq: 6 }
  expect(exchange.responseLast).toEqual({ frame: 8, timeNs: 80, seq: 9 })
})

test.each([
  ['beside the latest byte', 9, 90],
  ['in another frame', 11, 90],
  ['at another time', 9, 110],
])('an end %s is the same whether it is told or set', (_, frame, timeNs) => {
  for (const [answers, start, end] of [
    [false, 'requestStart', 'requestEnd'] as const,
    [true, 'responseStart', 'responseEnd'] as const,
  ])
    for (const frames of [[7], [7, 9], [9]]) {
      const [told, set] = [new MessageExchange(0), new MessageExchange(0)]
      for (const exchange of [told, set]) {
        exchange[start] = { frame: frames[0], timeNs: frames[0] * 10, seq: HIGH }
        for (const at of frames) exchange.passed(answers, at, at * 10, HIGH + at)
      }
      told.ended(answers, frame, timeNs, HIGH + 12)
      set[end] = { frame, timeNs, seq: HIGH + 12 }
      expect(told[end]).toEqual({ frame, timeNs, seq: HIGH + 12 })
      expect(told).toEqual(set)
    }
})

test('a beginning is told as a point and as its time', () => {
  const exchange = new MessageExchange(0)
  expect([exchange.requestStartNs, exchange.responseStartNs]).toEqual([Infinity, Infinity])
  exchange.requestStart = { frame: 7, timeNs: 70.5, seq: HIGH }
  exchange.responseStart = { frame: 8, timeNs: -80, seq: 2 }
  expect([exchange.requestStartNs, exchange.responseStartNs]).toEqual([70.5, -80])
  expect(exchange.requestStart).toEqual({ frame: 7, timeNs: 70.5, seq: HIGH })
  exchange.responseStart = null
  expect([exchange.responseStart, exchange.responseStartNs]).toEqual([null, Infinity])
})

test('what few exchanges have stands by itself', () => {
  const exchange = new MessageExchange(0)
  exchange.eventPauses = null
  expect([exchange.grpcStatus, exchange.eventPauses, exchange.reset]).toEqual([null, null, null])
  const reset = { side: 1, point: { frame: 7, timeNs: 70, seq: 1 }, errorCode: 8 } as const
  exchange.grpcStatus = 14
  exchange.reset = reset
  exchange.eventPauses = noPauses()
  expect([exchange.grpcStatus, exchange.eventPauses, exchange.reset]).toEqual([14, noPauses(), reset])
  exchange.eventPauses = null
  expect([exchange.grpcStatus, exchange.eventPauses, exchange.reset]).toEqual([14, null, reset])
})
