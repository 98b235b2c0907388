import { expect, test } from 'vitest'
import { Chain } from '../../src/chain/surroundings.js'
import { chainOf } from '../helpers/facts-of.js'
import { clientEnds, get, ok, opens, post, status } from '../helpers/verdict-of.js'

const D = 'flow d 10.0.0.1:50000 > 10.0.0.2:80 ts'
const E = 'flow e 10.0.0.9:50000 > 10.0.0.2:80 ts'
const U = 'flow u 10.0.0.2:40122 > 10.0.0.3:8000 ts'
const V = 'flow v 10.0.0.2:40124 > 10.0.0.3:8000 ts'
const ID = 'X-Request-Id: 7f3a\\r\\n'
const PARENT = 'traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\\r\\n'

/** Each link as `downstream > upstream basis certainty`, flows by client port and server port. */
async function links(ladder: string): Promise<string[]> {
  const { chain } = await chainOf(ladder)
  const name = (flow: { client: { ip: string }; server: { port: number }; stream: number }): string =>
    `${flow.client.ip}:${flow.stream}`
  return chain.links
    .map((one) => `${name(one.downstream)} > ${name(one.upstream)} ${one.basis} ${one.certainty}`)
    .sort()
}

/** A request on flow d and the one made for it on flow u, `after` later. */
const forwarded = (down: string, up: string, after = '+0.0005'): string => `${D}\n${U}
    ${opens('u')}
    1.0 d > S
    d < S.
    d > .
    d > P. ${down}
    ${after} u > P. ${up}
    +0.01 u < P. ${ok()}
    u > .
    d < P. ${ok()}
    d > .
    ${clientEnds('d', '+0.01')}`

test('by request id: certain', async () => {
  expect(await links(forwarded(get('/x', ID), get('/y', ID)))).toEqual([
    '10.0.0.1:1 > 10.0.0.2:0 request-id certain',
  ])
})

test('by traceparent: certain', async () => {
  expect(await links(forwarded(get('/x', PARENT), get('/x', PARENT)))).toEqual([
    '10.0.0.1:1 > 10.0.0.2:0 request-id certain',
  ])
})

test('by content: method, target and body length: likely', async () => {
  expect(await links(forwarded(post('/x', 7), post('/x', 7)))).toEqual([
    '10.0.0.1:1 > 10.0.0.2:0 content likely',
  ])
})

test('by content, but 201 ms later: only possible', async () => {
  expect(await links(forwarded(get('/x'), get('/x'), '+0.201'))).toEqual([
    '10.0.0.1:1 > 10.0.0.2:0 content possible',
  ])
})

test.each([
  ['another target', get('/x'), get('/y')],
  ['another method', get('/x'), post('/x', 0)],
  ['another body length', post('/x', 7), post('/x', 8)],
])('not with %s', async (_, down, up) => {
  expect(await links(forwarded(down, up))).toEqual([])
})

test('not when the server of one is not the client of the other', async () => {
  const elsewhere = forwarded(get('/x'), get('/x')).replace('flow u 10.0.0.2', 'flow u 10.0.0.7')
  expect(await links(elsewhere)).toEqual([])
})

test('a request id links two addresses of one host, and then the content does too', async () => {
  const two = `${D}\n${U.replace('10.0.0.2:40122', '10.1.0.2:40122')}
    ${opens('u')}
    ${opens('d', '1.0')}
    d > P. ${get('/x', ID)}
    u > P. ${get('/x', ID)}
    u < P. ${ok()}
    u > .
    d < P. ${ok()}
    d > .
    +1 d > P. ${get('/z')}
    u > P. ${get('/z')}
    u < P. ${ok()}
    d < P. ${ok()}`
  expect(await links(two)).toEqual([
    '10.0.0.1:1 > 10.1.0.2:0 content likely',
    '10.0.0.1:1 > 10.1.0.2:0 request-id certain',
  ])
})

test('not a request that was answered before the other was sent', async () => {
  const late = `${D}\n${U}
    ${opens('d')}
    d > P. ${get('/x')}
    d < P. ${ok()}
    d > .
    ${opens('u', '+0.1')}
    u > P. ${get('/x')}
    u < P. ${ok()}`
  expect(await links(late)).toEqual([])
})

