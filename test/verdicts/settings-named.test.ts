import { describe, expect, it } from 'vitest'
import { flowsOf, get, ok, opens, verdictOf } from '../helpers/verdict-of.js'

describe('a request that met the close in the buffer', () => {
  /** The RST comes from the bytes that nobody read, not from the timer. */
  const race = (server: string): string => `flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
    ${opens('a')}
    a > P. ${get('/')}
    a < P. ${ok(2, 2, server)}
    a > .
    +6.005 a > P. ${get('/')}
    +0.003 a < R.`

  it('was closed by the keep-alive timer of the known software', async () => {
    const { verdict } = await verdictOf(race('Keep-Alive: timeout=5\\r\\nServer: Node.js\\r\\n'))
    expect(verdict).toMatchObject({ class: 'keepalive-race', variant: 'in-buffer' })
    expect(verdict.timer?.setting).toBe('node.keepAliveTimeout')
    expect(verdict.fix.join()).toContain('the setting: server.keepAliveTimeout')
  })

  it('has no setting of a box on the path for its cure', async () => {
    const { verdict } = await verdictOf(race('Keep-Alive: timeout=5\\r\\n'))
    expect(verdict).toMatchObject({ class: 'keepalive-race', variant: 'in-buffer' })
    expect(verdict.fix.join()).not.toContain('EstablishedTimeout')
  })
})

describe('who gives up on a response that pauses', () => {
  const stalls = (headers: string): string =>
    [1, 2, 3]
      .map(
        (n) => `flow a${n} 10.0.0.2:${40000 + n} > 10.0.0.3:8000 ts
    ${opens(`a${n}`, `${n}.0`)}
    a${n} > P. ${get('/events', headers)}
    a${n} < P. 'HTTP/1.1 200 OK\\r\\nContent-Length: 500\\r\\n\\r\\nsome'
    a${n} > .
    +5.0005 a${n} > F.
    a${n} < F.
    a${n} > .`,
      )
      .join('\n')

  it('is no library where it had passed the request on', async () => {
    const { a1 } = await flowsOf(stalls('X-Forwarded-For: 10.0.0.1\\r\\n'))
    expect(a1!.verdict.class).toBe('idle-timeout')
    expect(a1!.verdict.timer?.candidates.join(' ')).not.toMatch(/httpx|health_check/)
  })

  it('near miss: may be one where nothing says that', async () => {
    const { a1 } = await flowsOf(stalls(''))
    expect(a1!.verdict.timer?.setting).toBe('httpx.timeout')
  })
})

describe('a server that closes a connection while its first request comes', () => {
  const met = (after: string): string => `flow a 10.0.0.1:40122 > 10.0.0.3:80 ts
    ${opens('a')}
    ${after} a < F.
    a > P. ${get('/')}
    a < R`

  it('had too many of them, if it closed at once', async () => {
    const { verdict } = await verdictOf(met('0.004'))
    expect(verdict.class).toBe('server-abort')
    expect(verdict.fix.join()).toContain('worker_connections are not enough')
  })

  it('near miss: after a wait', async () => {
    const { verdict } = await verdictOf(met('30'))
    expect(verdict.fix.join()).toContain('wait longer for a first request')
  })
})

describe('a server of known software that leaves requests unanswered after the same wait each', () => {
  /** `wait`: seconds from the request to the close; uvicorn's worker health check, which hardly anybody meets, takes 5 s. */
  const waits = (wait: number): string =>
    [1, 2, 3]
      .map(
        (n) => `flow a${n} 10.0.0.2:${40000 + n} > 10.0.0.3:8000 ts
    ${opens(`a${n}`, `${n * 10}.0`)}
    a${n} > P. ${get('/')}
    a${n} < P. ${ok(2, 2, 'Server: uvicorn\\r\\n')}
    a${n} > .
    +0.5 a${n} > P. ${get('/slow')}
    a${n} < .
    +${wait} a${n} < F.
    a${n} > F.
    a${n} < .`,
      )
      .join('\n')

  it('is given no rare setting of another length', async () => {
    const { a1 } = await flowsOf(waits(4.02))
    expect(a1!.verdict).toMatchObject({ class: 'idle-timeout', phase: 'awaiting-response' })
    expect(a1!.verdict.timer?.setting ?? null).toBeNull()
    expect(a1!.verdict.fix.join()).not.toContain('healthcheck')
  })

  it('near miss: of that length', async () => {
    const { a1 } = await flowsOf(waits(5.01))
    expect(a1!.verdict.timer?.setting).toBe('uvicorn.worker_healthcheck')
  })
})
