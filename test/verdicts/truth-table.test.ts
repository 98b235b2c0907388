import { expect, test } from 'vitest'
import { clientEnds, get, ok, opens, serverEnds, verdictOf } from '../helpers/verdict-of.js'

const UPGRADE = 'Upgrade: websocket\\r\\nConnection: Upgrade\\r\\n'

/** What has happened before the silence begins; `headers` mark the client as a proxy, or not. */
const PHASES: Readonly<Record<string, (headers: string) => string>> = {
  'awaiting-request': () => '',
  'mid-request': (headers) =>
    `a > P. 'POST /up HTTP/1.1\\r\\nHost: h\\r\\n${headers}Content-Length: 500\\r\\n\\r\\nbbbb'\n a < .`,
  'awaiting-response': (headers) => `a > P. ${get('/', headers)}\n a < .`,
  'mid-response': (headers) => `a > P. ${get('/', headers)}\n a < P. ${ok(500, 100)}\n a > .`,
  tunnel: (headers) =>
    `a > P. ${get('/', headers + UPGRADE)}\n a < P. 'HTTP/1.1 101 Switching Protocols\\r\\n${UPGRADE}\\r\\n'\n a > P. 'hello'\n a < .`,
  'between-requests': (headers) => `a > P. ${get('/', headers)}\n a < P. ${ok()}\n a > .`,
  'peer-not-reading': (headers) =>
    `a > P. ${get('/', headers)}\n a < P. ${ok(9000, 1000)}\n a > . win 0\n +0.0002 a < . probe\n a > . win 0`,
}

/** How it ends after the silence. `none`: another flow shows that the capture went on. */
const CLOSERS: Readonly<Record<string, (wait: string) => string>> = {
  'client FIN': (wait) => clientEnds('a', wait),
  'client RST': (wait) => `${wait} a > R.`,
  'server FIN': (wait) => serverEnds('a', wait),
  'server RST': (wait) => `${wait} a < R.`,
  none: (wait) => `${wait} z > S\n z < R.`,
}

const SILENCES = ['+0.5', '+7.7', '+60']

async function cell(phase: string, closer: string, wait: string, headers: string): Promise<string> {
  const flow = await verdictOf(`
    flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
    flow z 10.9.9.8:33000 > 10.9.9.9:9999 ts
    ${opens('a')}
    ${PHASES[phase]?.(headers) ?? ''}
    ${CLOSERS[closer]?.(wait) ?? ''}`)
  return `${flow.verdict.class} ${flow.verdict.severity}`
}

async function table(headers: string): Promise<string> {
  const lines = [
    ['phase'.padEnd(18), 'closer'.padEnd(12), '0.5 s'.padEnd(26), '7.7 s'.padEnd(26), '60 s'].join(''),
  ]
  for (const phase of Object.keys(PHASES)) {
    for (const closer of Object.keys(CLOSERS)) {
      const cells = await Promise.all(SILENCES.map((wait) => cell(phase, closer, wait, headers)))
      lines.push(
        [phase.padEnd(18), closer.padEnd(12), ...cells.map((text) => text.padEnd(26))].join('').trimEnd(),
      )
    }
  }
  return lines.join('\n')
}

