import { expect, test } from 'vitest'
import type { RoleRule } from '../../src/chain/roles.js'
import { chainOf } from '../helpers/facts-of.js'
import { clientEnds, get, ok, opens, served } from '../helpers/verdict-of.js'

/** One exchange from client to server on a flow of its own. */
function exchange(name: string, ends: string, request = get(), response = ok()): string {
  return `flow ${name} ${ends} ts
    ${opens(name)}
    ${name} > P. ${request}
    ${name} < P. ${response}
    ${name} > .
    ${clientEnds(name, '+0.01')}`
}

async function roles(ladder: string, rules: readonly RoleRule[] = []): Promise<Record<string, string>> {
  const { chain } = await chainOf(ladder, rules)
  return Object.fromEntries(
    chain.roles
      .chain()
      .flatMap(({ role, ips, basis, software }) =>
        ips.map((ip) => [ip, `${role} (${basis}) ${software ?? '-'}`]),
      ),
  )
}

const NGINX = 'Server: nginx/1.22.1\\r\\n'
const UVICORN = 'Server: uvicorn\\r\\n'

test('a host that only opens connections is a client', async () => {
  expect(await roles(exchange('a', '10.0.0.1:50000 > 10.0.0.2:80'))).toMatchObject({
    '10.0.0.1': 'client (it only opens connections) -',
  })
})

test('a host that is server on one flow and client on another is a proxy; its header names it', async () => {
  const chain = `${exchange('d', '10.0.0.1:50000 > 10.0.0.2:80', get(), ok(2, 2, NGINX))}
    ${exchange('u', '10.0.0.2:40000 > 10.0.0.3:8000', get(), ok(2, 2, UVICORN))}`
  expect(await roles(chain)).toEqual({
    '10.0.0.1': 'client (it only opens connections) -',
    '10.0.0.2': 'nginx (headers) nginx',
    '10.0.0.3': 'proxy (position in the chain) uvicorn',
  })
})

test('another proxy where nginx usually stands: what is behind it is its upstream, not a proxy too', async () => {
  const behind = (
    server: string,
  ): string => `${exchange('d', '10.0.0.1:50000 > 10.0.0.2:80', get(), ok(2, 2, server))}
    ${exchange('u', '10.0.0.2:40000 > 10.0.0.3:8000', get(), ok())}`
  expect(await roles(behind('Server: Caddy\\r\\n'))).toMatchObject({
    '10.0.0.2': 'proxy (position in the chain) Caddy',
    '10.0.0.3': 'upstream (position in the chain) -',
  })
  expect(await roles(behind('Server: App\\r\\n'))).toMatchObject({
    '10.0.0.2': 'proxy (position in the chain) -',
    '10.0.0.3': 'upstream (position in the chain) -',
  })
  // Near miss: behind nginx it is the proxy of the usual chain.
  expect(await roles(behind(NGINX))).toMatchObject({ '10.0.0.3': 'proxy (position in the chain) -' })
})

test('a Server header that a proxy passes on is not its own', async () => {
  const { chain, facts } = await chainOf(`flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
    flow u 10.0.0.2:40000 > 10.0.0.3:8000 ts
    ${opens('d')}
    ${opens('u')}
    d > P. ${get('/x')}
    u > P. ${get('/x')}
    u < P. ${ok(2, 2, UVICORN)}
    u > .
    d < P. ${ok(2, 2, UVICORN)}
    d > .`)
  const [down] = facts
  if (down === undefined) throw new Error('no flow')
  expect(chain.around(down).serverSoftware).toBeNull()
  expect(chain.roles.of('10.0.0.3', 8000).software).toBe('uvicorn')
})

test('X-Forwarded-For marks the sender as a proxy although its own downstream leg is missing', async () => {
  const { chain } = await chainOf(
    exchange('u', '10.0.0.2:40000 > 10.0.0.3:8000', get('/', 'X-Forwarded-For: 1.2.3.4\\r\\n')),
  )
  expect(chain.roles.of('10.0.0.2', 40000).proxy).toBe('its requests carry X-Forwarded-For')
})

test('HTTP/1.0 with Connection: close is nginx towards its upstream', async () => {
  const { chain } = await chainOf(
    exchange(
      'u',
      '10.0.0.2:40000 > 10.0.0.3:8000',
      "'GET / HTTP/1.0\\r\\nHost: h\\r\\nConnection: close\\r\\n\\r\\n'",
    ),
  )
  expect(chain.roles.of('10.0.0.2', 40000)).toMatchObject({ role: 'nginx', software: 'nginx' })
})

