import {
  get,
  ok,
  opens,
  post,
  served,
  serverEnds,
  clientEnds,
  status,
  type VerdictCase,
} from '../../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'
const D = 'flow d 10.0.0.1:50000 > 10.0.0.2:80 ts'
const ID = 'X-Request-Id: 7f3a\\r\\n'
const waiting = (headers: string): string => `${D}\n${A}
      ${opens('d')}
      d > P. ${get('/slow', headers)}
      d < .
      ${opens('a', '+0.0005')}
      a > P. ${get('/slow', headers)}
      a < .`
/** The rest of `waiting`: the upstream leg closed 60.001 s later, a 504 downstream `after` that, and orderly ends. */
const gateway = (after: string): string => `
      60.002 a > F.
      ${after} d < P. ${status(504, 'Gateway Time-out')}
          d > .
          a < F.
          a > .
      ${clientEnds('d', '+0.002')}`
/** Connections of one application whose server closes `seconds` after a request that it never answers. */
const unanswered = (n: number, seconds: string): string =>
  Array.from({ length: n }, (_, i) => {
    const f = 'abcd'[i] ?? ''
    return `flow ${f} 10.0.0.2:4010${i} > 10.0.0.3:8000 ts
      ${opens(f, `${i * 40}.0`)}
      ${f} > P. ${get('/slow')}
      ${f} < .
      ${serverEnds(f, seconds)}`
  }).join('\n')
const PROXY = 'X-Forwarded-For: 10.0.0.1\\r\\n'
const UPGRADE = 'Upgrade: websocket\\r\\nConnection: Upgrade\\r\\n'

/** A request over TLS, and the leg behind it, whose words are cut: the proxy closes that after 12.7 s and answers so much later. */
const gaveUpUnread = (later: string): string => `flow d 10.0.0.1:50000 > 10.0.0.2:443 ts
      flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
      ${opens('d')}
      d > P. '\\x17\\x03\\x03\\x00\\x64${'q'.repeat(100)}\\x17\\x03\\x03\\x00\\x64${'q'.repeat(100)}'
      d < .
      +0.0003 a > S
      a < S.
      a > .
      a > P. 'GET /slow HTTP/1.1\\r\\nHost: h\\r\\nX-Long: ${'x'.repeat(200)}\\r\\n\\r\\n'
      a < .
      +12.7 a > F.
      a < .
      ${later} d < P. '\\x17\\x03\\x03\\x00\\xc8${'r'.repeat(200)}'
      d > .
      +2 d > F.
      d < F.
      d > .`

