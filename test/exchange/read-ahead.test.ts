/**
 * A head that stands in one segment is read in one pass; of any other the end is looked for apart from its lines. Both ways must say the
 * same of any head, above all of those that are made to mislead.
 */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { Exchange } from '../../src/exchange/exchange.js'
import { RequestStream } from '../../src/exchange/request-stream.js'
import { ResponseStream } from '../../src/exchange/response-stream.js'
import { Dialogue } from './dialogue.js'
import { head, REQUEST_LINES, STATUS_LINES } from './hostile-heads.js'

const SETTINGS = { seed: 20261122, numRuns: 3000 }

const WHOLE_REQUEST = 'GET /first HTTP/1.1\r\nHost: a\r\n\r\n'
const WHOLE_RESPONSE = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'
const AFTER_HEAD = ['', 'abc', '0\r\n\r\n', '3\r\nabc\r\n0\r\n\r\n', WHOLE_REQUEST, WHOLE_RESPONSE]

interface Piece {
  readonly side: 0 | 1
  readonly text: string
  readonly captured: number
}

const piece = fc.record({
  side: fc.constantFrom(0 as const, 1 as const),
  text: fc
    .tuple(head(REQUEST_LINES), head(STATUS_LINES), fc.boolean(), fc.constantFrom(...AFTER_HEAD))
    .map(([request, status, asks, after]) => (asks ? request : status) + after),
  captured: fc.oneof(
    { weight: 4, arbitrary: fc.constant(Infinity) },
    { arbitrary: fc.nat({ max: 150 }), weight: 1 },
  ),
})

/** Everything that was understood, points included. */
function heard(pieces: readonly Piece[]): unknown {
  const talk = new Dialogue().client(WHOLE_REQUEST).server(WHOLE_RESPONSE).client(WHOLE_REQUEST)
  for (const { side, text, captured } of pieces) talk.say(side, text, captured)
  return { ...talk.heard, exchanges: talk.exchanges.map(whole), begins: talk.begins }
}

function whole(exchange: Exchange): unknown {
  const { requestStart, requestLast, requestEnd, responseStart, responseLast, responseEnd } = exchange
  return [exchange, requestStart, requestLast, requestEnd, responseStart, responseLast, responseEnd]
}

describe('a head read in one pass', () => {
  it('says what the same head says when its end is looked for first', () => {
    const ahead = [RequestStream, ResponseStream].map((stream) =>
      vi.spyOn(stream.prototype as unknown as { readAhead: () => number }, 'readAhead'),
    )
    let inOne = 0
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), (pieces) => {
        const fast = heard(pieces)
        for (const spy of ahead) {
          inOne += spy.mock.results.filter(({ value }) => (value as number) > 0).length
          spy.mockReset().mockReturnValue(-1)
        }
        const slow = heard(pieces)
        for (const spy of ahead) spy.mockReset()
        expect(fast).toEqual(slow)
      }),
      SETTINGS,
    )
    vi.restoreAllMocks()
    // Without heads that are read in one pass, nothing would have been compared.
    expect(inOne).toBeGreaterThan(SETTINGS.numRuns)
  })
})
