import { get, opens, served, status, clientEnds, type VerdictCase } from '../../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'
const D = 'flow d 10.0.0.1:50000 > 10.0.0.2:80 ts'
const B = 'flow b 10.0.0.2:40123 > 10.0.0.3:8000 ts'
const later = (time: string): string => `flow z 10.9.9.8:33000 > 10.9.9.9:9999 ts\n ${time} z > S\n z < R.`

export const refused: readonly VerdictCase[] = [
  {
    name: 'RST+ACK answers the SYN',
    ladder: `${A}
      a > S
      a < R.`,
    is: { a: 'refused problem certain server connecting' },
    says: /nothing listens on 10\.0\.0\.3:8000/,
  },
  {
    name: 'refused at the third try',
    ladder: `${A}
      0.0 a > S
      1.0 a > S again
      3.0 a > S again
          a < R.`,
    is: { a: 'refused problem certain server connecting' },
  },
  {
    name: 'refused together with the request that came in the SYN (TCP Fast Open)',
    ladder: `${A}
      a > S ${get('/x')}
      a < R.`,
    is: { a: 'refused problem certain server connecting' },
  },
  {
    name: 'near miss: the request came after a handshake that the capture lacks',
    ladder: `${A}
      a > S
      a > P. ${get('/x')}
      a < R. seq 1`,
    is: { a: 'server-abort problem likely server awaiting-response' },
  },
  {
    name: 'near miss: a SYN-ACK came, then the server reset',
    ladder: `${A}
      ${opens('a')}
      a < R.`,
    is: { a: 'clean ok * server awaiting-request' },
  },
]

export const unreachable: readonly VerdictCase[] = [
  {
    name: 'a router has no way to the host',
    ladder: `${A}
      0.0 a > S
      1.0 a > S again
      3.1 a < icmp 3/1 from 10.0.0.254
      ${later('11')}`,
    is: { a: 'refused/unreachable problem certain middlebox connecting' },
    says: /^10\.0\.0\.254 answered the SYN to 10\.0\.0\.3:8000 with an ICMP error after 3\.100 s: host unreachable/,
  },
  {
    name: 'a firewall on the server rejects the port',
    ladder: `${A}
      0.0 a > S
          a < icmp 3/3
      ${later('11')}`,
    is: { a: 'refused/unreachable problem certain server connecting' },
    says: /^10\.0\.0\.3 answered the SYN to port 8000 .*: port unreachable/,
  },
  {
    name: 'a router has no route to the network',
    ladder: `${A}
      0.0 a > S
          a < icmp 3/0 from 10.0.0.254
      ${later('11')}`,
    is: { a: 'refused/unreachable problem certain middlebox connecting' },
    says: /: network unreachable/,
  },
  {
    name: 'just before the capture ends',
    ladder: `${A}
      0.0 a > S
          a < icmp 3/3 from 10.0.0.254`,
    is: { a: 'refused/unreachable problem certain middlebox connecting' },
  },
  {
    name: 'an error that quotes 8 bytes of TCP, as RFC 792 asks for',
    ladder: `${A}
      0.0 a > S
          a < icmp 3/13 from 10.0.0.254 quotes 8
      ${later('11')}`,
    is: { a: 'refused/unreachable problem certain middlebox connecting' },
    says: /administratively prohibited/,
  },
  {
    name: 'near miss: it quotes another SYN of these ports',
    ladder: `${A}
      0.0 a > S
          a > S seq 900
          a < icmp 3/13 from 10.0.0.254 quotes 8
      ${later('11')}`,
    is: { a: '* * * * connecting' },
  },
  {
    name: 'IPv6: administratively prohibited',
    ladder: `flow a [fd00::2]:40122 > [fd00::3]:8000 ts
      0.0 a > S
          a < icmp 1/1 from fd00::ff
      ${later('11')}`,
    is: { a: 'refused/unreachable problem certain middlebox connecting' },
    says: /administratively prohibited/,
  },
  {
    name: 'near miss: an error before, and then a SYN-ACK',
    ladder: `${A}
      0.0 a > S
          a < icmp 3/1 from 10.0.0.254
      1.0 a > S again
          a < S.
          a > .
      a > P. ${get()}
      a < P. ${status(204)}
      ${clientEnds('a', '+0.1')}`,
    is: { a: 'clean ok certain client between-requests' },
  },
  {
    name: 'near miss: the error is about the size of the packet',
    ladder: `${A}
      0.0 a > S
          a < icmp 3/4 from 10.0.0.254
      1.0 a > S again
      3.0 a > S again
      ${later('11')}`,
    is: { a: 'connect-timeout problem certain none connecting' },
  },
]

