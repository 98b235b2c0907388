import { describe, expect, it } from 'vitest'
import { factsOf } from '../helpers/facts-of.js'

/** What is told of the writer of one response head. */
async function writerOf(head: string): Promise<string | null> {
  const facts = await factsOf(`flow a 10.0.0.1:50000 > 10.0.0.2:80
    a > S
    a < S.
    a > .
    a > P. 'GET / HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n'
    a < P. '${head.replaceAll('\n', '\\r\\n')}\\r\\n\\r\\n'`)
  return facts.conversation?.exchanges[0]?.writer ?? null
}

const PAGE = 'Content-length: 110\nCache-Control: no-cache\nConnection: close\nContent-Type: text/html'
const NODE = 'Content-Type: text/plain\nDate: Sat, 21 Nov 2026 01:26:34 GMT\nConnection: keep-alive'

describe('software without a Server header', () => {
  it.each([
    ['HAProxy 2.6’s 408', `HTTP/1.1 408 Request Time-out\n${PAGE}`, 'haproxy'],
    ['its 504, names in lower case', `HTTP/1.1 504 Gateway Time-out\n${PAGE.toLowerCase()}`, 'haproxy'],
    ['a page with another header', `HTTP/1.1 408 Request Time-out\n${PAGE}\nX-A: b`, null],
    ['a page with a date', `HTTP/1.1 408 Request Time-out\n${PAGE}\nDate: now`, null],
    ['a page with a Server header', `HTTP/1.1 408 Request Time-out\n${PAGE}\nServer: x`, null],
    [
      'a page that may be kept',
      `HTTP/1.1 408 Request Time-out\n${PAGE.replace('no-cache', 'private')}`,
      null,
    ],
    ['a page with a status it has none for', `HTTP/1.1 418 I am a teapot\n${PAGE}`, null],
    ['Node 20’s keep-alive', `HTTP/1.1 200 OK\n${NODE}\nKeep-Alive: timeout=5`, 'node'],
    [
      'the same passed on in lower case',
      `HTTP/1.1 200 OK\n${NODE.toLowerCase()}\nkeep-alive: timeout=5`,
      null,
    ],
    [
      'Apache: Server first',
      `HTTP/1.1 200 OK\nServer: Apache\n${NODE}\nKeep-Alive: timeout=5, max=100`,
      null,
    ],
    [
      'another order',
      `HTTP/1.1 200 OK\nConnection: keep-alive\nKeep-Alive: timeout=5\nDate: Sat, 21 Nov 2026 01:26:34 GMT`,
      null,
    ],
    ['Node’s 408', 'HTTP/1.1 408 Request Timeout\nConnection: close', 'node'],
    ['a bare 503', 'HTTP/1.1 503 Service Unavailable\nConnection: close', null],
  ])('%s', async (_, head, software) => {
    expect(await writerOf(head)).toBe(software)
  })
})
