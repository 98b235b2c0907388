/** A snaplen that leaves a few bytes of each message: enough to see which it is, too few for a status. */
import { describe, expect, it } from 'vitest'
import { get, ok, opens, post, verdictOf } from '../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'
/** Ethernet, IPv4 and TCP with timestamps. */
const HEADERS = 14 + 20 + 32

/** Two requests, the first of them answered with a body that comes by itself. */
const answered = (request: string, response: string, by: '<' | '>'): string => `${A}
  ${opens('a')}
  a > P. ${request}
  a < .
  +0.1 a < P. 'HTTP/1.1 200 OK\\r\\nContent-Length: 20\\r\\n\\r\\n'
  a < P. len 20
  a > .
  +0.1 a > P. ${request}
  a < .
  ${response}
  +0.4 a ${by} F.
  a ${by === '<' ? '>' : '<'} F.
  a ${by} .`

const shown = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 20]

describe.each(['<', '>'] as const)('FIN %s', (by) => {
  it.each(shown)('%i bytes: a response that came is not called missing', async (bytes) => {
    for (const request of [get('/x'), post('/x')]) {
      const ladder = answered(request, `+0.1 a < P. ${ok()}\n a > .`, by)
      const { verdict, close } = await verdictOf(ladder, { capture: { snaplen: HEADERS + bytes } })
      expect(verdict.class).toMatch(/^(clean|unclassified)$/)
      expect(verdict.certainty).not.toBe('certain')
      expect(close.owed).toBe('unknown')
    }
  })
})

it.each(shown.filter((bytes) => bytes >= 5))('near miss, %i bytes: none came', async (bytes) => {
  const { verdict } = await verdictOf(answered(get('/x'), '', '>'), { capture: { snaplen: HEADERS + bytes } })
  expect(verdict.class).toBe('client-abort')
})
