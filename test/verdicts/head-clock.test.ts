import { describe, expect, it } from 'vitest'
import {
  clientEnds,
  flowsOf,
  get,
  ok,
  opens,
  served,
  status,
  timerText,
  verdictOf,
} from '../helpers/verdict-of.js'

/** HAProxy's own page, as it writes it, and its close. */
const gaveUp = (
  flow: string,
  wait: string,
): string => `${wait} ${flow} < P. 'HTTP/1.1 408 Request Time-out\\r\\n\
Content-length: 110\\r\\nCache-Control: no-cache\\r\\nConnection: close\\r\\nContent-Type: text/html\\r\\n\\r\\n${'x'.repeat(110)}'
    ${flow} < F.
    ${flow} > F.
    ${flow} < .`

/** A head that comes in pieces, so many seconds after the one before each, and never ends. */
const head = (flow: string, pieces: readonly number[], wait: string, at = '0.0'): string => `
    ${opens(flow, at)}
    ${pieces
      .map(
        (after, n) => `+${after} ${flow} > P. '${n === 0 ? 'GET / HTTP/1.1\\r\\nHost: h\\r\\nX-Half: ' : 'a'}'
    +0.0001 ${flow} < .`,
      )
      .join('\n    ')}
    ${gaveUp(flow, wait)}`

const port = (flow: string, n: number): string => `flow ${flow} 10.0.0.1:${50000 + n} > 10.0.0.2:8080 ts`

describe('a head that HAProxy waited for in vain', () => {
  it('in one piece: timeout http-request and timeout client show the same, and both are told', async () => {
    const flow = await verdictOf(`${port('a', 0)}${head('a', [0.4], '+9.1014')}`)
    expect(timerText(flow)).toMatch(/^haproxy.timeout_http-request 9\.10[123]$/)
    expect(flow.verdict.summary).toMatch(/9\.10\d s after the last byte of a request/)
    expect(flow.verdict.remarks.join()).toContain(
      'haproxy.timeout_client may have fired instead: all that came',
    )
    expect(flow.verdict.fix.join()).toContain('timeout client must not be shorter than that either')
  })

  it('in pieces: a value that people choose, from the first byte, is timeout http-request', async () => {
    const flow = await verdictOf(`${port('a', 0)}${head('a', [0.4, 1.1, 1.2], '+2.7014')}`)
    expect(timerText(flow)).toBe('haproxy.timeout_http-request 5')
    expect(flow.verdict.summary).toContain('after the first byte of a request')
    expect(flow.verdict.remarks.join()).not.toContain('may have fired instead')
  })

  it('in pieces, with no value that anybody chooses: the other setting and its seconds are told', async () => {
    const flow = await verdictOf(`${port('a', 0)}${head('a', [0.4, 1.1, 1.2], '+4.4014')}`)
    expect(timerText(flow)).toMatch(/^haproxy.timeout_http-request 6\.70\d$/)
    expect(flow.verdict.remarks.join()).toMatch(
      /haproxy.timeout_client may have fired instead, if it is 4\.40\d s: it counts from the last byte/,
    )
  })

  it('in pieces, where three flows ended after the same silence: timeout client', async () => {
    const flows = await flowsOf(
      [
        [0.4, 1.1, 1.2],
        [0.1, 2.2],
        [0.3, 0.7, 1.9],
      ]
        .map((pieces, n) => `${port(`f${n}`, n)}${head(`f${n}`, pieces, '+4.4014', `${n}.0`)}`)
        .join('\n    '),
    )
    for (const flow of Object.values(flows))
      expect(timerText(flow)).toMatch(/^haproxy.timeout_client 4\.40\d$/)
  })

  it('a head that came before the response to the request before: its clock begins with the end of that', async () => {
    const flow = await verdictOf(`${port('a', 0)}
    ${opens('a')}
    a > P. ${get('/slow')}
    +1 a > P. 'GET / HTTP/1.1\\r\\nX-Half: '
    +0.0001 a < .
    +1 a < P. ${ok()}
    a > .
    ${gaveUp('a', '+5.0014')}`)
    expect(timerText(flow)).toBe('haproxy.timeout_http-request 5')
  })
})

it('near miss: nginx counts from the handshake whenever the head comes', async () => {
  const flow = await verdictOf(`${port('a', 0)}
    ${opens('a')}
    +20 a > P. 'GET / HTTP/1.1\\r\\nX-Half: '
    a < .
    +40 a < F.
    a > F.
    a < .`)
  expect(timerText(flow)).toBe('nginx.client_header_timeout 60')
  expect(flow.verdict.remarks.join()).not.toContain('may have fired instead')
})

it.each([
  ['nginx, whose stream module waits for bytes, too', 'Server: nginx\\r\\n', ''],
  [
    'Node, whose idle timer closes without a word',
    'Date: x\\r\\nConnection: keep-alive\\r\\nKeep-Alive: timeout=5\\r\\n',
    '408',
  ],
])('near miss: %s', async (_, headers, says) => {
  const flows = await flowsOf(`${port('s', 1)}
    ${port('a', 0)}
    ${served('s', '0.0', headers)}
    ${clientEnds('s', '+0.1')}
    ${opens('a', '1.0')}
    +0.2 a > P. 'GET / HTTP/1.1\\r\\nX-Half: '
    a < .
    +59.8 a < ${says === '' ? '.' : `P. ${status(408, 'Request Timeout', 'Connection: close\\r\\n')}`}
    a < F.
    a > F.
    a < .`)
  expect(flows.a?.verdict.class).toBe('idle-timeout')
  expect(flows.a?.verdict.remarks.join()).not.toContain('may have fired instead')
})
