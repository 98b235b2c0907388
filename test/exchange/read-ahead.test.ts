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

const SETTINGS = { seed: 20261122, numRuns: 3000 }

const REQUEST_LINES = [
  ...[
    'GET / HTTP/1.1',
    'POST /a?b=c HTTP/1.0',
    'CONNECT a:1 HTTP/1.1',
    'GET  /a b  HTTP/1.1',
    'X-y * HTTP/1.1',
  ],
  ...[
    'GET / HTTP/2.0',
    'GET /',
    'GET / HTTP/1.1 ',
    'GET\t/ HTTP/1.1',
    'GET /\0 HTTP/1.1',
    'GET /\xe9 HTTP/1.1',
  ],
]
const STATUS_LINES = [
  ...[
    'HTTP/1.1 200 OK',
    'HTTP/1.0 404 Not  Found',
    'HTTP/1.1 204',
    'HTTP/1.1 101 Switching',
    'HTTP/1.1 100 Go on',
  ],
  ...[
    'HTTP/1.1 20',
    'HTTP/1.1 099 X',
    'HTTP/1.1  200',
    'HTTP/1.1 200\tOK',
    'HTTP/2.0 200 OK',
    'http/1.1 200 OK',
  ],
]
const FIELDS = [
  ...[
    'Host: shop.example',
    'host:b',
    'HOST: c',
    'Content-Length: 3',
    'content-length: 4',
    'Content-Length: 3, 3',
  ],
  ...['Content-Length : 5', 'Content-Length:', 'Content-Length: +1', 'Transfer-Encoding: chunked'],
  ...['Transfer-Encoding: chunked, gzip', 'Transfer-Encoding: gzip, chunked', 'transfer-encoding : chunked'],
  ...[
    'Connection: close',
    'Connection: Keep-Alive, Upgrade',
    'Connection: a;b , ,close',
    'Keep-Alive: timeout=5, max=9',
  ],
  ...[
    'Upgrade: h2c',
    'Expect: 100-continue',
    'X-Request-Id:  7f ',
    'Traceparent: 00',
    'X-Forwarded-For: 1.1.1.1',
  ],
  ...['User-Agent: curl', 'Server: nginx', 'Via: 1.1 lb', 'Date: today', 'Cache-Control: no-cache'],
  ...[
    'Content-Type: text/html; charset=x',
    'Content-Type: a, text/event-stream',
    'Content-Type: text/html-not',
  ],
  ...[
    ' folded',
    '\tfolded: yes',
    ':',
    ': empty',
    'no colon',
    'Na\xefve: x',
    'a\rb: c',
    'X: \0',
    'X: a\r',
    '\r',
    'x-y: ,,;',
  ],
]
const ENDS = ['\r\n', '\r\n', '\r\n', '\n', '\r\r\n', '\n\r']

const line = (words: readonly string[]): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom(...words), fc.constantFrom(...ENDS)).map((parts) => parts.join(''))
const head = (firstLines: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      line(firstLines),
      fc.array(line(FIELDS), { maxLength: 6 }),
      fc.constantFrom('\r\n', '\n', '', '\r\n\r\n'),
    )
    .map(([first, fields, end]) => first + fields.join('') + end)

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
