import { expect, test } from 'vitest'
import type { FlowReport } from '../../src/result.js'
import { brief, clientEnds, flowsOf, opens } from '../helpers/verdict-of.js'

const connect = (to: string): string => `'CONNECT ${to} HTTP/1.1\\r\\nHost: ${to}\\r\\n\\r\\n'`
const GRANTED = "'HTTP/1.1 200 Connection established\\r\\n\\r\\n'"
/** Bytes of which nobody can read anything. */
const noise = (length: number): string => `'${'~'.repeat(length)}'`

/** A client asks a proxy for a tunnel `to`, the proxy opens a connection to the `server` and passes bytes on. */
const tunnel = (to: string, server: string, ends: string): string => `flow d 10.0.0.1:50000 > 10.0.0.2:3128 ts
  flow u 10.0.0.2:40000 > ${server} ts
  ${opens('d')}
  d > P. ${connect(to)}
  d < .
  ${opens('u', '+0.001')}
  d < P. ${GRANTED}
  d > P. ${noise(300)}
  u > P. ${noise(300)}
  u < P. ${noise(900)}
  u > .
  d < P. ${noise(900)}
  d > .
  ${ends}`

/** The client leaves while it waits, and the proxy after it. */
const LEAVES = `+0.5 d > F.
  +0.0003 u > F.
  u < F.
  u > .
  d < F.
  d > .`

function linksOf(flow: FlowReport | undefined): string[] {
  return (flow?.links ?? []).map(({ stream, relation, certainty }) => `${relation} ${stream} ${certainty}`)
}

test('a tunnel is linked to the connection that was opened for it, and its end to that of its client', async () => {
  const { d, u } = await flowsOf(tunnel('10.0.0.3:443', '10.0.0.3:443', LEAVES))
  expect(linksOf(d)).toEqual(['upstream 1 likely'])
  expect(linksOf(u)).toEqual(['downstream 0 likely'])
  expect(brief(d!)).toBe('clean ok possible client tunnel')
})

test.each([
  ['a name was asked for', 'example.org:443', '10.0.0.3:443', ['downstream 0 likely']],
  ['near miss: another port', '10.0.0.3:443', '10.0.0.3:8443', []],
  ['near miss: another address', '10.0.0.9:443', '10.0.0.3:443', []],
])('%s', async (_, to, server, links) => {
  const { u } = await flowsOf(tunnel(to, server, LEAVES))
  expect(linksOf(u)).toEqual(links)
})

test('near miss: opened when the tunnel had been granted already', async () => {
  const { u } = await flowsOf(`flow d 10.0.0.1:50000 > 10.0.0.2:3128 ts
    flow u 10.0.0.2:40000 > 10.0.0.3:443 ts
    ${opens('d')}
    d > P. ${connect('10.0.0.3:443')}
    d < P. ${GRANTED}
    d > .
    ${opens('u', '+0.5')}
    u > P. ${noise(300)}
    u < P. ${noise(900)}
    ${clientEnds('u', '+0.1')}
    ${clientEnds('d', '+0.1')}`)
  expect(linksOf(u)).toEqual([])
})

/** Two tunnels to one server at once, opened in the other order than they were asked for. */
const two = (first: number, second: number): string => `flow a 10.0.0.1:50000 > 10.0.0.2:3128 ts
  flow b 10.0.0.1:50001 > 10.0.0.2:3128 ts
  flow x 10.0.0.2:40000 > 10.0.0.3:443 ts
  flow y 10.0.0.2:40001 > 10.0.0.3:443 ts
  ${opens('a')}
  ${opens('b')}
  a > P. ${connect('10.0.0.3:443')}
  b > P. ${connect('10.0.0.3:443')}
  ${opens('x', '+0.001')}
  ${opens('y', '+0.001')}
  a < P. ${GRANTED}
  b < P. ${GRANTED}
  a > P. ${noise(first)}
  y > P. ${noise(first)}
  b > P. ${noise(second)}
  x > P. ${noise(second)}
  ${['a', 'b', 'x', 'y'].map((name) => clientEnds(name, '+0.1')).join('\n  ')}`

test('of two that were opened together, each is the one that carried as many bytes', async () => {
  const flows = await flowsOf(two(300, 400))
  expect(linksOf(flows.x)).toEqual(['downstream 1 likely'])
  expect(linksOf(flows.y)).toEqual(['downstream 0 likely'])
})

test('near miss: both carried as many', async () => {
  const flows = await flowsOf(two(300, 300))
  expect(linksOf(flows.x)).toEqual(['downstream 0 possible'])
})

/** The proxy closes both legs in one moment, after a silence. */
const BOTH = `+7.4 d < F.
  +0.0003 u > F.
  d > F.
  d < .
  u < F.
  u > .`

test('a proxy that closes both legs after a silence has a timer of its tunnels', async () => {
  const { d, u } = await flowsOf(tunnel('10.0.0.3:443', '10.0.0.3:443', BOTH))
  expect(brief(d!)).toBe('idle-timeout problem likely server tunnel')
  expect(brief(u!)).toBe('idle-timeout problem likely client tunnel')
})

/** Three tunnels that were silent for times of their own, closed in one moment, and a request that names the proxy. */
const three = (name: string): string => {
  const all = [0, 1, 2]
  const each = (line: (n: number) => string): string => all.map(line).join('\n  ')
  return `flow n 10.0.0.1:49000 > 10.0.0.2:3128 ts
  ${each((n) => `flow d${n} 10.0.0.1:${50000 + n} > 10.0.0.2:3128 ts\n  flow u${n} 10.0.0.2:${40000 + n} > 10.0.0.3:443 ts`)}
  ${opens('n')}
  n > P. 'GET / HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n'
  n < P. 'HTTP/1.1 400 Bad Request\\r\\n${name}Content-Length: 0\\r\\n\\r\\n'
  n > .
  ${each(
    (n) => `${opens(`d${n}`, `${1 + 0.3 * n}`)}
  d${n} > P. ${connect('10.0.0.3:443')}
  ${opens(`u${n}`, '+0.001')}
  d${n} < P. ${GRANTED}
  d${n} > P. ${noise(300 + n)}
  u${n} > P. ${noise(300 + n)}
  u${n} < P. ${noise(900)}
  u${n} > .
  d${n} < P. ${noise(900)}
  d${n} > .`,
  )}
  9.0 n > .
  ${each((n) => `d${n} < F.\n  u${n} > F.`)}
  ${each((n) => `d${n} > F.\n  u${n} < F.`)}
  ${each((n) => `d${n} < .\n  u${n} > .`)}`
}

test('Squid looks at its timers once a second: tunnels that it closes together have run out one after the other', async () => {
  const flows = await flowsOf(three('Server: squid/5.7\\r\\n'))
  for (const n of [0, 1, 2]) {
    expect(flows[`d${n}`]?.verdict).toMatchObject({ class: 'idle-timeout', phase: 'tunnel' })
    expect(flows[`u${n}`]?.verdict).toMatchObject({
      class: 'idle-timeout',
      phase: 'tunnel',
      timer: { setting: 'squid.read_timeout' },
    })
  }
})

test('near miss: another proxy was stopped', async () => {
  const flows = await flowsOf(three(''))
  for (const n of [0, 1, 2]) expect(flows[`d${n}`]?.verdict.class).toBe('shutdown')
})
