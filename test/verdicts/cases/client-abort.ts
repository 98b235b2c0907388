import {
  clientEnds,
  get,
  ok,
  opens,
  post,
  served,
  status,
  type VerdictCase,
} from '../../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'
const D = 'flow d 10.0.0.1:50000 > 10.0.0.2:80 ts'
const ID = 'X-Request-Id: 7f3a\\r\\n'
const WAITING = `${D}\n${A}
      ${opens('d')}
      d > P. ${get('/slow', ID)}
      d < .
      ${opens('a', '+0.0005')}
      a > P. ${get('/slow', ID)}
      a < .`

/** HTTP/2 in clear text: the client's preface, a GET of /slow on that stream, a whole answer of 200. */
const H2_PREFACE = 'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n'
const h2Get = (stream: number): string =>
  `\\x00\\x00\\x0c\\x01\\x05\\x00\\x00\\x00\\x0${stream}\\x82\\x86\\x04\\x05/slow\\x01\\x01h`
const h2Answer = (stream: number): string => `'\\x00\\x00\\x01\\x01\\x05\\x00\\x00\\x00\\x0${stream}\\x88'`

/** An upload that stalls: the proxy closes the upstream leg first (`last`: how that comes), then does `then` to its client. */
const brokenUpload = (then: string, last = '+60 a > F.'): string => `${A}
      ${D}
      ${opens('d')}
      d > P. ${post('/up', 5000, 100)}
      d < .
      ${opens('a', '+0.001')}
      a > P. ${post('/up', 5000, 100)}
      a < .
      ${last}
      ${then}
         d > F.
         d < .
         a < F.
         a > .`

