import { expect, test } from 'vitest'
import { factsOf } from '../helpers/facts-of.js'
import { opens } from '../helpers/verdict-of.js'

const A = `flow a 10.0.0.2:40122 > 10.0.0.3:50051 ts
  ${opens('a')}`

/** A frame as ladder text: type, flags, stream, content. */
function frame(type: number, flags: number, stream: number, content: readonly number[] = []): string {
  const bytes = [0, 0, content.length, type, flags, 0, 0, 0, stream, ...content]
  return bytes.map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
}
const END_STREAM = 1
const END_HEADERS = 4
const PREFACE = 'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n'
/** :method GET, :path /; :status 200. */
const asks = (stream: number, flags = END_STREAM): string =>
  frame(1, END_HEADERS | flags, stream, [0x82, 0x84])
const answers = (stream: number, flags = 0): string => frame(1, END_HEADERS | flags, stream, [0x88])
const cancels = (stream: number): string => frame(3, 0, stream, [0, 0, 0, 8])
const goAway = (last: number): string => frame(7, 0, 0, [0, 0, 0, last, 0, 0, 0, 0])

test.each([
  ['a stream that waits is owed its response', asks(1), '', 'F.', 'response awaiting-response'],
  [
    'a stream that was answered is owed nothing',
    asks(1),
    answers(1, END_STREAM),
    'F.',
    'nothing between-requests',
  ],
  [
    'a stream that had begun to be answered is owed the rest',
    asks(1),
    answers(1),
    'F.',
    'rest-of-response mid-response',
  ],
  [
    'one of two streams is open',
    asks(1) + asks(3),
    answers(1, END_STREAM),
    'F.',
    'response awaiting-response',
  ],
  ['a call whose request had not ended (gRPC)', asks(1, 0), '', 'F.', 'rest-of-request mid-request'],
  [
    'a GOAWAY behind the last answer leaves nothing',
    asks(1),
    answers(1, END_STREAM) + goAway(1),
    'F.',
    'nothing between-requests',
  ],
  ['a GOAWAY that left a stream out', asks(1), goAway(0), 'F.', 'response awaiting-response'],
])('HTTP/2: %s', async (_name, request, response, close, is) => {
  const { standing } = await factsOf(`${A}
    a > P. '${PREFACE}${request}'
    ${response === '' ? 'a < .' : `a < P. '${response}'`}
    +0.001 a > .
    +1 a < ${close}`)
  expect(`${standing.owed} ${standing.phase}`).toBe(is)
})

test('HTTP/2: RST_STREAM ends a stream, not the connection: the next one is owed its response', async () => {
  const { standing, conversation, close } = await factsOf(`${A}
    a > P. '${PREFACE}${asks(1)}'
    a < .
    +0.5 a > P. '${cancels(1)}${asks(3)}'
    a < .
    +1 a < F.`)
  expect(conversation?.exchanges[0]?.reset).toMatchObject({ side: 0, point: { frame: 6 } })
  expect([standing.owed, standing.exchange?.index, close.first?.flag]).toEqual(['response', 1, 'FIN'])
})

test('HTTP/2: what a cut segment of the client held may have been a request', async () => {
  const settings = frame(4, 0, 0)
  const text = `${A}
    a > P. '${PREFACE}${settings}${asks(1)}'
    a < P. '${settings}'
    a > .
    +2 a > F.
    a < F.
    a > .`
  expect((await factsOf(text, { snaplen: 96 })).standing.owed).toBe('unknown')
  expect((await factsOf(text)).standing.owed).toBe('response')
})

test('HTTP/2: near miss: nothing but what both sides open with', async () => {
  const settings = frame(4, 0, 0)
  const { standing } = await factsOf(`${A}
    a > P. '${PREFACE}${settings}'
    a < P. '${settings}'
    a > P. '${frame(4, 1, 0)}'
    a < .
    +2 a > F.
    a < F.
    a > .`)
  expect(standing.owed).toBe('nothing')
})
