import { describe, expect, it } from 'vitest'
import { candidates } from '../../src/knowledge/look-up.js'
import { lookUpPolicy } from '../../src/knowledge/policy.js'
import type { TimerMatch, TimerQuery } from '../../src/knowledge/types.js'

/** A close about which nothing is known but what the row says. */
function close(known: Partial<TimerQuery> & Pick<TimerQuery, 'closer' | 'phase'>): TimerQuery {
  return {
    flag: 'FIN',
    gapSeconds: null,
    ageSeconds: null,
    requestAgeSeconds: null,
    requests: null,
    status: null,
    component: null,
    role: null,
    user: [],
    ...known,
  }
}

const find = (query: TimerQuery, id: string): TimerMatch | undefined =>
  candidates(query).find((match) => match.id === id)

/** [what, close, id expected first, basis, fits] */
type Row = readonly [
  string,
  Partial<TimerQuery> & Pick<TimerQuery, 'closer' | 'phase'>,
  string,
  TimerMatch['basis'],
  boolean,
]

const waiting = { closer: 'initiator', phase: 'awaiting-response' } as const
const stalled = { closer: 'initiator', phase: 'mid-response' } as const
const idle = { closer: 'acceptor', phase: 'between-requests' } as const
const pooled = { closer: 'initiator', phase: 'between-requests' } as const
const silent = { closer: 'acceptor', phase: 'awaiting-request' } as const
const head = { closer: 'acceptor', phase: 'mid-request' } as const
const working = { closer: 'acceptor', phase: 'awaiting-response' } as const

