import { describe, expect, test } from 'vitest'
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

/** Class of the first flow, what is said of it, and why it is no connect timeout, when the clock is set back before packet `at`. */
async function classOf(backNs: bigint, at = 2, ladder = SYNS): Promise<readonly string[]> {
  const packets = ladderPackets(ladder).map((packet, n) =>
    n < at ? packet : { ...packet, timeNs: packet.timeNs - backNs },
  )
  const report = await analyze([new MemorySource(ladderFile(packets), 'a.pcap')], { all: true })
  const { verdict } = report.flows[0]!
  const why = verdict.notThis.find((one) => one.class === 'connect-timeout')?.because ?? ''
  return [verdict.class, verdict.summary, why]
}

describe('a clock that was set back', () => {
  test('between the SYNs: no wait is measured', async () => {
    const [word, summary, why] = await classOf(20_000_000_000n)
    expect(word).toBe('unclassified')
    expect(summary).toMatch(/4 SYNs were sent, none was answered; the clock of the capture was set back/)
    expect(why).toMatch(/the clock of the capture was set back/)
  })

  test('near miss: where no frame is a second earlier than the one before, it is', async () => {
    expect((await classOf(0n))[0]).toBe('connect-timeout')
    expect((await classOf(1_500_000_000n))[0]).toBe('connect-timeout')
  })

  test('twice: what lies wholly after it cannot be measured either', async () => {
    const often = `flow e 10.9.9.7:33000 > 10.9.9.9:9999 ts
      ${[0, 1, 2, 3].map((n) => `${n}00 e > S\n e < R.`).join('\n')}`
    const file = ladderFile([
      ...ladderPackets(often).filter((_, n) => n < 6),
      ...ladderPackets(often).filter((_, n) => n < 6),
      ...ladderPackets(SYNS),
    ])
    const { flows } = await analyze([new MemorySource(file, 'a.pcap')], { all: true })
    expect(flows.find(({ server }) => server.port === 8000)?.verdict.class).toBe('unclassified')
  })

  test('before the first SYN: all of them were seen by the new clock', async () => {
    const early = `flow e 10.9.9.7:33000 > 10.9.9.9:9999 ts
      0.0 e > S
          e < R.
      100 e > S
          e < R.`
    const shifted = ladderPackets(SYNS).map((packet) => ({
      ...packet,
      timeNs: packet.timeNs + 50_000_000_000n,
    }))
    const file = ladderFile([...ladderPackets(early), ...shifted])
    const { flows } = await analyze([new MemorySource(file, 'a.pcap')], { all: true })
    expect(flows.find(({ server }) => server.port === 8000)?.verdict.class).toBe('connect-timeout')
  })

  test('after the last SYN: the wait counts up to there, and no further', async () => {
    const before = await classOf(28_000_000_000n, 4)
    expect(before[0]).toBe('connect-timeout')
    expect(before[1]).toMatch(/answered none of 4 SYNs in 7\.0/)
    const soon = `flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
      flow z 10.9.9.8:33000 > 10.9.9.9:9999 ts
      10 a > S
      11 a > S again
      60 z > S
         z < R.
      90 z > S`
    expect((await classOf(0n, 2, soon))[0]).toBe('connect-timeout')
    expect((await classOf(55_000_000_000n, 2, soon))[0]).toBe('open')
  })
})
