import { describe, expect, it } from 'vitest'
import { brief, flowsOf, opens, webSocket } from '../helpers/verdict-of.js'

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
