import { analyze } from '../../src/analyze.js'
import { openSource } from '../../src/capture/file-source.js'
import { flowJson } from '../../src/report/json-flow.js'
import { flowDetail } from '../../src/report/terminal-flow.js'
import { expect, test } from 'vitest'
import { findingTitle } from '../../src/outcome/finding-title.js'
import type { Finding } from '../../src/result.js'
import { clientEnds, get, opens, reportOf, served, serverEnds, status } from '../helpers/verdict-of.js'

/** A request that a client gives up after so many seconds. */
function abandoned(name: string, ends: string, seconds: number, at: number): string {
  return `flow ${name} ${ends} ts
    ${opens(name, `${at}.0`)}
    ${name} > P. ${get('/slow')}
    ${name} < .
    ${clientEnds(name, `+${seconds}`)}`
}

/** Connections of a proxy that their server closes after so many seconds of idleness. */
function pooled(gaps: readonly number[], server = '10.0.0.3:8000'): string {
  return gaps
    .map((gap, i) => {
      const name = `p${server.replace(/\W/g, '')}${i}`
      return `flow ${name} 10.0.0.2:${40000 + i} > ${server} ts
      ${served(name, `${i * 50}.0`).replace('Host: h', 'Host: h\\r\\nX-Forwarded-For: 10.0.0.1')}
      ${serverEnds(name, `+${gap}`)}`
    })
    .join('\n')
}

const brief = (finding: Finding): string =>
  `${finding.count} ${finding.class} ${finding.severity} ${finding.client.ip} > ${finding.server.ip}:${finding.server.port ?? '-'} ${finding.timer?.setting ?? '-'}`

async function findings(ladder: string): Promise<string[]> {
  return (await reportOf(ladder)).findings.map(brief)
}

test('like flows are one finding, with the spread of their silences', async () => {
  const { findings } = await reportOf(pooled([5.002, 5.001, 5.004]))
  expect(findings.map(brief)).toEqual([
    '3 idle-timeout latent 10.0.0.2 > 10.0.0.3:8000 uvicorn.timeout_keep_alive',
  ])
  expect(findings[0]?.silenceSeconds?.min).toBeCloseTo(5.0011, 4)
  expect(findings[0]?.silenceSeconds?.median).toBeCloseTo(5.0021, 4)
  expect(findings[0]?.silenceSeconds?.max).toBeCloseTo(5.0041, 4)
  expect(findings[0]?.title).toMatch(/\(5\.001–5\.004 s over 3 flows\)$/)
})

test('a range of silences that does not hold the number of the sentence stays away: that is of another clock', async () => {
  const { flows } = await reportOf(pooled([5.002, 5.001, 5.004]))
  const example = flows.find(({ close }) => close.silence !== null)!
  const title = (min: number): string => findingTitle(3, example, { min, median: 5.02, max: 5.03 })
  expect(title(5.0)).toMatch(/\(5\.00–5\.03 s over 3 flows\)$/)
  expect(title(5.02)).not.toContain('flows')
})

test('many clients of one server are one finding', async () => {
  const crowd = [1, 2, 3]
    .map((n) => abandoned(`a${n}`, `10.0.1.${n}:50000 > 10.0.0.2:80`, 1.3 + n, n * 20))
    .join('\n')
  expect(await findings(crowd)).toEqual(['3 client-abort problem 3 hosts > 10.0.0.2:80 -'])
})

test.each([
  ['two servers', `${pooled([5.001])}\n${pooled([5.001], '10.0.0.4:8000')}`, 2],
  ['two ports', `${pooled([5.001])}\n${pooled([5.001], '10.0.0.3:8001')}`, 2],
  ['two timers', `${pooled([5.001, 5.001, 15.001])}`, 2],
  ['two phases', `${abandoned('a', '10.0.0.1:50000 > 10.0.0.2:80', 3, 0)}\n${uploading()}`, 2],
])('%s are two findings', async (_, ladder, count) => {
  expect(await findings(ladder)).toHaveLength(count)
})

