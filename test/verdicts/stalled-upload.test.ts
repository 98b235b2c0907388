import { describe, expect, it } from 'vitest'
import { brief, flowsOf, get, ok, opens, post, verdictOf } from '../helpers/verdict-of.js'

/** A client stops in the middle of its upload; a proxy in front of the server gives up on it. */
function stalled(answer: string, upstream = 'u > R.'): string {
  return `
    flow d 10.0.0.1:50001 > 10.0.0.2:80 ts
    flow u 10.0.0.2:40001 > 10.0.0.3:8000 ts
    ${opens('d')}
    d > P. ${post('/up', 100, 3)}
    d < .
    ${opens('u', '0.001')}
    u > P. ${post('/up', 100, 3)}
    u < .
    +6.004 d < P. '${answer}'
    d < F.
    ${upstream}
    d > .
    d > F.
    d < .`
}

const GATEWAY_TIMEOUT = 'HTTP/1.1 504 Gateway Time-out\\r\\nContent-Length: 2\\r\\n\\r\\nno'

describe('an upload that stalled before a proxy', () => {
  it('is the cause of the close of the leg behind, and not the other way round as well', async () => {
    const { d, u } = await flowsOf(stalled(GATEWAY_TIMEOUT))
    expect(d!.verdict).toMatchObject({ class: 'server-abort', certainty: 'possible', causeStream: null })
    expect(u!.verdict).toMatchObject({
      class: 'client-abort',
      variant: 'propagated',
      causeStream: d!.stream,
    })
  })

  it('near miss: the server behind does not take it', async () => {
    const { u } = await flowsOf(
      stalled(GATEWAY_TIMEOUT).replace('u < .', 'u < . win 0').replace('u > R.', 'u > F.'),
    )
    expect(u!.verdict.variant).toBeNull()
  })
})

describe('an answer to an upload before its end', () => {
  const answered = (after: string): string => `flow a 10.0.0.1:50001 > 10.0.0.2:80 ts
    ${opens('a')}
    a > P. ${post('/up', 100, 3)}
    a < .
    ${after} a < P. ${ok()}
    a < F.
    a > .
    a > F.
    a < .`

  it('is not certain after a silence of the client: servers give up with any status (seen: Caddy, 200)', async () => {
    expect(brief(await verdictOf(answered('+3.01')))).toBe('server-abort problem possible server mid-request')
  })

  it('near miss: it came at once', async () => {
    expect(brief(await verdictOf(answered('+0.05')))).toBe('server-abort problem certain server mid-request')
  })
})

describe('a request on a connection that the server had closed right behind its response', () => {
  const reused = (headers: string, idle: string): string => `flow a 10.0.0.1:50001 > 10.0.0.2:80 ts
    ${opens('a')}
    a > P. ${get('/1')}
    a < P. ${ok(2, 2, headers)}
    ${idle} a < F.
    a > .
    +0.6 a > P. ${get('/2')}
    a < R`

  it('met no timer, but a close that the response had announced', async () => {
    const { verdict } = await verdictOf(reused('Connection: close\\r\\n', '+0.00002'))
    expect(verdict).toMatchObject({ class: 'keepalive-race', variant: 'stale-reuse', timer: null })
    expect(verdict.summary).toMatch(/right behind its last response \(which had said Connection: close\)/)
    expect(verdict.fix.join()).not.toMatch(/longer than the idle timeout/)
  })

  it('met no timer where nothing was announced either', async () => {
    const { verdict } = await verdictOf(reused('', '+0.00002'))
    expect(verdict.timer).toBeNull()
    expect(verdict.summary).not.toMatch(/Connection: close/)
  })

  it('near miss: the server had waited', async () => {
    const { verdict } = await verdictOf(reused('Server: uvicorn\\r\\n', '+5.001'))
    expect(verdict.timer).toMatchObject({ setting: 'uvicorn.timeout_keep_alive', seconds: 5 })
  })
})