test('one pooled connection serves two clients: each exchange has its own link', async () => {
  const pooled = `${D}\n${E}\n${U}
    ${opens('u')}
    ${opens('d', '1.0')}
    d > P. ${get('/x')}
    u > P. ${get('/x')}
    u < P. ${ok()}
    u > .
    d < P. ${ok()}
    d > .
    ${opens('e', '2.0')}
    e > P. ${get('/y')}
    u > P. ${get('/y')}
    u < P. ${ok()}
    e < P. ${ok()}`
  expect(await links(pooled)).toEqual([
    '10.0.0.1:1 > 10.0.0.2:0 content likely',
    '10.0.0.9:2 > 10.0.0.2:0 content likely',
  ])
})

test('two like requests open at once: the later one is meant, but only possibly', async () => {
  const twins = `${D}\n${E}\n${U}
    ${opens('u')}
    ${opens('d', '2.0')}
    ${opens('e', '+0.001')}
    d > P. ${get('/x')}
    +0.0019 e > P. ${get('/x')}
    u > P. ${get('/x')}
    u < P. ${ok()}`
  expect(await links(twins)).toEqual(['10.0.0.9:2 > 10.0.0.2:0 content possible'])
})

test('near miss: 2.1 ms between them tells which', async () => {
  const twins = `${D}\n${E}\n${U}
    ${opens('u')}
    ${opens('d', '2.0')}
    ${opens('e', '+0.001')}
    d > P. ${get('/x')}
    +0.0021 e > P. ${get('/x')}
    u > P. ${get('/x')}
    u < P. ${ok()}`
  expect(await links(twins)).toEqual(['10.0.0.9:2 > 10.0.0.2:0 content likely'])
})

/** Two like requests, d and then e, each sent on over a connection opened for it, u and v; `ends`: the order of their answers. */
const twoAlike = (gap: string, ends: readonly string[]): string => `${D}\n${E}\n${U}\n${V}
    ${opens('d')}
    ${opens('e')}
    1.0 d > P. ${get('/x')}
    ${gap} e > P. ${get('/x')}
    +0.0002 u > S
    +0.0001 v > S
    +0.01 u < S.
    u > .
    u > P. ${get('/x')}
    v < S.
    v > .
    v > P. ${get('/x')}
    ${ends.map((flow) => `+0.0003 ${flow} < P. ${ok()}`).join('\n')}`

test('two like requests at once: which is whose is only possible, for the second as well', async () => {
  expect(await links(twoAlike('+0.0005', ['u', 'v', 'd', 'e']))).toEqual([
    '10.0.0.1:0 > 10.0.0.2:2 content possible',
    '10.0.0.9:1 > 10.0.0.2:3 content possible',
  ])
})

test('near miss: the answers tell whose they are', async () => {
  const apart = twoAlike('+0.0005', ['u', 'd', 'v', 'e']).replace(/\+0\.0003 v/, '+0.01 v')
  expect(await links(apart)).toEqual([
    '10.0.0.1:0 > 10.0.0.2:2 content likely',
    '10.0.0.9:1 > 10.0.0.2:3 content likely',
  ])
})

test('near miss: the connection for the first had been opened before the second came in', async () => {
  const inTurn = `${D}\n${E}\n${U}\n${V}
    ${opens('d')}
    ${opens('e')}
    1.0 d > P. ${get('/x')}
    +0.0002 u > S
    +0.005 e > P. ${get('/x')}
    +0.0002 v > S
    +0.01 v < S.
    v > .
    v > P. ${get('/x')}
    +0.01 v < P. ${ok()}
    e < P. ${ok()}
    +0.01 u < S.
    u > .
    u > P. ${get('/x')}
    +0.01 u < P. ${ok()}
    d < P. ${ok()}`
  expect(await links(inTurn)).toEqual([
    '10.0.0.1:0 > 10.0.0.2:2 content likely',
    '10.0.0.9:1 > 10.0.0.2:3 content likely',
  ])
})

