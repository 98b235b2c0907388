import { describe, expect, it } from 'vitest'
import { CHANGE, clientHello, data, join, record, serverHello } from '../exchange/tls-words.js'
import { cases } from './cases/tls-handshake.js'
import { testCases } from './test-cases.js'
import { brief, clientEnds, opens, serverEnds, verdictOf } from '../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:443 ts'
const written = (...parts: Uint8Array[]): string =>
  `'${[...join(...parts)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`
const alert = (level: number, description: number): string =>
  written(record(21, Uint8Array.of(level, description)))
const HELLO = `${A}
  ${opens('a')}
  a > P. ${written(clientHello('a.example', []))}
  a < .`
/** The server's part of a handshake of TLS 1.3. */
const SERVER_13 = `a < P. ${written(serverHello(0x0304), CHANGE, data(1200))}
  a > .`

describe('tls-handshake', () => testCases(cases))

describe('a TLS handshake that was broken off', () => {
  it('by the server, in the clear', async () => {
    const flow = await verdictOf(`${HELLO}\n a < P. ${alert(2, 40)}\n ${serverEnds('a', '+0.0001')}`)
    expect(brief(flow)).toBe('server-abort/tls-handshake problem likely server awaiting-request')
    expect(flow.verdict.summary).toMatch(
      /broke off the TLS handshake with the alert handshake_failure \(40\)/,
    )
    expect(flow.verdict.evidence[0]).toMatchObject({ frame: 6 })
  })

  it('by the server, although the client closed first', async () => {
    const flow = await verdictOf(`${HELLO}\n a < P. ${alert(2, 112)}\n ${clientEnds('a', '+0.0001')}`)
    expect(brief(flow)).toBe('server-abort/tls-handshake problem likely client awaiting-request')
  })

  it('by the client, which does not trust the certificate', async () => {
    const flow = await verdictOf(`${HELLO}
      a < P. ${written(serverHello(0x0303))}
      a > P. ${alert(2, 48)}
      ${clientEnds('a', '+0.0001')}`)
    expect(brief(flow)).toBe('client-abort/tls-handshake problem likely client awaiting-request')
    expect(flow.verdict.summary).toMatch(/unknown_ca \(48\)/)
  })

  it.each([
    ['in the clear, by frames that are cut', alert(2, 48), 'client-abort/tls-handshake problem likely'],
    ['near miss: a warning, by frames that are cut', alert(1, 0), 'clean ok'],
    ['near miss: what is encrypted, by frames that are cut', written(CHANGE, data(19)), 'clean ok'],
  ])('%s', async (_, said, is) => {
    const ladder = `${HELLO}
      a < P. ${written(serverHello(0x0303), data(1200))}
      a > .
      a > P. ${said}
      ${clientEnds('a', '+0.0001')}`
    expect(brief(await verdictOf(ladder, { capture: { snaplen: 96 } }))).toContain(is)
  })

  it('by the client, encrypted as in TLS 1.3', async () => {
    const flow = await verdictOf(`${HELLO}
      ${SERVER_13}
      a > P. ${written(CHANGE, data(19))}
      ${clientEnds('a', '+0.0001')}`)
    expect(brief(flow)).toBe('client-abort/tls-handshake problem likely client awaiting-request')
    expect(flow.verdict.summary).toMatch(/with an encrypted alert/)
  })

  it('near miss: the client is not in the capture, and its Finished neither', async () => {
    const flow = await verdictOf(`${A}
      0.0 a < S.
      a < P. ${written(serverHello(0x0304), CHANGE, data(1200))}
      +60 a < P. ${written(data(19))}
      a < F.`)
    expect(flow.verdict.variant).toBeNull()
  })

  it('near miss: an alert of no known name has its number', async () => {
    const flow = await verdictOf(`${HELLO}\n a < P. ${alert(2, 200)}\n ${serverEnds('a', '+0.0001')}`)
    expect(flow.verdict.summary).toMatch(/with the alert number 200\./)
  })

  it('near miss: a Finished, and then the client closes', async () => {
    const flow = await verdictOf(`${HELLO}
      ${SERVER_13}
      a > P. ${written(CHANGE, data(53))}
      ${clientEnds('a', '+0.0001')}`)
    expect(flow.verdict.class).toBe('clean')
  })

  it('near miss: a warning, and then the handshake goes on', async () => {
    const flow = await verdictOf(`${HELLO}
      a < P. ${alert(1, 112)}
      ${SERVER_13}
      a > P. ${written(CHANGE, data(53))}
      a < .
      ${clientEnds('a', '+0.0001')}`)
    expect(flow.verdict.class).toBe('clean')
  })

  it('near miss: a close_notify is no fatal alert', async () => {
    const flow = await verdictOf(`${HELLO}\n a > P. ${alert(1, 0)}\n ${clientEnds('a', '+0.0001')}`)
    expect(flow.verdict.variant).toBeNull()
  })
})

