import { describe, expect, it } from 'vitest'
import { clientEnds, get, ok, opens, reportOf, served, verdictOf } from '../helpers/verdict-of.js'

/** Whose timer it was decides what the end of a wait is called. */
describe('a library that waited for a response', () => {
  const asked = (headers: string): string => `flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
    ${opens('a')}
    a > P. ${get('/slow', headers)}
    a < .
    ${clientEnds('a', '+5.001')}`

  it('is an end client that gave up by its timer', async () => {
    const { verdict } = await verdictOf(asked('User-Agent: python-httpx/0.27\\r\\n'))
    expect(verdict).toMatchObject({
      class: 'client-abort',
      closer: 'client',
      timer: { setting: 'httpx.timeout', seconds: 5 },
    })
  })

  it('near miss: the same library in a server that asks for its own clients', async () => {
    const { flows } = await reportOf(`flow d 10.0.0.9:40001 > 10.0.0.2:80 ts
      flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
      ${opens('d')}
      d > P. ${get('/slow')}
      d < .
      ${opens('a', '+0.001')}
      a > P. ${get('/slow', 'User-Agent: python-httpx/0.27\\r\\n')}
      a < .
      ${clientEnds('a', '+5.001')}
      +0.0001 d < P. 'HTTP/1.1 504 Gateway Timeout\\r\\nContent-Length: 0\\r\\n\\r\\n'
      d > .`)
    expect(flows.map(({ verdict }) => verdict.class)).toContain('idle-timeout')
  })

  it('near miss: between requests it closes an idle connection', async () => {
    const { verdict } = await verdictOf(`flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
      ${served('a').replace('Host: h', 'Host: h\\r\\nUser-Agent: python-httpx/0.27')}
      ${clientEnds('a', '+5.001')}`)
    expect(verdict).toMatchObject({ class: 'idle-timeout', severity: 'ok', phase: 'between-requests' })
  })
})

describe("nginx's header timeout", () => {
  /** Clients that begin a request 2.6 s after the handshake and leave it there; the closes agree from the handshake and from the bytes. */
  const begun = [0, 0.005, 0.011].map(
    (late, n) => `flow c${n} 10.0.1.1:${41000 + n} > 10.0.0.3:8081 ts
    ${opens(`c${n}`, `${n + 1}.0`)}
    +${2.6 + late} c${n} > P. 'GET /word HTTP/1.1\\r\\nHost: h\\r\\n'
    c${n} < .
    +10.0984 c${n} < F.
    c${n} > F.
    c${n} < .`,
  )
  const known = `flow s 10.0.1.9:40000 > 10.0.0.3:8081 ts
    ${opens('s')}
    s > P. ${get('/')}
    s < P. ${ok(2, 2, 'Server: nginx/1.22.1\\r\\n')}
    ${clientEnds('s', '+0.1')}`

  it('runs from the accept, whatever value the time since the first byte is near', async () => {
    const { flows } = await reportOf([known, ...begun].join('\n'))
    const cut = flows.filter(({ verdict }) => verdict.class === 'idle-timeout')
    expect(cut).toHaveLength(3)
    for (const { verdict } of cut) {
      expect(verdict.timer).toMatchObject({ setting: 'nginx.client_header_timeout' })
      expect(verdict.timer?.seconds).toBeCloseTo(12.7, 1)
      expect(verdict.summary).toMatch(/12\.(69|70|71)\d s after the handshake/)
      // The frame before it is the last byte: its line measures from there, and says what the sentence says.
      expect(verdict.evidence.at(-1)?.text).toMatch(
        /FIN by the server, 10\.\d+ s later, 12\.\d+ s after the handshake/,
      )
    }
  })
})
