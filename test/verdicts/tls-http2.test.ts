import { describe, expect, it } from 'vitest'
import { CHANGE, clientHello, data, join, serverHello } from '../exchange/tls-words.js'
import { brief, opens, serverEnds, verdictOf } from '../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:443 ts'
const written = (...parts: Uint8Array[]): string =>
  `'${[...join(...parts)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`
/** A record of TLS 1.3 with that much plaintext. */
const plain = (length: number): Uint8Array => data(length + 17)
const SETTINGS = written(plain(40))
const GOAWAY = written(plain(17))
const CLOSE_NOTIFY = written(data(19))

/** Handshakes, and HTTP/2's openings of both sides: the client's with `more` in it. */
const opened = (...more: Uint8Array[]): string => `${A}
  ${opens('a')}
  a > P. ${written(clientHello('a.example', ['h2', 'http/1.1']))}
  a < P. ${written(serverHello(0x0304), CHANGE, data(1200))}
  a > P. ${written(CHANGE, data(53))}
  a > P. ${written(plain(58), ...more)}
  a < P. ${SETTINGS}
  a > .`
const answered = `${opened(plain(90))}
  +0.01 a < P. ${written(plain(900))}
  a > .
  +0.001 a > P. ${written(plain(26))}
  a < .`
const leave = `a < P. ${GOAWAY}
  a < P. ${CLOSE_NOTIFY}
  ${serverEnds('a', '+0.0001')}`

describe('HTTP/2 inside TLS', () => {
  it('opened in advance and never used: closed by a timer, and no answer was owed', async () => {
    const flow = await verdictOf(`${opened()}\n +60 ${leave}`)
    expect(brief(flow)).toBe('idle-timeout ok likely server awaiting-request')
    expect(flow.close.silence).toBeCloseTo(60, 1)
  })

  it('idle after an answer and the window updates for it: closed by a timer, not owing an answer', async () => {
    const flow = await verdictOf(`${answered}\n +60 ${leave}`)
    expect(brief(flow)).toBe('idle-timeout ok likely server between-requests')
    expect(flow.close.silence).toBeCloseTo(60, 1)
  })

  it('near miss: a request after them was not answered', async () => {
    const flow = await verdictOf(`${answered}
      +1 a > P. ${written(plain(90))}
      a < .
      +9 a > R.`)
    expect(brief(flow)).toBe('client-abort problem likely client awaiting-response')
  })

  it('a client that leaves after what may be a preface or a request: nobody knows', async () => {
    const flow = await verdictOf(`${opened()}\n +9 a > F.\n a < F.\n a > .`)
    expect(flow.verdict.class).toBe('unclassified')
  })

  it('near miss: a preface and a request behind it, and the client left without an answer', async () => {
    const flow = await verdictOf(`${opened(plain(90))}\n +9 a > F.\n a < F.\n a > .`)
    expect(flow.verdict).toMatchObject({ class: 'client-abort', closer: 'client' })
  })
})