export const connectTimeout: readonly VerdictCase[] = [
  {
    name: 'four SYNs, none answered',
    ladder: `${A}
      0.0 a > S
      1.0 a > S again
      3.0 a > S again
      7.0 a > S again
      ${later('11')}`,
    is: { a: 'connect-timeout problem certain none connecting' },
    says: /none of 4 SYNs in 7\.000 s/,
  },
  {
    name: 'four SYNs, the last of them 1 s before the end: the answer may still come',
    ladder: `${A}
      0.0 a > S
      1.0 a > S again
      3.0 a > S again
      7.0 a > S again
      ${later('8')}`,
    is: { a: 'connect-timeout problem likely none connecting' },
  },
  {
    name: 'a proxy that gives up and answers 504: its connect timer is named',
    ladder: `${D}\n${A}
      ${opens('d')}
      d > P. ${get('/')}
      d < .
      0.001 a > S
      1.0 a > S again
      3.0 a > S again
      7.0 a > S again
      15.0 a > S again
      31.0 a > S again
      60.002 d < P. ${status(504, 'Gateway Time-out')}
      d > .
      ${clientEnds('d', '+0.01')}`,
    is: {
      a: 'connect-timeout problem certain none connecting',
      d: 'clean ok certain client between-requests',
    },
    timer: 'nginx.proxy_connect_timeout 60',
  },
  {
    name: 'near miss: another leg for the same request began before its last SYN: it had not given up by then',
    ladder: `${A}\n${D}\n${B}
      ${opens('d')}
      d > P. ${get('/')}
      d < .
      0.001 a > S
      0.5 b > S
      1.0 a > S again
      1.5 b > S again
      3.0 a > S again
      3.5 b > S again
      7.0 a > S again
      60.002 d < P. ${status(504, 'Gateway Time-out')}
      d > .`,
    is: { a: 'connect-timeout problem certain none connecting' },
    says: /none of 4 SYNs in 6\.999 s\.$/,
  },
  {
    name: 'near miss: the request it was for is still open, silent since it came; another one was answered',
    ladder: `${B}\n${D}\n${A}
      flow e 10.0.0.1:50001 > 10.0.0.2:80 ts
      ${opens('d')}
      d > P. ${get('/')}
      d < .
      0.001 a > S
      ${opens('e', '0.9')}
      e > P. ${get('/')}
      0.901 b > S
      1.0 a > S again
      1.9 b > S again
      3.0 a > S again
      3.9 b > S again
      7.0 a > S again
      7.9 b > S again
      60.002 d < P. ${status(504, 'Gateway Time-out')}
      d > .`,
    is: { b: 'connect-timeout problem certain none connecting' },
    says: /none of 4 SYNs in 6\.999 s\.$/,
  },
  {
    name: 'near miss: unanswered SYNs 2.9 s before the end: open',
    ladder: `${A}
      0.0 a > S
      1.0 a > S again
      2.0 a > S again
      ${later('2.9')}`,
    is: { a: 'open ok possible none connecting' },
  },
  {
    name: 'near miss: the first SYN 3.5 s before the end, the last 0.5 s: likely',
    ladder: `${A}
      0.0 a > S
      1.0 a > S again
      3.0 a > S again
      ${later('3.5')}`,
    is: { a: 'connect-timeout problem likely none connecting' },
  },
  {
    name: 'near miss: the SYN was never repeated',
    ladder: `${A}
      0.0 a > S
      ${later('8')}`,
    is: { a: 'unclassified ok possible none connecting' },
  },
  {
    name: 'near miss: the third SYN is answered',
    ladder: `${A}
      0.0 a > S
      1.0 a > S again
      3.0 a > S again
          a < S.
          a > .
      ${later('8')}`,
    is: { a: 'open ok * none awaiting-request' },
  },
  {
    name: 'near miss: refused in the end',
    ladder: `${A}
      0.0 a > S
      1.0 a > S again
      3.0 a > S again
          a < R.
      ${later('8')}`,
    is: { a: 'refused problem certain server connecting' },
  },
  {
    name: 'an answered connection beside it stays clean',
    ladder: `flow b 10.0.0.2:40999 > 10.0.0.3:8000 ts
      ${A}
      ${served('b')}
      ${clientEnds('b', '+0.1')}
      1.0 a > S
      2.0 a > S again
      4.0 a > S again
      ${later('8')}`,
    is: {
      b: 'clean ok certain client between-requests',
      a: 'connect-timeout problem certain none connecting',
    },
  },
  {
    name: 'the SYN-ACK came when the client had given up',
    ladder: `${A}
      0.0 a > S
      1.0 a > S again
      3.0 a > S again
      13.0 a < S.
          a > R
      ${later('30')}`,
    is: { a: 'connect-timeout problem likely client connecting' },
    says: /answered the first of 3 SYNs only after 13\.000 s, when the client had given up/,
  },
  {
    name: 'near miss: a scanner resets at once',
    ladder: `${A}
      0.0 a > S
          a < S.
          a > R
      ${later('30')}`,
    is: { a: 'clean ok certain client connecting' },
  },
  {
    name: 'near miss: the SYN was sent once, and answered late',
    ladder: `${A}
      0.0 a > S
      1.5 a < S.
          a > R
      ${later('30')}`,
    is: { a: 'unclassified ok possible client connecting' },
  },
]
