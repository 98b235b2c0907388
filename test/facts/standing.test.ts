import { expect, test } from 'vitest'
import { factsOf } from '../helpers/facts-of.js'
import { get, ok, opens, post, served, status } from '../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'

interface StandingCase {
  readonly name: string
  readonly ladder: string
  /** `owed phase` */
  readonly is: string
}

const cases: readonly StandingCase[] = [
  {
    name: 'no handshake: connecting',
    ladder: `a > S
      a < S.`,
    is: 'nothing connecting',
  },
  {
    name: 'no byte of a request',
    ladder: `${opens('a')}
      +1 a < F.`,
    is: 'nothing awaiting-request',
  },
  {
    name: 'half of a request head',
    ladder: `${opens('a')}
      a > P. 'GET / HTTP/1.1\\r\\nHos'
      a < .
      +1 a < F.`,
    is: 'rest-of-request mid-request',
  },
  {
    name: 'half of a request body',
    ladder: `${opens('a')}
      a > P. ${post('/', 500, 100)}
      a < .
      +1 a < F.`,
    is: 'rest-of-request mid-request',
  },
  {
    name: 'a whole request, acknowledged',
    ladder: `${opens('a')}
      a > P. ${get()}
      a < .
      +1 a < F.`,
    is: 'response awaiting-response',
  },
  {
    name: 'a whole request that the closing server had not received',
    ladder: `${opens('a')}
      a > P. ${get()}
      a < F. unseen`,
    is: 'nothing awaiting-request',
  },
  {
    name: 'a second request that the closing server had not received',
    ladder: `${served('a')}
      +1 a > P. ${get('/2')}
      a < F. unseen`,
    is: 'nothing between-requests',
  },
  {
    name: 'a RST of abort form knows as much as its ACK number',
    ladder: `${served('a')}
      +1 a > P. ${get('/2')}
      a < R. unseen`,
    is: 'nothing between-requests',
  },
  {
    name: 'a RST of abort form that acknowledges the request owes the response',
    ladder: `${served('a')}
      +1 a > P. ${get('/2')}
      a < R.`,
    is: 'response awaiting-response',
  },
  {
    name: 'a response that the closing client had not received',
    ladder: `${opens('a')}
      a > P. ${get()}
      a < .
      +1 a < P. ${ok()}
      a > F. unseen`,
    is: 'response awaiting-response',
  },
  {
    name: 'a response of which the closing client had received the first segment',
    ladder: `${opens('a')}
      a > P. ${get()}
      a < P. ${ok(2000, 1000)}
      a < P. len 1000
      a > F. unseen`,
    is: 'rest-of-response mid-response',
  },
  {
    name: 'a response without a close counts when it is acknowledged',
    ladder: `${opens('a')}
      a > P. ${get()}
      a < P. ${ok()}
      a > .`,
    is: 'nothing between-requests',
  },
  {
    name: 'and not before',
    ladder: `${opens('a')}
      a > P. ${get()}
      a < P. ${ok()}`,
    is: 'response awaiting-response',
  },
  {
    name: 'a response and the FIN behind it that nobody answers',
    ladder: `${opens('a')}
      a > P. ${get()}
      a < .
      a < P. ${ok()}
      a < F.
      +0.2 a < F. again
      +0.4 a < F. again`,
    is: 'response awaiting-response',
  },
  {
    name: 'a stateless RST knows nothing: what was delivered counts',
    ladder: `${served('a')}
      +9 a > P. ${get('/2')}
      a < R`,
    is: 'response awaiting-response',
  },
  {
    name: 'a chunked response with its last chunk',
    ladder: `${opens('a')}
      a > P. ${get()}
      a < P. 'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n2\\r\\nhi\\r\\n0\\r\\n\\r\\n'
      a < F.`,
    is: 'nothing between-requests',
  },
  {
    name: 'a chunked response without it',
    ladder: `${opens('a')}
      a > P. ${get()}
      a < P. 'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n2\\r\\nhi\\r\\n0\\r\\n'
      a < F.`,
    is: 'rest-of-response mid-response',
  },
  {
    name: 'a body that ends with the connection, ended by the server’s FIN',
    ladder: `${opens('a')}
      a > P. ${get()}
      a < P. 'HTTP/1.0 200 OK\\r\\n\\r\\nhello'
      a > .
      a < F.`,
    is: 'nothing between-requests',
  },
  {
    name: 'a body that ends with the connection, ended by the client',
    ladder: `${opens('a')}
      a > P. ${get()}
      a < P. 'HTTP/1.0 200 OK\\r\\n\\r\\nhello'
      a > F.`,
    is: 'rest-of-response mid-response',
  },
  {
    name: 'the answer to HEAD has no body, whatever its Content-Length',
    ladder: `${opens('a')}
      a > P. 'HEAD / HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n'
      a < P. 'HTTP/1.1 200 OK\\r\\nContent-Length: 500\\r\\n\\r\\n'
      a > .
      a < F.`,
    is: 'nothing between-requests',
  },
  {
    name: '100 Continue is no response',
    ladder: `${opens('a')}
      a > P. ${post('/', 500, 0)}
      a < P. 'HTTP/1.1 100 Continue\\r\\n\\r\\n'
      a > P. len 500
      a < .
      +1 a < F.`,
    is: 'response awaiting-response',
  },
  {
    name: 'the second of two pipelined requests is owed its response',
    ladder: `${opens('a')}
      a > P. 'GET /1 HTTP/1.1\\r\\nHost: h\\r\\n\\r\\nGET /2 HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n'
      a < P. ${ok()}
      a > .
      +1 a < F.`,
    is: 'response awaiting-response',
  },
  {
    name: 'a request sent behind an answer that has not ended waits its turn: the rest of that answer is owed',
    ladder: `${opens('a')}
      a > P. ${get('/1')}
      a < P. ${ok(5000, 1000)}
      a > P. ${get('/2')}
      a < .
      +1 a < F.`,
    is: 'rest-of-response mid-response',
  },
  {
    name: 'near miss: an answer that the close ends has come to its end, and the request behind it is owed one',
    ladder: `${opens('a')}
      a > P. ${get('/1')}
      a < P. 'HTTP/1.1 200 OK\\r\\n\\r\\nsome'
      a > P. ${get('/2')}
      a < .
      +1 a < F.`,
    is: 'response awaiting-response',
  },
  {
    name: 'an upgraded connection is a tunnel',
    ladder: `${opens('a')}
      a > P. ${get('/', 'Upgrade: x\\r\\nConnection: Upgrade\\r\\n')}
      a < P. 'HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: x\\r\\nConnection: Upgrade\\r\\n\\r\\n'
      a > P. 'hello'
      a > F.`,
    is: 'unknown tunnel',
  },
  {
    name: 'a window shut by the client in the middle of the response',
    ladder: `${opens('a')}
      a > P. ${get()}
      a < P. ${ok(5000, 1000)}
      a > . win 0
      +9 a < R.`,
    is: 'rest-of-response peer-not-reading',
  },
  {
    name: 'a window shut by the server in the middle of the request',
    ladder: `${opens('a')}
      a > P. ${post('/', 5000, 1000)}
      a < . win 0
      +9 a > R.`,
    is: 'rest-of-request peer-not-reading',
  },
  {
    name: 'TLS, the client spoke last: a response is owed',
    ladder: `${opens('a')}
      a > P. '\\x17\\x03\\x03\\x00\\x50${'q'.repeat(80)}'
      a < .
      +1 a < F.`,
    is: 'response awaiting-response',
  },
  {
    name: 'TLS, the server spoke last: nobody knows',
    ladder: `${opens('a')}
      a > P. '\\x17\\x03\\x03\\x00\\x50${'q'.repeat(80)}'
      a < P. '\\x17\\x03\\x03\\x00\\x50${'q'.repeat(80)}'
      a > .
      +1 a < F.`,
    is: 'unknown between-requests',
  },
  {
    name: 'late start and no payload: nothing can be said',
    ladder: `a > .
      a < .
      a < F.`,
    is: 'unknown null',
  },
  {
    name: 'a 408 in the moment of the close is a goodbye: the body is still owed',
    ladder: `${opens('a')}
      a > P. ${post('/', 500, 100)}
      a < .
      +9 a < P. ${status(408)}
      +0.049 a < F.`,
    is: 'rest-of-request mid-request',
  },
  {
    name: 'a 408 to nobody is a goodbye too',
    ladder: `${opens('a')}
      +9 a < P. ${status(408)}
      a < F.`,
    is: 'nothing awaiting-request',
  },
  {
    name: 'a 500 to a whole request is an ordinary response',
    ladder: `${opens('a')}
      a > P. ${post('/', 5)}
      a < P. ${status(500)}
      a < F.`,
    is: 'nothing between-requests',
  },
]

test.each(cases)('$name', async ({ ladder, is }) => {
  const { standing } = await factsOf(`${A}\n${ladder}`)
  expect(`${standing.owed} ${standing.phase}`).toBe(is)
})

test('a goodbye names its frame and status', async () => {
  const { standing } = await factsOf(`${A}
    ${opens('a')}
    +9 a < P. ${status(408)}
    a < F.`)
  expect(standing).toMatchObject({ goodbyeFrame: 4, goodbyeStatus: 408 })
})

test('51 ms before the close it is none', async () => {
  const { standing } = await factsOf(`${A}
    ${opens('a')}
    +9 a < P. ${status(408)}
    +0.051 a < F.`)
  expect(standing).toMatchObject({ goodbyeFrame: null, goodbyeStatus: null })
})
