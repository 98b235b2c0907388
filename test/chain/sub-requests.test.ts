import { expect, test } from 'vitest'
import type { FlowReport } from '../../src/result.js'
import { brief, clientEnds, flowsOf, get, ok, opens, status } from '../helpers/verdict-of.js'

/** A client, nginx, the server behind it, and one that is asked whether a request may pass. */
const ENDS = `flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
  flow q 10.0.0.2:40000 > 10.0.0.4:9000 ts
  flow u 10.0.0.2:41000 > 10.0.0.3:8000 ts`
const SAYS = (target: string): string => `X-Original-URI: ${target}\\r\\n`

/** nginx asks, takes the head of the answer and closes. */
const asks = (headers: string, answer = ok(2, 0)): string => `${opens('q', '+0.0005')}
  q > P. ${get('/check', headers)}
  +0.002 q < P. ${answer}
  +0.0001 q > F.
  q < P. 'ok'
  q > R`

/** A client asks for /one, nginx asks about it and passes it on. */
const asked = (headers: string): string => `${ENDS}
  ${opens('d')}
  d > P. ${get('/one?a=1', 'Cookie: x\\r\\n')}
  ${asks(headers)}
  ${opens('u', '+0.0003')}
  u > P. ${get('/one?a=1')}
  +0.01 u < P. ${ok()}
  u > .
  d < P. ${ok()}
  d > .
  ${clientEnds('u', '+0.1')}
  ${clientEnds('d', '+0.1')}`

function linksOf(flow: FlowReport | undefined): string[] {
  return (flow?.links ?? []).map(({ stream, relation, certainty }) => `${relation} ${stream} ${certainty}`)
}

test.each([
  ['nginx', SAYS('/one?a=1')],
  ['as a whole URL', 'X-Original-URL: https://h/one?a=1\\r\\n'],
  ['forward auth', 'X-Forwarded-Uri: /one?a=1\\r\\n'],
])('a question about a request is linked to it by the target that it names: %s', async (_, headers) => {
  const { d, q, u } = await flowsOf(asked(headers))
  expect(linksOf(q)).toEqual(['downstream 0 likely'])
  expect(linksOf(u)).toEqual(['downstream 0 likely'])
  expect(linksOf(d)).toEqual(['upstream 2 likely', 'upstream 1 likely'])
  expect(brief(q!)).toBe('clean ok likely client mid-response')
  expect(q?.verdict.summary).toContain('when it had the status 200 of GET /check')
  expect(brief(u!)).toMatch(/^clean ok/)
})

test.each([
  ['no header names the request', ''],
  ['the header names another', SAYS('/two')],
])('near miss: %s', async (_, headers) => {
  const { q } = await flowsOf(asked(headers))
  expect(linksOf(q)).toEqual([])
  expect(q?.verdict).toMatchObject({ class: 'client-abort', certainty: 'possible' })
})

test('near miss: its client had left, and nginx with it', async () => {
  const { q } = await flowsOf(`${ENDS}
    ${opens('d')}
    d > P. ${get('/one')}
    ${opens('q', '+0.0005')}
    q > P. ${get('/check', SAYS('/one'))}
    +0.002 q < P. ${ok(2, 0)}
    q > .
    +0.0001 d > F.
    +0.0001 q > F.
    q < P. 'ok'
    q > R
    d < .`)
  expect(q?.verdict).toMatchObject({ class: 'client-abort', variant: 'propagated', causeStream: 0 })
})

test('a question that was never answered is the proxy’s timer, whatever it told its client', async () => {
  const { q } = await flowsOf(`${ENDS}
    ${opens('d')}
    d > P. ${get('/one')}
    ${opens('q', '+0.0005')}
    q > P. ${get('/check', SAYS('/one'))}
    q < .
    +60.001 q > F.
    d < P. ${status(500, 'Internal Server Error', 'Server: nginx\\r\\n')}
    d > .
    q < F.
    q > .
    ${clientEnds('d', '+0.1')}`)
  expect(q?.verdict).toMatchObject({
    class: 'idle-timeout',
    closer: 'client',
    timer: { setting: 'nginx.proxy_read_timeout', seconds: 60 },
  })
})

test('a request whose target was rewritten names it, too, beside the question about it', async () => {
  const { d, q, u } = await flowsOf(
    asked(SAYS('/one?a=1')).replace(
      `u > P. ${get('/one?a=1')}`,
      `u > P. ${get('/elsewhere/7', SAYS('/one?a=1'))}`,
    ),
  )
  expect(linksOf(q)).toEqual(['downstream 0 likely'])
  expect(linksOf(u)).toEqual(['downstream 0 likely'])
  expect(linksOf(d)).toHaveLength(2)
})

test('of several requests alike, each is asked about once, in the order in which they came', async () => {
  const flows = await flowsOf(`flow a 10.0.0.1:50000 > 10.0.0.2:80 ts
    flow b 10.0.0.1:50001 > 10.0.0.2:80 ts
    flow p 10.0.0.2:40000 > 10.0.0.4:9000 ts
    flow q 10.0.0.2:40001 > 10.0.0.4:9000 ts
    ${opens('a')}
    ${opens('b')}
    a > P. ${get('/same')}
    b > P. ${get('/same')}
    ${opens('p', '+0.0002')}
    ${opens('q', '+0.0002')}
    p > P. ${get('/check', SAYS('/same'))}
    q > P. ${get('/check', SAYS('/same'))}
    +0.01 p < P. ${ok()}
    p > .
    q < P. ${ok()}
    q > .
    +0.01 a < P. ${ok()}
    a > .
    b < P. ${ok()}
    b > .`)
  expect(linksOf(flows.p)).toEqual(['downstream 0 possible'])
  expect(linksOf(flows.q)).toEqual(['downstream 1 possible'])
})
