import { describe, expect, it } from 'vitest'
import { flowsOf, get, opens, serverEnds, verdictOf, webSocket } from '../helpers/verdict-of.js'

const HEAD = "'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n3\\r\\none\\r\\n'"

/** nginx cuts both legs of a response that had stalled. */
const stalled = `flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
  flow u 10.0.0.2:40000 > 10.0.0.3:8000 ts
  ${opens('d')}
  d > P. ${get('/events')}
  d < .
  ${opens('u', '+0.0005')}
  u > P. ${get('/events')}
  u < .
  +0.001 u < P. ${HEAD}
  u > .
  d < P. ${HEAD}
  d > .
  +60.002 u > F.
  +0.0001 d < F.
  u < .
  u < F.
  d > .`

const advice = (fix: readonly string[]): string | undefined => fix.find((line) => line.includes('more often'))

describe('who is asked to keep a response alive', () => {
  it('is who writes it: on the leg in front the server behind it, never the client', async () => {
    const { d, u } = await flowsOf(stalled)
    expect(d!.verdict).toMatchObject({ class: 'idle-timeout', phase: 'mid-response', closer: 'server' })
    expect(advice(d!.verdict.fix)).toMatch(
      /^or let 10\.0\.0\.3:8000, the server behind it, send .* SSE comment/,
    )
    expect(u!.verdict).toMatchObject({ class: 'idle-timeout', phase: 'mid-response', closer: 'client' })
    expect(advice(u!.verdict.fix)).toMatch(/^or let the upstream send .* SSE comment/)
  })

  it('is nobody where the leg behind is not in the capture', async () => {
    const front = stalled.split('\n').filter((line) => !/\bu\b/.test(line))
    const { verdict } = await verdictOf(
      front
        .join('\n')
        .replace('+0.0001 d < F.', '+60.002 d < F.')
        .replace('200 OK', '200 OK\\r\\nServer: nginx/1.22.1'),
    )
    expect(verdict).toMatchObject({ class: 'idle-timeout', phase: 'mid-response', closer: 'server' })
    expect(advice(verdict.fix)).toBeUndefined()
  })

  it('near miss: in a tunnel either end may send', async () => {
    const { d1 } = await flowsOf(webSocket(1, `${serverEnds('d1', '+60.002')}\n u1 > F.\n u1 < F.`))
    expect(d1!.verdict).toMatchObject({ class: 'idle-timeout', phase: 'tunnel', closer: 'server' })
    expect(advice(d1!.verdict.fix)).toMatch(/^or let the client send something \(a ping\)/)
  })
})