test('near miss: HTTP/1.1 with Connection: close is anybody', async () => {
  const { chain } = await chainOf(
    exchange('u', '10.0.0.2:40000 > 10.0.0.3:8000', get('/', 'Connection: close\\r\\n')),
  )
  expect(chain.roles.of('10.0.0.2', 40000)).toMatchObject({ role: 'client', software: null })
})

const LOWER = "'GET / HTTP/1.1\\r\\nhost: h\\r\\n\\r\\n'"
const shut = (request: string, close: string): string => `flow u 10.0.0.2:40000 > 10.0.0.3:8000 ts
    ${opens('u')}
    u > P. ${request}
    u < P. ${ok()}
    u > .
    u > ${close}`

test.each([
  ['lower-case header names and a closing RST are HAProxy', LOWER, 'R.', 'haproxy'],
  ['near miss: lower-case names and a FIN', LOWER, 'F.', null],
  ['near miss: other names and a RST', get(), 'R.', null],
])('%s', async (_, request, close, software) => {
  const { chain } = await chainOf(shut(request, close))
  expect(chain.roles.of('10.0.0.2', 40000).software).toBe(software)
})

/** Twelve connections of one client address to two servers, beside four of another client. */
const crawl = (request = get()): string =>
  [
    ...Array.from({ length: 12 }, (_, i) =>
      exchange(`p${i}`, `10.0.0.2:${40000 + i} > 10.0.1.${1 + (i % 2)}:8000`, request),
    ),
    ...Array.from({ length: 4 }, (_, i) => exchange(`o${i}`, `10.0.3.1:${40000 + i} > 10.0.1.1:8000`)),
  ].join('\n')

test('a host that calls several servers, and serves nobody, is a client; near miss: its requests are for others', async () => {
  const crawler = await chainOf(crawl())
  expect(crawler.chain.roles.of('10.0.0.2', 40000)).toMatchObject({ role: 'client', proxy: null })
  const proxy = await chainOf(crawl(get('/', 'X-Forwarded-For: 1.2.3.4\\r\\n')))
  expect(proxy.chain.roles.of('10.0.0.2', 40000).proxy).toBe('its requests carry X-Forwarded-For')
})

test('the user’s word goes before everything, and may hold for one port', async () => {
  const ladder = exchange('d', '10.0.0.1:50000 > 10.0.0.2:80', get(), ok(2, 2, NGINX))
  expect(await roles(ladder, [{ role: 'gateway', ip: '10.0.0.2', port: null }])).toMatchObject({
    '10.0.0.2': 'gateway (given) nginx',
  })
  const { chain } = await chainOf(ladder, [{ role: 'gateway', ip: '10.0.0.2', port: 81 }])
  expect(chain.roles.of('10.0.0.2', 80).basis).not.toBe('given')
  expect(chain.roles.of('10.0.0.2', 81).basis).toBe('given')
})

test('the chain reads from client to upstream', async () => {
  const ladder = `${exchange('d', '10.0.0.1:50000 > 10.0.0.2:80', get(), ok(2, 2, 'Server: nginx\\r\\n'))}
    ${exchange('u', '10.0.0.2:40000 > 10.0.0.3:8000', get(), ok(2, 2, UVICORN))}
    ${exchange('v', '10.0.0.3:40000 > 10.0.0.4:9000')}`
  const { chain } = await chainOf(ladder)
  expect(chain.roles.chain().map(({ ips }) => ips.join())).toEqual([
    '10.0.0.1',
    '10.0.0.2',
    '10.0.0.3',
    '10.0.0.4',
  ])
})

test('one client many times is one line with one host', async () => {
  const { chain } = await chainOf(`flow a 10.0.0.1:50000 > 10.0.0.2:80 ts
    flow b 10.0.0.1:50001 > 10.0.0.2:80 ts
    flow c 10.0.0.5:50001 > 10.0.0.2:80 ts
    ${served('a')}
    ${served('b')}
    ${served('c')}`)
  const [clients] = chain.roles.chain()
  expect(clients).toMatchObject({ role: 'client', ips: ['10.0.0.1', '10.0.0.5'], hosts: 2 })
})

const VIA = (relay: string, more = ''): string => ok(2, 2, `Via: ${relay}\\r\\n${more}`)

test.each([
  ['Via names a proxy and its software', VIA('1.1 varnish (Varnish/7.1)'), 'varnish'],
  ['the last of several is the nearest', VIA('1.0 fred, 1.1 cache.example (squid/5.7)'), 'squid'],
  ['a name that says nothing about the software', VIA('1.1 gateway'), null],
  [
    'near miss: a Server header of other software may be that of a server behind',
    VIA('1.1 varnish', NGINX),
    null,
  ],
  ['Server and Via agree', VIA('1.1 Caddy', 'Server: Caddy\\r\\n'), 'caddy'],
])('%s', async (_, response, software) => {
  const { chain } = await chainOf(exchange('d', '10.0.0.1:50000 > 10.0.0.2:80', get(), response))
  expect(chain.roles.of('10.0.0.2', 80)).toMatchObject({ proxy: 'its responses carry Via', software })
})