const rows: readonly Row[] = [
  ['nginx read timeout', { ...waiting, gapSeconds: 60.002 }, 'nginx.proxy_read_timeout', 'default', true],
  [
    'a little early',
    { ...waiting, gapSeconds: 59.999, status: 504 },
    'nginx.proxy_read_timeout',
    'default',
    true,
  ],
  [
    'early by the lazy re-arm',
    { ...waiting, gapSeconds: 59.74, component: 'nginx' },
    'nginx.proxy_read_timeout',
    'default',
    true,
  ],
  [
    'a little late',
    { ...waiting, gapSeconds: 60.02, component: 'nginx' },
    'nginx.proxy_read_timeout',
    'default',
    true,
  ],
  [
    'configured to a value nobody else has',
    { ...waiting, gapSeconds: 12.7, component: 'nginx' },
    'nginx.proxy_read_timeout',
    'unknown-value',
    false,
  ],
  [
    'configured to a value many have',
    { ...waiting, gapSeconds: 120.001, component: 'nginx' },
    'nginx.proxy_read_timeout',
    'typical',
    true,
  ],
  [
    'a stream that stalled',
    { ...stalled, gapSeconds: 60.001, component: 'nginx' },
    'nginx.proxy_read_timeout.body',
    'default',
    true,
  ],
  [
    'a WebSocket without heartbeat',
    { ...stalled, phase: 'tunnel', gapSeconds: 60.001, component: 'nginx' },
    'nginx.proxy_read_timeout.body',
    'default',
    true,
  ],
  [
    'HAProxy aborts its server leg',
    { ...waiting, flag: 'RST', gapSeconds: 50.001, component: 'haproxy', status: 504 },
    'haproxy.timeout_server',
    'variant',
    true,
  ],
  [
    'HAProxy known by its RST and its 504 alone',
    { ...waiting, flag: 'RST', gapSeconds: 50.001, status: 504 },
    'haproxy.timeout_server',
    'variant',
    true,
  ],
  [
    'HAProxy configured to 7.3 s',
    { ...waiting, flag: 'RST', gapSeconds: 7.3, component: 'haproxy' },
    'haproxy.timeout_server',
    'unknown-value',
    false,
  ],
  [
    'HAProxy while the request body stalls',
    { ...waiting, phase: 'mid-request', flag: 'RST', gapSeconds: 50, component: 'haproxy' },
    'haproxy.timeout_server',
    'variant',
    true,
  ],
  [
    'a 408 to a connection that sent nothing is not nginx',
    { ...silent, ageSeconds: 10.001, status: 408, component: 'haproxy' },
    'haproxy.timeout_http-request',
    'typical',
    true,
  ],
  [
    'the same, software unknown',
    { ...silent, ageSeconds: 71, status: 408 },
    'node.headersTimeout',
    'default',
    true,
  ],
  [
    'a pool that HAProxy purges',
    { ...pooled, flag: 'RST', gapSeconds: 15.02 },
    'haproxy.pool-purge-delay',
    'default',
    true,
  ],
  [
    'the special timer before the general one',
    { ...idle, gapSeconds: 7.3, component: 'haproxy' },
    'haproxy.timeout_http-keep-alive',
    'unknown-value',
    false,
  ],
  [
    'an unusual value while the head is incomplete',
    { ...head, part: 'head', gapSeconds: 7.1, ageSeconds: 7.3, requestAgeSeconds: 7.2, component: 'nginx' },
    'nginx.client_header_timeout',
    'unknown-value',
    false,
  ],
  [
    'an unusual value while the body is incomplete',
    { ...head, part: 'body', gapSeconds: 7.3, ageSeconds: 9, requestAgeSeconds: 9, component: 'nginx' },
    'nginx.client_body_timeout',
    'unknown-value',
    false,
  ],
  [
    'a tunnel through HAProxy, on its server leg',
    { ...stalled, phase: 'tunnel', flag: 'RST', gapSeconds: 7.3, component: 'haproxy' },
    'haproxy.timeout_tunnel',
    'unknown-value',
    false,
  ],
  ['uvicorn', { ...idle, gapSeconds: 5.001 }, 'uvicorn.timeout_keep_alive', 'default', true],
  [
    'uvicorn under gunicorn',
    { ...idle, gapSeconds: 2.001, component: 'uvicorn' },
    'gunicorn.uvicornworker.keepalive',
    'default',
    true,
  ],
  ['gunicorn polls', { ...idle, gapSeconds: 2.4 }, 'gunicorn.keepalive', 'default', true],
  [
    'gunicorn at the end of its poll',
    { ...idle, gapSeconds: 2.99, component: 'gunicorn' },
    'gunicorn.keepalive',
    'default',
    true,
  ],
  [
    'a gunicorn worker dies late',
    { ...working, gapSeconds: 30.9, requestAgeSeconds: 30.9 },
    'gunicorn.timeout',
    'default',
    true,
  ],
  ['Node adds a second', { ...idle, gapSeconds: 6.0 }, 'node.keepAliveTimeout', 'default', true],
  [
    'Node from v26',
    { ...idle, gapSeconds: 66.003, component: 'node' },
    'node.keepAliveTimeout',
    'variant',
    true,
  ],
  ['nginx keep-alive', { ...idle, gapSeconds: 75.0 }, 'nginx.keepalive_timeout', 'default', true],
  [
    'nginx keep-alive as packaged',
    { ...idle, gapSeconds: 64.93, component: 'nginx' },
    'nginx.keepalive_timeout',
    'variant',
    true,
  ],
  [
    'ALB idle',
    { ...idle, gapSeconds: 60.9, component: 'aws-alb' },
    'aws.alb.idle_timeout.idle',
    'default',
    true,
  ],
  [
    'ALB waiting',
    { ...waiting, gapSeconds: 61.4, role: 'lb', status: 504 },
    'aws.alb.idle_timeout.response',
    'default',
    true,
  ],
  ['no byte at all', { ...silent, ageSeconds: 60.0 }, 'nginx.client_header_timeout', 'default', true],
  [
    'no byte, gap taken from the handshake',
    { ...silent, gapSeconds: 60.0 },
    'nginx.client_header_timeout',
    'default',
    true,
  ],
  [
    'half a head: the clock runs from the handshake',
    { ...head, gapSeconds: 0.6, ageSeconds: 60.01, requestAgeSeconds: 58, component: 'nginx' },
    'nginx.client_header_timeout',
    'default',
    true,
  ],
  [
    'half a body: the clock runs from the last byte',
    { ...head, gapSeconds: 59.8, ageSeconds: 80, requestAgeSeconds: 79, component: 'nginx' },
    'nginx.client_body_timeout',
    'default',
    true,
  ],
  [
    'a zero window leaves no packet',
    { ...head, phase: 'peer-not-reading', flag: 'SILENCE', gapSeconds: 60, component: 'nginx' },
    'nginx.send_timeout',
    'default',
    true,
  ],
  [
    'reset_timedout_connection turns it into a RST',
    { ...head, phase: 'peer-not-reading', flag: 'RST', gapSeconds: 60, component: 'nginx' },
    'nginx.send_timeout',
    'default',
    true,
  ],
  [
    'fetch of Node',
    { ...pooled, gapSeconds: 4.1, role: 'application' },
    'undici.keepAliveTimeout',
    'default',
    true,
  ],
  [
    'nginx pool',
    { ...pooled, gapSeconds: 60.003, component: 'nginx' },
    'nginx.upstream.keepalive_timeout',
    'default',
    true,
  ],
  [
    'connection age',
    { ...idle, gapSeconds: 0.001, ageSeconds: 3600.05, component: 'nginx' },
    'nginx.keepalive_time',
    'default',
    true,
  ],
  [
    'request count',
    { ...idle, gapSeconds: 0.001, requests: 1000, component: 'nginx' },
    'nginx.keepalive_requests',
    'default',
    true,
  ],
  [
    'curl --max-time',
    { ...waiting, gapSeconds: 9.99, requestAgeSeconds: 10, component: 'curl' },
    'curl.max-time',
    'typical',
    true,
  ],
  [
    'Envoy route timeout',
    { ...waiting, gapSeconds: 15.01, component: 'envoy', status: 504 },
    'envoy.route.timeout',
    'default',
    true,
  ],
  [
    'unanswered SYNs',
    {
      closer: 'initiator',
      phase: 'connecting',
      flag: 'SILENCE',
      ageSeconds: 60,
      component: 'nginx',
      status: 504,
    },
    'nginx.proxy_connect_timeout',
    'default',
    true,
  ],
  [
    'a NAT gateway forgets',
    { closer: 'acceptor', phase: 'between-requests', flag: 'SILENCE', gapSeconds: 350.5 },
    'aws.nlb.tcp_idle',
    'default',
    true,
  ],
  [
    'Apache answers 502',
    { ...waiting, gapSeconds: 60.1, status: 502 },
    'apache.ProxyTimeout',
    'default',
    true,
  ],
  [
    'Varnish answers 503',
    { ...waiting, gapSeconds: 60.4, requestAgeSeconds: 60.4, status: 503 },
    'varnish.first_byte_timeout',
    'default',
    true,
  ],
]

