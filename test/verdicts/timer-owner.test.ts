import { describe, expect, it } from 'vitest'
import { clientEnds, flowsOf, get, ok, opens, reportOf, served, verdictOf } from '../helpers/verdict-of.js'

/** Whose timer it was decides what the end of a wait is called. */
describe('a library that waited for a response', () => {
  const asked = (headers: string): string => `flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
    ${opens('a')}
    a > P. ${get('/slow', headers)}
    a < .
    ${clientEnds('a', '+5.001')}`

  it('is an end client that gave up by its timer', async () => {
    const { verdict } = await verdictOf(asked('User-Agent: python-httpx/0.27\\r\\n'))
    expect(verdict).toMatchObject({
      class: 'client-abort',
      closer: 'client',
      timer: { setting: 'httpx.timeout', seconds: 5 },
    })
  })

  it('near miss: the same library in a server that asks for its own clients', async () => {
    const { flows } = await reportOf(`flow d 10.0.0.9:40001 > 10.0.0.2:80 ts
      flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
      ${opens('d')}
      d > P. ${get('/slow')}
      d < .
      ${opens('a', '+0.001')}
      a > P. ${get('/slow', 'User-Agent: python-httpx/0.27\\r\\n')}
      a < .
      ${clientEnds('a', '+5.001')}
      +0.0001 d < P. 'HTTP/1.1 504 Gateway Timeout\\r\\nContent-Length: 0\\r\\n\\r\\n'
      d > .`)
    expect(flows.map(({ verdict }) => verdict.class)).toContain('idle-timeout')
  })

  it('near miss: between requests it closes an idle connection', async () => {
    const { verdict } = await verdictOf(`flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
      ${served('a').replace('Host: h', 'Host: h\\r\\nUser-Agent: python-httpx/0.27')}
      ${clientEnds('a', '+5.001')}`)
    expect(verdict).toMatchObject({ class: 'idle-timeout', severity: 'ok', phase: 'between-requests' })
  })
})

describe("nginx's header timeout", () => {
  /** Clients that begin a request 2.6 s after the handshake and leave it there; the closes agree from the handshake and from the bytes. */
  const begun = [0, 0.005, 0.011].map(
    (late, n) => `flow c${n} 10.0.1.1:${41000 + n} > 10.0.0.3:8081 ts
    ${opens(`c${n}`, `${n + 1}.0`)}
    +${2.6 + late} c${n} > P. 'GET /word HTTP/1.1\\r\\nHost: h\\r\\n'
    c${n} < .
    +10.0984 c${n} < F.
    c${n} > F.
    c${n} < .`,
  )
  const known = `flow s 10.0.1.9:40000 > 10.0.0.3:8081 ts
    ${opens('s')}
    s > P. ${get('/')}
    s < P. ${ok(2, 2, 'Server: nginx/1.22.1\\r\\n')}
    ${clientEnds('s', '+0.1')}`

  it('runs from the accept, whatever value the time since the first byte is near', async () => {
    const { flows } = await reportOf([known, ...begun].join('\n'))
    const cut = flows.filter(({ verdict }) => verdict.class === 'idle-timeout')
    expect(cut).toHaveLength(3)
    for (const { verdict } of cut) {
      expect(verdict.timer).toMatchObject({ setting: 'nginx.client_header_timeout' })
      expect(verdict.timer?.seconds).toBeCloseTo(12.7, 1)
      expect(verdict.summary).toMatch(/12\.(69|70|71)\d s after the handshake/)
      // The frame before it is the last byte: its line measures from there, and says what the sentence says.
      expect(verdict.evidence.at(-1)?.text).toMatch(
        /FIN by nginx, 10\.\d+ s later, 12\.\d+ s after the handshake/,
      )
    }
  })
})

describe('software that is known', () => {
  const idle = (flag: string): string => `flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
    ${opens('a')}
    a > P. ${get('/')}
    a < P. ${ok(2, 2, 'Server: nginx/1.22.1\\r\\n')}
    a > .
    +1.612 a < ${flag}
    a > .`

  it('has none of the settings of other software', async () => {
    const { verdict } = await verdictOf(idle('R.'))
    expect(verdict).toMatchObject({ class: 'idle-timeout', timer: { setting: null, seconds: 1.612 } })
  })

  it('near miss: a setting of its own', async () => {
    const { verdict } = await verdictOf(idle('F.'))
    expect(verdict.timer?.setting).toBe('nginx.keepalive_timeout')
  })
})