test('a request that had been answered before is not the one', async () => {
  const answered = `${D}\n${E}\n${U}
    ${opens('d')}
    ${opens('e')}
    1.0 d > P. ${get('/x')}
    +0.003 e > P. ${get('/x')}
    +0.0002 u > S
    +0.01 u < S.
    u > .
    u > P. ${get('/x')}
    e < P. ${ok()}
    +0.02 u < P. ${ok()}
    d < P. ${ok()}`
  expect(await links(answered)).toEqual(['10.0.0.1:0 > 10.0.0.2:2 content likely'])
})

const TLS = (length: number): string => `'\\x17\\x03\\x03\\x00\\x${length.toString(16)}${'q'.repeat(length)}'`

test('by nesting in time where the downstream leg is encrypted', async () => {
  expect(await links(forwarded(TLS(80), get('/x')))).toEqual(['10.0.0.1:1 > 10.0.0.2:0 time likely'])
})

test('ambiguity is refused: two encrypted requests under way at once', async () => {
  const two = `${D}\n${E}\n${U}
    ${opens('u')}
    ${opens('d', '1.0')}
    ${opens('e')}
    d > P. ${TLS(80)}
    e > P. ${TLS(90)}
    u > P. ${get('/x')}
    u < P. ${ok()}`
  expect(await links(two)).toEqual([])
})

test('a connection that was only being opened for a request', async () => {
  const unanswered = `${D}\n${U}
    ${opens('d')}
    d > P. ${get('/x')}
    d < .
    u > S
    1.0 u > S again
    3.0 u > S again
    9.0 d < P. ${status(504)}`
  expect(await links(unanswered)).toEqual(['10.0.0.1:0 > 10.0.0.2:1 time likely'])
})

test('ambiguity is refused there too', async () => {
  const unanswered = `${D}\n${E}\n${U}
    ${opens('d')}
    ${opens('e')}
    d > P. ${get('/x')}
    e > P. ${get('/y')}
    u > S
    1.0 u > S again
    9.0 d < P. ${status(504)}
    e < P. ${status(504)}`
  expect(await links(unanswered)).toEqual([])
})

test('near miss: of two, only one came in at most 20 ms before', async () => {
  const unanswered = `${D}\n${E}\n${U}
    ${opens('d')}
    ${opens('e')}
    1.0 d > P. ${get('/x')}
    1.5 e > P. ${get('/y')}
    1.51 u > S
    2.5 u > S again
    9.0 d < P. ${status(504)}
    e < P. ${status(504)}`
  expect(await links(unanswered)).toEqual(['10.0.0.9:1 > 10.0.0.2:2 time likely'])
})

test('a request sent again on another connection is its retry', async () => {
  const retried = `${D}\n${U}\n${V}
    ${opens('u')}
    ${opens('d', '1.0')}
    d > P. ${get('/x')}
    u > P. ${get('/x')}
    u < R
    ${opens('v', '+0.0001')}
    v > P. ${get('/x')}
    v < P. ${ok()}
    v > .
    d < P. ${ok()}
    d > .`
  const { facts, chain } = await chainOf(retried)
  const first = facts.find((flow) => flow.client.port === 40122)
  const [link] = first === undefined ? [] : chain.around(first).downstreams
  if (link === undefined) throw new Error('not linked')
  const second = chain.around(link.downstream).retryOf(link)
  expect(second?.upstream.client.port).toBe(40124)
  expect(second === null ? null : chain.around(link.downstream).retryOf(second)).toBeNull()
})

test('the host that captured (SLL2, outgoing) is one host whatever its addresses', async () => {
  const two = forwarded(get('/x'), get('/x'))
    .replace('flow u 10.0.0.2:40122', 'flow u 10.1.0.2:40122')
    .replace(/^(\s*)(\S*)\s?u (>.*)$/gm, '$1$2 u $3 out')
    .replace(/^(\s*)(\S*)\s?d (<.*)$/gm, '$1$2 d $3 out')
  const { chain } = await chainOf(two, [], { link: 'LINUX_SLL2' })
  expect(chain.hosts.same('10.0.0.2', '10.1.0.2')).toBe(true)
  expect(chain.hosts.same('10.0.0.1', '10.0.0.3')).toBe(false)
  expect(chain.links.map((link) => link.basis)).toEqual(['content'])
})