describe('the best candidate', () => {
  it.each(rows)('%s', (_what, query, id, basis, fits) => {
    const [best] = candidates(close(query))
    expect(best).toMatchObject({ id, basis, fits })
  })
})

describe('near misses', () => {
  it.each([
    ['nginx, too early', { ...waiting, gapSeconds: 59.6, component: 'nginx' }],
    ['nginx, too late', { ...waiting, gapSeconds: 60.2, component: 'nginx' }],
    ['uvicorn, too late', { ...idle, gapSeconds: 5.2, component: 'uvicorn' }],
    ['uvicorn, too early', { ...idle, gapSeconds: 4.9, component: 'uvicorn' }],
    ['gunicorn, beyond its poll', { ...idle, gapSeconds: 3.2, component: 'gunicorn' }],
    ['Node, between its two moments', { ...idle, gapSeconds: 5.6, component: 'node' }],
    ['nginx keep-alive', { ...idle, gapSeconds: 74.6, component: 'nginx' }],
  ] as const)('%s', (_what, query) => {
    const found = candidates(close(query))
    expect(found[0]).toMatchObject({ component: query.component, fits: false })
    expect(found.filter(({ component, fits }) => fits && component === query.component)).toEqual([])
  })

  it('a wrong side, phase or wire form excludes', () => {
    const all = (query: Partial<TimerQuery> & Pick<TimerQuery, 'closer' | 'phase'>): readonly string[] =>
      candidates(close(query)).map(({ id }) => id)
    expect(all({ ...working, gapSeconds: 60 })).not.toContain('nginx.proxy_read_timeout')
    expect(all({ ...pooled, gapSeconds: 60 })).not.toContain('nginx.proxy_read_timeout')
    expect(all({ ...waiting, flag: 'RST', gapSeconds: 60 })).not.toContain('nginx.proxy_read_timeout')
    expect(all({ ...silent, ageSeconds: 60, status: 408 })).not.toContain('nginx.client_header_timeout')
    expect(all({ ...waiting, gapSeconds: 60, status: 503 })).not.toContain('nginx.proxy_read_timeout')
  })
})

