import { expect, test } from 'vitest'
import { MemorySource } from '../../src/capture/memory-source.js'
import { readCaptures } from '../../src/capture/read-captures.js'
import { ladder, ladderFile, ladderPackets } from '../helpers/ladder.js'
import { readRows } from '../helpers/rows.js'

const TEXT = `
  flow a 10.0.0.2:1 > 10.0.0.3:2
  0 a > S
  1 a < S.
  2 a > .
  3 a > P. len 10 times 5000 every 0.001
  9 a < F.`

test('captures of two hosts arrive in order of time, with the frame numbers of their files', async () => {
  const packets = ladderPackets(TEXT)
  const even = packets.filter((_, i) => i % 2 === 0)
  const odd = packets.filter((_, i) => i % 2 === 1)
  const { rows, read } = await readRows(
    ladderFile(odd),
    ladderFile(even, { format: 'pcapng', link: 'LINUX_SLL2' }),
  )
  expect(rows.map((row) => row.capture)).toEqual(packets.map((_, i) => (i % 2 === 0 ? 1 : 0)))
  expect(rows.map((row) => row.frame)).toEqual(packets.map((_, i) => Math.floor(i / 2) + 1))
  expect(rows[0].timeNs).toBe(-1e9)
  expect(read.captures.map((capture) => capture.frames)).toEqual([odd.length, even.length])
})

test('rotation files may be named in any order', async () => {
  const packets = ladderPackets(TEXT)
  const parts = [packets.slice(4000), packets.slice(2, 4000), packets.slice(0, 2)]
  const { rows } = await readRows(...parts.map((part) => ladderFile(part)))
  expect(rows.map((row) => row.capture)).toEqual(packets.map((_, i) => (i < 2 ? 2 : i < 4000 ? 1 : 0)))
})

test('equal times: the capture named first goes first', async () => {
  const { rows } = await readRows(ladder(TEXT), ladder(TEXT))
  expect(rows.slice(0, 4).map((row) => row.capture)).toEqual([0, 1, 0, 1])
})

test('a capture keeps its own order when its clock was set back', async () => {
  const packets = ladderPackets(TEXT)
  const jumbled = [packets[2], packets[0], packets[1], ...packets.slice(3, 6)]
  const { rows } = await readRows(ladderFile(jumbled), ladderFile([packets[1]]))
  expect(rows.filter((row) => row.capture === 0).map((row) => row.frame)).toEqual([1, 2, 3, 4, 5, 6])
})

test('progress, and an end before the end', async () => {
  const bytes = ladder(TEXT)
  const progress: number[] = []
  const signal = { aborted: false }
  let rows = 0
  const read = await readCaptures(
    [new MemorySource(bytes, 'x', 10_000)],
    (_batch, from, to) => {
      rows += to - from
      signal.aborted = rows > 1000
    },
    { signal, onProgress: (count, total) => progress.push(count / total!) },
  )
  expect(rows).toBeGreaterThan(1000)
  expect(rows).toBeLessThan(1400)
  expect(read.captures[0].truncated).toBe(false)
  expect(progress[0]).toBeCloseTo(10_000 / bytes.length)
  expect(progress).toEqual([...progress].sort((a, b) => a - b))
})
