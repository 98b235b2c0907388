import { afterEach, expect, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { openSource } from '../../src/capture/file-source.js'
import { memoryPolicy } from '../../src/chain/policy.js'
import { judgingPolicy } from '../../src/judging/policy.js'
import type { Report } from '../../src/result.js'

const limits = { ...judgingPolicy, ...memoryPolicy }
const judging = judgingPolicy as { flowsTogether: number }
const memory = memoryPolicy as { settledLegs: number }

afterEach(() => {
  judging.flowsTogether = limits.flowsTogether
  memory.settledLegs = limits.settledLegs
})

const POOLED = new URL('../../captures/incident-502/capture.pcap', import.meta.url).pathname

async function report(): Promise<Report> {
  return analyze([openSource(POOLED)], { all: true })
}

function links({ flows }: Report): string[] {
  return flows.flatMap((flow) =>
    flow.links
      .filter((link) => link.relation === 'upstream' || link.relation === 'downstream')
      .map((link) => `${flow.stream} ${link.relation} ${link.stream} ${link.certainty}`),
  )
}

test('legs judged in earlier rounds are linked as if all had been judged together', async () => {
  const together = links(await report()).sort()
  judging.flowsTogether = 300
  const apart = links(await report()).sort()
  expect(together.length).toBeGreaterThan(500)
  expect(apart).toEqual(together)
})

test('legs that are too many to be remembered are told', async () => {
  judging.flowsTogether = 300
  memory.settledLegs = 3
  const { captures } = await report()
  expect(captures[0]?.notSeen.join('\n')).toMatch(/^\d+ links from connections that went on/m)
})
