import { describe, expect, it } from 'vitest'
import { get, opens, verdictOf } from '../helpers/verdict-of.js'
import { testCases } from './test-cases.js'
import { cases } from './cases/server-abort.js'

describe('server-abort', () => testCases(cases))

describe('a server that closes without an answer', () => {
  const closed = (wait: string, before = ''): string => `flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
    ${opens('a')}
    ${before}
    a > P. ${get('/denied')}
    a < .
    ${wait} a < F.
    a > .
    a > F.`

  it('at once may have been told so: crash and deliberate close look the same', async () => {
    const { verdict } = await verdictOf(closed('+0.0001'))
    expect(verdict).toMatchObject({ class: 'server-abort', certainty: 'certain' })
    expect(verdict.fix[0]).toMatch(/crash.*told to close without an answer \(nginx: return 444; HAProxy: /)
  })

  it('has the words of its own software', async () => {
    const before = (server: string): string => `a > P. ${get('/')}
      a < P. 'HTTP/1.1 200 OK\\r\\nServer: ${server}\\r\\nContent-Length: 0\\r\\n\\r\\n'`
    const fixOf = async (server: string): Promise<string | undefined> =>
      (await verdictOf(closed('+0.0001', before(server)))).verdict.fix[0]
    expect(await fixOf('nginx/1.22.1')).toMatch(/without an answer \(nginx: return 444\)$/)
    expect(await fixOf('uvicorn')).toMatch(/without an answer$/)
  })

  it('near miss: after a while it was no rule', async () => {
    const { verdict } = await verdictOf(closed('+0.4'))
    expect(verdict).toMatchObject({ class: 'server-abort' })
    expect(verdict.fix[0]).toMatch(/crash, a kill or an exception$/)
  })
})
