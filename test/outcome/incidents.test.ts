import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/result.js'
import { clientEnds, get, ok, opens, reportOf, served } from '../helpers/verdict-of.js'

async function findingsOf(ladder: string): Promise<readonly Finding[]> {
  return (await reportOf(ladder, { all: false })).findings
}

/** `2 refused + 1 server-abort (same-outage)`. */
function brief(finding: Finding): string {
  const parts = (finding.parts ?? []).map((part) => ` + ${part.count} ${part.class} (${part.relation})`)
  return `${finding.count} ${finding.class}${parts.join('')}`
}

function refused(name: string, port: number, to: string, at: string): string {
  return `flow ${name} 10.0.0.2:${port} > ${to} ts
    ${at} ${name} > S
    ${name} < R.`
}

/** A request that its server resets unanswered. */
function killed(name: string, port: number, to: string, at: string): string {
  return `flow ${name} 10.0.0.2:${port} > ${to} ts
    ${opens(name, at)}
    ${name} > P. ${get('/slow')}
    ${name} < .
    +0.400 ${name} < R.`
}

/** A SYN that nobody answers. */
function unanswered(name: string, port: number, to: string, at: number): string {
  return `flow ${name} 10.0.0.2:${port} > ${to} ts
    ${at}.0 ${name} > S
    ${at + 1}.0 ${name} > S again
    ${at + 3}.0 ${name} > S again
    ${at + 7}.0 ${name} > S again`
}

/** A request after which the server's host is silent. */
function vanished(name: string, port: number, to: string, at: number): string {
  const again = [1, 2, 4, 8].map((n) => `${at + n}.0 ${name} > P. again`)
  return `flow ${name} 10.0.0.2:${port} > ${to} ts
    ${served(name, `${at - 1}.0`)}
    ${at}.0 ${name} > P. ${get('/gone')}
    ${again.join('\n')}`
}

