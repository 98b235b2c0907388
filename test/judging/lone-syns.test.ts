import { afterEach, expect, test } from 'vitest'
import { analyze, type AnalyzeOptions } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import { MOST_ONE_SIDED } from '../../src/flow/policy.js'
import { judgingPolicy } from '../../src/judging/policy.js'
import { flood } from '../helpers/flood.js'

const policy = judgingPolicy as { loneSynsFrom: number }
const usual = policy.loneSynsFrom

afterEach(() => {
  policy.loneSynsFrom = usual
})

/** The report without the list of hosts, which names those of the last round, and without how many are not in it. */
async function reportOf(bytes: Uint8Array, loneSynsFrom: number, options: AnalyzeOptions = {}) {
  policy.loneSynsFrom = loneSynsFrom
  const { chain, captures, ...report } = await analyze([new MemorySource(bytes)], options)
  expect(chain.length).toBe(1)
  const ofHosts = /^the clients of \d+ connections among the hosts/
  expect(captures[0].notSeen.filter((text) => ofHosts.test(text))).toHaveLength(1)
  const without = { ...captures[0], notSeen: captures[0].notSeen.filter((text) => !ofHosts.test(text)) }
  return { ...report, captures: [without] }
}

test('a flood whose SYNs are only counted is told as one whose SYNs are all judged', async () => {
  const bytes = flood(MOST_ONE_SIDED + 9000, { answered: 100 })
  const judged = await reportOf(bytes, Infinity)
  expect(judged.summary.byClass.open).toBeGreaterThan(40_000)
  expect(await reportOf(bytes, usual)).toEqual(judged)
})

test('SYNs that had long enough for an answer are judged', async () => {
  const bytes = flood(MOST_ONE_SIDED + 9000, { apartNs: 200_000 })
  const judged = await reportOf(bytes, Infinity)
  expect(judged.summary.byClass.unclassified).toBeGreaterThan(10_000)
  expect(await reportOf(bytes, usual)).toEqual(judged)
})

test('who asks for a flow gets it', async () => {
  const report = await reportOf(flood(MOST_ONE_SIDED + 6000), usual, { flow: 4500 })
  expect(report.flows.map(({ stream, verdict }) => `${stream} ${verdict.class}`)).toEqual(['4500 open'])
})