const END_CLIENT = `
phase             closer      0.5 s                     7.7 s                     60 s
awaiting-request  client FIN  clean ok                  clean ok                  idle-timeout ok
awaiting-request  client RST  clean ok                  clean ok                  clean ok
awaiting-request  server FIN  clean ok                  idle-timeout ok           idle-timeout ok
awaiting-request  server RST  clean ok                  idle-timeout ok           idle-timeout ok
awaiting-request  none        open ok                   open ok                   open ok
mid-request       client FIN  client-abort problem      client-abort problem      client-abort problem
mid-request       client RST  client-abort problem      client-abort problem      client-abort problem
mid-request       server FIN  server-abort problem      idle-timeout problem      idle-timeout problem
mid-request       server RST  server-abort problem      server-abort problem      idle-timeout problem
mid-request       none        open ok                   open ok                   open ok
awaiting-response client FIN  client-abort problem      client-abort problem      idle-timeout problem
awaiting-response client RST  client-abort problem      client-abort problem      client-abort problem
awaiting-response server FIN  server-abort problem      server-abort problem      idle-timeout problem
awaiting-response server RST  server-abort problem      server-abort problem      server-abort problem
awaiting-response none        open ok                   open ok                   open ok
mid-response      client FIN  client-abort problem      client-abort problem      idle-timeout problem
mid-response      client RST  client-abort problem      client-abort problem      client-abort problem
mid-response      server FIN  server-abort problem      server-abort problem      idle-timeout problem
mid-response      server RST  server-abort problem      server-abort problem      server-abort problem
mid-response      none        open ok                   open ok                   open ok
tunnel            client FIN  clean ok                  clean ok                  idle-timeout problem
tunnel            client RST  clean ok                  unclassified ok           unclassified ok
tunnel            server FIN  clean ok                  clean ok                  idle-timeout problem
tunnel            server RST  clean ok                  unclassified ok           unclassified ok
tunnel            none        open ok                   open ok                   open ok
between-requests  client FIN  clean ok                  idle-timeout ok           idle-timeout ok
between-requests  client RST  clean ok                  idle-timeout ok           idle-timeout ok
between-requests  server FIN  clean ok                  idle-timeout ok           idle-timeout ok
between-requests  server RST  clean ok                  idle-timeout ok           idle-timeout ok
between-requests  none        open ok                   open ok                   open ok
peer-not-reading  client FIN  client-abort problem      client-abort problem      idle-timeout problem
peer-not-reading  client RST  client-abort problem      client-abort problem      client-abort problem
peer-not-reading  server FIN  server-abort problem      server-abort problem      idle-timeout problem
peer-not-reading  server RST  server-abort problem      server-abort problem      idle-timeout problem
peer-not-reading  none        open ok                   half-open-zombie problem  half-open-zombie problem
`

const PROXY = `
phase             closer      0.5 s                     7.7 s                     60 s
awaiting-request  client FIN  clean ok                  clean ok                  idle-timeout ok
awaiting-request  client RST  clean ok                  clean ok                  clean ok
awaiting-request  server FIN  clean ok                  idle-timeout ok           idle-timeout ok
awaiting-request  server RST  clean ok                  idle-timeout ok           idle-timeout ok
awaiting-request  none        open ok                   open ok                   open ok
mid-request       client FIN  client-abort problem      client-abort problem      idle-timeout problem
mid-request       client RST  client-abort problem      client-abort problem      client-abort problem
mid-request       server FIN  server-abort problem      idle-timeout problem      idle-timeout problem
mid-request       server RST  server-abort problem      server-abort problem      idle-timeout problem
mid-request       none        open ok                   open ok                   open ok
awaiting-response client FIN  client-abort problem      client-abort problem      idle-timeout problem
awaiting-response client RST  client-abort problem      client-abort problem      client-abort problem
awaiting-response server FIN  server-abort problem      server-abort problem      server-abort problem
awaiting-response server RST  server-abort problem      server-abort problem      server-abort problem
awaiting-response none        open ok                   open ok                   open ok
mid-response      client FIN  client-abort problem      client-abort problem      idle-timeout problem
mid-response      client RST  client-abort problem      client-abort problem      client-abort problem
mid-response      server FIN  server-abort problem      server-abort problem      server-abort problem
mid-response      server RST  server-abort problem      server-abort problem      server-abort problem
mid-response      none        open ok                   open ok                   open ok
tunnel            client FIN  clean ok                  clean ok                  idle-timeout problem
tunnel            client RST  clean ok                  unclassified ok           unclassified ok
tunnel            server FIN  clean ok                  clean ok                  idle-timeout problem
tunnel            server RST  clean ok                  unclassified ok           unclassified ok
tunnel            none        open ok                   open ok                   open ok
between-requests  client FIN  clean ok                  idle-timeout ok           idle-timeout ok
between-requests  client RST  clean ok                  idle-timeout ok           idle-timeout ok
between-requests  server FIN  clean ok                  idle-timeout latent       idle-timeout latent
between-requests  server RST  clean ok                  idle-timeout latent       idle-timeout latent
between-requests  none        open ok                   open ok                   open ok
peer-not-reading  client FIN  client-abort problem      client-abort problem      idle-timeout problem
peer-not-reading  client RST  client-abort problem      client-abort problem      client-abort problem
peer-not-reading  server FIN  server-abort problem      server-abort problem      idle-timeout problem
peer-not-reading  server RST  server-abort problem      server-abort problem      idle-timeout problem
peer-not-reading  none        open ok                   half-open-zombie problem  half-open-zombie problem
`

test('an end client and a server', async () => {
  expect(await table('')).toBe(END_CLIENT.trim())
})

test('a proxy and a server, the leg before not in the capture', async () => {
  expect(await table('X-Forwarded-For: 10.0.0.1\\r\\n')).toBe(PROXY.trim())
})