/** A client that leaves in the middle of its request. */
function uploading(): string {
  return `flow up 10.0.0.1:50001 > 10.0.0.2:80 ts
    ${opens('up', '100.0')}
    up > P. 'POST /up HTTP/1.1\\r\\nHost: h\\r\\nContent-Length: 900\\r\\n\\r\\nxx'
    up < .
    ${clientEnds('up', '+0.5')}`
}

test('what is ok makes no finding', async () => {
  expect(
    await findings(`flow a 10.0.0.1:50000 > 10.0.0.2:80 ts\n${served('a')}\n${clientEnds('a', '+0.1')}`),
  ).toEqual([])
})

const REFUSED = `flow r 10.0.0.2:40900 > 10.0.0.9:9000 ts
    90.0 r > S
    r < R.`

test('problems come before what is only latent, the more frequent first', async () => {
  const ladder = `${pooled([5.001, 5.001, 5.001])}
    ${REFUSED}
    ${abandoned('a', '10.0.1.1:50000 > 10.0.0.7:80', 3, 200)}
    ${abandoned('b', '10.0.1.1:50001 > 10.0.0.7:80', 4, 220)}`
  expect((await findings(ladder)).map((line) => line.split(' ')[1])).toEqual([
    'client-abort',
    'refused',
    'idle-timeout',
  ])
})

test('what only follows from another finding is a part of it', async () => {
  const ladder = [0, 1]
    .map(
      (i) => `flow d${i} 10.0.0.1:5000${i} > 10.0.0.2:80 ts
    flow u${i} 10.0.0.2:4000${i} > 10.0.0.3:8000 ts
    ${opens(`u${i}`, `${i * 20}.0`)}
    ${opens(`d${i}`, '+0.001')}
    d${i} > P. ${get('/slow')}
    +0.001 u${i} > P. ${get('/slow')}
    u${i} < .
    +3 d${i} > F.
    u${i} > F.
    d${i} < F.
    u${i} < F.`,
    )
    .join('\n')
  const { findings } = await reportOf(ladder)
  expect(findings.map((one) => `${one.variant} ${one.count}`)).toEqual(['null 2'])
  expect(findings[0]?.parts).toMatchObject([{ relation: 'consequence', variant: 'propagated', count: 2 }])
})

test('a finding is no more certain than its least certain flow, and shows its clearest', async () => {
  const race = (
    name: string,
    port: number,
    at: number,
    late: boolean,
  ): string => `flow ${name} 10.0.0.2:${port} > 10.0.0.3:8000 ts
    ${late ? `${at}.0 ${name} > P. ${get('/0')}\n${name} < P. 'HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n'\n${name} > .` : served(name, `${at}.0`)}
    +5 ${name} < F.
    ${name} > P. ${get('/next')} unseen
    ${name} < R`
  const { findings } = await reportOf(`${race('a', 40000, 0, true)}\n${race('b', 40001, 20, false)}`)
  expect(findings).toHaveLength(1)
  expect(findings[0]).toMatchObject({
    class: 'keepalive-race',
    certainty: 'likely',
    count: 2,
    example: 1,
    streams: [0, 1],
  })
})

test('the setting that fired stands in the detail, with how many others could have', async () => {
  const { findings } = await reportOf(pooled([5.001, 5.001]))
  expect(findings[0]?.detail[0]).toMatch(
    /^likely uvicorn\.timeout_keep_alive = 5 s; \d+ other settings possible$/,
  )
})

test('one client by its address, the server by address and port', async () => {
  const { findings } = await reportOf(`flow c 10.0.0.1:50000 > 10.0.0.2:80 ts
    ${opens('c')}
    c > P. ${get('/')}
    c < P. ${status(200, 'OK')}
    c > .
    ${REFUSED}`)
  expect(findings[0]).toMatchObject({ client: { ip: '10.0.0.2' }, server: { ip: '10.0.0.9', port: 9000 } })
})