describe('one incident is one finding', () => {
  it('ports of one host on which nothing listens', async () => {
    const [finding, ...more] = await findingsOf(
      [7000, 7001, 7002]
        .map((port, n) => refused(`r${n}`, 40000 + n, `10.0.0.3:${port}`, `${n}.0`))
        .join('\n'),
    )
    expect(more).toEqual([])
    expect(finding).toMatchObject({ class: 'refused', count: 3, server: { ip: '10.0.0.3' } })
    expect(finding.server).not.toHaveProperty('port')
    expect(finding.title).toBe(
      '10.0.0.3 refused 3 connections to 3 ports (7000, 7001, 7002) within 2.000 s: nothing listens there',
    )
    expect(finding.fix).toHaveLength(1)
  })

  it('ports of one host that a firewall rejects, each kind of rejection apart', async () => {
    const rejected = [3, 3, 13, 0].map(
      (code, n) => `flow r${n} 10.0.0.2:${40000 + n} > 10.0.0.3:${7000 + n} ts
        ${n}.0 r${n} > S
        r${n} < icmp 3/${code} from 10.0.0.254`,
    )
    const found = await findingsOf(rejected.join('\n'))
    expect(found.map(({ count, title }) => `${count} ${title}`)).toEqual([
      '2 ICMP errors answered the SYNs of 2 connections to 2 ports (7000, 7001) of 10.0.0.3 within 1.000 s: port unreachable',
      expect.stringMatching(/^1 10\.0\.0\.254 answered the SYN .*: administratively prohibited$/),
      expect.stringMatching(/^1 10\.0\.0\.254 answered the SYN .*: network unreachable$/),
    ])
  })

  it('a program that dies and is not back: what it cut, and what was refused then', async () => {
    const found = await findingsOf(
      `${killed('a', 40000, '10.0.0.3:8000', '1.0')}
       ${refused('r1', 40001, '10.0.0.3:8000', '2.0')}
       ${refused('r2', 40002, '10.0.0.3:8000', '3.0')}`,
    )
    expect(found.map(brief)).toEqual(['2 refused + 1 server-abort (same-outage)'])
    expect(found[0].title).toMatch(
      /^10\.0\.0\.3:8000 .*was down from 0\.400 s on, for 1\.600 s or longer: 1 connection broke off .*, 2 were refused$/,
    )
    expect(found[0].detail.at(-1)).toMatch(
      /^in the same outage: 1 × server abort, .* 10\.0\.0\.3:8000, flow 0$/,
    )
    expect(found[0].fix).toEqual([
      expect.stringMatching(/^start the service/),
      expect.stringMatching(/^look in the log/),
    ])
  })

  it('near miss: an abort half a minute before, or of another program, is another finding', async () => {
    const apart = await findingsOf(
      `${killed('a', 40000, '10.0.0.3:8000', '1.0')}\n${refused('r', 40001, '10.0.0.3:8000', '31.0')}`,
    )
    expect(apart).toHaveLength(2)
    const other = await findingsOf(
      `${killed('a', 40000, '10.0.0.3:8000', '1.0')}\n${refused('r', 40001, '10.0.0.3:8001', '2.0')}`,
    )
    expect(other).toHaveLength(2)
  })

  it('what follows from a cause stands with it; the numbers of both are told', async () => {
    const chain = (n: number): string => `flow d${n} 10.0.0.1${n}:50000 > 10.0.0.2:80 ts
      flow u${n} 10.0.0.2:4000${n} > 10.0.0.3:8000 ts
      ${opens(`d${n}`, `${n * 20}.0`)}
      d${n} > P. ${get(`/slow${n}`)}
      d${n} < .
      ${opens(`u${n}`, `${n * 20}.1`)}
      u${n} > P. ${get(`/slow${n}`)}
      u${n} < .
      ${n * 20 + 6}.0 d${n} > F.
      +0.0001 u${n} > F.
      u${n} < F.
      u${n} > .
      d${n} < F.
      d${n} > .`
    const found = await findingsOf([1, 2, 3].map(chain).join('\n'))
    expect(found.map(brief)).toEqual(['3 client-abort + 3 client-abort (consequence)'])
    expect(found[0].detail.at(-1)).toMatch(
      /^because of these 3 other connections ended: .*, client abort \(propagated\), flows 1, 3, 5$/,
    )
    expect(found[0].parts?.[0].streams).toEqual([1, 3, 5])
  })

  it('a client that leaves alone has no parts', async () => {
    const [finding] = await findingsOf(`flow a 10.0.0.1:50000 > 10.0.0.2:80 ts
      ${opens('a')}
      a > P. ${get('/slow')}
      a < .
      ${clientEnds('a', '+3')}`)
    expect(finding).not.toHaveProperty('parts')
  })
})

/** Idle connections of one server that it closes in one moment, after silences of 6, 5, 4 … seconds. */
function stops(name: string, to: string, at: number, count: number): string {
  const flows = Array.from({ length: count }, (_, n) => ({ name: `${name}${n}`, port: 41000 + n }))
  return [
    ...flows.map((each) => `flow ${each.name} 10.0.0.2:${each.port} > ${to} ts`),
    ...flows.map(({ name: f }, n) => {
      const asked = get('/', 'X-Forwarded-For: 10.0.0.1\\r\\n')
      return `${opens(f, `${at - count + n}.0`)}\n${f} > P. ${asked}\n${f} < P. ${ok()}\n${f} > .`
    }),
    ...flows.map((each, n) => `${n === 0 ? `${at}.5` : '+0.0001'} ${each.name} < F.`),
    ...flows.map((each) => `${each.name} > F.\n${each.name} < .`),
  ].join('\n')
}

