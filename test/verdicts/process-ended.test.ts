import { describe, expect, it } from 'vitest'
import { brief, flowsOf, get, ok, opens, served, serverEnds } from '../helpers/verdict-of.js'

const SERVER = 'Server: nginx/1.22.1\\r\\n'

/** A request that came in at `n` seconds and waits behind the proxy, which closes both legs at `at` seconds, with `said` to its client. */
function waiting(n: number, at: number, said = ''): string {
  return `flow d${n} 10.0.0.1:${50000 + n} > 10.0.0.2:80 ts
    flow u${n} 10.0.0.2:${40000 + n} > 10.0.0.3:8000 ts
    ${opens(`d${n}`, `${n}.0`)}
    d${n} > P. ${get(`/slow${n}`)}
    d${n} < .
    ${opens(`u${n}`, '+0.0002')}
    u${n} > P. ${get(`/slow${n}`)}
    u${n} < .
    ${at} u${n} > F.
    ${said}
    d${n} < F.
    d${n} > F.
    d${n} < .
    u${n} < F.
    u${n} > .`
}

/** The proxy is known to be nginx. */
const known = (closes: string): string => `flow k 10.0.0.1:51000 > 10.0.0.2:80 ts
    ${opens('k', '0.1')}
    k > P. ${get('/')}
    k < P. ${ok(2, 2, SERVER)}
    ${closes}`
const nginx = known('')

describe('a proxy whose process ends while requests wait', () => {
  it('closes both legs of all in one moment, whatever they had waited: no read timeout', async () => {
    const ended = known(serverEnds('k', '9.03'))
    const flows = await flowsOf([ended, waiting(1, 9), waiting(2, 9.01), waiting(3, 9.02)].join('\n'))
    for (const n of [1, 2, 3]) {
      expect(brief(flows[`d${n}`]!)).toBe('server-abort problem likely server awaiting-response')
      expect(flows[`d${n}`]!.verdict.causeStream).toBeNull()
      expect(flows[`u${n}`]!.verdict).toMatchObject({
        class: 'client-abort',
        timer: null,
        causeStream: flows[`d${n}`]!.stream,
      })
      expect(flows[`u${n}`]!.verdict.summary).toContain('3 connections of its clients without an answer')
    }
    // What it had idle went with it.
    expect(brief(flows.k!)).toBe('shutdown ok likely server between-requests')
  })

  it('that closes its idle connections in the same moment, however like its waits are to others', async () => {
    const idle = [0, 1, 2].map(
      (n) => `flow i${n} 10.0.0.1:${52000 + n} > 10.0.0.2:80 ts
        ${opens(`i${n}`, `${0.2 + n}`)}
        i${n} > P. ${get('/')}
        i${n} < P. ${ok(2, 2, SERVER)}
        i${n} > .
        ${serverEnds(`i${n}`, `9.0${n + 3}`)}`,
    )
    // Two more waits as long, which ended at another moment: by themselves they would look like a timer's.
    const ladder = [nginx, ...idle, waiting(1, 9), waiting(2, 9.01), waiting(12, 20), waiting(13, 20.01)]
    const flows = await flowsOf(ladder.join('\n'))
    for (const n of [1, 2]) {
      expect(brief(flows[`d${n}`]!)).toBe('server-abort problem likely server awaiting-response')
      expect(flows[`u${n}`]!.verdict.class).toBe('client-abort')
    }
  })

  it('near miss: all had waited for the same time', async () => {
    const flows = await flowsOf([nginx, waiting(1, 5), waiting(2, 6), waiting(3, 7)].join('\n'))
    for (const n of [1, 2, 3])
      expect(flows[`u${n}`]!.verdict).toMatchObject({
        class: 'idle-timeout',
        // nginx that reads requests would have answered 504.
        timer: { setting: 'nginx.stream.proxy_timeout' },
      })
    for (const n of [1, 2, 3])
      expect(flows[`d${n}`]!.verdict).toMatchObject({
        class: 'idle-timeout',
        timer: { setting: 'nginx.stream.proxy_timeout' },
        causeStream: flows[`u${n}`]!.stream,
      })
  })

  it('near miss: all had waited for the same time, but only because they were sent at once', async () => {
    const atOnce = (n: number): string =>
      waiting(n, 4.2 + n / 1000).replace(`${n}.0 d${n} > S`, `1.00${n} d${n} > S`)
    const flows = await flowsOf([nginx, atOnce(1), atOnce(2), atOnce(3)].join('\n'))
    for (const n of [1, 2, 3]) {
      expect(flows[`u${n}`]!.verdict).toMatchObject({ class: 'client-abort', timer: null })
      expect(flows[`d${n}`]!.verdict).toMatchObject({ class: 'server-abort', timer: null })
    }
  })

  it('near miss: their clients got an answer', async () => {
    const said = (n: number): string =>
      `d${n} < P. 'HTTP/1.1 504 Gateway Time-out\\r\\n${SERVER}Content-Length: 2\\r\\n\\r\\nno'`
    const flows = await flowsOf([nginx, waiting(1, 9, said(1)), waiting(2, 9.01, said(2))].join('\n'))
    for (const name of ['u1', 'u2']) expect(flows[name]!.verdict.class).toBe('idle-timeout')
  })
})