test('a proxy that adds Via and passes the Server header on is told apart from the server behind it', async () => {
  const { chain } = await chainOf(`flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
    flow u 10.0.0.2:40000 > 10.0.0.3:8000 ts
    ${opens('d')}
    ${opens('u')}
    d > P. ${get('/x')}
    u > P. ${get('/x')}
    u < P. ${ok(2, 2, UVICORN)}
    u > .
    d < P. ${VIA('1.1 varnish', UVICORN)}
    d > .`)
  expect(chain.roles.of('10.0.0.2', 80).software).toBe('varnish')
  expect(chain.roles.of('10.0.0.3', 8000)).toMatchObject({ software: 'uvicorn', proxy: null })
})

test('near miss: a proxy that passes Via on has not written it', async () => {
  const { chain } = await chainOf(`flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
    flow u 10.0.0.2:40000 > 10.0.0.3:8000 ts
    ${opens('d')}
    ${opens('u')}
    d > P. ${get('/x')}
    u > P. ${get('/x')}
    u < P. ${VIA('1.1 varnish')}
    u > .
    d < P. ${VIA('1.1 varnish', NGINX)}
    d > .`)
  expect(chain.roles.of('10.0.0.2', 80).software).toBe('nginx')
  expect(chain.roles.of('10.0.0.3', 8000).software).toBe('varnish')
})

test('without headers the place in the chain names them, and says so; none of them is called nginx, which nothing shows', async () => {
  const legs = [1, 2, 3, 4].map((n) => exchange(`f${n}`, `10.0.0.${n}:4000${n} > 10.0.0.${n + 1}:800${n}`))
  expect(await roles(legs.join('\n'))).toEqual({
    '10.0.0.1': 'client (it only opens connections) -',
    '10.0.0.2': 'lb (position in the chain) -',
    '10.0.0.3': 'proxy (position in the chain) -',
    '10.0.0.4': 'upstream (position in the chain) -',
    '10.0.0.5': 'upstream (position in the chain) -',
  })
})

test('who passes on the Server header of what is behind it is not nginx, which puts its own there', async () => {
  // The answers come in the order of the legs: the one behind first.
  const nested = (server: string): string => `flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
    flow u 10.0.0.2:40000 > 10.0.0.3:8000 ts
    ${opens('d')}
    d > P. ${get('/p')}
    ${opens('u', '+0.0002')}
    u > P. ${get('/p')}
    u < P. ${ok(2, 2, server)}
    d < P. ${ok(2, 2, server)}
    ${clientEnds('d', '+0.01')}`
  expect(await roles(nested(UVICORN))).toMatchObject({
    '10.0.0.2': 'lb (position in the chain) -',
    '10.0.0.3': 'upstream (position in the chain) uvicorn',
  })
  // Near miss: one that says nothing of its own and passes nothing on.
  const silent = nested(UVICORN).replace(`d < P. ${ok(2, 2, UVICORN)}`, `d < P. ${ok()}`)
  expect(await roles(silent)).toMatchObject({ '10.0.0.2': 'proxy (position in the chain) -' })
})

test('a proxy that only calls stands before nginx; AWS ALB is a load balancer', async () => {
  const through = `${exchange('d', '10.0.0.9:50000 > 10.0.0.2:80', get('/', 'X-Forwarded-For: 10.0.0.1\\r\\n'), ok(2, 2, NGINX))}
    ${exchange('u', '10.0.0.2:40000 > 10.0.0.3:8000')}`
  expect(await roles(through)).toMatchObject({
    '10.0.0.9': 'lb (its requests carry X-Forwarded-For) -',
    '10.0.0.2': 'nginx (headers) nginx',
  })
  const alb = `${exchange('d', '10.0.0.1:50000 > 10.0.0.2:80', get(), ok(2, 2, 'Server: awselb/2.0\\r\\n'))}
    ${exchange('u', '10.0.0.2:40000 > 10.0.0.3:8000')}`
  expect(await roles(alb)).toMatchObject({ '10.0.0.2': 'lb (headers) AWS ALB' })
  // Near miss: nothing stands behind what it calls.
  expect(
    await roles(exchange('d', '10.0.0.9:50000 > 10.0.0.2:80', get('/', 'X-Forwarded-For: 10.0.0.1\\r\\n'))),
  ).toMatchObject({ '10.0.0.9': 'proxy (its requests carry X-Forwarded-For) -' })
})