export const cases: readonly VerdictCase[] = [
  {
    name: 'FIN while the response is owed',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/slow')}
      a < .
      +2.345 a > F.
             a < F.
             a > .`,
    is: { a: 'client-abort problem likely client awaiting-response' },
    says: /without waiting for the response to GET \/slow, 2\.345 s after it began/,
  },
  {
    name: 'RST of abort form while the response is owed',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/slow')}
      a < .
      +2.345 a > R.`,
    is: { a: 'client-abort problem likely client awaiting-response' },
  },
  {
    name: 'HTTP/1.0 without a Connection header is everybody’s, not nginx’s',
    ladder: `${A}
      ${opens('a')}
      a > P. 'GET / HTTP/1.0\\r\\n\\r\\n'
      a < .
      +0.1 a > F.
           a < F.
           a > .`,
    is: { a: 'client-abort problem likely client awaiting-response' },
    says: /^The client left/,
  },
  {
    name: 'near miss: with `Connection: close` it is nginx’s way to ask',
    ladder: `${A}
      ${opens('a')}
      a > P. 'GET / HTTP/1.0\\r\\nConnection: close\\r\\n\\r\\n'
      a < .
      +0.1 a > F.
           a < F.
           a > .`,
    is: { a: 'client-abort problem possible client awaiting-response' },
    says: /^nginx left/,
  },
  {
    name: 'in the middle of its own request',
    ladder: `${A}
      ${opens('a')}
      a > P. ${post('/up', 5000, 100)}
      a < .
      +0.3 a > F.
           a < F.
           a > .`,
    is: { a: 'client-abort problem likely client mid-request' },
  },
  {
    name: 'near miss: a half-close, the whole response follows',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/slow')}
      a > F.
      a < .
      +2 a < P. ${ok()}
         a < F.
         a > .`,
    is: { a: 'clean ok certain client awaiting-response' },
  },
  {
    name: 'near miss: a half-close in the middle of the response, all of it follows',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/big')}
      a < . ${ok(2000, 1000)}
      a > F.
      a < P. len 1000
      a < F.
      a > .`,
    is: { a: 'clean ok certain client mid-response' },
  },
  {
    name: 'a half-close, but only half of the response follows',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/big')}
      a > F.
      a < . ${ok(2000, 1000)}
      a < F.
      a > .`,
    is: { a: 'server-abort problem likely server mid-response' },
  },
  {
    name: 'near miss: the RST after a complete response lost nothing',
    ladder: `${A}
      ${served('a')}
      +0.01 a > R.`,
    is: { a: 'clean ok certain client between-requests' },
  },
  {
    name: 'propagated: the client of the proxy had left before, linked by request id',
    ladder: `${WAITING}
      3.0 d > F.
      +0.00006 a > F.
          d < F.
          d > .
          a < F.
          a > .`,
    is: {
      a: 'client-abort/propagated problem certain client awaiting-response',
      d: 'client-abort problem likely client awaiting-response',
    },
    says: /its own client \(flow 0\) had left/,
  },
  {
    name: 'propagated: the client cancelled one HTTP/2 stream and kept its connection',
    ladder: `${D}\n${A}
      ${opens('d')}
      d > P. '${H2_PREFACE}${h2Get(1)}'
      d < P. ${h2Answer(1)}
      +0.5 d > P. '${h2Get(3)}'
      d < .
      ${opens('a', '+0.0005')}
      a > P. ${get('/slow')}
      a < .
      3.0 d > P. '\\x00\\x00\\x04\\x03\\x00\\x00\\x00\\x00\\x03\\x00\\x00\\x00\\x08'
      +0.00006 a > F.
          a < F.
          a > .
      +0.2 d > P. '${h2Get(5)}'
      d < P. ${h2Answer(5)}
      +0.2 d > F.
          d < F.
          d > .`,
    is: {
      a: 'client-abort/propagated problem likely client awaiting-response',
      d: 'clean ok certain client *',
    },
    says: /because its own client \(flow 0\) had cancelled the request 0\.06 ms earlier/,
  },
  {
    name: 'near miss: the other stream was cancelled: the proxy gave up on this one by itself',
    ladder: `${D}\n${A}
      ${opens('d')}
      d > P. '${H2_PREFACE}${h2Get(1)}'
      d < .
      ${opens('a', '+0.0005')}
      a > P. ${get('/slow')}
      a < .
      2.9 d > P. '${h2Get(3)}'
      3.0 d > P. '\\x00\\x00\\x04\\x03\\x00\\x00\\x00\\x00\\x03\\x00\\x00\\x00\\x08'
      +0.00006 a > F.
          a < F.
          a > .
      +0.2 d > F.
          d < F.
          d > .`,
    is: { a: 'idle-timeout problem likely client awaiting-response' },
  },
  {
    name: 'propagated, linked by content only: likely',
    ladder: `${WAITING.replaceAll(ID, '')}
      3.0 d > F.
      +0.00006 a > F.
          d < F.
          d > .`,
    is: { a: 'client-abort/propagated problem likely client awaiting-response' },
  },
  {
    name: 'propagated although the proxy took 0.9 s',
    ladder: `${WAITING}
      3.0 d > F.
      3.9 a > F.
          d < F.
          d > .`,
    is: { a: 'client-abort/propagated problem certain client awaiting-response' },
  },
  {
    name: 'near miss: 1.1 s later it was not because of its client',
    ladder: `${WAITING}
      3.0 d > F.
      4.1 a > F.
          d < F.
          d > .`,
    is: { a: 'client-abort problem possible client awaiting-response' },
  },
  {
    name: 'near miss: the client left 60 µs after the proxy gave up: the proxy had its own timer',
    ladder: `${WAITING}
      60.001 a > F.
      +0.00006 d > F.
          d < F.
          d > .
          a < F.
          a > .`,
    is: { a: 'idle-timeout problem likely client awaiting-response' },
  },
  {
    name: 'near miss: a 5xx had been written to the client before it left',
    ladder: `${WAITING}
      2.9 d < P. ${status(502, 'Bad Gateway')}
      3.0 d > F.
      +0.00006 a > F.
          d < F.
          d > .`,
    is: { a: 'client-abort problem possible client awaiting-response' },
  },
  {
    name: 'near miss: the leg lived on for 5 s past the departure: judged by its own timer',
    ladder: `${WAITING}
      25.0 d > F.
           d < .
      30.002 a > R.
           d < P. ${status(504, 'Gateway Time-out')}
           d > R`,
    is: { a: 'idle-timeout problem * client awaiting-response' },
  },
  {
    name: 'upstream leg only: the proxy gave up at no known value',
    ladder: `${A}
      ${opens('a')}
      a > P. 'GET /slow HTTP/1.0\\r\\nHost: h\\r\\nConnection: close\\r\\n\\r\\n'
      a < .
      +7.345 a > F.
             a < F.
             a > .`,
    is: { a: 'client-abort problem possible client awaiting-response' },
  },
  {
    name: 'near miss: upstream leg only, closed at the default of nginx: a timer',
    ladder: `${A}
      ${opens('a')}
      a > P. 'GET /slow HTTP/1.0\\r\\nHost: h\\r\\nConnection: close\\r\\n\\r\\n'
      a < .
      +60.002 a > F.
             a < F.
             a > .`,
    is: { a: 'idle-timeout problem likely client awaiting-response' },
    timer: 'nginx.proxy_read_timeout 60',
  },
  {
    name: 'upstream leg only: 1.2 ms early is still its own timer',
    ladder: `${A}
      ${opens('a')}
      a > P. 'GET /slow HTTP/1.0\\r\\nHost: h\\r\\nConnection: close\\r\\n\\r\\n'
      a < .
      ${clientEnds('a', '+59.9987')}`,
    is: { a: 'idle-timeout problem likely client awaiting-response' },
  },
  {
    name: 'upstream leg only: near miss: 2.1 ms early is not',
    ladder: `${A}
      ${opens('a')}
      a > P. 'GET /slow HTTP/1.0\\r\\nHost: h\\r\\nConnection: close\\r\\n\\r\\n'
      a < .
      ${clientEnds('a', '+59.9978')}`,
    is: { a: 'client-abort problem possible client awaiting-response' },
  },
  {
    name: 'upstream leg only: 60 ms late is still its own timer: 0.1 % of slack',
    ladder: `${A}
      ${opens('a')}
      a > P. 'GET /slow HTTP/1.0\\r\\nHost: h\\r\\nConnection: close\\r\\n\\r\\n'
      a < .
      ${clientEnds('a', '+60.0600')}`,
    is: { a: 'idle-timeout problem likely client awaiting-response' },
  },
  {
    name: 'upstream leg only: near miss: 70 ms late is not',
    ladder: `${A}
      ${opens('a')}
      a > P. 'GET /slow HTTP/1.0\\r\\nHost: h\\r\\nConnection: close\\r\\n\\r\\n'
      a < .
      ${clientEnds('a', '+60.0700')}`,
    is: { a: 'client-abort problem possible client awaiting-response' },
  },
  {
    name: 'near miss: upstream leg only, 20 ms early: the timer runs further away',
    ladder: `${A}
      ${opens('a')}
      a > P. 'GET /slow HTTP/1.0\\r\\nHost: h\\r\\nConnection: close\\r\\n\\r\\n'
      a < .
      +59.980 a > F.
             a < F.
             a > .`,
    is: { a: 'client-abort problem possible client awaiting-response' },
  },
  {
    name: 'in the middle of the response; the server sends on into RSTs',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/big')}
      a < . ${ok(9000, 1000)}
      a < . len 1400
      a > .
      +0.1 a > F.
           a < P. len 1400 unseen
           a > R`,
    is: { a: 'client-abort problem likely client mid-response' },
    says: /after 2\d\d\d bytes of the response/,
  },
  {
    name: 'a broken upload: the upstream FIN comes just before the FIN of the timer that fired',
    ladder: brokenUpload('+0.00005 d < F.'),
    is: {
      a: 'client-abort/propagated problem likely client mid-request',
      d: 'idle-timeout problem likely server mid-request',
    },
    says: /had stopped sending in the same moment/,
  },
  {
    name: 'a broken upload: a busy proxy closes the leg before 14 ms later, and says nothing there',
    ladder: brokenUpload('+0.014 d < F.'),
    is: {
      a: 'client-abort/propagated problem likely client mid-request',
      d: 'idle-timeout problem likely server mid-request',
    },
  },
  {
    name: 'near miss: the client was told 504 14 ms later: this leg failed the proxy',
    ladder: brokenUpload(`+0.014 d < P. ${status(504)}\nd > .\nd < F.`),
    is: { a: 'client-abort problem possible client mid-request' },
  },
  {
    name: 'near miss: the client sent until 0.4 s before: both legs end for another reason',
    ladder: brokenUpload('+0.014 d < F.', '+36.6 d > P. len 100\nd < .\n+0.4 a > F.'),
    is: { a: 'client-abort problem possible client mid-request' },
  },
  {
    name: 'a client that answers the response with RST half-way through: unread bytes',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/big')}
      a < P. ${ok(9000, 1400)}
      a > .
      a < P. len 1400
      a > R.
      a < P. len 1400
      a > R`,
    is: { a: 'client-abort problem likely client mid-response' },
  },
  {
    name: 'near miss: cut by the snaplen, but after its FIN the client took all that came up to the FIN of the server',
    ladder: `${A}
      ${opens('a')}
      a > P. 'GET /slow HTTP/1.1\\r\\nHost: h\\r\\nX-Long: ${'x'.repeat(200)}\\r\\n\\r\\n'
      +0.0003 a > F.
      a < .
      +0.4 a < P. len 1400
      a > .
      +0.4 a < P. len 1400
      a > .
      a < F.
      a > .`,
    options: { capture: { snaplen: 96 } },
    is: { a: 'clean ok likely client *' },
  },
  {
    name: 'near miss: the same seen at the server: the response had left before the FIN came, which does not acknowledge it',
    ladder: `${A}
      ${opens('a')}
      a > P. 'GET /slow HTTP/1.1\\r\\nHost: h\\r\\nX-Long: ${'x'.repeat(200)}\\r\\n\\r\\n'
      a < .
      +0.0003 a < P. len 1400
      +0.0001 a > F. unseen
      a < F.
      +0.01 a > .`,
    options: { capture: { snaplen: 96 } },
    is: { a: 'clean ok likely client *' },
  },
  {
    name: 'cut by the snaplen: it answered the response that was on its way to it with a RST',
    ladder: `${A}
      ${opens('a')}
      a > P. 'GET /slow HTTP/1.1\\r\\nHost: h\\r\\nX-Long: ${'x'.repeat(200)}\\r\\n\\r\\n'
      a < .
      +0.0003 a < P. len 1400
      +0.0001 a > F. unseen
      a < .
      +0.01 a > R`,
    options: { capture: { snaplen: 96 } },
    is: { a: 'client-abort problem possible client *' },
  },
  {
    name: 'cut by the snaplen: it answered what came after its FIN with a RST',
    ladder: `${A}
      ${opens('a')}
      a > P. 'GET /slow HTTP/1.1\\r\\nHost: h\\r\\nX-Long: ${'x'.repeat(200)}\\r\\n\\r\\n'
      +0.0003 a > F.
      a < .
      +0.4 a < P. len 1400
      a > R`,
    options: { capture: { snaplen: 96 } },
    is: { a: 'client-abort problem possible client *' },
  },
]
