import { get, ok, opens, type VerdictCase } from '../../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'
/** Another connection shows that the capture went on. */
const Z = 'flow z 10.9.9.8:33000 > 10.9.9.9:9999 ts'
const LATER = '+20 z > S\n z < R.'
const HALF_CLOSED = `${A}
      ${Z}
      ${opens('a')}
      a > FP. ${get('/big')}
      a < .`

export const cases: readonly VerdictCase[] = [
  {
    name: 'the server breaks off the response to a client that had only half-closed: FIN',
    ladder: `${HALF_CLOSED}
      +0.1 a < P. ${ok(5000, 1000)}
      a > .
      +0.2 a < F.
      a > .
      ${LATER}`,
    is: { a: 'server-abort problem likely server mid-response' },
    says: /1041 bytes of an unfinished response to GET \/big; .* still reading/,
  },
  {
    name: 'the server breaks off the response to a client that had only half-closed: RST',
    ladder: `${HALF_CLOSED}
      +0.1 a < P. ${ok(5000, 1000)}
      a > .
      +0.2 a < R.
      ${LATER}`,
    is: { a: 'server-abort problem likely server mid-response' },
  },
  {
    name: 'near miss: the client answers the response with a RST',
    ladder: `${HALF_CLOSED}
      +0.1 a < P. ${ok(5000, 1000)}
      a > R
      ${LATER}`,
    is: { a: 'client-abort problem likely client awaiting-response' },
  },
  {
    name: 'near miss: the client acknowledges nothing but the FIN',
    ladder: `${HALF_CLOSED}
      +3 a < F.
      a > .
      ${LATER}`,
    is: { a: 'client-abort problem possible client awaiting-response' },
    says: /closed its direction right behind GET \/big, and no response came/,
  },
  {
    name: 'near miss: it waited for a while before it closed',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/big')}
      a < .
      +3 a > F.
      a < F.
      a > .`,
    is: { a: 'client-abort problem likely client awaiting-response' },
  },
  {
    name: 'the response is still coming when the capture ends',
    ladder: `${HALF_CLOSED}
      +0.1 a < P. ${ok(5000, 1000)}
      a > .
      ${LATER}`,
    is: { a: 'open ok likely client awaiting-response' },
    says: /still reading the response to GET \/big/,
  },
  {
    name: 'a body that ends with the connection: a killed server looks the same',
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
    name: 'a body that ends with the connection after a silence: a timer may have cut it',
    ladder: `${A}
      ${opens('a')}
      a > P. 'GET /big HTTP/1.0\\r\\nHost: h\\r\\n\\r\\n'
      a < P. 'HTTP/1.0 200 OK\\r\\n\\r\\nhello'
      a > .
      +60 a < F.
             a > F.
             a < .`,
    is: { a: 'clean ok possible server between-requests' },
  },
]
