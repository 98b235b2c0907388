import { expect, test } from 'vitest'
import { FindingGroups } from '../../src/outcome/finding-groups.js'
import { listingPolicy } from '../../src/outcome/policy.js'
import type { FlowReport } from '../../src/result.js'
import { get, opens, reportOf } from '../helpers/verdict-of.js'

/** Requests that their clients give up after 2.0, 2.1, 2.2 … seconds. */
async function abandoned(count: number): Promise<readonly FlowReport[]> {
  const ladder = Array.from({ length: count }, (_, n) => {
    const name = `a${n}`
    return `flow ${name} 10.0.0.${10 + n}:40000 > 10.0.0.2:80 ts
      ${opens(name, `${n * 20}.0`)}
      ${name} > P. ${get('/slow')}
      ${name} < .
      +${2 + n / 10} ${name} > F.
      ${name} < F.
      ${name} > .`
  })
  const { flows } = await reportOf(ladder.join('\n'), { all: false })
  expect(flows.length).toBe(count)
  return flows
}

test('beyond the limit flows are counted with their numbers and not listed', async () => {
  const flows = await abandoned(6)
  const groups = new FindingGroups({ ...listingPolicy, flowsOfFinding: 2 })
  const listed = flows.map((flow) => groups.add(flow, () => flow) !== null)
  expect(listed).toEqual([true, true, false, false, false, false])
  expect(groups.notListed).toBe(4)
  const [finding] = groups.findings([])
  expect(finding).toMatchObject({ count: 6, notListed: 4, streams: [0, 1], client: { ip: '6 hosts' } })
  expect(finding?.silenceSeconds?.min).toBeCloseTo(2, 2)
  expect(finding?.silenceSeconds?.max).toBeCloseTo(2.5, 2)
})

test('a finding for which there is no room at all is counted as not listed', async () => {
  const flows = await abandoned(2)
  const groups = new FindingGroups({ ...listingPolicy, flowsInAll: 0 })
  for (const flow of flows) groups.add(flow, () => flow)
  expect(groups.findings([])).toEqual([])
  expect(groups.notListed).toBe(2)
})

test('below the limits nothing is left out', async () => {
  const flows = await abandoned(3)
  const groups = new FindingGroups()
  for (const flow of flows) groups.add(flow, () => flow)
  expect(groups.findings([])[0]).toMatchObject({ count: 3 })
  expect(groups.findings([])[0]).not.toHaveProperty('notListed')
})
