import { describe, expect, it } from 'vitest'
import { chainOf } from '../helpers/facts-of.js'
import { clientEnds, get, ok, opens } from '../helpers/verdict-of.js'

const NGINX = 'Server: nginx/1.22.1\\r\\n'
const agent = (name: string): string => `User-Agent: ${name}\\r\\n`

/** One exchange on a flow of its own. */
function exchange(name: string, ends: string, request: string, response = ok()): string {
  return `flow ${name} ${ends} ts
    ${opens(name)}
    ${name} > P. ${request}
    ${name} < P. ${response}
    ${name} > .
    ${clientEnds(name, '+0.01')}`
}

async function caller(ladder: string, at = 0, rules: Parameters<typeof chainOf>[1] = []) {
  const { chain, facts } = await chainOf(ladder, rules)
  const flow = facts[at]
  if (flow === undefined) throw new Error('no flow')
  return chain.around(flow)
}

describe('the software that opened a flow', () => {
  it('is what its User-Agent names when it calls a proxy', async () => {
    const around = await caller(
      exchange('d', '10.0.0.1:50000 > 10.0.0.2:80', get('/', agent('curl/7.88.1')), ok(2, 2, NGINX)),
    )
    expect(around.callerSoftware).toBe('curl')
  })

  it('is not known when the server may stand behind a proxy: that one passes the User-Agent on', async () => {
    const around = await caller(
      exchange('u', '10.0.0.2:40000 > 10.0.0.3:8000', get('/', agent('curl/7.88.1'))),
    )
    expect(around.callerSoftware).toBeNull()
  })

  it('is not what X-Forwarded-For came with', async () => {
    const forwarded = `${agent('curl/7.88.1')}X-Forwarded-For: 1.2.3.4\\r\\n`
    const around = await caller(
      exchange('u', '10.0.0.2:40000 > 10.0.0.3:8000', get('/', forwarded), ok(2, 2, NGINX)),
    )
    expect(around.callerSoftware).toBeNull()
  })

  it('is a proxy’s own when the request that came in carried another User-Agent', async () => {
    const chain = `flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
      flow u 10.0.0.2:40000 > 10.0.0.3:8000 ts
      ${opens('d')}
      ${opens('u')}
      d > P. ${get('/x', `${agent('curl/7.88.1')}X-Request-Id: 7\\r\\n`)}
      u > P. ${get('/x', `${agent('python-httpx/0.27')}X-Request-Id: 7\\r\\n`)}
      u < P. ${ok()}
      u > .
      d < P. ${ok()}
      d > .`
    expect((await caller(chain, 1)).callerSoftware).toBe('httpx')
  })

  it('is nobody’s when two libraries share the connection', async () => {
    const around = await caller(`flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
      ${opens('d')}
      d > P. ${get('/', agent('curl/7.88.1'))}
      d < P. ${ok(2, 2, NGINX)}
      d > P. ${get('/', agent('python-httpx/0.27'))}
      d < P. ${ok(2, 2, NGINX)}
      d > .`)
    expect(around.callerSoftware).toBeNull()
  })
})

describe('the software that serves', () => {
  it('is told by port: two servers on one machine differ', async () => {
    const both = `${exchange('a', '10.0.0.1:50000 > 10.0.0.2:80', get(), ok(2, 2, NGINX))}
      ${exchange('b', '10.0.0.1:50001 > 10.0.0.2:8000', get(), ok(2, 2, 'Server: uvicorn\\r\\n'))}`
    expect((await caller(both, 0)).serverSoftware).toBe('nginx')
    expect((await caller(both, 1)).serverSoftware).toBe('uvicorn')
  })

  it('is not what another port of the machine tells, where an answer names none', async () => {
    const front = exchange('a', '10.0.0.1:50000 > 10.0.0.2:80', get(), ok(2, 2, NGINX))
    const other = exchange('b', '10.0.0.1:50001 > 10.0.0.2:8000', get(), ok(2, 2, 'Server: App\\r\\n'))
    expect((await caller(`${front}\n${other}`, 1)).serverSoftware).toBeNull()
    // Near miss: nothing was answered there.
    const unanswered = `flow b 10.0.0.1:50001 > 10.0.0.2:8000 ts\n${opens('b')}\nb > P. ${get()}\n+5 b < F.`
    expect((await caller(`${front}\n${unanswered}`, 1)).serverSoftware).toBe('nginx')
  })

  it('is the role’s, when the user’s word for it is a name of software', async () => {
    const ladder = exchange('a', '10.0.0.1:50000 > 10.0.0.2:80', get())
    const named = await caller(ladder, 0, [{ role: 'haproxy', ip: '10.0.0.2', port: null }])
    expect(named.serverSoftware).toBe('haproxy')
    const other = await caller(ladder, 0, [{ role: 'app', ip: '10.0.0.2', port: null }])
    expect(other.serverSoftware).toBeNull()
  })
})
