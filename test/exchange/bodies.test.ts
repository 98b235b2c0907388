import { expect, it } from 'vitest'
import type { Dialogue } from './dialogue.js'
import { dialogue, told } from './dialogue.js'

const GET = 'GET / HTTP/1.1\r\n\r\n'
const EMPTY = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'
const head = (fields: string): string => `HTTP/1.1 200 OK\r\n${fields}\r\n\r\n`

it.each([
  ['of known length', head(`Content-Length: ${EMPTY.length * 2 + GET.length}`), `${EMPTY}${GET}${EMPTY}`, ''],
  ['in a chunk', head('Transfer-Encoding: chunked'), `26\r\n${EMPTY}\r\n`, '0\r\n\r\n'],
  ['that ends with the connection', head('Connection: close'), `${EMPTY}${EMPTY}`, ''],
])('what looks like messages inside a body %s is not read', (_name, start, body, end) => {
  const whole = dialogue()
    .client(GET)
    .server(start + body + end)
  const inPieces = dialogue().client(GET).server(start).server(body)
  if (end !== '') inPieces.server(end)
  for (const talk of [whole, inPieces]) {
    expect(talk.heard).toMatchObject({ count: 1, orphans: [], framingLost: false })
    expect(talk.exchange.status).toBe(200)
  }
  expect(told(whole.heard)).toEqual(told(inPieces.heard))
})

it('a request inside the body of a request is none', () => {
  const talk = dialogue().client(`POST /a HTTP/1.1\r\nContent-Length: ${GET.length}\r\n\r\n`).client(GET)
  expect(told(talk.server(EMPTY).heard)).toEqual(['POST /a whole -> 200 length whole'])
})

/** A segment of which the capture holds nothing; its bytes are not there to be read. */
function unseen(talk: Dialogue, side: 0 | 1, length: number): Dialogue {
  return talk.say(side, '', 0, length)
}

it('bodies of gigabytes are passed by their lengths alone', () => {
  const gigabyte = 2 ** 30
  const talk = dialogue()
    .client(GET)
    .server(head(`Content-Length: ${5 * gigabyte}`))
  for (let i = 0; i < 5; i++) unseen(talk, 1, gigabyte)
  talk.client('GET /next HTTP/1.1\r\n\r\n').server(EMPTY)
  expect(told(talk.heard)).toEqual(['GET / whole -> 200 length whole', 'GET /next whole -> 200 length whole'])
  expect(talk.exchanges[0]?.responseBytes).toBe(5 * gigabyte + head(`Content-Length: ${5 * gigabyte}`).length)
})

it('a chunk is passed by its length alone, the line after it is read', () => {
  const talk = dialogue()
    .client(GET)
    .server(`${head('Transfer-Encoding: chunked')}100000\r\n`)
  unseen(talk, 1, 0x100000)
  expect(told(talk.server('\r\n0\r\n\r\n').heard)).toEqual(['GET / whole -> 200 chunked whole'])
})
