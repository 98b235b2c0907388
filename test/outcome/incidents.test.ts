import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/result.js'
import { clientEnds, get, opens, reportOf, served } from '../helpers/verdict-of.js'

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
    expect(finding.detail[0]).toMatch(/^3 ports of this host within 2\.0\d\d s: 10\.0\.0\.3:7000 \(1\)/)
  })

  it('a program that dies and is not back: what it cut, and what was refused then', async () => {
    const found = await findingsOf(
      `${killed('a', 40000, '10.0.0.3:8000', '1.0')}
       ${refused('r1', 40001, '10.0.0.3:8000', '2.0')}
       ${refused('r2', 40002, '10.0.0.3:8000', '3.0')}`,
    )
    expect(found.map(brief)).toEqual(['2 refused + 1 server-abort (same-outage)'])
    expect(found[0].detail.at(-1)).toMatch(/part of the same outage: 1 connection: server abort/)
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
      /3 connections .* ended because of these: client abort \(propagated\)/,
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
})