describe('servers that stop one after another', () => {
  it('are one finding, and its sentence speaks of all of them', async () => {
    const found = await findingsOf(
      `${stops('a', '10.0.0.3:8000', 10, 5)}\n${stops('b', '10.0.0.3:8001', 30, 4)}`,
    )
    expect(found.map(brief)).toEqual(['9 shutdown'])
    expect(found[0].title).toMatch(
      /^2 servers were shut down one after another within 20\.0\d\d s: each closed 4 to 5 idle connections within 0\.\d+ ms, however long they had been silent$/,
    )
    expect(found[0].detail[0]).toBe('servers, with connections of each: 10.0.0.3:8000 (5), 10.0.0.3:8001 (4)')
  })

  it('one server is told by its own sentence', async () => {
    const [finding] = await findingsOf(stops('a', '10.0.0.3:8000', 10, 5))
    expect(finding.title).toMatch(/ closed 5 idle connections within /)
  })
})

describe('a host that is gone', () => {
  it('connections that died and those that could not be opened are one finding', async () => {
    const found = await findingsOf(
      `${vanished('v1', 40001, '10.0.0.3:8000', 5)}
       ${vanished('v2', 40002, '10.0.0.3:8000', 6)}
       ${unanswered('s1', 40003, '10.0.0.3:8001', 8)}
       flow end 10.0.0.9:1 > 10.0.0.8:80 ts
       ${served('end', '30.0')}`,
    )
    expect(found.map(brief)).toEqual(['2 half-open-zombie + 1 connect-timeout (same-outage)'])
  })

  /** Others that the server at 10.0.0.3:8000 serves, each on a connection of its own. */
  const serves = (to: string, ...seconds: readonly number[]): string =>
    seconds
      .map((at) => `flow o${at} 10.0.0.2:${42000 + at} > ${to} ts\n${served(`o${at}`, `${at}.0`)}`)
      .join('\n')
  const late = `flow end 10.0.0.9:1 > 10.0.0.8:80 ts\n${served('end', '40.0')}`

  it('is not gone when it answers others on the same port meanwhile: said of the finding and of the flow', async () => {
    const ladder = `${vanished('v1', 40001, '10.0.0.3:8000', 5)}
      ${vanished('v2', 40002, '10.0.0.3:8000', 6)}
      ${serves('10.0.0.3:8000', 11)}\n${late}`
    const [finding, ...more] = await findingsOf(ladder)
    expect(more).toEqual([])
    expect(finding.count).toBe(2)
    expect(finding.title).toMatch(/ no longer answered on this connection: /)
    expect(finding.title).not.toMatch(/vanished|gone|down/)
    expect(finding.detail.join('\n')).toMatch(
      /10\.0\.0\.3:8000 answered others meanwhile \(flow 2 at 7\.000 s\)/,
    )
    expect(finding.fix[0]).toMatch(/single connections to 10\.0\.0\.3:8000/)
    const { flows } = await reportOf(ladder, { all: false })
    expect(flows[0].verdict.summary).not.toContain('vanished')
    expect(flows[0].verdict.remarks[0]).toContain('answered others meanwhile')
  })

  it('nor is it when flows are handed on as they end, without their ladders', async () => {
    const again = [1, 2, 4, 8].map((n) => `${5 + n}.0 v > P. again 2`).join('\n')
    const ladder = `flow v 10.0.0.2:40001 > 10.0.0.3:8000 ts
      ${served('v', '4.0')}
      5.0 v > P. ${get('/gone')}
      v > P. 'more'
      ${again}
      ${serves('10.0.0.3:8000', 11)}\n${late}`
    const { findings } = await reportOf(ladder, { all: false, onFlow: () => undefined, keepFlows: false })
    expect(findings.map(({ title }) => title)).toEqual([
      expect.stringMatching(/ no longer answered on this connection: /),
    ])
  })

  it('near miss: a server that accepted a connection too late did answer it', async () => {
    const [finding, ...more] = await findingsOf(
      `flow s 10.0.0.2:40003 > 10.0.0.3:8000 ts
       8.0 s > S
       9.0 s > S again
       11.0 s > S again
       15.0 s < S.
       s > R
       ${serves('10.0.0.3:8000', 12, 13, 14, 20, 21)}\n${late}`,
    )
    expect(more).toEqual([])
    expect(finding.title).toMatch(/ answered the first of 3 SYNs only after 7\.000 s/)
    expect(finding.detail.join('\n')).not.toContain('answered others')
  })

  it('and SYNs without an answer are no dead host either, when others are accepted', async () => {
    const [finding] = await findingsOf(
      `${unanswered('s1', 40003, '10.0.0.3:8000', 8)}\n${serves('10.0.0.3:8000', 13)}\n${late}`,
    )
    expect(finding.class).toBe('connect-timeout')
    expect(finding.detail.join('\n')).toContain('answered others meanwhile')
    expect(finding.fix[0]).toMatch(
      /^find out what drops some of the SYNs to 10\.0\.0\.3:8000: a full accept queue/,
    )
  })

  it.each([
    ['before it went', '10.0.0.3:8000', 4],
    ['after its last copy, when it was back', '10.0.0.3:8000', 25],
    ['at another address', '10.0.0.4:8000', 11],
    ['on another port of that address', '10.0.0.3:9000', 11],
  ])('near miss: answers %s say nothing against it', async (_, to, at) => {
    const [finding] = await findingsOf(
      `${vanished('v1', 40001, '10.0.0.3:8000', 5)}\n${serves(to, at)}\n${late}`,
    )
    expect(finding.title).toMatch(/ vanished: /)
    expect(finding.detail.join('\n')).not.toContain('answered others')
  })

  it('two dead ports of a host that serves a third one are two findings', async () => {
    const dead = `${vanished('v1', 40001, '10.0.0.3:8000', 5)}\n${unanswered('s1', 40003, '10.0.0.3:8001', 6)}`
    expect((await findingsOf(`${dead}\n${late}`)).map(brief)).toEqual([
      '1 half-open-zombie + 1 connect-timeout (same-outage)',
    ])
    expect(await findingsOf(`${dead}\n${serves('10.0.0.3:9000', 11)}\n${late}`)).toHaveLength(2)
  })

  it('a program that served somebody between its abort and the refusal was back', async () => {
    const apart = `${killed('a', 40000, '10.0.0.3:8000', '1.0')}
      ${refused('r1', 40001, '10.0.0.3:8000', '4.0')}`
    expect(await findingsOf(apart)).toHaveLength(1)
    expect(await findingsOf(`${apart}\n${serves('10.0.0.3:8000', 2)}`)).toHaveLength(2)
  })
})