describe('a server of TLS 1.3 that asked for a certificate', () => {
  /** The client's certificate of that length and its Finished; what the server answers; the end. */
  const gave = (length: number, answer: string): string => `${HELLO}
    ${SERVER_13}
    a > P. ${written(CHANGE, data(length), data(69))}
    ${answer}
    a < R.`
  const ALERT = `a < P. ${written(data(19))}`

  it('and refuses what it got: the client had thought itself done', async () => {
    const none = await verdictOf(gave(25, ALERT))
    expect(brief(none)).toBe('server-abort/tls-handshake problem likely server awaiting-request')
    expect(none.verdict.summary).toMatch(/asked for a certificate and had given none/)
    const other = await verdictOf(gave(900, `a > P. ${written(data(90))}\n ${ALERT}`))
    expect(other.verdict).toMatchObject({ class: 'server-abort', variant: 'tls-handshake' })
    expect(other.verdict.summary).toMatch(/right after its client had given a certificate/)
  })

  it('near misses: it was not asked for; the server gave a ticket, waited, or answered', async () => {
    const TICKETS = `a < P. ${written(data(250), data(250))}`
    const ASKS = `a > P. ${written(data(90))}`
    for (const ladder of [
      `${HELLO}\n ${SERVER_13}\n a > P. ${written(CHANGE, data(69))}\n ${ALERT}\n a < R.`,
      gave(25, `${TICKETS}\n ${ALERT}`),
      gave(25, `a < .\n +3 ${ALERT}`),
      gave(25, `${ASKS}\n a < P. ${written(data(400))}\n ${ALERT}`),
    ])
      expect((await verdictOf(ladder)).verdict.variant).toBeNull()
  })
})

describe('a server that answers a ClientHello in clear', () => {
  it('does not speak TLS there', async () => {
    const http = await verdictOf(`${HELLO}\n a < P. 'HTTP/1.1 400 Bad Request\\r\\n\\r\\n'\n a < F.\n a > R.`)
    expect(brief(http)).toBe('server-abort/tls-handshake problem likely server awaiting-request')
    expect(http.verdict.summary).toMatch(/answered the ClientHello with plain HTTP, not with TLS/)
    const other = await verdictOf(`${HELLO}\n a < P. '220 mail ready\\r\\n'\n a > R.`)
    expect(other.verdict.summary).toMatch(/with plain bytes, not with TLS/)
  })

  it('near miss: TLS began behind a greeting', async () => {
    const later = await verdictOf(`${A}
      ${opens('a')}
      a < P. '220 mail ready\\r\\n'
      a > P. 'STARTTLS\\r\\n'
      a < P. '220 go ahead\\r\\n'
      a > P. ${written(clientHello('a.example', []))}
      ${SERVER_13}
      a > P. ${written(CHANGE, data(53))}
      ${clientEnds('a', '+0.0001')}`)
    expect(later.verdict.variant).toBeNull()
  })
})