test('a connection seen on both sides of a NAT is counted once', async () => {
  const report = await reportOf(`flow d 10.0.0.1:50000 > 10.0.0.2:80 ts isn 111111/222222
    flow e 192.0.2.9:61000 > 10.0.0.2:80 ts isn 111111/222222 ttl 63/64
    0.0 d > S
    +0.00002 e > S
    e < S.
    d < S.
    d > .
    e > .
    d > P. ${get('/x')}
    e > P. ${get('/x')}
    e < .
    d < .
    +3 d > F.
    e > F.
    e < F.
    d < F.`)
  const { findings, flows, summary } = report
  expect(findings.map((one) => `${one.count} ${one.class}`)).toEqual(['1 client-abort'])
  expect(summary.problems).toBe(1)
  const server = { ip: '10.0.0.2', port: 80 }
  const as = (ip: string, port: number) => ({ client: { ip, port }, server, capture: 0 })
  expect(flows.map((flow) => flow.links)).toEqual([
    [{ stream: 1, relation: 'nat-twin', certainty: 'certain', as: as('192.0.2.9', 61000) }],
    [{ stream: 0, relation: 'nat-twin', certainty: 'certain', as: as('10.0.0.1', 50000) }],
  ])
  const look = { width: null, colour: false, utf8: true }
  expect(flowDetail(report, flows[0], look, null)).toContain(
    'is the same connection under other addresses: 192.0.2.9:61000 > 10.0.0.2:80 (certain)',
  )
  expect(flowJson(flows[0])).toMatchObject({ links: [{ relation: 'nat-twin', as: as('192.0.2.9', 61000) }] })
})

test('near miss: other sequence numbers are another connection', async () => {
  const twice = [1, 2].map((n) => abandoned(`t${n}`, `10.0.0.${n}:50000 > 10.0.0.7:80`, 3, 0)).join('\n')
  const { findings, flows } = await reportOf(twice)
  expect(findings.map((one) => one.count)).toEqual([2])
  expect(flows.flatMap((flow) => flow.links)).toEqual([])
})

test('a request that was sent again to a server that failed, too, was sent again in vain: tshark shows the 502 of each', async () => {
  const path = new URL('../../captures/next-upstream/capture.pcap', import.meta.url).pathname
  const { findings } = await analyze([openSource(path)])
  const of = (port: number): string =>
    findings.find(({ server }) => server.port === port)?.detail.join('\n') ?? ''
  expect(of(8001)).toContain('3 requests were sent again unseen')
  expect(of(8002)).toContain('3 requests were sent again in vain')
  expect(of(8000)).toContain('3 clients got 502')
})

/** A server that closes in the middle of a response; `shut` seconds before, the client had stopped reading. */
function brokenOff(name: string, port: number, at: number, shut: number | null): string {
  const waits =
    shut === null
      ? ''
      : `${name} > . win 0
      +0.3 ${name} < . probe
           ${name} > . win 0
      +${shut} ${name} > . win 9000
      ${name} < . len 1400`
  return `flow ${name} 10.0.0.1:${port} > 10.0.0.2:80 ts
      ${opens(name, `${at}.0`)}
      ${name} > P. ${get('/big')}
      ${name} < . 'HTTP/1.1 200 OK\\r\\nServer: nginx\\r\\nContent-Length: 9000\\r\\n\\r\\nx'
      ${name} < P. len 1400
      ${waits}
      ${name} < F. len 700
      ${name} > F.
      ${name} < .`
}

test('aborts are not one finding with closes that may have been a send timeout: other things are advised', async () => {
  const held = brokenOff('a', 40001, 0, 6.5)
  const aborted = [brokenOff('b', 40002, 20, null), brokenOff('c', 40003, 40, null)]
  const { findings } = await reportOf([held, ...aborted].join('\n'))
  expect(
    findings.map(({ class: word, certainty, count, streams }) => [word, certainty, count, ...streams]),
  ).toEqual([
    ['server-abort', 'certain', 2, 1, 2],
    ['server-abort', 'possible', 1, 0],
  ])
  expect(findings[0].fix[0]).toMatch(/for a crash, a kill or an exception/)
  expect(findings[1].fix[0]).toMatch(/did not read; in the log of .* see whether a send timeout ran out/)
})

test('a finding whose flows are not equally sure says how many are which', async () => {
  const { findings } = await analyze([openSource('captures/server-killed/capture.pcap')])
  expect(findings.map(({ certainty, detail }) => [certainty, ...detail.slice(0, 1)])).toEqual([
    ['likely', '3 clients got 502'],
    ['possible', 'certain for 2, possible for 1 of 3 flows (flow 7)'],
  ])
})
