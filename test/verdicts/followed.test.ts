import { describe, expect, it } from 'vitest'
import { brief, flowsOf, get, opens, webSocket } from '../helpers/verdict-of.js'

const byServer = (n: number, at: string, later = '+0.0006'): string => `${at} u${n} < F.
    ${later} u${n} > F.
    d${n} < F.
    d${n} > F.
    d${n} < .
    u${n} < .`

describe('a tunnel whose leg behind was closed by its own server', () => {
  it('only followed: the timer is that of the leg behind', async () => {
    const flows = await flowsOf([1, 2, 3].map((n) => webSocket(n, byServer(n, '+5.001'))).join('\n'))
    for (const n of [1, 2, 3]) {
      expect(flows[`u${n}`]!.verdict).toMatchObject({
        class: 'idle-timeout',
        closer: 'server',
        causeStream: null,
      })
      expect(flows[`d${n}`]!.verdict).toMatchObject({
        class: 'idle-timeout',
        timer: null,
        causeStream: flows[`u${n}`]!.stream,
      })
      expect(flows[`d${n}`]!.verdict.summary).toMatch(
        /after the connection behind it \(flow \d+\) had been closed/,
      )
    }
  })

  it('only followed, where a restart closed several: the proxy did not stop', async () => {
    const flows = await flowsOf([1, 2, 3].map((n) => webSocket(n, byServer(n, `${9 + n / 1000}`))).join('\n'))
    for (const n of [1, 2, 3]) {
      expect(brief(flows[`u${n}`]!)).toBe('shutdown problem likely server tunnel')
      expect(brief(flows[`d${n}`]!)).toBe('clean ok possible server tunnel')
    }
  })

  it('near miss: the proxy closed the leg behind itself', async () => {
    const flows = await flowsOf(
      [1, 2, 3]
        .map((n) =>
          webSocket(
            n,
            byServer(n, '+5.001')
              .replace(`u${n} < F.`, `u${n} > F.`)
              .replace(`+0.0006 u${n} > F.`, `+0.0006 u${n} < F.`),
          ),
        )
        .join('\n'),
    )
    expect(flows.d1!.verdict.timer).not.toBeNull()
    expect(flows.u1!.verdict).toMatchObject({ class: 'idle-timeout', closer: 'client' })
  })

  it('near miss: long before', async () => {
    const flows = await flowsOf([1, 2, 3].map((n) => webSocket(n, byServer(n, '+5.001', '+3.0'))).join('\n'))
    expect(flows.d1!.verdict.causeStream).toBeNull()
  })
})

describe('a 408 that came from the leg behind', () => {
  const SLOW = `P. 'POST /up HTTP/1.1\\r\\nHost: h\\r\\nContent-Length: 5000\\r\\n\\r\\nx'`
  const TIMEOUT = `P. 'HTTP/1.1 408 Request Timeout\\r\\nConnection: close\\r\\nContent-Length: 0\\r\\n\\r\\n'`
  const drip = Array.from({ length: 20 }, () => "+0.2 d > P. 'x'\n    u > P. 'x'\n    u < .\n    d < .").join(
    '\n    ',
  )
  const upload = (end: string): string => `flow d 10.0.0.1:50001 > 10.0.0.2:80 ts
    flow u 10.0.0.2:40001 > 10.0.0.3:8000 ts
    ${opens('d')}
    d > P. ${SLOW.slice(3)}
    d < .
    ${opens('u', '+0.0002')}
    u > P. ${SLOW.slice(3)}
    u < .
    ${drip}
    ${end}`
  const said = `+0.0002 u < ${TIMEOUT}
    u < F.
    d < ${TIMEOUT}
    d < F.
    u > F.
    d > F.
    u < .
    d < .`

  it('is no timer of the proxy', async () => {
    const { d, u } = await flowsOf(upload(said))
    expect(u!.verdict).toMatchObject({ class: 'idle-timeout', closer: 'server', phase: 'mid-request' })
    expect(u!.verdict.summary).toMatch(/closed 4\.\d+ s after the request began, whose rest was still coming/)
    expect(d!.verdict).toMatchObject({ class: 'idle-timeout', timer: null, causeStream: u!.stream })
    expect(d!.verdict.summary).toContain(
      `the 408 that the connection behind it (flow ${u!.stream}) had brought`,
    )
  })

  it("near miss: the proxy's own", async () => {
    const { d } = await flowsOf(
      upload(
        said
          .replace(`u < ${TIMEOUT}\n    u < F.`, 'u > F.')
          .replace('u > F.\n    d > F.', 'u < F.\n    d > F.'),
      ),
    )
    expect(d!.verdict).toMatchObject({ class: 'idle-timeout', causeStream: null })
    expect(d!.verdict.timer).not.toBeNull()
  })
})

describe('a response whose leg behind its own server broke off after a silence', () => {
  const HEAD = `P. 'HTTP/1.1 200 OK\\r\\nContent-Type: text/event-stream\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n'`
  const EVENT = `P. '9\\r\\ndata: 1\\n\\n\\r\\n'`
  /** The proxy passes the last event on 0.2 s late, so that its own leg was silent for less. */
  const stream = (
    n: number,
    ends: string,
    last = EVENT,
  ): string => `flow d${n} 10.0.0.1:5000${n} > 10.0.0.2:80 ts
    flow u${n} 10.0.0.2:4000${n} > 10.0.0.3:8000 ts
    ${opens(`d${n}`, `${n}.0`)}
    d${n} > P. ${get('/events')}
    d${n} < .
    ${opens(`u${n}`, '+0.0002')}
    u${n} > P. ${get('/events')}
    u${n} < .
    u${n} < ${HEAD}
    u${n} > .
    d${n} < ${HEAD}
    d${n} > .
    +1.0 u${n} < ${last}
    u${n} > .
    +0.2 d${n} < ${EVENT}
    d${n} > .
    ${ends}`
  const three = (ends: (n: number) => string, last = EVENT): string =>
    [1, 2, 3].map((n) => stream(n, ends(n), last)).join('\n')

  it('only followed: no timer of the proxy', async () => {
    const flows = await flowsOf(three((n) => byServer(n, '+3.8')))
    for (const n of [1, 2, 3]) {
      expect(flows[`u${n}`]!.verdict).toMatchObject({ class: 'idle-timeout', closer: 'server' })
      expect(flows[`d${n}`]!.verdict).toMatchObject({
        class: 'server-abort',
        timer: null,
        causeStream: flows[`u${n}`]!.stream,
      })
    }
  })

  it('near miss: the proxy closed the leg behind itself', async () => {
    const flows = await flowsOf(
      three((n) =>
        byServer(n, '+3.8')
          .replace(`u${n} < F.`, `u${n} > F.`)
          .replace(`u${n} > F.\n    d${n} < F.`, `u${n} < F.\n    d${n} < F.`),
      ),
    )
    expect(flows.d1!.verdict).toMatchObject({ class: 'idle-timeout', closer: 'server' })
  })

  it('near miss: the leg behind had brought the whole response', async () => {
    const flows = await flowsOf(
      three((n) => byServer(n, '+3.8'), `P. '9\\r\\ndata: 1\\n\\n\\r\\n0\\r\\n\\r\\n'`),
    )
    expect(flows.d1!.verdict).toMatchObject({ class: 'idle-timeout', causeStream: null })
  })

  it('near miss: long before', async () => {
    const flows = await flowsOf(three((n) => byServer(n, '+1.8', '+2.0')))
    expect(flows.d1!.verdict).toMatchObject({ class: 'idle-timeout', causeStream: null })
  })
})
