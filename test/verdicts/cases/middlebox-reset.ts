import { get, ok, opens, served, type VerdictCase } from '../../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'
const WAITING = `${A}
      ${opens('a')}
      a > P. ${get('/word')}
      a < .`

const HALF = "'HTTP/1.1 200 OK\\r\\nContent-Length: 99\\r\\n\\r\\nhalf'"
/** Half a response, and the client's ACK answered as one of no connection. */
const REJECTED = `${WAITING}
      +0.1 a < P. ${HALF}
           a > .
           a < R`

export const cases: readonly VerdictCase[] = [
  {
    name: 'another TTL than all other segments of that side',
    ladder: `${WAITING}
      +0.5 a < R. ttl 60`,
    is: { a: 'middlebox-reset problem likely middlebox awaiting-response' },
    says: /its TTL is 60, all other segments of that side have 64/,
  },
  {
    name: 'near miss: abort form and the TTL of its side',
    ladder: `${WAITING}
      +0.5 a < R.`,
    is: { a: 'server-abort problem certain server awaiting-response' },
  },
  {
    name: 'foreign form: ACK with window 0 and no timestamps on a timestamped flow',
    ladder: `${WAITING}
      +0.5 a < R. win 0 no-ts id 0`,
    is: { a: 'middlebox-reset problem likely middlebox awaiting-response' },
    says: /form is foreign/,
  },
  {
    name: 'near miss: no timestamps, on a flow that never had any',
    ladder: `${WAITING.replace(' ts', '')}
      +0.5 a < R. win 0 id 0`,
    is: { a: 'server-abort problem * server awaiting-response' },
  },
  {
    name: 'its named sender goes on with new data: decisive',
    ladder: `${WAITING}
      +0.5 a < R. win 0 no-ts
      +0.1 a < P. ${ok()}
           a > R`,
    is: { a: 'middlebox-reset problem certain middlebox *' },
  },
  {
    name: 'a firewall rejects what its host gets, and the host repeats its response: decisive',
    ladder: `${REJECTED}
      +0.2 a < P. ${HALF} seq 1
           a > R
      +1.2 a < P. ${HALF} seq 1
           a > R`,
    is: { a: 'middlebox-reset problem certain middlebox mid-response' },
    says: /or a firewall on its host, .* went on repeating what it had sent \(until frame 11, 1\.400 s after it\)/,
  },
  {
    name: 'near miss: what was repeated so soon may have been overtaken by the RST',
    ladder: `${REJECTED}
      +0.2 a < P. ${HALF} seq 1
           a > R
      +0.7 a < P. ${HALF} seq 1
           a > R`,
    is: { a: 'server-abort problem * server mid-response' },
  },
  {
    name: 'in the name of the client',
    ladder: `${WAITING}
      +0.5 a > R. ttl 61`,
    is: { a: 'middlebox-reset problem likely middlebox awaiting-response' },
  },
  {
    name: 'between requests nothing is lost yet: latent',
    ladder: `${A}
      ${served('a')}
      +300 a < R. ttl 60
           a > R. ttl 60`,
    is: { a: 'middlebox-reset latent likely middlebox between-requests' },
  },
  {
    name: 'near miss: a provoked stateless RST with another TTL is forgotten, by a box',
    ladder: `${A}
      ${served('a')}
      +30 a > P. ${get('/next')}
          a < R ttl 60`,
    is: { a: 'half-open-zombie/forgotten problem likely middlebox awaiting-response' },
  },
  {
    name: 'near miss: window 0 and no timestamps are normal for a stateless RST',
    ladder: `${A}
      ${served('a')}
      +30 a > P. ${get('/next')}
          a < R`,
    is: { a: 'half-open-zombie/forgotten problem likely server awaiting-response' },
  },
  {
    name: 'near miss: the TTL of that side varies anyway',
    ladder: `${A}
      ${opens('a')}
      a > P. ${get('/word')}
      a < . ttl 63
      +0.1 a < . ttl 62
      +0.5 a < R. ttl 60`,
    is: { a: 'server-abort problem certain server awaiting-response' },
  },
  {
    name: 'near miss: both ends reset within 5 ms, no other mark: one weak test is a remark only',
    ladder: `${WAITING}
      +0.5 a < R.
      +0.001 a > R.`,
    is: { a: 'server-abort problem certain server awaiting-response' },
  },
  {
    name: 'an unprovoked stateless RST with another TTL',
    ladder: `${WAITING}
      +5 a < R ttl 60`,
    is: { a: 'middlebox-reset problem likely middlebox awaiting-response' },
  },
  {
    name: 'near miss: a RST without ACK is no foreign form, whatever its IP ID',
    ladder: `${WAITING}
      +3 a < R id 77`,
    is: { a: 'server-abort problem * server awaiting-response' },
  },
  {
    name: 'near miss: only the SYN-ACK has another TTL, the RST that of all others',
    ladder: `${A}
      0.0 a > S
          a < S. ttl 250
          a > .
          a > P. ${get('/word')}
          a < .
      +0.5 a < R.`,
    is: { a: 'server-abort problem certain server awaiting-response' },
  },
  {
    name: 'two weak tests: the TTL of the SYN-ACK, and payload in the RST',
    ladder: `${A}
      0.0 a > S
          a < S. ttl 60
          a > .
          a > P. ${get('/word')}
          a < .
      +0.5 a < R. ttl 60 'blocked'`,
    is: { a: 'middlebox-reset problem likely middlebox awaiting-response' },
  },
  {
    name: 'the capturing host made it in the name of the other end: decisive',
    ladder: `${WAITING.replace(/(a [<>][^\n]*)/g, (line) => `${line} ${line.includes('>') ? 'out' : 'in'}`)}
      +0.5 a < R. out`,
    is: { a: 'middlebox-reset problem certain middlebox awaiting-response' },
    options: { capture: { link: 'LINUX_SLL2' } },
  },
  {
    name: 'a RST that its receiver does not take: the connection lives on, and lost nothing',
    ladder: `${WAITING}
      +0.5 a < R. seq 5000 ack 1
           a > .
      +1   a < P. ${ok()} seq 1
           a > .
      +1   a > F.
           a < F.
           a > .`,
    is: { a: 'middlebox-reset latent certain middlebox -' },
    says: /that the client did not take \(it went on, frame \d+\)/,
  },
  {
    name: 'near miss: an ACK that was on its way when the RST came by',
    ladder: `${WAITING}
      +0.5 a < R. ttl 60
      +0.01 a > .`,
    is: { a: 'middlebox-reset problem likely middlebox awaiting-response' },
    says: /reset the connection in the name of/,
  },
  {
    name: 'near miss: a sequence number ahead of all that was captured, and an old ACK number: bytes may be missing',
    ladder: `${WAITING}
      +0.5 a < R. seq 5000 ack 1`,
    is: { a: 'unclassified ok possible server *' },
  },
  {
    name: 'two weak tests: a sequence number behind the data, and an old ACK number',
    ladder: `${WAITING}
      +0.1 a < P. ${ok(900, 300)}
           a > .
      +0.5 a < R. seq 100 ack 1`,
    is: { a: 'middlebox-reset problem likely middlebox *' },
    says: /bytes behind what that side had sent; it acknowledges less than that side had acknowledged before/,
  },
  {
    name: 'near miss: an old ACK number alone; the server had received the request all the same',
    ladder: `${WAITING}
      +0.5 a < R. ack 1`,
    is: { a: 'server-abort problem * server awaiting-response' },
    says: /with no byte of a response 500 ms after GET \/word/,
  },
  {
    name: 'near miss: a RST that overtook data of its own side on another path',
    ladder: `flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts ttl 64/60
      ${opens('a')}
      a > P. ${get('/big')}
      +0.02 a < P. ${ok(2000, 1000)}
      a > .
      a < R. seq 2042
      +0.03 a < P. seq 1042 len 1000
      a > R`,
    is: { a: 'server-abort problem * server *' },
  },
  {
    name: 'data beyond the number of the RST, as late',
    ladder: `flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts ttl 64/60
      ${opens('a')}
      a > P. ${get('/big')}
      +0.02 a < P. ${ok(5000, 1000)}
      a > .
      a < R. seq 1042 no-ts win 0
      +0.03 a < P. seq 1042 len 1000
      a > R`,
    is: { a: 'middlebox-reset problem certain middlebox *' },
  },
  {
    name: 'near miss: window 0 and no timestamps, from a side whose TTL is that of Windows',
    ladder: `flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts ttl 64/128
      ${opens('a')}
      a > P. ${get('/x')}
      a < .
      +0.5 a < R. no-ts win 0`,
    is: { a: 'server-abort problem likely server awaiting-response' },
  },
]
