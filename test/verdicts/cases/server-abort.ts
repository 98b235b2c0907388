import { get, ok, opens, post, served, status, type VerdictCase } from '../../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'
const D = 'flow d 10.0.0.1:50000 > 10.0.0.2:80 ts'

/** A client that stops reading a response and reads again so many seconds after a window probe. */
const stalls = (seconds: string): string => `${D}
      ${opens('d')}
      d > P. ${get('/big')}
      d < . 'HTTP/1.1 200 OK\\r\\nServer: nginx\\r\\nContent-Length: 9000\\r\\n\\r\\nx'
      d < P. len 1400
      d > . win 0
      +0.3 d < . probe
           d > . win 0
      +${seconds} d > . win 9000`

export const cases: readonly VerdictCase[] = [
  {
    name: 'near miss: what it said is no HTTP, but it is something',
    ladder: `flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
      ${opens('a')}
      a > P. ${get()}
      a < P. 'SSH-2.0-OpenSSH_6.6.1\\r\\n'
      a > .
      +0.001 a < R.`,
    is: { a: 'unclassified ok possible server -' },
  },
  {
    name: 'FIN without a byte of the response',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/crash')}
      a < .
      +0.345 a < F.
             a > F.
             a < .`,
    is: { a: 'server-abort problem certain server awaiting-response' },
    says: /no byte of a response 34\d ms after GET \/crash/,
  },
  {
    name: 'Content-Length is short',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/big')}
      a < P. ${ok(5000, 100)}
      +0.010 a < F.
             a > F.
             a < .`,
    is: { a: 'server-abort problem certain server mid-response' },
  },
  {
    name: 'a FIN behind data that the client had not read: a send timeout may have run out unseen',
    ladder: `${stalls('6.5')}
      d < . len 1400
      d < F. len 700
      d > F.
      d < .`,
    is: { d: 'server-abort problem possible server mid-response' },
    says: /its FIN came behind what the client had not read for 6\.8\d* s/,
  },
  {
    name: 'near miss: the window was shut for a moment only',
    ladder: `${stalls('0.4')}
      d < . len 1400
      d < F. len 700
      d > F.
      d < .`,
    is: { d: 'server-abort problem certain server mid-response' },
  },
  {
    name: 'near miss: it went on sending for long after the client read again',
    ladder: `${stalls('6.5')}
      d < . len 1400
      d > .
      +2.5 d < P. len 700
      d > .
      +0.1 d < F.
      d > F.
      d < .`,
    is: { d: 'server-abort problem certain server mid-response' },
  },
  {
    name: 'near miss: Content-Length is reached with the byte in the FIN segment',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/big')}
      a < P. ${ok(101, 100)}
      a < F. 'x'
      a > F.
      a < .`,
    is: { a: 'clean ok certain server between-requests' },
  },
  {
    name: 'chunked without the last chunk',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/big')}
      a < P. 'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n5\\r\\nhello\\r\\n'
      +0.010 a < F.
             a > F.
             a < .`,
    is: { a: 'server-abort problem certain server mid-response' },
  },
  {
    name: 'near miss: chunked with the last chunk',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/big')}
      a < P. 'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n5\\r\\nhello\\r\\n0\\r\\n\\r\\n'
      +0.010 a < F.
             a > F.
             a < .`,
    is: { a: 'clean ok certain server between-requests' },
  },
  {
    name: 'near miss: a body that ends with the connection',
    ladder: `${A}
      ${opens('a')}
      a > P. 'GET /big HTTP/1.0\\r\\nHost: h\\r\\n\\r\\n'
      a < P. 'HTTP/1.0 200 OK\\r\\n\\r\\nhello'
      +0.010 a < F.
             a > F.
             a < .`,
    is: { a: 'clean ok likely server between-requests' },
  },
  {
    name: 'a body that ends with the connection, cut by RST',
    ladder: `${A}
      ${opens('a')}
      a > P. 'GET /big HTTP/1.0\\r\\nHost: h\\r\\n\\r\\n'
      a < P. 'HTTP/1.0 200 OK\\r\\n\\r\\nhello'
      +0.010 a < R.`,
    is: { a: 'server-abort problem certain server mid-response' },
  },
  {
    name: 'RST in the middle of the response',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/big')}
      a < P. ${ok(5000, 100)}
      a > .
      +0.010 a < R.`,
    is: { a: 'server-abort problem certain server mid-response' },
  },
  {
    name: 'in the middle of the request',
    ladder: `${A}
      ${opens('a')}
      a > P. ${post('/up', 5000, 100)}
      a < .
      +0.345 a < F.
             a > F.
             a < .`,
    is: { a: 'server-abort problem likely server mid-request' },
  },
  {
    name: 'an early answer without waiting for the body is told',
    ladder: `${A}
      ${opens('a')}
      a > P. ${post('/up', 5000, 100)}
      a < P. ${status(413, 'Request Entity Too Large')}
      a < F.
      a > . len 1400 unseen
      a < R`,
    is: { a: 'server-abort problem certain server mid-request' },
    says: /after answering 413/,
  },
  {
    name: 'a RST sooner than the path allows is never certainly the server’s',
    ladder: `${A}
      0.0 a > S
      +0.030 a < S.
      a > .
      a > P. ${get('/word')}
      +0.0005 a < R.`,
    is: { a: 'server-abort problem likely server awaiting-response' },
  },
  {
    name: 'the first request of a connection is reset unread',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/')}
      a < .
      +0.002 a < R.`,
    is: { a: 'server-abort problem certain server awaiting-response' },
  },
  {
    name: 'the connection behind it broke off in the middle of the response',
    ladder: `${D}\n${A}
      ${opens('d')}
      d > P. ${get('/big')}
      ${opens('a', '+0.0005')}
      a > P. ${get('/big')}
      a < P. ${ok(5000, 100)}
      a > .
      d < P. ${ok(5000, 100)}
      d > .
      +0.5 a < F.
      +0.00008 a > F.
          a < .
          d < F.
          d > F.
          d < .`,
    is: {
      d: 'server-abort problem likely server mid-response',
      a: 'server-abort problem certain server mid-response',
    },
    says: /because the connection behind it \(flow 1\) broke off/,
  },
  {
    name: 'a proxy that closes both legs at once, having waited for nothing, was not brought to it by the leg behind',
    ladder: `${D}\n${A}
      ${opens('d')}
      d > P. ${get('/big')}
      ${opens('a', '+0.0005')}
      a > P. ${get('/big')}
      a < P. ${ok(5000, 100)}
      a > .
      d < P. ${ok(5000, 100)}
      d > .
      +0.3 a > F.
      +0.00008 d < F.
          d > F.
          d < .
          a < F.
          a > .`,
    is: { d: 'server-abort problem certain server mid-response' },
    says: /GET \/big\.$/,
  },
  {
    name: 'an application closes after 25.5 s without a known timer',
    ladder: `${A}
      ${served('a')}
      +1 a > P. ${get('/next')}
         a < .
      +25.512 a < F.
         a > F.
         a < .`,
    is: { a: 'server-abort problem likely server awaiting-response' },
  },
  {
    name: 'Content-Length is short, after a silence of 0.5 s and with data still in flight from the client',
    ladder: `${A}
      ${served('a')}
      a > P. ${get('/next')}
      a < P. ${ok(300, 299)}
      a > .
      +0.5 a < F.
      a > F.
      a < .`,
    is: { a: 'server-abort problem certain server mid-response' },
  },
  {
    name: 'a request that the capture began with meets a bare RST: when its connection ended was not captured',
    ladder: `${A}
      a > P. ${post('/hello')}
      +0.0014 a < R`,
    is: { a: 'unclassified ok possible server *' },
  },
  {
    name: 'near miss: the RST of a live socket',
    ladder: `${A}
      a > P. ${post('/hello')}
      a < .
      +0.0014 a < R.`,
    is: { a: 'server-abort problem possible server awaiting-response' },
  },
  {
    name: 'an error response written into the chunks of another one',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/stream')}
      +0.010 a < P. 'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n5\\r\\nhello\\r\\n'
      a > .
      +0.010 a < P. ${status(500, 'Internal Server Error', 'Connection: close\\r\\n')}
      a < F.
      a > F.
      a < .`,
    is: { a: 'server-abort problem certain server mid-response' },
  },
]
