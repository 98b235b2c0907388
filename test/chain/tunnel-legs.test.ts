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