describe('nginx that waits for a server', () => {
  const SETTINGS = '\\x00\\x00\\x00\\x04\\x00\\x00\\x00\\x00\\x00'
  const HEADERS = '\\x00\\x00\\x03\\x01\\x05\\x00\\x00\\x00\\x01\\x82\\x86\\x84'
  const waits = (request: string, greeting = ''): string => `flow d 10.0.0.1:50001 > 10.0.0.2:80 ts
    flow u 10.0.0.2:40001 > 10.0.0.3:8000 ts
    ${opens('d')}
    d > P. ${get('/')}
    d < .
    ${opens('u', '0.001')}
    u > P. '${request}'
    u < ${greeting === '' ? '.' : `P. '${greeting}'`}
    +7.4 u > F.
    d < P. 'HTTP/1.1 504 Gateway Time-out\\r\\nServer: nginx/1.22.1\\r\\nContent-Length: 2\\r\\n\\r\\nno'
    d > .
    u < .
    u < F.
    u > .`

  it('in HTTP/2 does so by the timer of grpc_pass', async () => {
    const { u } = await flowsOf(
      waits(`PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n${SETTINGS}${HEADERS}`, SETTINGS),
    )
    expect(u!.verdict).toMatchObject({ class: 'idle-timeout', timer: { setting: 'nginx.grpc_read_timeout' } })
  })

  it('near miss: in HTTP/1.1 by that of proxy_pass', async () => {
    const { u } = await flowsOf(waits('GET / HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n'))
    expect(u!.verdict).toMatchObject({
      class: 'idle-timeout',
      timer: { setting: 'nginx.proxy_read_timeout' },
    })
  })
})

describe('a wait that ended where the leg before is not in the capture', () => {
  /** Requests that a proxy (or, without `headers`, anybody) passes on, and leaves after these seconds without a response. */
  const left = (seconds: readonly number[], headers = 'X-Forwarded-For: 192.0.2.7\\r\\n'): string =>
    seconds
      .map(
        (after, n) => `flow a${n} 10.0.0.2:${40000 + n} > 10.0.0.3:8000 ts
          ${opens(`a${n}`, `${n * 3 + 1}.0`)}
          a${n} > P. ${get('/slow', headers)}
          a${n} < .
          +${after} a${n} > F.
          a${n} < .`,
      )
      .join('\n')
  const sure = async (ladder: string): Promise<string[]> =>
    (await reportOf(ladder)).flows.map(({ verdict }) => `${verdict.class} ${verdict.certainty}`)
  const alike = (times: number, text: string): string[] => Array.from({ length: times }, () => text)

  it('is only possibly a timer of unknown software: a client that left after a round time looks the same', async () => {
    expect(await sure(left([60.001]))).toEqual(['idle-timeout possible'])
    const { verdict } = await verdictOf(left([60.001]))
    expect(verdict.remarks.join()).toMatch(/not in this capture: a client there that left/)
  })

  it('is likely one where several ended after the same round time', async () => {
    expect(await sure(left([60.001, 60.003, 60.002]))).toEqual(alike(3, 'idle-timeout likely'))
    expect(await sure(left([12.7013, 12.7019, 12.702]))).toEqual(alike(3, 'idle-timeout likely'))
  })

  it('near miss: that time is not round, as what runs further away arrives shifted (seen: 8.692–8.698 s of 8.7 s)', async () => {
    expect(await sure(left([8.692, 8.696, 8.698]))).toEqual(alike(3, 'idle-timeout possible'))
  })

  it('near miss: it is the default of software that shows itself', async () => {
    const nginx = left([60.001])
      .replace("'GET /slow HTTP/1.1", "'GET /slow HTTP/1.0")
      .replace('X-Forw', 'Connection: close\\r\\nX-Forw')
    expect(await sure(nginx)).toEqual(['idle-timeout likely'])
  })

  it('near miss: nothing shows a proxy at all', async () => {
    const { verdict } = await verdictOf(left([30.001], ''))
    expect(verdict).toMatchObject({ class: 'idle-timeout', certainty: 'possible' })
    expect(verdict.remarks.join()).toMatch(/nothing shows that it is a proxy: an end client/)
  })
})

describe('software that nothing shows', () => {
  /** Redis, or whatever it is, that closes connections on which the client had spoken last. */
  const cut = (seconds: number): string =>
    [0, 1, 2]
      .map((n) =>
        `flow a${n} 10.0.0.2:${40000 + n} > 10.0.0.3:6379 ts
          ${opens(`a${n}`, `${n * 3 + 1}.0`)}
          a${n} > P. 'PING\\r\\n'
          a${n} < P. '+PONG\\r\\n'
          a${n} > P. 'BLPOP a 0\\r\\n'
          a${n} < .
          ${seconds} a${n} < F.
          a${n} > F.`.replace(`${seconds} a`, `+${seconds}.00${n} a`),
      )
      .join('\n')

  it('has no setting but a guess where only a rare one has this default, and no advice to raise that', async () => {
    const { verdict } = await verdictOf(cut(120))
    expect(verdict).toMatchObject({ class: 'idle-timeout', timer: { guessed: true, seconds: 120 } })
    expect(verdict.fix.join()).toMatch(
      /^which setting of the server 10\.0\.0\.3:6379 that is, its software tells/,
    )
  })

  it('near miss: one that is met every day has it', async () => {
    const { verdict } = await verdictOf(cut(30))
    expect(verdict.timer).toMatchObject({ setting: 'gunicorn.timeout', seconds: 30 })
    expect(verdict.timer?.guessed).toBeUndefined()
  })
})