export const cases: readonly VerdictCase[] = [
  {
    name: 'awaiting-response, proxy: a 504 downstream 0.1 ms after the close, linked by request id',
    ladder: waiting(ID) + gateway('+0.0001'),
    is: {
      a: 'idle-timeout problem certain client awaiting-response',
      d: 'clean ok certain client between-requests',
    },
    says: /sent its client a 504/,
    timer: 'nginx.proxy_read_timeout 60',
  },
  {
    name: 'the same, linked by content: likely',
    ladder: waiting('') + gateway('+0.0001'),
    is: { a: 'idle-timeout problem likely client awaiting-response' },
    says: /sent its client a 504/,
  },
  {
    name: 'near miss: the 504 comes 6 ms after the close: no longer its consequence, never certain',
    ladder: waiting(ID) + gateway('+0.006'),
    is: { a: 'idle-timeout problem likely client awaiting-response' },
  },
  {
    name: 'near miss: 4.9 ms after the close is still its consequence',
    ladder: waiting(ID) + gateway('+0.0049'),
    is: { a: 'idle-timeout problem certain client awaiting-response' },
  },
  {
    name: 'the 504 captured 0.9 ms before the close: the order of legs is not the order of causes',
    ladder: `${waiting(ID)}
      60.0000 d < P. ${status(504, 'Gateway Time-out')}
      60.0009 a > F.
          a < F.
          a > .
          d > .
      ${clientEnds('d', '+0.002')}`,
    is: { a: 'idle-timeout problem certain client awaiting-response' },
  },
  {
    name: 'near miss: 1.5 ms before',
    ladder: `${waiting(ID)}
      60.0000 d < P. ${status(504, 'Gateway Time-out')}
      60.0015 a > F.
          a < F.
          a > .
          d > .
      ${clientEnds('d', '+0.002')}`,
    is: { a: 'idle-timeout problem likely client awaiting-response' },
  },
  {
    name: 'a proxy that gives up after 2.5 s while its client goes on waiting: its own decision',
    ladder: `${waiting(ID)}
      +2.5 a > F.
         a < F.
         a > .
      +5 d < P. ${status(502)}
         d > .`,
    is: { a: 'idle-timeout problem likely client awaiting-response' },
  },
  {
    name: 'near miss: after 1.5 s it may have been anything',
    ladder: `${waiting(ID)}
      +1.5 a > F.
         a < F.
         a > .
      +5 d < P. ${status(502)}
         d > .`,
    is: { a: 'client-abort problem possible client awaiting-response' },
  },
  {
    name: 'configured by the user: (a)',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/slow', PROXY)}
      a < .
      ${clientEnds('a', '+7.345')}`,
    options: { timeouts: [{ component: 'nginx', setting: 'proxy_read_timeout', seconds: 7.345 }] },
    is: { a: 'idle-timeout problem likely client awaiting-response' },
    timer: 'nginx.proxy_read_timeout 7.345',
  },
  {
    name: 'near miss: 7.345 s without that configuration',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/slow', PROXY)}
      a < .
      ${clientEnds('a', '+7.345')}`,
    is: { a: 'client-abort problem possible client awaiting-response' },
  },
  {
    name: 'an end client that gives up by its own timer is still a client abort',
    ladder: `${waiting(ID)}
      5.0015 d > F.
          d < .
          a > F.
          a < F.
          d < F.
          d > .`,
    options: { timeouts: [{ component: 'httpx', setting: 'timeout', seconds: 5 }] },
    is: {
      d: 'client-abort problem likely client awaiting-response',
      a: 'client-abort/propagated problem certain client awaiting-response',
    },
    timer: 'httpx.timeout 5',
  },
  {
    name: 'on a single leg, whoever opened it gave up by the configured timer',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/slow')}
      a < .
      ${clientEnds('a', '+5.001')}`,
    options: { timeouts: [{ component: 'httpx', setting: 'timeout', seconds: 5 }] },
    is: { a: 'idle-timeout problem likely client awaiting-response' },
  },
  {
    name: 'awaiting-response, server: three flows cut after the same 25.5 s (c)',
    ladder: unanswered(3, '+25.512'),
    is: {
      a: 'idle-timeout problem likely server awaiting-response',
      b: 'idle-timeout problem likely server awaiting-response',
      c: 'idle-timeout problem likely server awaiting-response',
    },
  },
  {
    name: 'near miss: two flows are no cluster',
    ladder: unanswered(2, '+25.512'),
    is: {
      a: 'server-abort problem likely server awaiting-response',
      b: 'server-abort problem likely server awaiting-response',
    },
  },
  {
    name: 'three flows that agree on 1.2 s',
    ladder: unanswered(3, '+1.2'),
    is: { a: 'idle-timeout problem likely server awaiting-response' },
  },
  {
    name: 'near miss: one flow after 0.9 s is an abort for certain',
    ladder: unanswered(1, '+0.9'),
    is: { a: 'server-abort problem certain server awaiting-response' },
  },
  {
    name: 'near miss: three flows that agree on a gap below 1 s',
    ladder: unanswered(3, '+0.512'),
    is: { a: 'server-abort problem certain server awaiting-response' },
  },
  {
    name: 'awaiting-response, server: gunicorn kills its worker after 30 s and a bit (b)',
    ladder: `${A}
      ${served('a', '0.0', 'Server: gunicorn\\r\\n')}
      +1 a > P. ${get('/slow')}
         a < .
      ${serverEnds('a', '+30.4')}`,
    is: { a: 'idle-timeout problem likely server awaiting-response' },
    timer: 'gunicorn.timeout 30',
  },
  {
    name: 'near miss: gunicorn 28.5 s after the request: too early for its timer',
    ladder: `${A}
      ${served('a', '0.0', 'Server: gunicorn\\r\\n')}
      +1 a > P. ${get('/slow')}
         a < .
      ${serverEnds('a', '+28.5')}`,
    is: { a: 'server-abort problem likely server awaiting-response' },
  },
  {
    name: 'mid-response: the stream stalled and the proxy closed',
    ladder: `${waiting(ID)}
      +1 a < P. 'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n5\\r\\nhello\\r\\n'
         a > .
         d < P. 'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n5\\r\\nhello\\r\\n'
         d > .
      +60.001 a > F.
      +0.00006 d < F.
         d > F.
         d < .
         a < F.
         a > .`,
    is: {
      a: 'idle-timeout problem likely client mid-response',
      d: 'idle-timeout problem likely server mid-response',
    },
    timer: 'nginx.proxy_read_timeout.body 60',
  },
  {
    name: 'tunnel: an idle WebSocket cut by the server at three like gaps',
    ladder: [0, 1, 2]
      .map(
        (i) => `flow ${'abc'[i]} 10.0.0.2:4010${i} > 10.0.0.3:8000 ts
      ${opens('abc'[i] ?? '', `${i * 10}.0`)}
      ${'abc'[i]} > P. ${get('/ws', UPGRADE)}
      ${'abc'[i]} < P. 'HTTP/1.1 101 Switching Protocols\\r\\n${UPGRADE}\\r\\n'
      ${'abc'[i]} > P. 'hello'
      ${'abc'[i]} < .
      ${serverEnds('abc'[i] ?? '', '+41.6')}`,
      )
      .join('\n'),
    is: { a: 'idle-timeout problem likely server tunnel' },
    says: /closed the tunnel after 41\.600 s without a byte either way/,
  },
  {
    name: 'near miss: bytes of another protocol are no tunnel',
    ladder: [0, 1, 2]
      .map(
        (i) => `flow ${'abc'[i]} 10.0.0.2:4010${i} > 10.0.0.3:6379 ts
      ${opens('abc'[i] ?? '', `${i * 10}.0`)}
      ${'abc'[i]} > P. 'PING\\r\\n'
      ${'abc'[i]} < P. '+PONG\\r\\n'
      ${'abc'[i]} > .
      ${serverEnds('abc'[i] ?? '', '+41.6')}`,
      )
      .join('\n'),
    is: { a: 'idle-timeout ok likely server tunnel' },
    says: /closed the connection after 41\.600 s without a byte either way/,
  },
  {
    name: 'near miss: the last of those bytes came unasked, and the client may go on waiting for such',
    ladder: [0, 1, 2]
      .map(
        (i) => `flow ${'abc'[i]} 10.0.0.2:4010${i} > 10.0.0.3:6379 ts
      ${opens('abc'[i] ?? '', `${i * 10}.0`)}
      ${'abc'[i]} > P. 'SUBSCRIBE news\\r\\n'
      ${'abc'[i]} < P. '+OK\\r\\n'
      ${'abc'[i]} > .
      +3.2 ${'abc'[i]} < P. 'news\\r\\n'
      ${'abc'[i]} > .
      ${serverEnds('abc'[i] ?? '', '+41.6')}`,
      )
      .join('\n'),
    is: { a: 'idle-timeout problem likely server tunnel' },
  },
  {
    name: 'near miss: the client of those bytes is a proxy, which uses such connections again',
    ladder: `${waiting(ID)}
      a < P. ${ok()}
      a > .
      d < P. ${ok()}
      d > .
      ${[1, 2, 3]
        .map(
          (i) => `flow c${i} 10.0.0.2:4010${i} > 10.0.0.4:9000 ts
      ${opens(`c${i}`, `${i * 10}.0`)}
      c${i} > P. '\\x01\\x01\\x00\\x01'
      c${i} < P. '\\x01\\x06\\x00\\x01'
      c${i} > .
      ${serverEnds(`c${i}`, '+41.6')}`,
        )
        .join('\n')}`,
    is: { c1: 'idle-timeout latent likely server tunnel' },
  },
  {
    name: 'near miss: one tunnel that ends after 7.7 s',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/ws', UPGRADE)}
      a < P. 'HTTP/1.1 101 Switching Protocols\\r\\n${UPGRADE}\\r\\n'
      a > P. 'hello'
      a < .
      ${serverEnds('a', '+7.7')}`,
    is: { a: 'clean ok possible server tunnel' },
  },
  {
    name: 'awaiting-request: never a byte, the server closes after 60 s',
    ladder: `${A}
      ${opens('a')}
      ${serverEnds('a', '+60.000')}`,
    is: { a: 'idle-timeout ok likely server awaiting-request' },
    timer: 'nginx.client_header_timeout 60',
  },
  {
    name: 'near miss: never a byte, the server closes after 0.9 s',
    ladder: `${A}
      ${opens('a')}
      ${serverEnds('a', '+0.9')}`,
    is: { a: 'clean ok certain server awaiting-request' },
  },
  {
    name: 'awaiting-request with a real 408',
    ladder: `${A}
      ${opens('a')}
      +10.001 a < P. ${status(408, 'Request Time-out')}
              a < F.
              a > F.
              a < .`,
    is: { a: 'idle-timeout ok certain server awaiting-request' },
    says: /no request had come for 10\.0\d\d s, with a 408/,
  },
  {
    name: 'mid-request: the body stops, a bare FIN after 60 s',
    ladder: `${A}
      ${opens('a')}
      a > P. ${post('/up', 5000, 100)}
      a < .
      ${serverEnds('a', '+60.003')}`,
    is: { a: 'idle-timeout problem likely server mid-request' },
    timer: 'nginx.client_body_timeout 60',
  },
  {
    name: 'mid-request: the body stops, a bare FIN after a time that is nobody’s default: a crash would look the same',
    ladder: `${A}
      ${opens('a')}
      a > P. ${post('/up', 5000, 100)}
      a < .
      ${serverEnds('a', '+3.272')}`,
    is: { a: 'idle-timeout problem possible server mid-request' },
    says: /closed after waiting 3\.272 s for the rest of the request/,
  },
  {
    name: 'near miss: 1.9 s',
    ladder: `${A}
      ${opens('a')}
      a > P. ${post('/up', 5000, 100)}
      a < .
      ${serverEnds('a', '+1.9')}`,
    is: { a: 'server-abort problem possible server mid-request' },
  },
  {
    name: 'near miss: a RST',
    ladder: `${A}
      ${opens('a')}
      a > P. ${post('/up', 5000, 100)}
      a < .
      +3.272 a < R.`,
    is: { a: 'server-abort problem possible server mid-request' },
  },
  {
    name: 'mid-request: 408 and FIN; owed and silence as if the 408 had not been sent',
    ladder: `${A}
      ${opens('a')}
      a > P. ${post('/up', 5000, 100)}
      a < .
      +12.002 a < P. ${status(408, 'Request Timeout')}
              a < F.
              a > F.
              a < .`,
    is: { a: 'idle-timeout problem certain server mid-request' },
    says: /12\.00\d s.*408/,
  },
  {
    name: 'near miss: 408 written 60 ms before the close to a request that was never finished',
    ladder: `${A}
      ${opens('a')}
      a > P. ${post('/up', 5000, 100)}
      a < .
      +12.002 a < P. ${status(408, 'Request Timeout')}
              a > .
      ${serverEnds('a', '+0.060')}`,
    is: { a: 'server-abort problem * server mid-request' },
  },
  {
    name: 'a dripping request head: the timer counts from the handshake',
    ladder: `${A}
      ${opens('a')}
      a > P. 'GET / HTTP/1.1\\r\\n'
      +0.001 a < .
      +29.5 a > P. 'X-A: 1\\r\\n'
      +0.001 a < .
      +29.5 a > P. 'X-B: 1\\r\\n'
      +0.001 a < .
      60.001 a < F.
         a > F.
         a < .`,
    is: { a: 'idle-timeout problem likely server mid-request' },
    timer: 'nginx.client_header_timeout 60',
  },
  {
    name: 'between-requests: nginx closes after 75 s',
    ladder: `${A}
      ${served('a', '0.0', 'Server: nginx\\r\\n')}
      ${serverEnds('a', '+75.000')}`,
    is: { a: 'idle-timeout ok likely server between-requests' },
    timer: 'nginx.keepalive_timeout 75',
  },
  {
    name: 'between-requests: 1.0 s is a timer (d)',
    ladder: `${A}
      ${served('a')}
      ${serverEnds('a', '+1.001')}`,
    is: { a: 'idle-timeout ok likely server between-requests' },
  },
  {
    name: 'near miss: 0.99 s is not',
    ladder: `${A}
      ${served('a')}
      ${serverEnds('a', '+0.99')}`,
    is: { a: 'clean ok certain server between-requests' },
  },
  {
    name: 'between-requests, client: 4.0 s is a timer (d)',
    ladder: `${A}
      ${served('a')}
      ${clientEnds('a', '+4.001')}`,
    is: { a: 'idle-timeout ok likely client between-requests' },
  },
  {
    name: 'near miss: ordinary clients leave up to 3 s after their last response',
    ladder: `${A}
      ${served('a')}
      ${clientEnds('a', '+3.9')}`,
    is: { a: 'clean ok certain client between-requests' },
  },
  {
    name: 'between-requests: latent when the client is a proxy',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/first', PROXY)}
      a < P. ${ok()}
      a > .
      ${serverEnds('a', '+5.001')}`,
    is: { a: 'idle-timeout latent likely server between-requests' },
  },
  {
    name: 'near miss: the proxy gives up its idle connection first: ok',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/first', PROXY)}
      a < P. ${ok()}
      a > .
      ${clientEnds('a', '+5.001')}`,
    is: { a: 'idle-timeout ok likely client between-requests' },
  },
  {
    name: 'TLS: the close_notify before the FIN does not end the silence',
    ladder: `${A}
      ${opens('a')}
      a > P. '\\x17\\x03\\x03\\x00\\x50${'q'.repeat(80)}'
      a < P. '\\x17\\x03\\x03\\x01\\x00${'r'.repeat(256)}'
      a > .
      +65.000 a < P. '\\x15\\x03\\x03\\x00\\x1a${'c'.repeat(26)}'
              a < F.
              a > .
              a > P. '\\x15\\x03\\x03\\x00\\x1a${'c'.repeat(26)}'
              a < R`,
    is: { a: 'idle-timeout ok likely server between-requests' },
    says: /closed the connection with a close_notify 65\.000 s after the last bytes of a response; that it was whole cannot be read/,
  },
  {
    name: 'keep-alive probes are no payload: the silence runs from the last response',
    ladder: `${A}
      ${served('a')}
      +15 a > . probe
          a < .
      +15 a > . probe
          a < .
      +15 a > . probe
          a < .
      ${serverEnds('a', '+15')}`,
    is: { a: 'idle-timeout ok likely server between-requests' },
    says: /60\.00\d s/,
  },
  {
    name: 'keep-alive probes of one byte are no payload either',
    ladder: `${A}
      ${served('a')}
      +30 a > . 'x' probe
          a < .
      ${serverEnds('a', '+30')}`,
    is: { a: 'idle-timeout ok likely server between-requests' },
    says: /60\.00\d s/,
  },
  {
    name: 'peer-not-reading: three senders give up 20 s after a window shut',
    ladder: [0, 1, 2]
      .map(
        (i) => `flow ${'abc'[i]} 10.0.0.2:4010${i} > 10.0.0.3:8000 ts
      ${opens('abc'[i] ?? '', `${i * 30}.0`)}
      ${'abc'[i]} > P. ${get('/big')}
      ${'abc'[i]} < . ${ok(9000, 1000)}
      ${'abc'[i]} > . win 0
      +20.001 ${'abc'[i]} < R.`,
      )
      .join('\n'),
    is: { a: 'idle-timeout problem likely server peer-not-reading' },
  },
  {
    name: 'near miss: a TLS client leaves with close_notify, the server follows with the first FIN',
    ladder: `${A}
      ${opens('a')}
      a > P. '\\x17\\x03\\x03\\x00\\x50${'q'.repeat(80)}'
      a < P. '\\x17\\x03\\x03\\x01\\x00${'r'.repeat(256)}'
      a > .
      +3 a > P. '\\x15\\x03\\x03\\x00\\x1a${'c'.repeat(26)}'
         a < F.
         a > F.
         a < .`,
    is: { a: 'clean ok likely server between-requests' },
  },
  {
    name: 'a timer closes towards a vanished peer: the zombie, with the timer named',
    ladder: `${A}
      ${served('a')}
      65.001 a < F.
      65.2 a < F. again
      65.6 a < F. again
      66.4 a < F. again
      75 a < F. again`,
    is: { a: 'half-open-zombie/vanished problem certain server between-requests' },
    says: /^The client vanished/,
  },
  {
    name: 'cut by the snaplen, with TLS before: the proxy answered its client in the moment it gave up',
    ladder: gaveUpUnread('+0.0003'),
    options: { capture: { snaplen: 96 } },
    is: { a: 'idle-timeout problem likely client awaiting-response' },
  },
  {
    name: 'near miss: it said something 0.5 s later: what that was cannot be read',
    ladder: gaveUpUnread('+0.5'),
    options: { capture: { snaplen: 96 } },
    is: { a: 'client-abort problem possible client awaiting-response' },
  },
]
