import { expect, test } from 'vitest'
import { flowsOf, get, ok, opens } from '../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'

/** A response that began, lost bytes 100–199 of its stream to the capture, went on, and ended with a FIN of the server. */
const hole = (head: string): string => `${A}
  ${opens('a')}
  a > P. ${get('/x')}
  a < P. 'HTTP/1.1 200 OK\\r\\n${head}\\r\\n\\r\\nhello'
  a > .
  +0.1 a < P. seq 200 len 300
  a > . ack 500
  +0.01 a < F. seq 500
  a > F. ack 501
  a < .`

test('bytes that the capture lacks of a chunked response: nothing is certain after them', async () => {
  const { verdict, close } = (await flowsOf(hole('Transfer-Encoding: chunked'))).a!
  expect(verdict.certainty).not.toBe('certain')
  expect(close.owed).toBe('unknown')
})

test.each([
  ['9000', 'server-abort', 'rest-of-response'],
  ['459', 'clean', 'nothing'],
])('of one with a length the sequence numbers tell the end: %s', async (length, word, owed) => {
  const { verdict, close } = (await flowsOf(hole(`Content-Length: ${length}`))).a!
  expect(verdict.class).toBe(word)
  expect(close.owed).toBe(owed)
})

test('a RST that acknowledges a request which was not captured is not called clean with certainty', async () => {
  const { verdict, close } = (
    await flowsOf(`${A}
      ${opens('a')}
      a > P. ${get('/x')}
      a < P. ${ok()}
      a > .
      +2 a < R. ack 500`)
  ).a!
  expect(verdict.certainty).not.toBe('certain')
  expect(close.owed).toBe('unknown')
})

/** A response that lost its head to the capture (its ACK is there), then the FIN of `closer`. */
const headless = (closer: '<' | '>', acked: number): string => `${A}
  ${opens('a')}
  a > P. ${get('/x')}
  a < .
  +0.1 ${acked > 1 ? `a > . ack ${acked}` : 'a > .'}
  ${acked > 1 ? `a < P. seq ${acked} len 500\n  a > . ack ${acked + 500}` : ''}
  +0.01 a ${closer} F.
  a ${closer === '<' ? '>' : '<'} F.
  a ${closer} .`

test.each(['<', '>'] as const)('a response whose head the capture lost is no abort: FIN %s', async (by) => {
  const { verdict, close } = (await flowsOf(headless(by, 140))).a!
  expect(verdict.class).toMatch(/^(clean|unclassified)$/)
  expect(verdict.certainty).toBe('possible')
  expect(close.owed).toBe('unknown')
})

test.each([
  ['<', 'server-abort'],
  ['>', 'client-abort'],
] as const)('near miss: nothing of a response was acknowledged, FIN %s', async (by, word) => {
  expect((await flowsOf(headless(by, 1))).a!.verdict.class).toBe(word)
})
