import {
  clientEnds,
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
const later = (time: string): string => `flow z 10.9.9.8:33000 > 10.9.9.9:9999 ts\n ${time} z > S\n z < R.`

export const clean: readonly VerdictCase[] = [
  {
    name: 'request, response, FIN, FIN',
    ladder: `${A}
      ${served('a')}
      ${clientEnds('a', '+0.001')}`,
    is: { a: 'clean ok certain client between-requests' },
    says: /after 1 exchange, nothing owed/,
  },
  {
    name: 'FINs that crossed: which was first is not known',
    ladder: `${A}
      ${served('a')}
      +0.5 a > F.
           a < F. unseen
           a > .
           a < .`,
    is: { a: 'clean ok certain client between-requests' },
    says: /^Both sides closed in the same moment \(their FINs crossed\) after 1 exchange/,
  },
  {
    name: 'a FIN and then a RST of the same side: nothing is left to wait for',
    ladder: `${A}
      ${served('a')}
      +0.01 a < F.
            a > .
      +0.01 a < R.`,
    is: { a: 'clean ok certain server between-requests' },
  },
  {
    name: 'a socket that its peer reset waits for nothing, however long the capture goes on',
    ladder: `${A}
      ${served('a')}
      +0.01 a > F.
            a < .
            a > R.
      ${later('90')}`,
    is: { a: 'clean ok certain client between-requests' },
  },
  {
    name: 'an answer in no form of HTTP is an answer: its end cannot be read',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get()}
      a < P. 'http/1.1 200 ok\\r\\ncontent-length: 2\\r\\n\\r\\nok'
      a > .
      ${clientEnds('a', '+0.001')}`,
    is: { a: 'clean ok possible client -' },
  },
  {
    name: 'the whole response and a RST, and another one for the ACK that was on its way then',
    ladder: `${A}
      0.0   a > S
      0.008 a < S.
            a > .
      0.02  a > P. ${get()}
      0.03  a < P. ${ok()}
            a > .
      +0.00001 a < R.
      +0.008 a < R`,
    is: { a: 'clean ok certain server between-requests' },
  },
  {
    name: 'near miss: what the other RST answers came no sooner than the path allows, and is not in the capture',
    ladder: `${A}
      0.0   a > S
      0.008 a < S.
            a > .
      0.02  a > P. ${get()}
      0.03  a < P. ${ok()}
            a > .
      +0.1   a < R.
      +0.008 a < R`,
    is: { a: 'unclassified ok possible server *' },
    says: /because a RST of the server answers a segment that the capture lacks/,
  },
  {
    name: 'no request at all',
    ladder: `${A}
      ${opens('a')}
      ${clientEnds('a', '+0.5')}`,
    is: { a: 'clean ok certain client awaiting-request' },
  },
  {
    name: 'a RST by HAProxy after an answered exchange',
    ladder: `${A}
      ${opens('a')}
      a > P. 'GET / HTTP/1.1\\r\\nhost: h\\r\\n\\r\\n'
      a < P. ${ok()}
      a > .
      +0.5 a > R.`,
    is: { a: 'clean ok certain client between-requests' },
  },
  {
    name: 'an early 413, the body read to its end, then the FIN',
    ladder: `${A}
      ${opens('a')}
      a > P. ${post('/up', 3000, 100)}
      a < P. ${status(413, 'Request Entity Too Large')}
      a > . len 1400
      a > P. len 1500
      a < .
      ${serverEnds('a', '+0.001')}`,
    is: { a: 'clean ok certain server between-requests' },
  },
  {
    name: 'SYN, SYN-ACK, RST: a scan',
    ladder: `${A}
      a > S
      a < S.
      a > R`,
    is: { a: 'clean ok certain client connecting' },
    says: /without sending a byte/,
  },
  {
    name: 'a health check that resets after the handshake',
    ladder: `${A}
      ${opens('a')}
      a > R.`,
    is: { a: 'clean ok certain client awaiting-request' },
  },
  {
    name: 'FINs that cross',
    ladder: `${A}
      ${served('a')}
      +0.1 a > F.
           a < F. unseen
           a > .
           a < .`,
    is: { a: 'clean ok certain client between-requests' },
  },
  {
    name: 'every packet twice (-i any on a bridge): no retransmissions',
    ladder: `${A}
      ${served('a')}
      ${clientEnds('a', '+0.001')}`,
    options: { capture: { twice: 'bridge', link: 'LINUX_SLL2' } },
    is: { a: 'clean ok certain client between-requests' },
  },
  {
    name: 'every packet twice on a router',
    ladder: `${A}
      ${served('a')}
      ${clientEnds('a', '+0.001')}`,
    options: { capture: { twice: 'router', link: 'LINUX_SLL2' } },
    is: { a: 'clean ok certain client between-requests' },
  },
  {
    name: 'the FIN is captured before the data it follows',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/')}
      a < P. ${ok(1000, 500)}
      a < F. seq 1042 unseen 0
      a < P. len 500 seq 542
      a > .
      a > F.
      a < .`,
    is: { a: 'clean ok * server between-requests' },
  },
  {
    name: 'a lost segment sent again loses nothing',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/')}
      0.3 a > P. again
      a < P. ${ok()}
      0.6 a < P. again
      a > .
      ${clientEnds('a', '+0.001')}`,
    is: { a: 'clean ok certain client between-requests' },
  },
  {
    name: 'port reuse: a new SYN on the same 4-tuple is another connection',
    ladder: `${A}
      flow b 10.0.0.2:40122 > 10.0.0.3:8000 ts isn 900000/800000
      ${served('a')}
      ${clientEnds('a', '+0.001')}
      ${served('b', '20.0')}
      ${clientEnds('b', '+0.001')}`,
    is: { a: 'clean ok certain client between-requests', b: 'clean ok certain client between-requests' },
  },
  {
    name: 'snaplen cut: only possible',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/', `X-Pad: ${'p'.repeat(100)}\\r\\n`)}
      a < P. ${ok(800)}
      a > .
      ${clientEnds('a', '+0.001')}`,
    options: { capture: { snaplen: 96 } },
    is: { a: 'clean ok possible client *' },
  },
  {
    name: 'bytes that the capture dropped lower the certainty and invent no abort',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/')}
      a < P. ${ok(3000, 100)}
      a < P. len 1400 seq 1546
      a > . ack 3047
      a > F. ack 3047
      a < F. seq 3047
      a > . ack 3048`,
    is: { a: 'clean ok * client *' },
  },
]

export const open: readonly VerdictCase[] = [
  {
    name: 'a FIN just before the end: the other side may still follow',
    ladder: `${A}
      ${served('a')}
      +0.01 a < F.
            a > .`,
    is: { a: 'open ok likely server between-requests' },
  },
  {
    name: 'a response that nobody acknowledged yet is not said to be missing',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/slow')}
      a < P. ${ok()}`,
    is: { a: 'open ok possible none awaiting-response' },
    says: /its response not yet acknowledged/,
  },
  {
    name: 'idle to the end',
    ladder: `${A}
      ${served('a')}
      ${later('50')}`,
    is: { a: 'open ok likely none between-requests' },
  },
  {
    name: 'a request under way: for how long',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/slow')}
      a < .
      ${later('12.0003')}`,
    is: { a: 'open ok likely none awaiting-response' },
    says: /GET \/slow had been under way for 12\.000 s, without a response/,
  },
  {
    name: 'one unanswered segment at the very end',
    ladder: `${A}
      ${served('a')}
      +1 a > P. ${get('/next')}`,
    is: { a: 'open ok possible none awaiting-response' },
  },
  {
    name: 'only a SYN, at the end',
    ladder: `${A}
      a > S`,
    is: { a: 'open ok possible none connecting' },
  },
  {
    name: 'late start: open, what is owed is unknown',
    ladder: `${A}
      0.0 a > .
          a < .
      ${later('50')}`,
    is: { a: 'open ok likely none -' },
  },
  {
    name: 'in the middle of a response',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/big')}
      a < P. ${ok(5000, 100)}
      a > .
      ${later('3')}`,
    is: { a: 'open ok likely none mid-response' },
  },
]