describe('a proxy that cuts requests in one moment, and tells their clients so', () => {
  const failed = (n: number, what: string): string =>
    `d${n} < P. 'HTTP/1.1 ${what}\\r\\n${SERVER}Content-Length: 2\\r\\n\\r\\nno'`

  it('did not lose patience with each after another wait', async () => {
    const bad = '502 Bad Gateway'
    const flows = await flowsOf(
      [nginx, waiting(1, 9, failed(1, bad)), waiting(2, 9.01, failed(2, bad))].join('\n'),
    )
    for (const name of ['u1', 'u2']) {
      expect(flows[name]!.verdict).toMatchObject({ class: 'client-abort', timer: null, causeStream: null })
      expect(flows[name]!.verdict.summary).toContain('2 requests of its clients with 502')
      expect(flows[name]!.verdict.summary).not.toContain('its process ended')
    }
    for (const name of ['d1', 'd2']) expect(flows[name]!.verdict.class).toBe('clean')
  })

  it.each([
    ['all had waited for the same time', 5, 6, '502 Bad Gateway'],
    ['it told of a timeout', 9, 9.01, '504 Gateway Time-out'],
    ['at other moments', 9, 9.4, '502 Bad Gateway'],
  ])('near miss: %s', async (_, first, second, what) => {
    const { u1 } = await flowsOf(
      [nginx, waiting(1, first, failed(1, what)), waiting(2, second, failed(2, what))].join('\n'),
    )
    expect(u1!.verdict.summary).not.toContain('requests of its clients')
  })
})

describe('a proxy that closed both legs of one request without a word', () => {
  it('did not run out of patience: then it answers 504', async () => {
    const { u1, d1 } = await flowsOf([nginx, waiting(1, 4.2)].join('\n'))
    expect(u1!.verdict).toMatchObject({ class: 'client-abort', timer: null, causeStream: d1!.stream })
    expect(u1!.verdict.summary).toContain(`(flow ${d1!.stream}) without an answer`)
    expect(d1!.verdict).toMatchObject({ class: 'server-abort', causeStream: null })
  })

  it('near miss: its software has a timer of that length', async () => {
    const { u1 } = await flowsOf([nginx, waiting(1, 61.0005)].join('\n'))
    expect(u1!.verdict).toMatchObject({
      class: 'idle-timeout',
      timer: { setting: 'nginx.proxy_read_timeout', seconds: 60 },
    })
  })

  it('near miss: a server that died under it', async () => {
    const ladder = `${nginx}\n${waiting(1, 4.2)}`
      .replace('u1 > F.', 'u1 < F.')
      .replace('u1 < F.\n    u1 > .', 'u1 > F.')
    const { u1 } = await flowsOf(ladder)
    expect(u1!.verdict.class).toBe('server-abort')
  })
})

describe('a server that closes several requests without an answer after the same wait', () => {
  const cut = (n: number, asked: number): string => `flow u${n} 10.0.0.2:${40000 + n} > 10.0.0.3:8000 ts
    ${opens(`u${n}`, asked.toFixed(3))}
    u${n} > P. ${get(`/slow${n}`)}
    u${n} < .
    +3.2 u${n} < F.
    u${n} > F.
    u${n} < .`
  const classes = async (asked: (n: number) => number): Promise<(string | undefined)[]> => {
    const flows = await flowsOf([1, 2, 3].map((n) => cut(n, asked(n))).join('\n'))
    return [1, 2, 3].map((n) => flows[`u${n}`]?.verdict.class)
  }

  it('shows no timer where they were sent at once: its process may have ended', async () => {
    expect(await classes((n) => 1 + n / 1000)).toEqual(Array(3).fill('server-abort'))
  })

  it('near miss: at three moments', async () => {
    expect(await classes((n) => 4 * n)).toEqual(Array(3).fill('idle-timeout'))
  })
})

it('an idle connection alone does not show that a process ended', async () => {
  const { a } = await flowsOf(`flow a 10.0.0.2:41000 > 10.0.0.3:8000 ts
    ${served('a')}
    ${serverEnds('a', '+3.2')}`)
  expect(a!.verdict.class).toBe('idle-timeout')
})
