import { get, ok, opens, served, serverEnds, type VerdictCase } from '../../helpers/verdict-of.js'

/** A connection last used at `used`, closed by its server at `closed`. */
const kept = (flow: string, used: string, closed: string): string =>
  `flow ${flow} 10.0.0.2:4${flow.charCodeAt(0)} > 10.0.0.3:8000 ts
      ${served(flow, used)}
      ${serverEnds(flow, closed)}`
const FOUR = `${kept('a', '0.0', '20.0')}\n${kept('b', '10.0', '20.010')}\n${kept('c', '15.0', '20.020')}`

export const cases: readonly VerdictCase[] = [
  {
    name: 'three idle connections closed within 20 ms after 5, 10 and 20 s of silence',
    ladder: FOUR,
    is: {
      a: 'shutdown ok likely server between-requests',
      b: 'shutdown ok likely server between-requests',
      c: 'shutdown ok likely server between-requests',
    },
    says: /closed 3 idle connections within 20 ms/,
  },
  {
    name: 'latent when the client is a proxy',
    ladder: FOUR.replaceAll('Host: h', 'Host: h\\r\\nX-Forwarded-For: 10.0.0.1'),
    is: { a: 'shutdown latent likely server between-requests' },
  },
  {
    name: 'silences that differ by 0.7 s: a server that looks for idle ones once a second does the same',
    ladder: `${kept('a', '0.0', '9.1')}\n${kept('b', '0.4', '9.101')}\n${kept('c', '0.7', '9.102')}`,
    is: { a: 'shutdown ok possible server between-requests' },
  },
  {
    name: 'near miss: two connections are too few to tell it from two timers',
    ladder: `${kept('a', '0.0', '20.0')}\n${kept('b', '10.0', '20.010')}`,
    is: { a: 'idle-timeout ok possible server between-requests' },
  },
  {
    name: 'near miss: the third closes 60 ms later',
    ladder: `${kept('a', '0.0', '20.0')}\n${kept('b', '10.0', '20.010')}\n${kept('c', '15.0', '20.060')}`,
    is: {
      a: 'idle-timeout ok possible server between-requests',
      c: 'idle-timeout ok likely server between-requests',
    },
  },
  {
    name: 'near miss: one of the silences is under 1 s',
    ladder: `${kept('a', '0.0', '20.0')}\n${kept('b', '10.0', '20.010')}\n${kept('c', '19.1', '20.020')}`,
    is: {
      a: 'idle-timeout ok possible server between-requests',
      c: 'clean ok certain server between-requests',
    },
  },
  {
    name: 'near miss: silences that agree as those of one timer do',
    ladder: `${kept('a', '0.0', '20.0')}\n${kept('b', '0.005', '20.0001')}\n${kept('c', '0.010', '20.0002')}`,
    is: { a: 'idle-timeout ok likely server between-requests' },
  },
  {
    name: 'near miss: silences and closes spread alike: a common timer',
    ladder: `${kept('a', '0.0', '20.0')}\n${kept('b', '0.015', '20.015')}\n${kept('c', '0.030', '20.030')}`,
    is: { a: 'idle-timeout ok likely server between-requests' },
  },
  {
    name: 'near miss: the gap occurs at this server at another moment: its keep-alive timer',
    ladder: `${kept('a', '0.0', '20.0')}\n${kept('b', '10.0', '20.010')}\n${kept('c', '15.0', '20.020')}\n${kept('d', '30.0', '35.020')}`,
    is: {
      a: 'shutdown ok likely server between-requests',
      c: 'idle-timeout ok likely server between-requests',
    },
  },
  {
    name: 'near miss: a server that closes after each response',
    ladder: ['a', 'b', 'c']
      .map(
        (flow) => `flow ${flow} 10.0.0.2:4${flow.charCodeAt(0)} > 10.0.0.3:8000 ts
      ${served(flow, '1.0')}
      ${serverEnds(flow, '+0.001')}`,
      )
      .join('\n'),
    is: { a: 'clean ok certain server between-requests' },
  },
  {
    name: 'near miss: another server',
    ladder: FOUR.replace('c 10.0.0.2:499 > 10.0.0.3:8000', 'c 10.0.0.2:499 > 10.0.0.4:8000'),
    is: {
      a: 'idle-timeout ok possible server between-requests',
      c: 'idle-timeout ok likely server between-requests',
    },
  },
  {
    name: 'an unanswered new connection does not hide it',
    ladder: `${FOUR}
      flow n 10.0.0.2:41998 > 10.0.0.3:8000 ts
      21.0 n > S
           n < R.`,
    is: { a: 'shutdown ok likely server between-requests', n: 'refused problem certain server connecting' },
  },
  {
    name: 'four connections, the last one answered a moment before the stop',
    ladder: `${FOUR}
      flow e 10.0.0.2:41997 > 10.0.0.3:8000 ts
      ${opens('e', '19.99')}
      e > P. ${get('/')}
      e < P. ${ok()}
      e > .
      20.012 e < F.
      e > F.
      e < .`,
    is: { e: 'clean ok certain server between-requests', b: 'shutdown ok likely server between-requests' },
  },
  {
    name: 'a flow that was owed a response in that moment is a server abort with this as its cause',
    ladder: `${FOUR}
      flow o 10.0.0.2:41999 > 10.0.0.3:8000 ts
      ${opens('o', '19.0')}
      o > P. ${get('/slow')}
      o < .
      20.015 o < F.
      o > F.
      o < .`,
    is: {
      o: 'server-abort problem * server awaiting-response',
      a: 'shutdown ok likely server between-requests',
    },
    says: /shut|restart|stopp/i,
  },
]
