import { expect, test } from 'vitest'
import type { FlowFacts } from '../../src/facts/flow-facts.js'
import { OverviewList } from '../../src/outcome/overview.js'
import type { Verdict } from '../../src/result.js'
import { allFacts } from '../helpers/facts-of.js'
import { clientEnds, get, ok, opens, reportOf, served } from '../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'
const B = 'flow b 10.0.0.2:40124 > 10.0.0.3:8000 ts'

test('holds every flow in short, the clean ones too', async () => {
  const ladder = `${A}\n${B}\n${served('a')}\n${clientEnds('a', '+0.5')}\n${served('b', '3.0')}`
  const report = await reportOf(ladder, { all: false, overview: true })
  expect(report.flows).toEqual([])
  expect(report.overview?.left).toBe(0)
  expect(report.overview?.flows.map(({ stream, close }) => [stream, close?.by ?? null])).toEqual([
    [0, 'client'],
    [1, null],
  ])
  expect(report.overview?.flows[0]?.summary).toMatch(/client/)
  expect((await reportOf(ladder)).overview).toBeUndefined()
})

test('a silence is a stretch without a new byte: probes do not end it, shorter pauses are none', async () => {
  const report = await reportOf(
    `${A}
    ${opens('a')}
    1.5 a > P. ${get('/1')}
    2.0 a < P. ${ok()}
    a > .
    12.0 a > . 'x' probe
    a < .
    22.0 a > P. ${get('/2')}
    22.5 a < P. ${ok()}
    a > .
    ${clientEnds('a', '30.0')}`,
    { overview: true },
  )
  const seconds = report.overview?.flows[0]?.silences.map((each) =>
    each.map((at) => Math.round(at * 10) / 10),
  )
  expect(seconds).toEqual([
    [0, 1.5],
    [2, 22],
    [22.5, 30],
  ])
})

test('nothing is called silent where rows of the ladder were not kept', async () => {
  const many = Array.from({ length: 60 }, (_, i) => `${i + 1}.0 a > P. ${get(`/${i}`)}\n a < P. ${ok()}`)
  const report = await reportOf(`${A}\n${opens('a')}\n${many.join('\n')}\n90.0 a > F.`, { overview: true })
  const flow = report.flows[0]
  expect(flow?.ladderOmitted).toBeGreaterThan(0)
  expect(flow?.ladderGaps).toEqual([{ before: 12, rows: flow?.ladderOmitted }])
  const longest = report.overview?.flows[0]?.silences.map(([from, to]) => to - from)
  expect(Math.max(...(longest ?? []).slice(0, -1))).toBeLessThan(1.1)
  expect(longest?.at(-1)).toBeCloseTo(30, 1)
})

test('is bounded: later flows are counted', async () => {
  const facts: FlowFacts[] = await allFacts(`${A}\n${B}\n${served('a')}\n${served('b')}`)
  const list = new OverviewList(0, (_, frame) => ({ frame }), 1)
  for (const flow of facts) list.add(flow, { class: 'clean' } as Verdict, [])
  const section = list.section({ of: () => ({ role: 'nginx', basis: 'given', software: null, proxy: null }) })
  expect(section.flows).toHaveLength(1)
  expect(section.flows[0]?.client.role).toBe('nginx')
  expect(section.left).toBe(1)
})