describe('known software', () => {
  it('excludes the others when something of its own fits', () => {
    const found = candidates(close({ ...idle, gapSeconds: 60.9, component: 'aws-alb' }))
    expect(found.every(({ component }) => component === 'aws-alb')).toBe(true)
  })

  it('lets the others in behind it when nothing of its own fits', () => {
    const found = candidates(close({ ...idle, gapSeconds: 5.001, component: 'tomcat' }))
    expect(found[0]).toMatchObject({ id: 'tomcat.keepAliveTimeout' })
    expect(found.map(({ id }) => id)).toContain('uvicorn.timeout_keep_alive')
  })

  it('has the timers of what it is built on', () => {
    const [best] = candidates(close({ ...waiting, gapSeconds: 60, component: 'openresty' }))
    expect(['openresty.lua_socket_read_timeout', 'nginx.proxy_read_timeout']).toContain(best?.id)
    expect(
      find(close({ ...idle, gapSeconds: 75, component: 'openresty' }), 'nginx.keepalive_timeout')?.fits,
    ).toBe(true)
  })

  it('is no reason for silence when it has no timer on that side', () => {
    expect(candidates(close({ ...waiting, gapSeconds: 60, component: 'waitress' })).length).toBeGreaterThan(0)
    expect(
      candidates(close({ ...waiting, gapSeconds: 60, component: 'never-heard-of' })).length,
    ).toBeGreaterThan(0)
  })
})

describe('configured values', () => {
  const user = [{ component: 'nginx', setting: 'proxy_read_timeout', seconds: 41.6 }]

  it('win, also over defaults that fit better and when the software is not known', () => {
    const [best] = candidates(close({ ...waiting, gapSeconds: 41.598, user }))
    expect(best).toMatchObject({
      id: 'nginx.proxy_read_timeout',
      seconds: 41.6,
      basis: 'configured',
      fits: true,
    })
    expect(best?.off).toBeCloseTo(-0.002, 6)
    const exact = [{ component: 'nginx', setting: 'proxy_read_timeout', seconds: 59.95 }]
    expect(candidates(close({ ...waiting, gapSeconds: 60, user: exact }))[0]).toMatchObject({
      seconds: 59.95,
    })
  })

  it('replace the default', () => {
    const match = find(
      close({ ...waiting, gapSeconds: 60, component: 'nginx', user }),
      'nginx.proxy_read_timeout',
    )
    expect(match).toMatchObject({ basis: 'configured', fits: false, seconds: 41.6 })
    expect(candidates(close({ ...waiting, gapSeconds: 60, component: 'nginx', user }))[0]?.id).toBe(
      'nginx.fastcgi_read_timeout',
    )
  })

  it('of 0 switch a timer off', () => {
    const off = [{ component: 'nginx', setting: 'keepalive_timeout', seconds: 0 }]
    expect(find(close({ ...idle, gapSeconds: 75, user: off }), 'nginx.keepalive_timeout')).toBeUndefined()
  })

  it('may be several for one setting', () => {
    const several = [30.5, 41.6].map((seconds) => ({
      component: 'nginx',
      setting: 'proxy_read_timeout',
      seconds,
    }))
    expect(candidates(close({ ...waiting, gapSeconds: 30.5, user: several }))[0]).toMatchObject({
      seconds: 30.5,
    })
    expect(candidates(close({ ...waiting, gapSeconds: 41.6, user: several }))[0]).toMatchObject({
      seconds: 41.6,
    })
  })

  it('count for every timer of the setting, in its users’ spelling', () => {
    const spelled = [{ component: 'HAProxy', setting: 'timeout server', seconds: 7.3 }]
    for (const phase of ['awaiting-response', 'mid-response'] as const) {
      const [best] = candidates(
        close({ closer: 'initiator', phase, flag: 'RST', gapSeconds: 7.301, user: spelled }),
      )
      expect(best).toMatchObject({ component: 'haproxy', basis: 'configured', fits: true })
    }
  })

  it('of settings nobody knows are listed when they fit', () => {
    const own = [{ component: 'our-gateway', setting: 'patience', seconds: 33 }]
    expect(candidates(close({ ...waiting, gapSeconds: 33.01, user: own }))[0]).toMatchObject({
      id: 'our-gateway.patience',
      basis: 'configured',
      verified: 'user',
      fits: true,
    })
    expect(find(close({ ...waiting, gapSeconds: 34, user: own }), 'our-gateway.patience')).toBeUndefined()
  })
})

