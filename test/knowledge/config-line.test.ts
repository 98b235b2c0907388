import { describe, expect, it } from 'vitest'
import { withValue } from '../../src/knowledge/config-line.js'
import { entry, timers } from '../../src/knowledge/timers.js'

function line(id: string, seconds = 120): string | null {
  const timer = entry(id)
  if (timer === null) throw new Error(`no setting ${id}`)
  return withValue(timer, seconds)
}

describe('the line of a setting with another value', () => {
  it.each([
    ['nginx.proxy_read_timeout', 'proxy_read_timeout 120s;'],
    ['nginx.keepalive_time', 'keepalive_time 120s;'],
    ['nginx.stream.proxy_timeout', 'stream { server { proxy_timeout 120s; } }'],
    ['nginx.keepalive_timeout', 'keepalive_timeout 120s;'],
    ['traefik.idleTimeout', 'entryPoints.web.transport.respondingTimeouts.idleTimeout: 120s'],
    ['openai.sdk.timeout', 'OpenAI(timeout=120.0)'],
    ['haproxy.timeout_server', 'timeout server 120s'],
    ['uvicorn.timeout_keep_alive', 'uvicorn app:app --timeout-keep-alive 120'],
    ['gunicorn.keepalive', 'keepalive = 120'],
    ['node.keepAliveTimeout', 'server.keepAliveTimeout = 120000'],
    ['tornado.idle_connection_timeout', 'HTTPServer(idle_connection_timeout=120)'],
    ['httpx.timeout', 'httpx.Client(timeout=120.0)'],
    ['anthropic.sdk.connect', 'httpx.Timeout(600, connect=120.0)'],
    ['envoy.stream_idle_timeout', 'stream_idle_timeout: 120s'],
    ['aws.alb.idle_timeout.response', 'idle_timeout.timeout_seconds=120'],
    ['kong.read_timeout', 'service.read_timeout: 120000'],
    ['dotnet.PooledConnectionIdleTimeout', 'PooledConnectionIdleTimeout = TimeSpan.FromSeconds(120)'],
    ['curl.max-time', 'curl --max-time 120'],
  ])('%s', (id, text) => {
    expect(line(id)).toBe(text)
  })

  it.each([
    ['its unit is not written', 'node.requestTimeout'],
    ['it counts something else', 'linux.tcp_syn_retries'],
    ['it cannot be set', 'aws.natgw.idle'],
    ['it takes minutes', 'azure.lb.idle'],
    ['it is a rate', 'kestrel.MinRequestBodyDataRate'],
    ['two values stand in its place', 'requests.timeout'],
    ['it is a clock time', 'iis.connectionTimeout'],
  ])('is not told when %s: %s', (_, id) => {
    expect(line(id)).toBeNull()
  })

  it('stays within a range', () => {
    expect(line('aws.cloudfront.origin_read', 90)).toBe('OriginReadTimeout 90')
    expect(line('aws.cloudfront.origin_read', 121)).toBeNull()
    expect(line('aws.alb.client_keep_alive', 90)).toBe('client_keep_alive.seconds=90')
    expect(line('aws.alb.client_keep_alive', 30)).toBeNull()
    expect(line('aws.nlb.tcp_idle', 6001)).toBeNull()
  })

  it('holds the value in seconds or in milliseconds', () => {
    for (const timer of timers()) {
      const text = withValue(timer, 123)
      if (text === null) continue
      expect(text).toMatch(/123(000)?(?!\d)|123s/)
    }
  })
})
