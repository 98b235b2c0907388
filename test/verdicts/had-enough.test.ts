import { describe, expect, it } from 'vitest'
import { brief, clientEnds, opens, verdictOf } from '../helpers/verdict-of.js'

describe('a health check that resets when it has read the status', () => {
  const check = (
    request: string,
    reset = '+0.0001 a > R.',
  ): string => `flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
    ${opens('a')}
    a > P. '${request}\\r\\n\\r\\n'
    +0.01 a < P. 'HTTP/1.1 200 OK\\r\\nContent-Length: 6\\r\\n\\r\\n'
    ${reset}
    a < P. 'hello\\n'
    a > R`

  it('is no abort', async () => {
    const flow = await verdictOf(check('GET /health HTTP/1.0'))
    expect(brief(flow)).toBe('clean ok likely client mid-response')
    expect(flow.verdict.summary).toMatch(
      /as soon as it had read the status 200 of GET \/health: a health check/,
    )
  })

  it.each([
    ['a request that names its host', check('GET /health HTTP/1.1\\r\\nHost: h')],
    ['one in HTTP/1.0 that does', check('GET /health HTTP/1.0\\r\\nHost: h')],
    ['a reset that came later', check('GET /health HTTP/1.0', '+0.2 a > R.')],
    ['a FIN', check('GET /health HTTP/1.0', '+0.0001 a > F.')],
  ])('near miss: %s', async (_, ladder) => {
    expect((await verdictOf(ladder)).verdict.class).toBe('client-abort')
  })
})

describe('a client that stops its upload when it has the answer', () => {
  const upload = (answer: string): string => `flow a 10.0.0.1:40122 > 10.0.0.3:80 ts
    ${opens('a')}
    a > P. 'POST /up HTTP/1.1\\r\\nHost: h\\r\\nContent-Length: 50000\\r\\n\\r\\nx'
    a < P. '${answer}'
    a > P. 'some more of it'
    a < .
    ${clientEnds('a', '+0.001')}`
  const WHOLE = 'HTTP/1.1 413 Too Large\\r\\nConnection: close\\r\\nContent-Length: 2\\r\\n\\r\\nno'

  it('leaves nothing that it wanted', async () => {
    const flow = await verdictOf(upload(WHOLE))
    expect(brief(flow)).toBe('clean ok likely client mid-request')
    expect(flow.verdict.summary).toContain(
      'stopped sending POST /up and closed when it had the whole answer: 413',
    )
  })

  it.each([
    ['half an answer', WHOLE.slice(0, -1)],
    ['no final answer', 'HTTP/1.1 100 Continue\\r\\n\\r\\n'],
  ])('near miss: %s', async (_, answer) => {
    expect((await verdictOf(upload(answer))).verdict.class).toBe('client-abort')
  })

  it('near miss: the answer was still on its way', async () => {
    const gone = `a > R.\n    a < P. '${WHOLE}'`
    const [asked = ''] = upload(WHOLE).split('a < P.')
    expect((await verdictOf(`${asked}${gone}`)).verdict.class).toBe('client-abort')
  })
})