describe('the list', () => {
  const closers = ['initiator', 'acceptor'] as const
  const phases = [
    'connecting',
    'awaiting-request',
    'mid-request',
    'awaiting-response',
    'mid-response',
    'peer-not-reading',
    'between-requests',
    'tunnel',
    'closing',
  ] as const
  const queries = closers.flatMap((closer) =>
    phases.flatMap((phase) =>
      (['FIN', 'RST', 'SILENCE'] as const).flatMap((flag) =>
        [null, 0.01, 5, 12.7, 60, 350].flatMap((gapSeconds) =>
          [null, 'nginx', 'node', 'uvicorn'].map((component) =>
            close({ closer, phase, flag, gapSeconds, ageSeconds: gapSeconds, component }),
          ),
        ),
      ),
    ),
  )

  it('is bounded, names no timer twice and is the same every time', () => {
    for (const query of queries) {
      const found = candidates(query)
      const ids = found.map(({ id }) => id)
      expect(ids.length).toBeLessThanOrEqual(lookUpPolicy.candidates)
      expect(new Set(ids).size).toBe(ids.length)
      expect(candidates(query)).toEqual(found)
    }
  })

  it('says consistently whether and by how much a value fits', () => {
    for (const match of queries.flatMap(candidates)) {
      expect(Number.isFinite(match.off)).toBe(true)
      if (match.basis === 'unknown-value') expect(match).toMatchObject({ seconds: null, fits: false, off: 0 })
      else expect(match.seconds).toBeGreaterThan(0)
    }
  })

  it('keeps the timers of a form that no value of theirs matches', () => {
    const found = candidates(close({ ...waiting, gapSeconds: 12.7 }))
    expect(found.length).toBeGreaterThan(3)
    expect(found.every(({ fits }) => !fits)).toBe(true)
  })
})

describe('Windows’ keep-alive probes', () => {
  const reset = { closer: 'initiator', phase: 'between-requests', flag: 'RST' } as const

  it('end a connection after two hours', () => {
    const query = close({ ...reset, gapSeconds: 7200, component: 'windows' })
    expect(find(query, 'windows.keepalive')).toMatchObject({ basis: 'default', fits: true })
  })

  it.each([1, 1.001, 10])('near miss: their interval (%s s) closes nothing', (gapSeconds) => {
    expect(find(close({ ...reset, gapSeconds }), 'windows.keepalive')?.fits ?? false).toBe(false)
    const known = close({ ...reset, gapSeconds, component: 'windows' })
    expect(find(known, 'windows.keepalive')?.fits ?? false).toBe(false)
  })
})
