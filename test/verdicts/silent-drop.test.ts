import { describe, expect, it } from 'vitest'
import { brief, clientEnds, get, ok, opens, verdictOf } from '../helpers/verdict-of.js'

const A = 'flow a 10.0.0.1:50000 > 10.0.0.2:8080 ts'

/** A request that the server's host acknowledges and nobody answers, and what came after it. */
const waits = (then: string): string => `${A}
  ${opens('a')}
  a > P. ${get('/drop')}
  a < .
  ${then}`

describe('a connection that the server dropped without a word (HAProxy silent-drop)', () => {
  it('is told by the answer to the FIN of the client that gave up', async () => {
    const { verdict } = await verdictOf(waits('+6.006 a > F.\n  +0.0001 a < R'))
    expect(verdict).toMatchObject({ class: 'client-abort', certainty: 'likely' })
    expect(verdict.summary).toContain('had dropped the connection without a word before')
    expect(verdict.evidence.map(({ text }) => text).join()).toContain('has no such connection')
    expect(verdict.remarks.join()).toContain('no response would have come')
    expect(verdict.fix).toEqual([expect.stringContaining('silent-drop rule')])
  })

  it.each([
    ['the server closes as the client does', clientEnds('a', '+6.006')],
    ['the server’s program had the connection, and resets it', '+6.006 a > F.\n  +0.0001 a < R.'],
    ['the server had closed before', '+3 a < F.\n  a > .\n  +3 a > F.\n  +0.0001 a < R'],
    [
      'the client left at once: the RST may be of a socket that was closed in that moment',
      '+0.05 a > F.\n  +0.0001 a < R',
    ],
  ])('near miss: %s', async (_, then) => {
    const { verdict } = await verdictOf(waits(then))
    expect(verdict.summary).not.toContain('without a word')
    expect(verdict.fix.join()).not.toContain('silent-drop')
  })

  it('near miss: the host never acknowledged the request', async () => {
    const { verdict } = await verdictOf(`${A}
      ${opens('a')}
      a > P. ${get('/drop')}
      +6.006 a > F.
      +0.0001 a < R`)
    expect(verdict.summary).not.toContain('without a word')
  })
})

describe('a RST with TTL 1', () => {
  it('is no other box’s, but its server is not certain', async () => {
    const flow = await verdictOf(waits('+0.0002 a < R. ttl 1'))
    expect(brief(flow)).toBe('server-abort problem likely server awaiting-response')
    expect(flow.verdict.remarks.join()).toContain('TTL 1')
  })

  it('near miss: another foreign TTL is a box’s', async () => {
    expect(brief(await verdictOf(waits('+0.0002 a < R. ttl 200')))).toMatch(/^middlebox-reset problem likely/)
  })

  it('near miss: all segments of the server have TTL 1', async () => {
    const flow = await verdictOf(waits('+0.0002 a < R. ttl 1').replace(A, `${A} ttl 64/1`))
    expect(brief(flow)).toBe('server-abort problem certain server awaiting-response')
  })

  it('near miss: after a whole response it is clean', async () => {
    const flow = await verdictOf(`${A}
      ${opens('a')}
      a > P. ${get()}
      a < P. ${ok()}
      +0.0002 a < R. ttl 1`)
    expect(flow.verdict.class).toBe('clean')
  })
})
