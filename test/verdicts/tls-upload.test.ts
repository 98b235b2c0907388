import { describe, expect, it } from 'vitest'
import { CHANGE, clientHello, data, join, serverHello } from '../exchange/tls-words.js'
import { brief, opens, verdictOf } from '../helpers/verdict-of.js'

const written = (...parts: Uint8Array[]): string =>
  `'${[...join(...parts)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`

/** A handshake of TLS 1.3, the head of a request, and what comes after it. */
const asked = (...lines: string[]): string => `flow a 10.0.0.2:40122 > 10.0.0.3:443 ts
  ${opens('a')}
  a > P. ${written(clientHello('a.example', ['http/1.1']))}
  a < P. ${written(serverHello(0x0304), CHANGE, data(1200))}
  a > P. ${written(CHANGE, data(53))}
  a > P. ${written(data(317))}
  ${lines.join('\n')}`

const UPLOAD = `a > P. ${written(data(1317))}\n`.repeat(20)
const CUT = `a > P. ${written(data(16_000).slice(0, 1400))}`
const LEAVES = 'a < .\n+30.0 a > F.\n a < F.\n a > .'
const RESETS = 'a < .\n+30.0 a > R.'
const CLOSED = 'a < .\n+30.0 a < F.\n a > F.\n a < .'

describe('an upload inside TLS that came to a halt', () => {
  it('is not told as waiting for a response: nobody can read whether the request was whole', async () => {
    const left = await verdictOf(asked(UPLOAD, LEAVES))
    const reset = await verdictOf(asked(UPLOAD, RESETS))
    expect(brief(left)).toBe('idle-timeout problem possible client -')
    expect(brief(reset)).toBe('client-abort problem likely client -')
    for (const { close } of [left, reset]) expect(close).toMatchObject({ owed: 'unknown', phase: null })
    expect(left.verdict.summary).toMatch(
      /whether a request or its response was being waited for cannot be read/,
    )
    expect(reset.verdict.summary).toMatch(/without a response to the request, whether or not that was whole/)
  })

  it('is in the middle of the request where a record breaks off', async () => {
    const left = await verdictOf(asked(CUT, LEAVES))
    const closed = await verdictOf(asked(CUT, CLOSED))
    expect(brief(left)).toBe('client-abort problem likely client mid-request')
    expect(left.verdict.summary).toMatch(/left in the middle of its own request/)
    expect(brief(closed)).toBe('idle-timeout problem likely server mid-request')
    expect(closed.verdict.summary).toMatch(/waiting 30\.000 s for the rest of a TLS record of the request/)
    for (const { verdict, close } of [left, closed]) {
      expect(verdict.pendingRequest).toBe('incomplete')
      expect(close.phase).toBe('mid-request')
    }
  })

  it('near miss: the record came to its end later', async () => {
    const rest = `+0.2 a > P. ${written(data(16_000).slice(1400, 2800))}
      a > P. ${written(data(16_000).slice(2800))}`
    const flow = await verdictOf(asked(CUT, rest, RESETS))
    expect(flow.verdict.phase).not.toBe('mid-request')
    expect(flow.verdict.pendingRequest).toBe('unknown')
  })

  it('near miss: a request as small as a head was sent in one go, and then the client waited', async () => {
    const flow = await verdictOf(asked(RESETS))
    expect(brief(flow)).toBe('client-abort problem likely client awaiting-response')
    expect(flow.close.phase).toBe('awaiting-response')
    expect(flow.verdict.summary).toMatch(/without waiting for the response/)
  })
})
