import { get, ok, opens, served, type VerdictCase } from '../../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'

export const cases: readonly VerdictCase[] = [
  {
    name: 'a request that was sent again and again met no close: it never arrived',
    ladder: `${A}
      ${served('a')}
      +5    a > P. ${get('/next')}
      +0.2  a > P. again
      +0.4  a > P. again
      +0.8  a > P. again
      +3.6  a < F. unseen 4
            a > .`,
    is: { a: 'idle-timeout problem likely server between-requests' },
    says: /closed the idle connection 10\.0\d\d s after the last response; GET \/next, sent 5\.000 s before, never reached it/,
  },
  {
    name: 'near miss: one copy was lost, and the next crossed the FIN',
    ladder: `${A}
      ${served('a')}
      +5    a > P. ${get('/next')}
      +0.2  a > P. again
      +0.001 a < F. unseen 2
            a > .
            a < R`,
    is: { a: 'keepalive-race/fin-crossing problem certain server between-requests' },
  },
  {
    name: 'a first request that never arrived',
    ladder: `${A}
      ${opens('a')}
      +1    a > P. ${get('/first')}
      +0.2  a > P. again
      +0.4  a > P. again
      +60   a < F. unseen 3
            a > .`,
    is: { a: 'idle-timeout problem likely server awaiting-request' },
    says: /GET \/first, sent 60\.6\d\d s before, never reached it/,
  },
  {
    name: 'a load balancer that sent nothing but the PROXY header: no request was under way',
    ladder: `${A}
      ${opens('a')}
      a > P. 'PROXY TCP4 1.2.3.4 5.6.7.8 111 80\\r\\n'
      a < .
      +60 a < F.
          a > F.
          a < .`,
    is: { a: 'idle-timeout ok likely server awaiting-request' },
  },
  {
    name: 'near miss: bytes that nobody can read follow the PROXY header',
    ladder: `${A}
      ${opens('a')}
      a > P. 'PROXY TCP4 1.2.3.4 5.6.7.8 111 80\\r\\n\\x01\\x02\\x03'
      a < .
      +60 a < F.
          a > F.
          a < .`,
    is: { a: 'idle-timeout problem likely server -' },
  },
  {
    name: 'a RST that overtook the response in the capture: some of it had been sent',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/big')}
      a < P. ${ok(5000, 1000)}
      a < R. seq 2042
      a < P. seq 1042 len 1000`,
    is: { a: 'server-abort problem likely server awaiting-response' },
    says: /a response of which the client had acknowledged nothing/,
  },
]
