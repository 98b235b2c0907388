import { expect, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import { ladderFile, ladderPackets } from '../helpers/ladder.js'

/** SYNs that nobody answers; the capture goes on for 30 s. */
const SYNS = `flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
  flow z 10.9.9.8:33000 > 10.9.9.9:9999 ts
  0.0 a > S
  1.0 a > S again
  3.0 a > S again
  7.0 a > S again
  30 z > S
     z < R.`

async function classOf(backNs: bigint): Promise<readonly string[]> {
  const packets = ladderPackets(SYNS).map((packet, n) =>
    n < 2 ? packet : { ...packet, timeNs: packet.timeNs - backNs },
  )
  const report = await analyze([new MemorySource(ladderFile(packets), 'a.pcap')], { all: true })
  const { verdict } = report.flows[0]!
  const why = verdict.notThis.find((one) => one.class === 'connect-timeout')?.because ?? ''
  return [verdict.class, verdict.class === 'unclassified' ? verdict.summary : '', why]
}

test('a wait up to the end of the capture is no proof where its clock was set back', async () => {
  const [word, summary, why] = await classOf(20_000_000_000n)
  expect(word).toBe('unclassified')
  expect(summary).toMatch(/4 SYNs were sent, none was answered; the clock of the capture was set back/)
  expect(why).toBe('the clock of the capture was set back: how long that lasted cannot be told')
})

test('near miss: where no frame is earlier than the one before, it is', async () => {
  expect((await classOf(0n))[0]).toBe('connect-timeout')
  expect((await classOf(1_500_000_000n))[0]).toBe('connect-timeout')
})
