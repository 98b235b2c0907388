import { expect, test } from 'vitest'
import { AnsweredRequests } from '../../src/chain/answered.js'
import type { Conversation } from '../../src/exchange/exchange.js'
import { factsOf } from '../helpers/facts-of.js'
import { get, ok, opens } from '../helpers/verdict-of.js'

/** A request in every second, answered half a second later. */
async function asked(
  times: number,
  unanswered = -1,
): Promise<{ talk: Conversation; atNs: (seconds: number) => number }> {
  const flow = await factsOf(`flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
    ${opens('d', '0')}
    ${Array.from({ length: times }, (_, n) => `${n + 1} d > P. ${get('/')}\n${n === unanswered ? '' : `${n + 1.5} d < P. ${ok()}`}`).join('\n')}`)
  return { talk: flow.conversation as Conversation, atNs: (seconds) => flow.startNs + seconds * 1e9 }
}

test('requests that were answered before a moment are passed over, some time in hand', async () => {
  const { talk, atNs } = await asked(20)
  const answered = new AnsweredRequests()
  expect(answered.firstOpenAt(talk, atNs(10.7))).toBe(9)
  expect(answered.firstOpenAt(talk, atNs(10.8))).toBe(10)
  expect(answered.firstOpenAt(talk, atNs(15))).toBe(14)
})

test('a moment that lies before is answered with all of them', async () => {
  const { talk, atNs } = await asked(20)
  const answered = new AnsweredRequests()
  answered.firstOpenAt(talk, atNs(15))
  expect(answered.firstOpenAt(talk, atNs(14.4))).toBe(0)
  expect(answered.firstOpenAt(talk, atNs(14.9))).toBe(14)
})

test('a request that is open is not passed over', async () => {
  const { talk, atNs } = await asked(20, 19)
  expect(new AnsweredRequests().firstOpenAt(talk, atNs(30))).toBe(19)
})

test('few requests, streams of HTTP/2, and requests of which some are not kept are all looked through', async () => {
  const few = await asked(5)
  expect(new AnsweredRequests().firstOpenAt(few.talk, few.atNs(30))).toBe(0)
  const { talk, atNs } = await asked(20)
  expect(new AnsweredRequests().firstOpenAt({ ...talk, protocol: 'http2' }, atNs(30))).toBe(0)
  expect(new AnsweredRequests().firstOpenAt({ ...talk, count: 21 }, atNs(30))).toBe(0)
})
