/** Heads that are made to mislead those who read them, and some that are not. */
import fc from 'fast-check'

export const REQUEST_LINES = [
  'GET / HTTP/1.1',
  'POST /a?b=c HTTP/1.0',
  'CONNECT a:1 HTTP/1.1',
  'GET  /a b  HTTP/1.1',
  'X-y * HTTP/1.1',
  'GET / HTTP/2.0',
  'GET /',
  'GET / HTTP/1.1 ',
  'GET\t/ HTTP/1.1',
  'GET /\0 HTTP/1.1',
  'GET /\xe9 HTTP/1.1',
]
export const STATUS_LINES = [
  'HTTP/1.1 200 OK',
  'HTTP/1.0 404 Not  Found',
  'HTTP/1.1 204',
  'HTTP/1.1 101 Switching',
  'HTTP/1.1 100 Go on',
  'HTTP/1.1 20',
  'HTTP/1.1 099 X',
  'HTTP/1.1  200',
  'HTTP/1.1 200\tOK',
  'HTTP/2.0 200 OK',
  'http/1.1 200 OK',
]
const FIELD_LINES = [
  'Host: shop.example',
  'host:b',
  'HOST: c',
  'Content-Length: 3',
  'content-length: 4',
  'Content-Length: 3, 3',
  'Content-Length : 5',
  'Content-Length:',
  'Content-Length: +1',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: chunked, gzip',
  'Transfer-Encoding: gzip, chunked',
  'transfer-encoding : chunked',
  'Connection: close',
  'Connection: Keep-Alive, Upgrade',
  'Connection: a;b , ,close',
  'Keep-Alive: timeout=5, max=9',
  'Upgrade: h2c',
  'Expect: 100-continue',
  'X-Request-Id:  7f ',
  'Traceparent: 00',
  'X-Forwarded-For: 1.1.1.1',
  'User-Agent: curl',
  'Server: nginx',
  'Via: 1.1 lb',
  'Date: today',
  'Cache-Control: no-cache',
  'Content-Type: text/html; charset=x',
  'Content-Type: a, text/event-stream',
  'Content-Type: text/html-not',
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
]
const ENDS = ['\r\n', '\r\n', '\r\n', '\n', '\r\r\n', '\n\r']

const line = (words: readonly string[]): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom(...words), fc.constantFrom(...ENDS)).map((parts) => parts.join(''))
/** The lines after the first one. */
export const fields = fc.array(line(FIELD_LINES), { maxLength: 6 }).map((lines) => lines.join(''))
/** A head with one of these first lines; it may not end, or end early. */
export const head = (firstLines: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(line(firstLines), fields, fc.constantFrom('\r\n', '\n', '', '\r\n\r\n'))
    .map((parts) => parts.join(''))