test('a connection seen at two places is one request, not two that compete', async () => {
  const { facts } = await chainOf(`flow d 10.0.0.1:50000 > 10.0.0.2:80 ts isn 1000/5000
    flow b 10.0.0.8:50001 > 10.0.0.2:80 ts isn 1000/5000\n${U}
    0.0 d > S
    0.0001 b > S
    0.0002 b < S.
    0.0003 d < S.
    0.0004 d > .
    0.0005 b > .
    0.001 d > P. ${get('/x')}
    0.0011 b > P. ${get('/x')}
    ${opens('u', '0.002')}
    u > P. ${get('/x')}
    u < P. ${ok()}
    u > .`)
  const certainty = (twins: ReadonlyMap<number, number>): string[] =>
    new Chain(facts, [], twins).links.map((one) => one.certainty)
  expect(certainty(new Map())).toEqual(['possible'])
  expect(certainty(new Map([[1, 0]]))).toEqual(['likely'])
})

/** A request that cannot be read on flow d, answered 3 s later; `between` has the one made for it. */
const encrypted = (between: string): string => `${D}\n${U}
    ${opens('u')}
    ${opens('d', '1.0')}
    d > P. ${TLS(80)}
    d < .
    ${between}
    4.0 d < P. ${TLS(90)}
    d > .`

test('a proxy under load sends the request on late: by nesting it is only possible', async () => {
  const late = encrypted(`+0.3 u > P. ${get('/x')}\nu < P. ${ok()}\nu > .`)
  expect(await links(late)).toEqual(['10.0.0.1:1 > 10.0.0.2:0 time possible'])
  const tooLate = encrypted(`+2.1 u > P. ${get('/x')}\nu < P. ${ok()}\nu > .`)
  expect(await links(tooLate)).toEqual([])
})

test('likely, when the connection was opened for it in time', async () => {
  const opened = `${D}\n${U}
    ${opens('d')}
    d > P. ${TLS(80)}
    d < .
    +0.1 u > S
    +0.1 u < S.
    u > .
    +0.05 u > P. ${get('/x')}
    u < P. ${ok()}
    u > .
    d < P. ${TLS(90)}`
  expect(await links(opened)).toEqual(['10.0.0.1:0 > 10.0.0.2:1 time likely'])
})

/** Two requests that cannot be read: d at 1.0, e `after` it. Each is sent on over a connection opened for it; d's leg ends as `between` says. */
const overlapping = (after: number, between = `3.0 u < P. ${ok()}`): string => `${D}\n${E}\n${U}\n${V}
    ${opens('d')}
    ${opens('e')}
    1.0 d > P. ${TLS(80)}
    d < .
    +0.0002 u > S
    +0.001 u < S.
    u > .
    u > P. ${get('/slow')}
    u < .
    ${between.startsWith('3') ? '' : between}
    ${1 + after} e > P. ${TLS(90)}
    e < .
    ${1 + after + 0.0005} v > S
    +0.001 v < S.
    v > .
    v > P. ${get('/x')}
    v < P. ${ok()}
    v > .
    e < P. ${TLS(95)}
    ${between.startsWith('3') ? between : '3.0 d < .'}
    d < P. ${TLS(99)}`

test('of two open requests the one that has just come in, where another leg is waited for by the other', async () => {
  expect(await links(overlapping(0.15))).toEqual([
    '10.0.0.1:0 > 10.0.0.2:2 time likely',
    '10.0.0.9:1 > 10.0.0.2:3 time likely',
  ])
})

test('near miss: the leg of the other had ended, so this may be its second try', async () => {
  const retried = overlapping(0.15, 'u < R.')
  expect(await links(retried)).toEqual(['10.0.0.1:0 > 10.0.0.2:2 time likely'])
})

test('near miss: the request without a leg came in 60 ms before', async () => {
  const slow = overlapping(0.09).replace('1.0905 v > S', '1.15 v > S')
  expect(await links(slow)).toEqual(['10.0.0.1:0 > 10.0.0.2:2 time likely'])
})

