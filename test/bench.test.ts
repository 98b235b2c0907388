import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { memoryTable } from '../scripts/bench/memory.js'
import { benchTable, withTable } from '../scripts/bench/table.js'
import { measure, median } from '../scripts/bench/tools.js'
import { BENCH_CAPTURES } from '../scripts/bench/traffic.js'
import { analyze } from '../src/analyze.js'
import { MemorySource } from '../src/capture/memory-source.js'

const dir = mkdtempSync(join(tmpdir(), 'bench-test-'))
afterAll(() => rmSync(dir, { recursive: true }))

/** A small one of a bench capture, as bytes, and how many frames were written. */
function small(name: string, frames: number): { bytes: Uint8Array; frames: number } {
  const capture = BENCH_CAPTURES.find((one) => one.name === name)
  const path = join(dir, `${name}.pcap`)
  const written = capture?.write(path, frames) ?? 0
  return { bytes: new Uint8Array(readFileSync(path)), frames: written }
}

/** Frames with SYN and nothing else, counted by hand: record header, Ethernet, IPv4, then the flags. */
function syns(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  let count = 0
  for (let at = 24; at < bytes.length; at += 16 + view.getUint32(at + 8, true))
    if (bytes[at + 63] === 2) count++
  return count
}

describe('captures of the bench', () => {
  test.each(BENCH_CAPTURES.map(({ name }) => name))(
    '%s: every frame is TCP, every SYN a connection',
    async (name) => {
      const { bytes, frames } = small(name, 1200)
      const report = await analyze([new MemorySource(bytes)])
      expect(report.captures[0]).toMatchObject({ frames, notDecoded: {}, truncated: false })
      expect(frames).toBeGreaterThanOrEqual(1200)
      expect(report.summary.flows).toBe(syns(bytes))
      if (name !== 'http' && name !== 'synflood')
        expect(report.summary.byClass).toEqual({ clean: syns(bytes) })
    },
  )

  test('are the same bytes every time', () => {
    expect(small('http', 500).bytes).toEqual(small('http', 500).bytes)
  })
})

describe('the table', () => {
  const measured = (tool: string, seconds: number, peakMb: number | null) => {
    return { tool, seconds, peakMb, cpuSeconds: null, rounds: 3 }
  }
  const rows = [
    {
      title: 'a',
      frames: 3e6,
      fileBytes: 394e6,
      measured: [measured('pcap-why', 2, 101.4), measured('tshark', 25, null)],
    },
    { title: 'b', frames: 1e6, fileBytes: 2e6, measured: [measured('pcap-why', 1, 50)] },
  ]
  const place = { machine: 'M', node: '20.1.2', date: '2026-01-02' }

  test('gives times, memory and ratios, and a dash where nothing was measured', () => {
    const table = benchTable(rows, { tableMs: 140.4, captureBytes: 1.1e6, nodeMs: 41 }, place)
    expect(table.split('\n').slice(2, 4)).toEqual([
      '| a | 3.0 M | 394 MB | 2.00 s, 101 MB | 25.00 s (12.5) |',
      '| b | 1.0 M | 2 MB | 1.00 s, 50 MB | – |',
    ])
    expect(table).toContain('M, Node 20.1.2, 2026-01-02. From start to table for a capture of 1.1 MB: 140 ms')
  })

  test('replaces the block of the README and nothing else', () => {
    const readme = 'a\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nb'
    expect(withTable(readme, 'new')).toBe('a\n<!-- bench:begin -->\n\nnew\n\n<!-- bench:end -->\nb')
    expect(() => withTable('nothing', 'new')).toThrow('no bench block')
  })

  test('the median of an even number lies between the middle two', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(median([9, 1, 3])).toBe(3)
  })
})

test('a run that failed is no measurement, whatever it says of itself', () => {
  const run = (script: string) => measure([process.execPath, '-e', script])
  expect(run('0')?.seconds).toBeGreaterThan(0)
  expect(run('process.exit(1)')).toBeNull()
  expect(run('throw new Error("a broken build")')).toBeNull()
  expect(measure(['/no/such/program'])).toBeNull()
})

test('memory that grows is told by connection, or by frame where there is one connection', () => {
  const row = (name: string, frames: number, connections: number, peakMb: number) => {
    return { name, frames, connections, peakMb, liveMb: peakMb / 2 }
  }
  const table = memoryTable([
    row('many', 1e6, 100_000, 100),
    row('many', 2e6, 100_000 + 2 ** 20, 300),
    row('one', 1e6, 1, 70),
    row('one', 1e6 + 2 ** 20, 1, 71),
    row('one', 1e6 + 2 ** 21, 1, 70.99),
  ])
  expect(table.split('\n').slice(2)).toEqual([
    '| many | 1.0 | 100,000 | 100 | 50.0 |  |  |',
    '| many | 2.0 | 1,148,576 | 300 | 150.0 | 200 B a connection | 100 B a connection |',
    '| one | 1.0 | 1 | 70 | 35.0 |  |  |',
    '| one | 2.0 | 1 | 71 | 35.5 | 1.0 B a frame | 0.5 B a frame |',
    '| one | 3.1 | 1 | 71 | 35.5 | 0.0 B a frame | 0.0 B a frame |',
  ])
})