/** A TLS record of application data, as long as said. */
const tls = (length: number): string =>
  `'\\x17\\x03\\x03\\x00\\x${length.toString(16).padStart(2, '0')}${'q'.repeat(length)}'`

export const unclassified: readonly VerdictCase[] = [
  {
    name: 'an upgraded connection that its client reset after a pause: what was to come through it is unknown',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/ws', 'Upgrade: websocket\\r\\nConnection: Upgrade\\r\\n')}
      a < P. 'HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n\\r\\n'
      a > P. 'hello'
      a < P. 'hello'
      a > .
      +1.5 a > R.`,
    is: { a: 'unclassified ok possible client tunnel' },
    says: /because what was still to come through the tunnel cannot be read/,
  },
  {
    name: 'only a close was seen',
    ladder: `${A}
      a > F.
      a < F.
      a > .`,
    is: { a: 'unclassified ok possible client -' },
    says: /nothing but its end was seen/,
  },
  {
    name: 'only a RST was seen',
    ladder: `${A}
      a < R.`,
    is: { a: 'unclassified ok possible server -' },
  },
  {
    name: 'late start: only the goodbye to a request nobody saw, and its close',
    ladder: `${A}
      a < P. ${status(408)}
      +0.00006 a < F.
      +0.01 a > F.
      a < .`,
    is: { a: 'unclassified ok possible server -' },
  },
  {
    name: 'near miss: a close some time after the end of an exchange, late',
    ladder: `${A}
      a < P. ${ok()}
      a > .
      +0.2 a < F.
      a > F.
      a < .`,
    is: { a: 'clean ok possible server *' },
  },
  {
    name: 'near miss: a close after an answered request, late',
    ladder: `${A}
      a > P. ${get('/')}
      a < P. ${ok()}
      a > .
      ${clientEnds('a', '+0.1')}`,
    is: { a: 'clean ok * client between-requests' },
  },
  {
    name: 'late start: a timer may have ended the silence after the end of an exchange',
    ladder: `${A}
      a < P. ${ok()}
      a > .
      +5 a < F.
      a > F.
      a < .`,
    is: { a: 'unclassified ok possible server *' },
  },
  {
    name: 'late start: only the server is seen to speak, and goes on after the FIN of the client',
    ladder: `${A}
      a < P. len 50
      a > .
      +0.1 a < P. len 50
      a > .
      +0.02 a > F.
      a < .
      +0.04 a < P. len 50
      a > R`,
    is: { a: 'unclassified ok possible client *' },
  },
  {
    name: 'near miss: both are',
    ladder: `${A}
      a > P. len 70
      a < P. len 50
      a > .
      +0.02 a > F.
      a < F.
      a > .`,
    is: { a: 'clean ok possible client *' },
  },
  {
    name: 'late start: only the client is seen to speak',
    ladder: `${A}
      a > P. len 11
      a < .
      +0.7 a > P. len 11
      a < .
      +0.5 a < F.
      a > F.
      a < .`,
    is: { a: 'unclassified ok possible server *' },
  },
  {
    name: 'late start: the client follows the close_notify of its server',
    ladder: `${A}
      a > P. ${tls(110)}
      +0.006 a < P. ${tls(19)}
      +0.0002 a > F.
      +0.0002 a < F.
      a > .`,
    is: { a: 'unclassified ok possible client *' },
  },
  {
    name: 'near miss: nothing came from the server before',
    ladder: `${A}
      a > P. ${tls(110)}
      a < .
      +0.006 a > F.
      +0.0002 a < F.
      a > .`,
    is: { a: 'client-abort problem possible client awaiting-response' },
  },
  {
    name: 'one direction only: nothing is certain',
    ladder: `${A}
      a > S
      +0.001 a > . ack 1
      a > P. ${get('/')} ack 1
      +0.1 a > . ack 200
      +0.1 a > F. ack 200`,
    is: { a: '* ok * client *' },
  },
  {
    name: 'one direction only: who sends on after its SYN was answered',
    ladder: `${A}
      a > S
      +0.001 a > . ack 1
      a > P. ${get('/')} ack 1
      ${later('30')}`,
    is: { a: 'open ok possible none *' },
    says: /^The client had not closed \(what the other side sent is not in the capture\)/,
  },
  {
    name: 'SYN-ACKs that the client never acknowledges',
    ladder: `${A}
      0.0 a > S
          a < S.
      1.0 a < S. again
      1.1 a > S again
      3.0 a < S. again
      ${later('60')}`,
    is: { a: 'unclassified ok possible none connecting' },
    says: /because the server answered the SYN \(frame 2, and 2 more times\) and the client never acknowledged that/,
  },
]
