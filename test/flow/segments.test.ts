import { describe, expect, test } from 'vitest'
import { MemorySource } from '../../src/capture/memory-source.js'
import { listSegments, SEGMENT_COLUMNS, type ListSegmentsOptions } from '../../src/segments/list-segments.js'
import { pcapFile } from '../helpers/capture-bytes.js'
import { ladderSource, type LadderOptions } from '../helpers/ladder.js'
import { OPEN } from '../helpers/tracked.js'

async function lines(text: string, options: LadderOptions & ListSegmentsOptions = {}): Promise<string[][]> {
  let all = ''
  await listSegments([ladderSource(text, options)], (more) => void (all += more), options)
  expect(all.endsWith('\n')).toBe(true)
  return all
    .slice(0, -1)
    .split('\n')
    .map((line) => line.split('\t'))
}

describe('segments as lines', () => {
  test('names of the columns first, then one line a segment', async () => {
    const [names, ...rows] = await lines(`${OPEN}a > P. 'hello'`)
    expect(names).toEqual([...SEGMENT_COLUMNS])
    expect(rows.map((row) => row.join(' '))).toEqual([
      '1 1768982400.000000000 0 client S 1000 0 0 64240 ',
      '2 1768982400.010000000 0 server S. 5000 1001 0 64240 ',
      '3 1768982400.020000000 0 client . 1001 5001 0 502 ',
      '4 1768982400.020100000 0 client P. 1001 5001 5 502 ',
    ])
  })

  test('marks are separated by commas', async () => {
    const rows = await lines(`${OPEN}a > P. 'abc'\na < .\n+1 a > P. again`)
    expect(rows.at(-1)?.at(-1)).toBe('retransmission,spurious_retransmission')
  })

  test('a copy has its own mark and no other', async () => {
    const rows = await lines(`${OPEN}a > P. 'abc'`, { link: 'LINUX_SLL2', twice: 'bridge' })
    expect(rows.slice(1).map((row) => row[9])).toEqual(Array(4).fill(['', 'duplicate_capture']).flat())
  })

  test('who the client is when the capture begins later', async () => {
    const first = async (line: string): Promise<string | undefined> =>
      (await lines(`flow a 10.0.0.2:40000 > 10.0.0.3:80\n${line}`))[1]?.[3]
    expect(await first("a < P. 'x'")).toBe('server')
    expect(await first('a < S. ack 1')).toBe('server')
    expect(await first("a > P. 'x'")).toBe('client')
  })

  test('flags as tcpdump writes them', async () => {
    const rows = await lines('flow a 10.0.0.2:1 > 10.0.0.3:2\na > -\na > FSRP.UEW')
    expect(rows.slice(1).map((row) => row[4])).toEqual(['none', 'FSRP.UEW'])
  })

  test('times before the first frame, and long after it', async () => {
    const epochNs = 1_000_000_000_000_000_000n
    const rows = await lines('flow a 10.0.0.2:1 > 10.0.0.3:2\n20000000.000001 a > S', { epochNs })
    expect(rows[1]?.[1]).toBe('1020000000.000001000')
  })

  test('whose rules: those of 4.0 on request', async () => {
    const text = 'flow a 10.0.0.2:1 > 10.0.0.3:2\na > S\na < R.\n+1 a > S again'
    expect((await lines(text)).at(-1)?.[2]).toBe('1')
    expect((await lines(text, { rules: '4.0' })).at(-1)?.[2]).toBe('0')
  })

  test('a capture without TCP: names only', async () => {
    let all = ''
    await listSegments([new MemorySource(pcapFile([]))], (more) => void (all += more))
    expect(all.trimEnd().split('\n')).toHaveLength(1)
  })
})
