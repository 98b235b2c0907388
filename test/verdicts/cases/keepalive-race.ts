import {
  get,
  ok,
  opens,
  post,
  served,
  serverEnds,
  status,
  type VerdictCase,
} from '../../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'
const UVICORN = 'Server: uvicorn\\r\\n'
const CLOSE = 'Connection: close\\r\\n'
/** Three connections that this server closes after 5.000 s of idleness. */
const LIKE = [1, 2, 3]
  .map(
    (n) =>
      `flow l${n} 10.0.0.2:4100${n} > 10.0.0.3:8000 ts\n${served(`l${n}`, `${n}.0`)}\n${serverEnds(`l${n}`, '+5.000')}`,
  )
  .join('\n')

export const cases: readonly VerdictCase[] = [
  {
    name: 'FIN and request cross: the FIN acknowledges none of it',
    ladder: `${A}
      ${served('a')}
      +5.000 a < F.
             a > P. ${get('/next')} unseen
             a < R
             a > F.
             a < R`,
    is: { a: 'keepalive-race/fin-crossing problem certain server between-requests' },
    says: /GET \/next/,
  },
  {
    name: 'the same seen at the client: request captured before the FIN',
    ladder: `${A}
      ${served('a')}
      +5.000 a > P. ${get('/next')}
             a < F. unseen
             a > F.
             a < R`,
    is: { a: 'keepalive-race/fin-crossing problem certain server between-requests' },
  },
  {
    name: 'a POST that crosses the FIN',
    ladder: `${A}
      ${served('a')}
      +5.000 a < F.
             a > P. ${post('/next', 50)} unseen
             a < R`,
    is: { a: 'keepalive-race/fin-crossing problem certain server between-requests' },
  },
  {
    name: 'RST of abort form and request cross',
    ladder: `${A}
      ${served('a')}
      +5.000 a < R.
             a > P. ${get('/next')} unseen
             a < R`,
    is: { a: 'keepalive-race/rst-crossing problem certain server between-requests' },
  },
  {
    name: 'accepted by the kernel, reset unread at the keep-alive timer of a known server',
    ladder: `${A}
      ${served('a', '0.0', UVICORN)}
      +4.999 a > P. ${get('/next')}
             a < .
      +0.001 a < R.`,
    is: { a: 'keepalive-race/in-buffer problem possible server between-requests' },
  },
  {
    name: 'accepted by the kernel, reset unread, at the idle time of three other connections',
    ladder: `${LIKE}\n${A}
      ${served('a', '20.0')}
      +4.999 a > P. ${get('/next')}
             a < .
      +0.001 a < R.`,
    is: { a: 'keepalive-race/in-buffer problem likely server between-requests' },
  },
  {
    name: 'accepted by the kernel, reset unread, at the idle time of one other connection',
    ladder: `flow l 10.0.0.2:41001 > 10.0.0.3:8000 ts
      ${served('l', '1.0')}
      ${serverEnds('l', '+6.130')}
      ${A}
      ${served('a', '20.0')}
      +6.129 a > P. ${get('/next')}
             a < .
      +0.001 a < R.`,
    is: { a: 'keepalive-race/in-buffer problem possible server between-requests' },
  },
  {
    name: 'near miss: the server had the request for a second and more: it was read, and no timer of an idle connection ended it',
    ladder: `${A}
      ${served('a', '0.0', UVICORN)}
      +3.900 a > P. ${get('/next')}
             a < .
      +1.100 a < R.`,
    is: { a: 'server-abort problem * server awaiting-response' },
  },
  {
    name: 'near miss: reset unread after 2.7 s, at no known timer',
    ladder: `${A}
      ${served('a', '0.0')}
      +2.700 a > P. ${get('/next')}
             a < .
      +0.001 a < R.`,
    is: { a: 'server-abort problem possible server awaiting-response' },
  },
  {
    name: 'sent 25 ms after its own host had acknowledged the FIN',
    ladder: `${A}
      ${served('a')}
      +5.000 a < F.
             a > .
      +0.025 a > P. ${get('/next')}
             a < R`,
    is: { a: 'keepalive-race/stale-reuse problem certain server between-requests' },
    says: /did not look/,
  },
  {
    name: 'near miss: 15 ms after the ACK of the FIN is still a crossing',
    ladder: `${A}
      ${served('a')}
      +5.000 a < F.
             a > .
      +0.015 a > P. ${get('/next')}
             a < R`,
    is: { a: 'keepalive-race/fin-crossing problem certain server between-requests' },
  },
  {
    name: 'near miss: 50 ms after the ACK of the FIN on a path of 30 ms is still a crossing',
    ladder: `${A}
      0.0    a > S
      +0.030 a < S.
             a > .
             a > P. ${get('/first')}
      +0.030 a < P. ${ok()}
             a > .
      +5.000 a < F.
             a > .
      +0.050 a > P. ${get('/next')}
      +0.030 a < R`,
    is: { a: 'keepalive-race/fin-crossing problem certain server between-requests' },
  },
  {
    name: '65 ms after the ACK of the FIN on a path of 30 ms is stale',
    ladder: `${A}
      0.0    a > S
      +0.030 a < S.
             a > .
             a > P. ${get('/first')}
      +0.030 a < P. ${ok()}
             a > .
      +5.000 a < F.
             a > .
      +0.065 a > P. ${get('/next')}
      +0.030 a < R`,
    is: { a: 'keepalive-race/stale-reuse problem certain server between-requests' },
  },
  {
    name: 'seen at the server: a request 90 ms after the FIN that is the first to acknowledge it may have crossed it',
    ladder: `${A}
      ${served('a')}
      +5.000 a < F.
      +0.090 a > P. ${get('/next')}
             a < R`,
    is: { a: 'keepalive-race/fin-crossing problem likely server between-requests' },
  },
  {
    name: 'near miss: 600 ms later no host holds its acknowledgement back',
    ladder: `${A}
      ${served('a')}
      +5.000 a < F.
      +0.600 a > P. ${get('/next')}
             a < R`,
    is: { a: 'keepalive-race/stale-reuse problem certain server between-requests' },
  },
  {
    name: 'near miss: the second request was answered before the FIN',
    ladder: `${A}
      ${served('a')}
      +5.000 a > P. ${get('/next')}
             a < P. ${ok()}
      ${serverEnds('a', '+0.001')}`,
    is: { a: 'clean ok certain server between-requests' },
  },
  {
    name: 'near miss: a RST without any FIN answers the request: forgotten',
    ladder: `${A}
      ${served('a')}
      +5.000 a > P. ${get('/next')}
             a < R`,
    is: { a: 'half-open-zombie/forgotten problem likely server awaiting-response' },
  },
  {
    name: 'near miss: the client closed first',
    ladder: `${A}
      ${served('a')}
      +5.000 a > P. ${get('/next')}
             a > F.
             a < .
             a < F.
             a > .`,
    is: { a: 'client-abort problem possible client awaiting-response' },
  },
  {
    name: 'late capture: a crossing alone is only likely',
    ladder: `${A}
      0.0    a > .
      +5.000 a < F.
             a > P. ${get('/next')} unseen
             a < R`,
    is: { a: 'keepalive-race/fin-crossing problem likely server *' },
  },
  {
    name: 'behind a proxy: the client gets a 502',
    ladder: `flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
      ${A}
      ${served('a')}
      4.9    d > S
             d < S.
             d > .
      5.0015 d > P. ${post('/next', 5)}
             d < .
             a < F. unseen 0
             a > P. ${post('/next', 5)} unseen
             a < R
      +0.001 d < P. ${status(502, 'Bad Gateway')}
             d > .
             d > F.
             d < F.
             d > .`,
    is: {
      a: 'keepalive-race/fin-crossing problem certain server between-requests',
      d: 'clean ok certain client between-requests',
    },
    says: /the client got 502/,
  },
  {
    name: 'behind a proxy: sent again on another connection',
    ladder: `flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
      flow b 10.0.0.2:40124 > 10.0.0.3:8000 ts
      ${A}
      ${served('a')}
      4.9    d > S
             d < S.
             d > .
      5.0015 d > P. ${get('/next')}
             d < .
             a < F.
             a > P. ${get('/next')} unseen
             a < R
      ${opens('b', '+0.0005')}
             b > P. ${get('/next')}
      +0.010 b < P. ${ok()}
             b > .
             d < P. ${ok()}
             d > F.
             d < F.
             d > .`,
    is: {
      a: 'keepalive-race/fin-crossing problem certain server between-requests',
      d: 'clean ok certain client between-requests',
    },
    says: /sent it again on flow 2 and its client got 200/,
  },
  {
    name: 'near miss: the first request of a connection meets the close',
    ladder: `${A}
      ${opens('a')}
      +0.002 a < F.
             a > P. ${get('/next')} unseen
             a < R`,
    is: { a: 'server-abort problem certain server awaiting-request' },
  },
  {
    name: 'near miss: the first request meets the close of a connection that was never used for 5 s',
    ladder: `${A}
      ${opens('a')}
      +5.000 a < F.
             a > P. ${get('/next')} unseen
             a < R`,
    is: { a: 'server-abort problem certain server awaiting-request' },
  },
  {
    name: 'near miss: what follows the FIN does not begin with a method',
    ladder: `${A}
      ${served('a')}
      +5.000 a < F.
             a > P. 'xyzzy and more' unseen
             a < R`,
    is: { a: 'idle-timeout ok likely server between-requests' },
  },
  {
    name: 'near miss: TLS close_notify of the client after the FIN of the server is no request',
    ladder: `${A}
      ${opens('a')}
      a > P. '\\x17\\x03\\x03\\x00\\x50${'q'.repeat(80)}'
      a < P. '\\x17\\x03\\x03\\x01\\x00${'r'.repeat(256)}'
      a > .
      +5 a < F.
         a > P. '\\x15\\x03\\x03\\x00\\x1a${'c'.repeat(26)}'
         a < R`,
    is: { a: 'idle-timeout ok likely server between-requests' },
  },
  {
    name: 'TLS: application data that crosses the FIN, likely at most',
    ladder: `${A}
      ${opens('a')}
      a > P. '\\x17\\x03\\x03\\x00\\x50${'q'.repeat(80)}'
      a < P. '\\x17\\x03\\x03\\x01\\x00${'r'.repeat(256)}'
      a > .
      +5 a < F.
         a > P. '\\x17\\x03\\x03\\x00\\x50${'q'.repeat(80)}' unseen
         a < R`,
    is: { a: 'keepalive-race/fin-crossing problem likely server between-requests' },
  },
  {
    name: 'near miss: TLS data that goes on after a FIN sent with the response is no race: it may be the rest of an upload',
    ladder: `${A}
      ${opens('a')}
      a > P. '\\x17\\x03\\x03\\x00\\x50${'q'.repeat(80)}'
      a < P. '\\x17\\x03\\x03\\x01\\x00${'r'.repeat(256)}'
      a > .
      +0.4 a > P. '\\x17\\x03\\x03\\x00\\xe0${'u'.repeat(224)}'
           a < P. '\\x17\\x03\\x03\\x00\\x50${'r'.repeat(80)}'
      +0.0004 a < F.
           a > .
      +0.06 a > P. '\\x17\\x03\\x03\\x00\\xe0${'u'.repeat(224)}'
           a < R`,
    is: { a: 'server-abort problem possible server -' },
    says: /closed the connection 0\.\d+ ms after a response while the client was still sending/,
  },
  {
    name: 'TLS data sent well after the FIN of an idle server is a stale reuse',
    ladder: `${A}
      ${opens('a')}
      a > P. '\\x17\\x03\\x03\\x00\\x50${'q'.repeat(80)}'
      a < P. '\\x17\\x03\\x03\\x01\\x00${'r'.repeat(256)}'
      a > .
      +5.0 a < F.
           a > .
      +0.06 a > P. '\\x17\\x03\\x03\\x00\\xe0${'u'.repeat(224)}'
           a < R`,
    is: { a: 'keepalive-race/stale-reuse problem likely server between-requests' },
  },
  {
    name: 'every packet seen twice on a bridge',
    ladder: `${A}
      ${served('a')}
      +5.000 a < F.
             a > P. ${get('/next')} unseen
             a < R
             a > F.
             a < R`,
    options: { capture: { twice: 'bridge', link: 'LINUX_SLL2' } },
    is: { a: 'keepalive-race/fin-crossing problem certain server between-requests' },
  },
  {
    name: 'a request long after the RST of the server: the RST may have been lost',
    ladder: `${A}
      ${served('a')}
      +5.000 a < R.
      +1.900 a > P. ${get('/next')} unseen
             a < R`,
    is: { a: 'keepalive-race/rst-crossing problem likely server between-requests' },
    says: /GET \/next came 1\.900 s later, from a client that the close had not reached/,
  },
  {
    name: 'pipelined behind a request whose response announces the close: no crash, the server had said that it would close',
    ladder: `${A}
      ${opens('a')}
             a > P. ${get('/one')}
      +0.001 a > P. ${get('/two')}
             a < .
      +0.010 a < P. ${ok(2, 2, CLOSE)}
             a < F.
             a > F.
             a < .`,
    is: { a: 'keepalive-race/announced-close problem certain server between-requests' },
    says: /announced with its response to GET \/one .* did not answer GET \/two, which .* had sent before it knew/,
  },
  {
    name: 'the same, thrown away unread: RST of abort form',
    ladder: `${A}
      ${opens('a')}
             a > P. ${get('/one')}
      +0.001 a > P. ${get('/two')}
             a < .
      +0.010 a < P. ${ok(2, 2, CLOSE)}
             a < R.`,
    is: { a: 'keepalive-race/announced-close problem certain server between-requests' },
  },
  {
    name: 'sent although the client had received the response that announces the close',
    ladder: `${A}
      ${opens('a')}
             a > P. ${get('/one')}
      +0.010 a < P. ${ok(2, 2, CLOSE)}
             a > .
      +0.010 a > P. ${get('/two')}
             a < .
      +0.010 a < F.
             a > F.
             a < .`,
    is: { a: 'keepalive-race/announced-close problem certain server between-requests' },
    says: /GET \/two, which .* sent although it had received that/,
  },
  {
    name: 'the client closes when it has read that the server will: no client abort',
    ladder: `${A}
      ${opens('a')}
             a > P. ${get('/one')}
             a > P. ${get('/two')}
             a < .
      +0.010 a < P. ${ok(2, 2, CLOSE)}
             a > .
             a > F.
             a < F.
             a > .`,
    is: { a: 'keepalive-race/announced-close problem likely client between-requests' },
  },
  {
    name: 'near miss: the client leaves before that response has come to it',
    ladder: `${A}
      ${opens('a')}
             a > P. ${get('/one')}
             a > P. ${get('/two')}
             a < .
      +0.010 a < P. ${ok(2, 2, CLOSE)}
             a > F. unseen
             a > R`,
    is: { a: 'client-abort problem * client awaiting-response' },
  },
  {
    name: 'near miss: pipelined, and nothing announced the close',
    ladder: `${A}
      ${opens('a')}
             a > P. ${get('/one')}
      +0.001 a > P. ${get('/two')}
             a < .
      +0.010 a < P. ${ok()}
             a < F.
             a > F.
             a < .`,
    is: { a: 'server-abort problem certain server awaiting-response' },
  },
  {
    name: 'near miss: the response that announces the close breaks off itself',
    ladder: `${A}
      ${opens('a')}
             a > P. ${get('/one')}
      +0.001 a > P. ${get('/two')}
             a < .
      +0.010 a < P. ${ok(20, 2, CLOSE)}
             a < F.
             a > F.
             a < .`,
    is: { a: 'server-abort problem certain server mid-response' },
  },
]
