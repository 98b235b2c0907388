/** Segments that a capture lists in another order than they were sent in, or does not hold: numbers tell what times cannot. */
import { describe, expect, it } from 'vitest'
import { flowsOf, get, ok, opens, verdictOf } from '../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'
const Z = 'flow z 10.9.9.8:33000 > 10.9.9.9:9999 ts'
const LATER = '+20 z > S\n z < R.'

describe('a FIN whose ACK number covers the response came after the response', () => {
  /** The server's FIN answers the client's, and stands before it and before the ACK of the response. */
  const overtaken = (acked: number): string => `${A}
    ${opens('a')}
    a > P. ${get('/x')}
    a < P. 'HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok'
    a < F. ack 30
    a > F. ack ${acked}
    a > . ack 42`

  it('nothing was owed', async () => {
    const { verdict, close } = await verdictOf(overtaken(41))
    expect(close.owed).toBe('nothing')
    expect(verdict.summary).not.toMatch(/closed its own direction/)
  })

  it('near miss: it covers none of it', async () => {
    const { close } = await verdictOf(overtaken(1))
    expect(close.owed).toBe('response')
  })
})

describe('a half-close and a response', () => {
  const answered = (taken: string): string => `${A}\n${Z}
    ${opens('a')}
    a > FP. ${get('/big')}
    a < .
    +3 a < P. ${ok(5000)}
    ${taken}
    ${LATER}`

  it('that the client took', async () => {
    const { verdict } = await verdictOf(answered('a > .'))
    expect(verdict.certainty).not.toBe('possible')
    expect(verdict.summary).toMatch(/then received the whole response/)
  })

  it('near miss: that it acknowledged nowhere; a RST may be what the capture lacks', async () => {
    const { verdict } = await verdictOf(answered(''))
    expect(verdict.certainty).toBe('possible')
    expect(verdict.summary).not.toMatch(/received/)
  })
})

describe('a request that met the close of its server', () => {
  const met = (before: string): string => `${A}\n${Z}
    ${before}
    +6 a > P. seq 110 ack 45 ${get('/x')}
    a < F. seq 45 ack 110
    a < R
    ${LATER}`

  it.each([
    ['the first request is missing', '0.0 a > S\n a < S.\n a > .\n a < P. ack 110 len 44\n a > . seq 110'],
    ['the SYN-ACK is missing, too', '0.0 a > S\n a < P. seq 1 ack 110 len 44\n a > . seq 110 ack 45'],
    ['nothing but the SYN is there', '0.0 a > S'],
  ])('is not its first, if its number says otherwise: %s', async (_, before) => {
    const { verdict } = await verdictOf(met(before))
    expect(verdict.summary).not.toMatch(/first request/)
    expect(verdict.certainty).not.toBe('certain')
  })

  it('near miss: it is the first', async () => {
    const { verdict } = await verdictOf(`${A}\n${Z}
      ${opens('a')}
      +6 a > P. ${get('/x')}
      a < F. seq 1 ack 1
      a < R
      ${LATER}`)
    expect(verdict.class).toBe('server-abort')
    expect(verdict.summary).toMatch(/first request/)
  })
})

describe('a handshake without its third segment', () => {
  const shut = (third: string): string => `${A}
    0.0 a > S
    a < S.
    ${third}
    +60 a < F.
    a > F. ack 2
    a < .`

  it.each([
    ['in the capture', 'a > .'],
    ['that the capture lacks', ''],
  ])('the wait for a request is told: %s', async (_, third) => {
    const { verdict } = await verdictOf(shut(third))
    expect(verdict.class).toBe('idle-timeout')
    expect(verdict.summary).toMatch(/ 60\.00\d s/)
  })

  it('a client that acknowledges has got the SYN-ACK, wherever that is', async () => {
    const { a } = await flowsOf(`${A}\n${Z}
      0.0 a > S
      a > . seq 1 ack 1
      +5 a < . probe ack 1
      +5 a < . probe ack 1
      +5 a < . probe ack 1
      +5 a < . probe ack 1
      +5 a < R. ack 1
      ${LATER}`)
    expect(a?.verdict.phase).not.toBe('connecting')
  })
})

it('a response that lacks its head and holds its last chunk was whole', async () => {
  const { verdict, close } = await verdictOf(`${A}
    ${opens('a')}
    a > P. ${get('/x')}
    a < .
    +1 a < P. seq 1449 'cut\\r\\n'
    a < P. '0\\r\\n\\r\\n'
    a > . ack 1459
    a > F. ack 1459
    a < F.
    a > .`)
  expect(close.owed).not.toBe('response')
  expect(verdict.summary).not.toMatch(/closed its own direction/)
})
