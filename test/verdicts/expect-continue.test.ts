import { describe, expect, it } from 'vitest'
import { brief, clientEnds, opens, serverEnds, status, verdictOf } from '../helpers/verdict-of.js'

const put = (headers: string, sent = 0): string =>
  `'PUT /f HTTP/1.1\\r\\nHost: h\\r\\n${headers}Content-Length: 5000\\r\\n\\r\\n${'b'.repeat(sent)}'`
const EXPECTS = 'Expect: 100-continue\\r\\n'
const CONTINUE = `'HTTP/1.1 100 Continue\\r\\n\\r\\n'`
const asked = (request: string, ...answers: string[]): string => `flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
  ${opens('a')}
  a > P. ${request}
  ${answers.map((answer) => `a < P. ${answer}\n a > .`).join('\n')}`

describe('a body that waits for 100 Continue', () => {
  it('is not owed to a server that refused it: whoever closes then, nothing was lost', async () => {
    const refused = asked(put(EXPECTS), status(413))
    expect(brief(await verdictOf(`${refused}\n${clientEnds('a', '+0.1')}`))).toBe(
      'clean ok certain client between-requests',
    )
    expect(brief(await verdictOf(`${refused}\n${serverEnds('a', '+0.1')}`))).toBe(
      'clean ok certain server between-requests',
    )
  })

  it.each([
    ['the server had asked for it', asked(put(EXPECTS), CONTINUE)],
    ['a part of it was sent unasked', asked(put(EXPECTS, 100))],
  ])('near miss: %s', async (_, ladder) => {
    const { verdict, close } = await verdictOf(`${ladder}\n${clientEnds('a', '+0.1')}`)
    expect(verdict).toMatchObject({ class: 'client-abort', phase: 'mid-request' })
    expect(close.owed).toBe('rest-of-request')
  })

  it.each([
    ['the server had asked for it', asked(put(EXPECTS), CONTINUE, status(413))],
    ['a part of it was sent unasked', asked(put(EXPECTS, 100), status(413))],
    ['nobody said that it would wait', asked(put(''), status(413))],
  ])('is owed where %s, and not wanted any more by who had the answer', async (_, ladder) => {
    const flow = await verdictOf(`${ladder}\n${clientEnds('a', '+0.1')}`)
    expect(brief(flow)).toBe('clean ok likely client mid-request')
    expect(flow.close.owed).toBe('rest-of-request')
  })
})
