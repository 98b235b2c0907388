import { expect, test } from 'vitest'
import { brief, flowsOf, get, ok, opens, reportOf, timerText } from '../helpers/verdict-of.js'

const AT_NGINX = { capture: { link: 'LINUX_SLL2', local: '10.0.0.2' } } as const

/** nginx on 10.0.0.2 passes a request on to an application that listens on the loopback address, and gives up on it after `seconds`. */
function givesUp(seconds = 7.4, { app = '127.0.0.1', own = '127.0.0.1' } = {}): string {
  return `
    flow d 10.0.0.1:50001 > 10.0.0.2:80 ts
    flow u ${own}:40001 > ${app}:8000 ts
    ${opens('d')}
    d > P. ${get('/slow')}
    d < .
    ${opens('u', '0.01')}
    u > P. ${get('/slow')}
    u < .
    +${seconds} u > F.
    u < .
    d < P. 'HTTP/1.1 504 Gateway Time-out\\r\\nServer: nginx/1.22.1\\r\\nContent-Length: 2\\r\\n\\r\\nno'
    d > .
    +0.01 d > F.
    d < F.
    d > .
    +0.5 u < F.
    u > R`
}

test('an application on the loopback address of the host that serves the clients is the leg behind it', async () => {
  const { d, u } = await flowsOf(givesUp(), AT_NGINX)
  expect(brief(u!)).toBe('idle-timeout problem likely client awaiting-response')
  expect(u!.verdict.summary).toMatch(/^nginx gave up on .* after 7\.4\d\d s .* and sent its client a 504/)
  expect(timerText(u)).toMatch(/^nginx\.proxy_read_timeout 7\.4/)
  expect(d!.links.map(({ stream, relation }) => [stream, relation])).toEqual([[u!.stream, 'upstream']])
})

test('the same with the address that the clients call', async () => {
  const text = givesUp(7.4, { app: '10.0.0.2', own: '10.0.0.2' })
  const { u } = await flowsOf(text, AT_NGINX)
  expect(brief(u!)).toBe('idle-timeout problem likely client awaiting-response')
  expect(u!.verdict.summary).toMatch(/^nginx gave up on /)
})

test('the software of the application is not taken for that of the program before it', async () => {
  const answered = `
    flow d 10.0.0.1:50001 > 10.0.0.2:443 ts
    flow u 127.0.0.1:40001 > 127.0.0.1:8000 ts
    flow e 10.0.0.1:50002 > 10.0.0.2:80 ts
    ${opens('d')}
    d > P. '\\x17\\x03\\x03\\x00\\x1eabcdefghijklmnopqrstuvwxyz0123'
    d < .
    ${opens('u', '0.001')}
    u > P. ${get('/a')}
    u < P. 'HTTP/1.1 200 OK\\r\\nServer: uvicorn\\r\\nContent-Length: 2\\r\\n\\r\\nok'
    u > .
    d < P. '\\x17\\x03\\x03\\x00\\x1eabcdefghijklmnopqrstuvwxyz0123'
    d > .
    ${opens('e', '1.0')}
    e > P. ${get('/b')}
    e < P. 'HTTP/1.1 200 OK\\r\\nServer: nginx\\r\\nContent-Length: 2\\r\\n\\r\\nok'
    e > .`
  const report = await reportOf(answered, AT_NGINX)
  const software = (stream: number): unknown => {
    const flow = report.flows.find((one) => one.stream === stream)
    return [flow?.client.software, flow?.server.software]
  }
  expect(software(0)).toEqual([null, 'nginx'])
  expect(software(1)).toEqual(['nginx', 'uvicorn'])
})

test('loopback addresses of a capture that does not tell its own host belong to nobody', async () => {
  const { d } = await flowsOf(givesUp(), { capture: { link: 'EN10MB' } })
  expect(d!.links).toEqual([])
})

test('a host that only calls itself has no leg behind', async () => {
  const { u } = await flowsOf(
    `
    flow u 127.0.0.1:40001 > 127.0.0.1:8000 ts
    ${opens('u')}
    u > P. ${get('/a')}
    u < P. ${ok()}
    u > .`,
    AT_NGINX,
  )
  expect(u!.links).toEqual([])
  expect(u!.client.role).toBe('client')
})
