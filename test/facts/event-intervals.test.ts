import { expect, test } from 'vitest'
import { eventIntervals } from '../../src/facts/event-intervals.js'
import { factsOf } from '../helpers/facts-of.js'
import { get, opens, verdictOf } from '../helpers/verdict-of.js'

const HEAD =
  "'HTTP/1.1 200 OK\\r\\nContent-Type: text/event-stream\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n'"
const EVENT = "'9\\r\\ndata: a\\n\\n\\r\\n'"
const STREAM = `flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
  ${opens('a')}
  1.0 a > P. ${get('/events')}
      a < P. ${HEAD}
  +0.0001 a < P. ${EVENT}
      a > .`

test('events are counted, with the middle and the longest interval', async () => {
  const facts = await factsOf(`${STREAM}
    2.0 a < P. ${EVENT}
    3.0 a < P. ${EVENT}
    18.0 a < P. ${EVENT}
    19.0 a < P. ${EVENT}`)
  const events = eventIntervals(facts.conversation)
  expect(events?.count).toBe(4)
  expect((events?.medianNs ?? 0) / 1e9).toBeCloseTo(1, 3)
  expect((events?.longestNs ?? 0) / 1e9).toBeCloseTo(15, 3)
})

test('the head, the first event and pieces of one event are no intervals', async () => {
  expect(eventIntervals((await factsOf(STREAM)).conversation)).toBeNull()
})

test('a long stream keeps a bounded part of its intervals and still finds the middle', async () => {
  const lines = Array.from({ length: 700 }, (_, i) => `${3 + i} a < P. ${EVENT}`)
  const events = eventIntervals((await factsOf(`${STREAM}\n${lines.join('\n')}`)).conversation)
  expect(events?.count).toBe(700)
  expect((events?.medianNs ?? 0) / 1e9).toBeCloseTo(1, 3)
})

test('the idle cut of a stream says how its events had come, and so does the flow', async () => {
  const flow = await verdictOf(`${STREAM}
    2.3 a < P. ${EVENT}
    3.8 a < P. ${EVENT}
        a > .
    63.8 a > F.
        a < F.
        a > .`)
  expect(flow.verdict.class).toBe('idle-timeout')
  expect(flow.verdict.remarks.join()).toMatch(
    /events had come every 1\.\d+ s \(median of 2 pauses, the longest 1\.500 s\)/,
  )
  expect(flow.events).toEqual({
    intervals: 2,
    median: expect.closeTo(1.3, 1) as number,
    longest: expect.closeTo(1.5, 3) as number,
  })
})

test('an ordinary response has no events', async () => {
  const flow = await verdictOf(`flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
    ${opens('a')}
    1.0 a > P. ${get('/')}`)
  expect(flow.events).toBeNull()
})
