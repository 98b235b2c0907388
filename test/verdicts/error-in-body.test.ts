import { describe, expect, it } from 'vitest'
import { brief, get, opens, timerText, verdictOf } from '../helpers/verdict-of.js'

const CHUNKED = 'Transfer-Encoding: chunked\\r\\n'
const FIVE = '5\\r\\nhello\\r\\n'
const ERROR =
  'HTTP/1.1 500 Internal Server Error\\r\\nConnection: close\\r\\nContent-Type: text/html\\r\\nContent-Length: 4\\r\\n\\r\\noops'

/** A response that begins, and `more` (segments of the server) after `wait`, then the server's FIN. */
function streamed(fields: string, begun: string, wait: string, more: string | null): string {
  return `flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
    ${opens('a')}
    a > P. ${get('/stream')}
    +0.010 a < P. 'HTTP/1.1 200 OK\\r\\nServer: gunicorn\\r\\n${fields}\\r\\n${begun}'
    a > .
    ${more === null ? `${wait} a < F.` : `${wait} a < P. '${more}'\n a < F.`}
    a > F.
    a < .`
}

const KILLED = 'idle-timeout problem likely server mid-response'
const ABORTED = 'server-abort problem certain server mid-response'

describe('a server that ends in the middle of a response', () => {
  it('is no clean end where the last chunk is missing: gunicorn kills its worker after --timeout', async () => {
    const flow = await verdictOf(streamed(CHUNKED, FIVE, '+30.000', null))
    expect([brief(flow), timerText(flow)]).toEqual([KILLED, 'gunicorn.timeout 30'])
  })

  it('is none where it writes a 500 into the chunks', async () => {
    const flow = await verdictOf(streamed(CHUNKED, FIVE, '+30.000', ERROR))
    expect([brief(flow), timerText(flow), flow.close.owed]).toEqual([
      KILLED,
      'gunicorn.timeout 30',
      'rest-of-response',
    ])
    expect(flow.close.silence).toBeCloseTo(30, 2)
    expect(flow.verdict.evidence.map(({ text }) => text).join()).toMatch(/500, the goodbye of the server/)
  })

  it('is none where that 500 goes on behind the length of the body', async () => {
    const flow = await verdictOf(streamed('Content-Length: 50\\r\\n', 'hello', '+30.000', ERROR))
    expect([brief(flow), timerText(flow)]).toEqual([KILLED, 'gunicorn.timeout 30'])
  })

  it('is none where the body ends with the connection, and a whole 500 stands at its end', async () => {
    const flow = await verdictOf(streamed('Connection: close\\r\\n', 'hello', '+30.000', ERROR))
    expect([brief(flow), timerText(flow)]).toEqual([KILLED, 'gunicorn.timeout 30'])
  })

  it('is an abort where no timer explains it, certain only where the body cannot hold such a text', async () => {
    const chunks = await verdictOf(streamed(CHUNKED, FIVE, '+0.010', ERROR))
    const untilClose = await verdictOf(streamed('Connection: close\\r\\n', 'hello', '+0.010', ERROR))
    expect(brief(chunks)).toBe(ABORTED)
    expect(chunks.verdict.evidence.map(({ text }) => text)).toContain('500, written into that response')
    expect(brief(untilClose)).toBe(ABORTED.replace('certain', 'likely'))
  })
})

describe('near miss: what looks like an error response in a body', () => {
  it('is text of a chunk', async () => {
    const chunk = `${(97).toString(16)}\\r\\nHTTP/1.1 500 Internal${'.'.repeat(76)}\\r\\n0\\r\\n\\r\\n`
    const flow = await verdictOf(streamed(CHUNKED, FIVE, '+0.010', chunk))
    expect(brief(flow)).toBe('clean ok certain server between-requests')
  })

  it('ends with the length of the body', async () => {
    const rest = `HTTP/1.1 500 Internal Server Error\\r\\n\\r\\n`
    const flow = await verdictOf(streamed('Content-Length: 43\\r\\n', 'hello', '+0.010', rest))
    expect(brief(flow)).toBe('clean ok certain server between-requests')
  })

  it('goes on, in a body that ends with the connection', async () => {
    const flow = await verdictOf(
      streamed('Connection: close\\r\\n', 'hello', '+0.010', `${ERROR} and so on, says the log`),
    )
    expect(brief(flow)).toBe('clean ok likely server between-requests')
  })

  it('was no error', async () => {
    const flow = await verdictOf(
      streamed('Connection: close\\r\\n', 'hello', '+0.010', ERROR.replace('500', '200')),
    )
    expect(brief(flow)).toBe('clean ok likely server between-requests')
  })
})
