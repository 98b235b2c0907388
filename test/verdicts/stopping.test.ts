import { describe, expect, it } from 'vitest'
import {
  brief,
  clientEnds,
  flowsOf,
  get,
  opens,
  served,
  serverEnds,
  UPGRADE,
  webSocket,
} from '../helpers/verdict-of.js'

/** A WebSocket through nginx, opened at `n` seconds, both legs of which nginx closes `at` a time. */
function socket(n: number, at: number): string {
  const ends = `${at} u${n} > F.
    d${n} < F.
    d${n} > F.
    d${n} < .
    u${n} < F.
    u${n} > .`
  return webSocket(n, ends, 'Server: nginx/1.22.1\\r\\n')
}

/** A request that waits behind the same proxy when it closes both legs. */
const WAITING = `flow dw 10.0.0.1:50009 > 10.0.0.2:80 ts
    flow uw 10.0.0.2:40009 > 10.0.0.3:8000 ts
    ${opens('dw', '4.0')}
    dw > P. ${get('/slow')}
    dw < .
    ${opens('uw', '+0.0002')}
    uw > P. ${get('/slow')}
    uw < .
    9.0 uw > F.
    dw < F.
    dw > F.
    dw < .
    uw < F.
    uw > .`

describe('a proxy that stops while connections are tunnels', () => {
  it('cuts them all in one moment, whatever their silences: no timer', async () => {
    const flows = await flowsOf([socket(1, 9), socket(2, 9.01), socket(3, 9.02), WAITING].join('\n'))
    for (const name of ['d1', 'd2', 'd3'])
      expect(brief(flows[name]!)).toBe('shutdown problem likely server tunnel')
    for (const name of ['u1', 'u2', 'u3']) expect(flows[name]!.verdict.class).toBe('clean')
    expect(flows.dw!.verdict).toMatchObject({ class: 'server-abort', causeStream: null })
    expect(flows.dw!.verdict.summary).toContain('it was shutting down')
    expect(flows.uw!.verdict).toMatchObject({
      class: 'client-abort',
      timer: null,
      causeStream: flows.dw!.stream,
    })
  })

  it('near miss: the client of the one that waited got an answer', async () => {
    const answered = WAITING.replace(
      'dw < F.',
      `dw < P. 'HTTP/1.1 503 Service Unavailable\\r\\nContent-Length: 2\\r\\n\\r\\nno'\n    dw < F.`,
    )
    const { uw } = await flowsOf([socket(1, 9), socket(2, 9.01), socket(3, 9.02), answered].join('\n'))
    expect(uw!.verdict).toMatchObject({ class: 'client-abort', timer: null, causeStream: null })
  })

  it('near miss: two are too few', async () => {
    const { d1, u1 } = await flowsOf([socket(1, 9), socket(2, 9.01)].join('\n'))
    expect(d1!.verdict.class).toBe('idle-timeout')
    expect(u1!.verdict.class).toBe('idle-timeout')
  })

  it('near miss: each after the same silence', async () => {
    const { d1, d3, u1 } = await flowsOf([socket(1, 7), socket(2, 8), socket(3, 9)].join('\n'))
    expect([d1, d3, u1].map((flow) => flow!.verdict.class)).toEqual(Array(3).fill('idle-timeout'))
  })
})

describe('an idle connection that its server closed sooner than by the timer that others show', () => {
  const idle = (name: string, port: number, from: number, seconds: number): string =>
    `flow ${name} 10.0.0.2:${port} > 10.0.0.3:8000 ts
    ${served(name, `${from}.0`)}
    ${serverEnds(name, `+${seconds}`)}`
  const three = [0, 1, 2].map((n) => idle(`t${n}`, 41000 + n, 10 * n, 5.001)).join('\n')

  it('was not closed by that timer', async () => {
    const { a } = await flowsOf(`${three}\n${idle('a', 42000, 50, 1.6)}`)
    expect(brief(a!)).toBe('clean ok certain server between-requests')
    expect(a!.verdict.remarks.join()).toMatch(/sooner than by the timer that ended 3 others \(5\.00\d s\)/)
  })

  it.each([
    ['not that much sooner', 4.2],
    ['later', 9],
  ])('near miss: %s', async (_, seconds) => {
    const { a } = await flowsOf(`${three}\n${idle('a', 42000, 50, seconds)}`)
    expect(a!.verdict.class).toBe('idle-timeout')
  })

  it('near miss: the others ended at no steady time', async () => {
    const { a } = await flowsOf(
      `${idle('b', 41000, 0, 5)}\n${idle('c', 41001, 10, 5)}\n${idle('d', 41002, 20, 7)}\n${idle('a', 42000, 50, 1.6)}`,
    )
    expect(a!.verdict.class).toBe('idle-timeout')
  })

  it('near miss: the client closed the others', async () => {
    const left = [0, 1, 2].map(
      (n) => `flow t${n} 10.0.0.2:${41000 + n} > 10.0.0.3:8000 ts
      ${served(`t${n}`, `${10 * n}.0`)}
      ${clientEnds(`t${n}`, '+5')}`,
    )
    const { a } = await flowsOf(`${left.join('\n')}\n${idle('a', 42000, 50, 1.6)}`)
    expect(a!.verdict.class).toBe('idle-timeout')
  })
})

it('a tunnel that a proxy closed after a silence, its other leg unseen, is clean only possibly', async () => {
  const cut = (seconds: number): string => `flow a 10.0.0.2:41000 > 10.0.0.3:8000 ts
    ${opens('a')}
    a > P. ${get('/ws', `X-Forwarded-For: 10.0.0.1\\r\\n${UPGRADE}`)}
    a < P. 'HTTP/1.1 101 Switching Protocols\\r\\n${UPGRADE}\\r\\n'
    a > .
    ${clientEnds('a', `+${seconds}`)}`
  expect(brief(Object.values(await flowsOf(cut(1.7)))[0]!)).toBe('clean ok possible client tunnel')
})