describe('consequences stand with their own cause', () => {
  it('where like flows followed two findings', async () => {
    const chain = (n: number, seconds: number): string => `flow d${n} 10.0.0.1:5000${n} > 10.0.0.2:80 ts
      flow u${n} 10.0.0.2:4000${n} > 10.0.0.3:8000 ts
      ${opens(`d${n}`, `${n * 20}.0`)}
      d${n} > P. ${get(`/slow${n}`)}
      d${n} < .
      ${opens(`u${n}`, `${n * 20}.1`)}
      u${n} > P. ${get(`/slow${n}`)}
      u${n} < .
      ${n * 20 + seconds}.0 d${n} > F.
      +0.0001 u${n} > F.
      u${n} < F.
      u${n} > .
      d${n} < F.
      d${n} > .`
    const found = await findingsOf([chain(1, 5), chain(2, 5), chain(3, 10)].join('\n'))
    const parts = found.map(({ streams, parts: more }) => [streams, more?.map((part) => part.streams)])
    // Wherever the causes are told apart, no finding has more followers than flows.
    for (const { count, parts: more } of found)
      for (const part of more ?? []) expect(part.count).toBeLessThanOrEqual(count)
    expect(parts.flat(3).sort()).toEqual([0, 1, 2, 3, 4, 5])
  })
})
