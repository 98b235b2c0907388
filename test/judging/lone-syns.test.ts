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

test('near miss: a SYN of a flood that an ICMP error answered is no lone one', async () => {
  const connections = MOST_ONE_SIDED + 9000
  const bytes = rejected(flood(connections), connections - 10)
  const judged = await reportOf(bytes, Infinity)
  expect(judged.summary.byClass.refused).toBe(1)
  expect(await reportOf(bytes, usual)).toEqual(judged)
})

/** The flood with an ICMP error (port unreachable) behind it that quotes the SYN of one connection. */
function rejected(bytes: Uint8Array, connection: number): Uint8Array {
  const [record, last] = [56, bytes.length - 56]
  const made = new Uint8Array(bytes.length + 16 + 56)
  made.set(bytes)
  const view = new DataView(made.buffer)
  // Time and addresses as of what is there already; the error comes from the server's host.
  made.set(bytes.subarray(last, last + 8), bytes.length)
  view.setUint32(bytes.length + 8, 56)
  view.setUint32(bytes.length + 12, 56)
  const quoted = bytes.subarray(24 + connection * record + 16, 24 + connection * record + 44)
  const at = bytes.length + 16
  made.set(quoted.subarray(0, 20), at)
  view.setUint32(at, 0x45000038)
  made[at + 9] = 1
  made.set(quoted.subarray(16, 20), at + 12)
  made.set(quoted.subarray(12, 16), at + 16)
  view.setUint16(at + 20, 0x0303)
  made.set(quoted, at + 28)
  return made
}
