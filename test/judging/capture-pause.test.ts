import { expect, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import { ladderFile, ladderPackets } from '../helpers/ladder.js'

const DAY = 86_400_000_000_000n

/** A request that its server's host acknowledges no more; after it another connection. */
const LOST = `flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
  flow z 10.9.9.8:33000 > 10.9.9.9:9999 ts
  0.0 a > S
      a < S.
      a > .
  0.1 a > P. 'GET / HTTP/1.1\\r\\n\\r\\n'
  4.0 a > P. again
  9.5 z > S
      z < R.`

/** The last two packets come `later`; in one file, or in a second one. */
async function reportAfter(later: bigint, files: 1 | 2 = 1) {
  const packets = ladderPackets(LOST).map((packet, n) =>
    n < 5 ? packet : { ...packet, timeNs: packet.timeNs + later },
  )
  const parts = files === 1 ? [packets] : [packets.slice(0, 5), packets.slice(5)]
  const sources = parts.map((part, n) => new MemorySource(ladderFile(part), `${n}.pcap`))
  return analyze(sources, { all: true })
}

test('a day without a frame ends what was watched: no wait is counted across it', async () => {
  for (const files of [1, 2] as const) {
    const report = await reportAfter(3n * DAY, files)
    expect(report.flows[0]?.verdict.class, `${files}`).toBe('open')
  }
  const [capture] = (await reportAfter(3n * DAY)).captures
  expect(capture?.notSeen).toContain(
    'the 3.0 days without a frame before frame 6: what was open before is judged as if the capture had ended there',
  )
})

test('near miss: an hour without a frame is a quiet hour', async () => {
  for (const files of [1, 2] as const) {
    const report = await reportAfter(DAY / 24n, files)
    expect(report.flows[0]?.verdict.variant, `${files}`).toBe('vanished')
    expect(report.captures[0]?.notSeen.join()).not.toContain('without a frame')
  }
})
