import { opens, type VerdictCase } from '../../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'
const PREFACE = 'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n'
const h2Get = (stream: number): string =>
  `\\x00\\x00\\x0c\\x01\\x05\\x00\\x00\\x00\\x0${stream}\\x82\\x86\\x04\\x05/slow\\x01\\x01h`
const h2Answer = (stream: number): string => `'\\x00\\x00\\x01\\x01\\x05\\x00\\x00\\x00\\x0${stream}\\x88'`
const reset = (stream: number, code: string): string =>
  `'\\x00\\x00\\x04\\x03\\x00\\x00\\x00\\x00\\x0${stream}\\x00\\x00\\x00\\x${code}'`
const goAway = (stream: number, code: string): string =>
  `'\\x00\\x00\\x08\\x07\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x0${stream}\\x00\\x00\\x00\\x${code}'`

export const cases: readonly VerdictCase[] = [
  {
    name: 'a stream that the server refused is owed nothing: its client has not left it',
    ladder: `${A}
      ${opens('a')}
      a > P. '${PREFACE}${h2Get(1)}'
      a < P. ${reset(1, '07')}
      a > .
      +0.5 a > F.
           a < F.
           a > .`,
    is: { a: 'clean ok certain client between-requests' },
  },
  {
    name: 'near miss: the client had reset it, and the next was not answered',
    ladder: `${A}
      ${opens('a')}
      a > P. '${PREFACE}${h2Get(1)}'
      a > P. ${reset(1, '08')}
      a > P. '${h2Get(3)}'
      a < .
      +0.5 a > F.
           a < F.
           a > .`,
    is: { a: 'client-abort problem likely client awaiting-response' },
  },
  {
    name: 'a GOAWAY with an error while a request is open',
    ladder: `${A}
      ${opens('a')}
      a > P. '${PREFACE}${h2Get(1)}'
      a < .
      +0.2 a < P. ${goAway(1, '0b')}
           a < F.
           a > F.
           a < .`,
    is: { a: 'server-abort problem certain server awaiting-response' },
  },
  {
    name: 'a request above the last stream of the GOAWAY was not acted upon',
    ladder: `${A}
      ${opens('a')}
      a > P. '${PREFACE}${h2Get(1)}'
      a < P. ${h2Answer(1)}
      a > .
      +5 a > P. '${h2Get(3)}'
         a < P. ${goAway(1, '00')}
      +0.01 a < F.
         a > F.
         a < .`,
    is: { a: 'server-abort problem certain server awaiting-response' },
  },
  {
    name: 'an older stream was not answered, though the latest was',
    ladder: `${A}
      ${opens('a')}
      a > P. '${PREFACE}${h2Get(1)}'
      a > P. '${h2Get(3)}'
      a < P. ${h2Answer(3)}
      a > .
      +0.2 a < F.
           a > F.
           a < .`,
    is: { a: 'server-abort problem certain server awaiting-response' },
  },
  {
    name: 'near miss: both were answered, the older one last',
    ladder: `${A}
      ${opens('a')}
      a > P. '${PREFACE}${h2Get(1)}'
      a > P. '${h2Get(3)}'
      a < P. ${h2Answer(3)}
      a < P. ${h2Answer(1)}
      a > .
      +0.2 a < F.
           a > F.
           a < .`,
    is: { a: 'clean ok certain server between-requests' },
  },
  {
    name: 'a client that cancelled a stream and closed much later owes and is owed nothing',
    ladder: `${A}
      ${opens('a')}
      a > P. '${PREFACE}${h2Get(1)}'
      a < .
      +1 a > P. ${reset(1, '08')}
         a < .
      +2 a > F.
         a < F.
         a > .`,
    is: { a: 'clean ok certain client between-requests' },
  },
  {
    name: 'near miss: it cancelled and closed at once',
    ladder: `${A}
      ${opens('a')}
      a > P. '${PREFACE}${h2Get(1)}'
      a < .
      +1 a > P. ${reset(1, '08')}
         a > F.
         a < F.
         a > .`,
    is: { a: 'client-abort problem likely client awaiting-response' },
  },
]
