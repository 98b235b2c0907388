import { expect, test } from 'vitest'
import { candidates } from '../../src/knowledge/look-up.js'
import { spoken } from '../../src/verdicts/spoken-timers.js'

/** nginx gave up on its server after 60 s without an answer, although proxy_read_timeout was set otherwise. */
const found = candidates({
  closer: 'initiator',
  flag: 'FIN',
  phase: 'awaiting-response',
  gapSeconds: 60,
  ageSeconds: 60.01,
  requestAgeSeconds: 60,
  requests: 1,
  status: 504,
  component: 'nginx',
  role: 'proxy',
  user: [{ component: 'nginx', setting: 'proxy_read_timeout', seconds: 41.6 }],
})
const ids = (
  protocol: 'http1' | 'http2' | 'tls' | 'opaque',
  by: 'client' | 'server' = 'client',
  appProtocol: 'fastcgi' | 'uwsgi' | null = null,
): string[] => spoken(found, by, { protocol, appProtocol }).map(({ id }) => id)

test('no timer of fastcgi_pass, uwsgi_pass or grpc_pass ends a wait for an HTTP/1 response', () => {
  expect(found[0].id).toBe('nginx.fastcgi_read_timeout')
  expect(ids('http1').filter((id) => /fastcgi|uwsgi|grpc/.test(id))).toEqual([])
  expect(ids('http1')[0]).toBe('nginx.proxy_read_timeout')
})

test('near misses: what cannot be read may be any of them, and a server has none of them', () => {
  for (const protocol of ['opaque', 'tls'] as const) expect(ids(protocol)).toEqual(found.map(({ id }) => id))
  expect(ids('http1', 'server')).toEqual(found.map(({ id }) => id))
})

test.each(['fastcgi', 'uwsgi'] as const)(
  'what speaks %s is waited for with the timer of that',
  (language) => {
    const own = ids('opaque', 'client', language)
    expect(own[0]).toBe(`nginx.${language}_read_timeout`)
    expect(own.join()).not.toContain('nginx.proxy_read_timeout')
  },
)
