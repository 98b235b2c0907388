import { expect, test } from 'vitest'
import { clientEnds, get, ok, opens, reportOf, served, type VerdictOptions } from '../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'
const WHOLE = `${A}
    ${served('a')}
    ${clientEnds('a', '+0.5')}`

async function summary(ladder: string, options: VerdictOptions = {}) {
  const [capture] = (await reportOf(ladder, options)).captures
  if (capture === undefined) throw new Error('no capture')
  return capture
}

test('a whole capture: nothing is missing', async () => {
  expect(await summary(WHOLE)).toMatchObject({
    file: 'ladder.pcap',
    linkTypes: ['EN10MB'],
    frames: 9,
    start: '2026-01-21T08:00:00.000000000Z',
    truncated: false,
    notDecoded: {},
    duplicates: 0,
    notSeen: [],
  })
})

test('its length runs from the first frame to the last', async () => {
  expect((await summary(WHOLE)).seconds).toBeCloseTo(0.5016, 4)
})

test('times before 1970 and nanoseconds', async () => {
  const capture = { epochNs: 1_000_000_001n, nanoseconds: true }
  expect((await summary(WHOLE, { capture })).start).toBe('1970-01-01T00:00:01.000000001Z')
})

test.each([
  ['a late start', `${A}\n a > P. ${get()}\n a < P. ${ok()}`, {}, 'the beginning of 1 of 1 connections'],
  ['one direction', `${A}\n a > . \n +1 a > F.`, {}, 'one direction of 1 connections'],
  [
    'bytes that were acknowledged but not captured',
    `${A}\n ${opens('a')}\n a > P. ${get()}\n a < P. ${ok(3000, 100)}\n a > . ack 3046`,
    {},
    'bytes of 1 connections',
  ],
  [
    'frames cut by the snaplen',
    WHOLE,
    { capture: { snaplen: 70 } },
    'the ends of frames longer than 70 bytes',
  ],
])('says what could not be seen: %s', async (_, ladder, options, line) => {
  expect((await summary(ladder, options)).notSeen.join('\n')).toContain(line)
})

test('copies of packets are counted, not taken for retransmissions', async () => {
  const capture = await summary(WHOLE, { capture: { twice: 'bridge', link: 'LINUX_SLL2' } })
  expect(capture).toMatchObject({ frames: 18, duplicates: 9, notSeen: [] })
})
