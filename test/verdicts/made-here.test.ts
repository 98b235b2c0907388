import { expect, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import type { Verdict } from '../../src/result.js'
import { ladderFile, ladderPackets, type LadderOptions } from '../helpers/ladder.js'
import { get, served } from '../helpers/verdict-of.js'

const ROUTER: LadderOptions = { link: 'LINUX_SLL2', twice: 'router' }
/** A request after a silence, and a RST without ACK for it; on a router every packet is there twice, at 2n-1 and 2n. */
const rejected = (ttl: string): string => `flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
  ${served('a')}
  +2 a > P. ${get('/b')}
  +0.0001 a < R ${ttl}`

async function verdictAt(text: string, without: (frames: number) => number): Promise<Verdict | undefined> {
  const all = ladderPackets(text, ROUTER)
  const packets = all.filter((_, n) => n + 1 !== without(all.length))
  const report = await analyze([new MemorySource(ladderFile(packets, ROUTER), 'router.pcap')], { all: true })
  return report.flows[0]?.verdict
}

test('a RST that only leaves the capturing host, with a TTL of its own, is of a rule there, not of the server', async () => {
  // The arrival of the RST is missing: it is the last but one.
  const verdict = await verdictAt(rejected('ttl 65'), (frames) => frames - 1)
  expect(verdict).toMatchObject({ class: 'half-open-zombie', variant: 'forgotten', closer: 'middlebox' })
  expect(verdict?.summary).toMatch(/^A NAT or firewall on the capturing host answered GET \/b with a RST/)
})

test('near miss: with the TTL of all others its arrival may have been missed', async () => {
  const verdict = await verdictAt(rejected(''), (frames) => frames - 1)
  expect(verdict).toMatchObject({ variant: 'forgotten' })
  expect(verdict?.summary).not.toContain('capturing host')
})

test('near miss: it came in like all others', async () => {
  const verdict = await verdictAt(rejected(''), () => 0)
  expect(verdict?.summary).toMatch(/^The server 10\.0\.0\.3:8000 had forgotten the connection/)
})