test.each([
  ['takes a prefix away', '/app/x', '/x'],
  ['adds one', '/x?q=/a', '/v2/x?q=/a'],
  ['takes the whole path away', '/app/', '/'],
])('a proxy that %s', async (_, down, up) => {
  expect(await links(forwarded(get(down), get(up)))).toEqual(['10.0.0.1:1 > 10.0.0.2:0 content likely'])
})

test.each([
  ['/app/x', '/app/y'],
  ['/app/x', '/other/x'],
  ['/ax', '/x'],
  ['/app/x?q=1', '/x'],
])('near miss: %s is not passed on as %s', async (down, up) => {
  expect(await links(forwarded(get(down), get(up)))).toEqual([])
})

test('a request that is the same and one that may have been rewritten: only the ends tell', async () => {
  const both = twoAlike('+0.0005', ['u', 'v', 'd', 'e']).replace("d > P. 'GET /x", "d > P. 'GET /app/x")
  expect(await links(both)).toEqual([
    '10.0.0.1:0 > 10.0.0.2:2 content possible',
    '10.0.0.9:1 > 10.0.0.2:3 content possible',
  ])
})

test('where a host passes ids on, a request with another id is another one', async () => {
  const ids = (first: string): string => `${D}\n${E}\n${U}\n${V}
    ${opens('d')}
    ${opens('e')}
    d > P. ${get('/x', first)}
    +0.0002 u > S
    u < S.
    u > .
    u > P. ${get('/x', first)}
    u < P. ${ok()}
    d < P. ${ok()}
    1.0 e > P. ${get('/x', 'X-Request-Id: one\\r\\n')}
    +0.0002 v > S
    v < S.
    v > .
    v > P. ${get('/x', 'X-Request-Id: two\\r\\n')}
    v < P. ${ok()}
    e < P. ${ok()}`
  expect(await links(ids(ID))).toEqual(['10.0.0.1:0 > 10.0.0.2:2 request-id certain'])
  expect(await links(ids(''))).toEqual([
    '10.0.0.1:0 > 10.0.0.2:2 content likely',
    '10.0.0.9:1 > 10.0.0.2:3 content likely',
  ])
})

/** Two like requests over a NAT that changes both ends, a and b before it, x and y after it; the NAT's two addresses are one host. */
const translated = `flow a 10.0.0.1:50000 > 10.0.0.2:80 ts isn 1000/5000
    flow b 10.0.0.1:50002 > 10.0.0.2:80 ts isn 2000/6000
    flow x 10.0.0.2:50000 > 10.0.0.3:8000 ts isn 1000/5000
    flow y 10.0.0.2:50002 > 10.0.0.3:8000 ts isn 2000/6000
    ${['a', 'x', 'b', 'y'].map((flow) => opens(flow)).join('\n')}
    ${['a', 'x', 'b', 'y'].map((flow) => `${flow} > P. ${get('/x')}`).join('\n')}
    ${['x', 'a', 'y', 'b'].map((flow) => `+0.01 ${flow} < P. ${ok()}`).join('\n')}`

test('a connection is no leg of itself, nor of a like one, whatever names a NAT gave them', async () => {
  const { facts } = await chainOf(translated)
  const stream = (ip: string, port: number): number =>
    facts.find(({ client }) => client.ip === ip && client.port === port)?.stream ?? -1
  const twins = new Map(
    [50000, 50002].map((port): [number, number] => [stream('10.0.0.2', port), stream('10.0.0.1', port)]),
  )
  const chain = new Chain(facts, [], twins)
  expect(chain.links).toEqual([])
  expect(chain.roles.of('10.0.0.2', 80)).toMatchObject({ proxy: null, role: null })
  expect(chain.roles.of('10.0.0.3', 8000).role).toBeNull()
  // Near miss: other sequence numbers are other connections, and the host between is a proxy.
  const proxy = new Chain(facts, [])
  expect(proxy.links).toHaveLength(2)
  expect(proxy.roles.of('10.0.0.2', 80).role).toBe('proxy')
})
