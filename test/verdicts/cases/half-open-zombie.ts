import { get, ok, opens, post, served, type VerdictCase } from '../../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'
/** A flow of others that keeps the capture running until `time`. */
const later = (time: string): string => `flow z 10.9.9.8:33000 > 10.9.9.9:9999 ts\n ${time} z > S\n z < R.`
/** `n` connections whose server acknowledges a FIN and then holds on to its socket. */
const leaks = (n: number): string =>
  Array.from(
    { length: n },
    (_, i) => `flow ${'abcd'[i]} 10.0.0.2:4010${i} > 10.0.0.3:8000 ts
      ${served('abcd'[i] ?? '', `${i}.0`)}
      +0.1 ${'abcd'[i]} > F.
           ${'abcd'[i]} < .`,
  ).join('\n')

/** `n` connections that the server closes when they have been idle for 2 s; the other end acknowledges that, and does no more. */
const poolOf = (n: number): string =>
  Array.from(
    { length: n },
    (_, i) => `flow ${'abcd'[i]} 10.0.0.2:4010${i} > 10.0.0.3:8000 ts
      ${served('abcd'[i] ?? '', `${i}.0`)}
      +2 ${'abcd'[i]} < F.
         ${'abcd'[i]} > .`,
  ).join('\n')

export const cases: readonly VerdictCase[] = [
  {
    name: 'vanished: three copies of a request and 5 s without any answer',
    ladder: `${A}
      ${served('a')}
      1.0 a > P. ${get('/next')}
      1.2 a > P. again
      1.6 a > P. again
      2.4 a > P. again
      ${later('6.5')}`,
    is: { a: 'half-open-zombie/vanished problem certain none awaiting-response' },
    says: /^The server 10\.0\.0\.3:8000 vanished/,
  },
  {
    name: 'near miss: two copies only, still open',
    ladder: `${A}
      ${served('a')}
      1.0 a > P. ${get('/next')}
      1.2 a > P. again
      1.6 a > P. again
      ${later('9')}`,
    is: { a: 'open ok possible none awaiting-response' },
  },
  {
    name: 'one copy that comes 3 s after the copy before proves earlier ones',
    ladder: `${A}
      ${served('a')}
      1.0 a > P. ${get('/next')}
      4.1 a > P. again
      ${later('9')}`,
    is: { a: 'half-open-zombie/vanished problem likely none awaiting-response' },
  },
  {
    name: 'near miss: one copy after 2.9 s',
    ladder: `${A}
      ${served('a')}
      1.0 a > P. ${get('/next')}
      3.9 a > P. again
      ${later('9')}`,
    is: { a: 'open ok possible none awaiting-response' },
  },
  {
    name: 'near miss: the capture ends 4.9 s after the first sending',
    ladder: `${A}
      ${served('a')}
      1.0 a > P. ${get('/next')}
      1.2 a > P. again
      1.6 a > P. again
      2.4 a > P. again
      ${later('5.9')}`,
    is: { a: 'open ok possible none awaiting-response' },
  },
  {
    name: 'near miss: the peer answered in the end',
    ladder: `${A}
      ${served('a')}
      1.0 a > P. ${get('/next')}
      1.2 a > P. again
      1.6 a > P. again
      2.4 a > P. again
          a < .
      ${later('9')}`,
    is: { a: 'open ok likely none awaiting-response' },
  },
  {
    name: 'near miss: the peer had closed before',
    ladder: `${A}
      ${served('a')}
      1.0 a < F.
          a > F.
      1.2 a > F. again
      1.6 a > F. again
      2.4 a > F. again
      3.4 a > F. again
      ${later('9')}`,
    is: { a: 'clean ok certain server between-requests' },
  },
  {
    name: 'vanished while idle: only the FIN is repeated',
    ladder: `${A}
      ${served('a')}
      61.0 a > F.
      61.2 a > F. again
      61.6 a > F. again
      62.4 a > F. again
      ${later('67')}`,
    is: { a: 'half-open-zombie/vanished problem certain client between-requests' },
  },
  {
    name: 'vanished client: the response is repeated',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/')}
      a < .
      a < P. ${ok()}
      0.2 a < P. again
      0.6 a < P. again
      1.4 a < P. again
      ${later('6')}`,
    is: { a: 'half-open-zombie/vanished problem certain none awaiting-response' },
    says: /client.* vanished/,
  },
  {
    name: 'near miss: never established',
    ladder: `${A}
      0.0 a > S
      1.0 a > S again
      2.0 a > S again
      3.0 a > S again
      ${later('9')}`,
    is: { a: 'connect-timeout problem certain none connecting' },
  },
  {
    name: 'forgotten: after 30 s of silence a stateless RST answers the request',
    ladder: `${A}
      ${served('a')}
      +30 a > P. ${get('/next')}
          a < R`,
    is: { a: 'half-open-zombie/forgotten problem likely server awaiting-response' },
    says: /forgotten/,
  },
  {
    name: 'forgotten while a request waited: the RST answers the next request, and is not said to answer the first',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/first')}
      a < .
      +4.1 a > P. ${get('/second')}
      a < R`,
    is: { a: 'half-open-zombie/forgotten problem likely server awaiting-response' },
    says: /during 4\.100 s of silence and answered GET \/second with a RST/,
  },
  {
    name: 'forgotten while a request waited: the RST answers a keep-alive probe',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/first')}
      a < .
      +2.0 a > . probe
      a < R`,
    is: { a: 'half-open-zombie/forgotten problem likely server awaiting-response' },
    says: /during 2\.000 s of silence and answered a TCP keep-alive probe with a RST/,
  },
  {
    name: 'forgotten in front of the client: the response is what met a RST',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/slow')}
      a < .
      30.0 a < P. ${ok()}
      +0.001 a > R`,
    is: { a: 'half-open-zombie/forgotten problem likely client awaiting-response' },
    says: /answered what the server 10\.0\.0\.3:8000 sent with a RST/,
  },
  {
    name: 'forgotten by a box in front of the server: another TTL',
    ladder: `${A}
      ${served('a')}
      +30 a > P. ${get('/next')}
          a < R ttl 62`,
    is: { a: 'half-open-zombie/forgotten problem likely middlebox awaiting-response' },
    says: /NAT or firewall/,
  },
  {
    name: 'forgotten by a box in front of the server: faster than the path',
    ladder: `${A}
      0.0    a > S
      +0.009 a < S.
             a > .
             a > P. ${get('/first')}
      +0.009 a < P. ${ok()}
             a > .
      +30    a > P. ${get('/next')}
      +0.0005 a < R`,
    is: { a: 'half-open-zombie/forgotten problem likely middlebox awaiting-response' },
  },
  {
    name: 'forgotten after 1.2 s of silence',
    ladder: `${A}
      ${served('a')}
      +1.2 a > P. ${get('/next')}
           a < R`,
    is: { a: 'half-open-zombie/forgotten problem likely server awaiting-response' },
  },
  {
    name: 'near miss: only 0.9 s of silence before: the process died',
    ladder: `${A}
      ${served('a')}
      +0.9 a > P. ${get('/next')}
           a < R`,
    is: { a: 'server-abort problem * server awaiting-response' },
  },
  {
    name: 'near miss: the RST comes 2 s after the request and does not answer it',
    ladder: `${A}
      ${served('a')}
      +30 a > P. ${get('/next')}
          a < .
      +2  a < R`,
    is: { a: 'server-abort problem * server awaiting-response' },
  },
  {
    name: 'near miss: the server had closed before: a race',
    ladder: `${A}
      ${served('a')}
      +30 a < F.
          a > P. ${get('/next')} unseen
          a < R`,
    is: { a: 'keepalive-race/fin-crossing problem certain server between-requests' },
  },
  {
    name: 'three that the server closed, not followed for 30 s by the end that called',
    ladder: `${poolOf(3)}\n${later('44')}`,
    is: { a: 'half-open-zombie/half-closed problem likely server between-requests' },
  },
  {
    name: 'near miss: 29 s: a pool looks at its connections when it uses them next',
    ladder: `${poolOf(3)}\n${later('31')}`,
    is: { a: 'idle-timeout * * server between-requests' },
  },
  {
    name: 'half-closed: the FIN is acknowledged and for 60 s nothing follows',
    ladder: `${A}
      ${served('a')}
      1.0 a > F.
          a < .
      ${later('61.1')}`,
    is: { a: 'half-open-zombie/half-closed problem certain client between-requests' },
    says: /^The server .* never closed its side/,
  },
  {
    name: 'half-closed by the server, leaked by the client',
    ladder: `${A}
      ${served('a')}
      1.0 a < F.
          a > .
      ${later('61.1')}`,
    is: { a: 'half-open-zombie/half-closed problem certain server between-requests' },
    says: /^The client .*never closed its side/,
  },
  {
    name: 'near miss: 59 s',
    ladder: `${A}
      ${served('a')}
      1.0 a > F.
          a < .
      ${later('60')}`,
    is: { a: 'open ok likely client between-requests' },
  },
  {
    name: 'three like flows prove it sooner',
    ladder: `${leaks(3)}\n${later('6')}`,
    is: {
      a: 'half-open-zombie/half-closed problem likely client between-requests',
      c: 'half-open-zombie/half-closed problem likely client between-requests',
    },
  },
  {
    name: 'three like flows, the youngest 1.2 s old',
    ladder: `${leaks(3)}\n${later('3.3')}`,
    is: { c: 'half-open-zombie/half-closed problem likely client between-requests' },
  },
  {
    name: 'near miss: three like flows, the youngest 0.8 s old',
    ladder: `${leaks(3)}\n${later('2.9')}`,
    is: { c: 'open ok likely client between-requests' },
  },
  {
    name: 'near miss: two like flows do not',
    ladder: `${leaks(2)}\n${later('6')}`,
    is: { a: 'open ok likely client between-requests', b: 'open ok likely client between-requests' },
  },
  {
    name: 'near miss: a response was owed: the abort keeps its class',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/')}
      a < .
      1.0 a > F.
          a < .
      ${later('70')}`,
    is: { a: 'client-abort problem likely client awaiting-response' },
  },
  {
    name: 'near miss: the other side went on sending',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/')}
      a > F.
      a < .
      5.0 a < P. ${ok()}
          a > .
      ${later('70')}`,
    is: { a: 'clean ok certain client awaiting-response' },
  },
  {
    name: 'not reading: the window stays shut, probes go on to the end',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/')}
      a < . 'HTTP/1.1 200 OK\\r\\nContent-Length: 9000\\r\\n\\r\\nx'
      a < P. len 1400
      a > . win 0
      0.3 a < . probe
          a > . win 0
      0.9 a < . probe
          a > . win 0
      2.1 a < . probe
          a > . win 0
      ${later('6')}`,
    is: { a: 'half-open-zombie/not-reading problem likely none peer-not-reading' },
    says: /stopped reading/,
  },
  {
    name: 'near miss: the window opens again',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/')}
      a < . 'HTTP/1.1 200 OK\\r\\nContent-Length: 9000\\r\\n\\r\\nx'
      a < P. len 1400
      a > . win 0
      0.3 a < . probe
          a > . win 0
      0.9 a < . probe
          a > . win 500
      ${later('8')}`,
    is: { a: 'open ok likely none mid-response' },
  },
  {
    name: 'near miss: shut for 4.9 s only',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/')}
      a < . 'HTTP/1.1 200 OK\\r\\nContent-Length: 9000\\r\\n\\r\\nx'
      a < P. len 1400
      a > . win 0
      0.3 a < . probe
          a > . win 0
      ${later('4.9')}`,
    is: { a: 'open ok likely none peer-not-reading' },
  },
  {
    name: 'near miss: a send timeout closes it: idle-timeout with that cause',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/')}
      a < . 'HTTP/1.1 200 OK\\r\\nServer: nginx\\r\\nContent-Length: 9000\\r\\n\\r\\nx'
      a < P. len 1400
      a > . win 0
      0.3 a < . probe
          a > . win 0
      60.001 a < R.`,
    is: { a: 'idle-timeout problem likely server peer-not-reading' },
  },
  {
    name: 'probed dead: three keep-alive probes unanswered',
    ladder: `${A}
      ${served('a')}
      30 a > . probe
      40 a > . probe
      50 a > . probe
      ${later('60')}`,
    is: { a: 'half-open-zombie/probed-dead problem certain none between-requests' },
  },
  {
    name: 'probed dead: the prober resets after its last probe',
    ladder: `${A}
      ${served('a')}
      30 a > . probe
      40 a > . probe
      50 a > . probe
      60 a > R.`,
    is: { a: 'half-open-zombie/probed-dead problem certain client between-requests' },
  },
  {
    name: 'probed dead: one probe unanswered, then the reset of the prober',
    ladder: `${A}
      ${served('a')}
      60 a > . probe
      70 a > R.`,
    is: { a: 'half-open-zombie/probed-dead problem certain client between-requests' },
  },
  {
    name: 'near miss: the probe was answered, then the client resets',
    ladder: `${A}
      ${served('a')}
      60 a > . probe
         a < .
      70 a > R.`,
    is: { a: 'idle-timeout ok likely client between-requests' },
  },
  {
    name: 'near miss: two probes, and the capture ends',
    ladder: `${A}
      ${served('a')}
      30 a > . probe
      40 a > . probe
      ${later('41')}`,
    is: { a: 'open ok * none between-requests' },
  },
  {
    name: 'near miss: the probes are answered',
    ladder: `${A}
      ${served('a')}
      30 a > . probe
         a < .
      40 a > . probe
         a < .
      50 a > . probe
         a < .
      ${later('60')}`,
    is: { a: 'open ok likely none between-requests' },
  },
  {
    name: 'merely silent to the end: open, never a zombie',
    ladder: `${A}
      ${served('a')}
      ${later('3600')}`,
    is: { a: 'open ok likely none between-requests' },
  },
  {
    name: 'a request body that nothing acknowledges any more',
    ladder: `${A}
      ${opens('a')}
      a > P. ${post('/up', 5000, 100)}
      a < .
      0.1 a > P. len 1400
      0.3 a > P. again
      0.7 a > P. again
      1.5 a > P. again
      ${later('8')}`,
    is: { a: 'half-open-zombie/vanished problem certain none mid-request' },
  },
  {
    name: 'near miss: copies of packets on a bridge are no repetitions',
    ladder: `${A}
      ${served('a')}
      1.0 a > P. ${get('/next')}
      1.2 a > P. again
      1.6 a > P. again
      ${later('9')}`,
    options: { capture: { twice: 'bridge', link: 'LINUX_SLL2' } },
    is: { a: 'open ok possible none awaiting-response' },
  },
  {
    name: 'late capture: the copies alone, with waits of 8 s',
    ladder: `${A}
      0.0 a > P. ${get('/next')}
      8.0 a > P. again
      24.0 a > P. again
      ${later('40')}`,
    is: { a: 'half-open-zombie/vanished problem likely none *' },
  },
  {
    name: 'forgotten: the silence is counted from its last sign of life, an answered probe',
    ladder: `${A}
      ${served('a')}
      300 a > . probe
          a < .
      400 a > P. ${get('/next')}
          a < R`,
    is: { a: 'half-open-zombie/forgotten problem likely server awaiting-response' },
    says: /during (99\.99\d|100\.000) s of silence/,
  },
  {
    name: 'near miss of forgotten: the server went on repeating its SYN-ACK, it had never taken the connection',
    ladder: `${A}
      ${opens('a')}
      0.1 a > P. ${get('/next')}
      1.0 a < S. again ack 1
          a > . seq 1
      3.0 a < S. again ack 1
          a > . seq 1
      9.0 a > P. again
      54  a > P. again
          a < R`,
    is: { a: 'server-abort problem likely server awaiting-response' },
  },
  {
    name: 'a shut window and probes that nobody answers: its host is gone',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/big')}
      a < P. ${ok(9000, 900)}
      a > . win 0
      0.3 a < . probe
      0.9 a < . probe
      2.1 a < . probe
      ${later('12')}`,
    is: { a: 'half-open-zombie/probed-dead problem certain none peer-not-reading' },
    says: /3 window probes by the server 10\.0\.0\.3:8000 went unanswered/,
  },
  {
    name: 'near miss: two window probes without an answer; it does not read',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/big')}
      a < P. ${ok(9000, 900)}
      a > . win 0
      0.3 a < . probe
      0.9 a < . probe
      ${later('12')}`,
    is: { a: 'half-open-zombie/not-reading problem likely none peer-not-reading' },
  },
]
