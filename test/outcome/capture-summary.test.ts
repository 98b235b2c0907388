import { describe, expect, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import { reportJson } from '../../src/report/json.js'
import { terminalReport } from '../../src/report/terminal.js'
import * as files from '../helpers/capture-bytes.js'
import { ladderPackets } from '../helpers/ladder.js'
import { concat, linkFrame } from '../helpers/packet-bytes.js'
import { clientEnds, get, ok, opens, reportOf, served, type VerdictOptions } from '../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'
const WHOLE = `${A}
    ${served('a')}
    ${clientEnds('a', '+0.5')}`

async function summary(ladder: string, options: VerdictOptions = {}) {
  const [capture] = (await reportOf(ladder, options)).captures
  if (capture === undefined) throw new Error('no capture')
  return capture
}

test('a whole capture: nothing is missing', async () => {
  expect(await summary(WHOLE)).toMatchObject({
    file: 'ladder.pcap',
    linkTypes: ['EN10MB'],
    frames: 9,
    start: '2026-01-21T08:00:00.000000000Z',
    truncated: false,
    notDecoded: {},
    duplicates: 0,
    notSeen: [],
  })
})

test('its length runs from the first frame to the last', async () => {
  expect((await summary(WHOLE)).seconds).toBeCloseTo(0.5016, 4)
})

test('times before 1970 and nanoseconds', async () => {
  const capture = { epochNs: 1_000_000_001n, nanoseconds: true }
  expect((await summary(WHOLE, { capture })).start).toBe('1970-01-01T00:00:01.000000001Z')
})

test.each([
  ['a late start', `${A}\n a > P. ${get()}\n a < P. ${ok()}`, {}, 'the beginning of 1 of 1 connections'],
  ['one direction', `${A}\n a > . \n +1 a > F.`, {}, 'one direction of 1 connections'],
  [
    'bytes that were acknowledged but not captured',
    `${A}\n ${opens('a')}\n a > P. ${get()}\n a < P. ${ok(3000, 100)}\n a > . ack 3046`,
    {},
    'bytes of 1 connections',
  ],
  [
    'frames cut by the snaplen',
    WHOLE,
    { capture: { snaplen: 70 } },
    'the ends of frames longer than 70 bytes',
  ],
])('says what could not be seen: %s', async (_, ladder, options, line) => {
  expect((await summary(ladder, options)).notSeen.join('\n')).toContain(line)
})

test('copies of packets are counted, not taken for retransmissions', async () => {
  const capture = await summary(WHOLE, { capture: { twice: 'bridge', link: 'LINUX_SLL2' } })
  expect(capture).toMatchObject({ frames: 18, duplicates: 9, notSeen: [] })
})

/** What a user reads: on the terminal (in one line, however it is folded) and in the JSON. */
async function seen(...captures: Uint8Array[]) {
  const sources = captures.map((bytes, n) => new MemorySource(bytes, `${n + 1}.pcap`))
  const report = await analyze(sources, { all: true })
  const lines = await terminalReport(report, { width: 100, colour: false, utf8: true })
  const terminal = [...lines].join('').replace(/\s+/g, ' ')
  return { report, terminal, json: JSON.parse([...reportJson(report)].join('')) as JsonCaptures }
}
interface JsonCaptures {
  readonly captures: readonly { readonly notSeen: readonly string[] }[]
}

describe('drop counts', () => {
  const record = { timeNs: 0n, bytes: linkFrame(ladderPackets(`${A}\n a > S`)[0], 'EN10MB') }
  const named = (name: string) => files.pcapngOption(2, new TextEncoder().encode(name))
  const lost = (id: number, option: number, count: number) =>
    files.pcapngBlock(
      5,
      concat([id, 0, 0, 0], new Uint8Array(8), files.pcapngOption(option, [count, 0, 0, 0, 0, 0, 0, 0])),
    )
  const faces = (...names: (string | null)[]) =>
    concat(
      files.sectionHeader(),
      ...names.map((name) => files.interfaceDescription(1, 0, name === null ? [] : [named(name)])),
      files.enhancedPacket(record, 0n),
    )

  test('which interface lost how many', async () => {
    const bytes = concat(
      faces('eth0', null, 'lo', 'tun\u001b[31m'),
      lost(0, 5, 3),
      lost(1, 7, 9),
      lost(2, 5, 0),
    )
    const { report, terminal, json } = await seen(bytes)
    const line =
      '12 frames that the capture dropped: interface 1 lost 9, eth0 lost 3, lo lost none; of 1 more the file does not say'
    expect(report.captures[0]?.notSeen).toContain(line)
    expect(terminal).toContain(line)
    expect(json.captures[0]?.notSeen).toContain(line)
  })

  test('one interface needs no name', async () => {
    const { report } = await seen(concat(faces('eth0'), lost(0, 5, 3)))
    expect(report.captures[0]?.notSeen).toEqual(['3 frames that the capture dropped'])
  })

  test('near miss: nothing lost', async () => {
    const { report } = await seen(concat(faces('eth0', 'lo'), lost(0, 5, 0), lost(1, 5, 0)))
    expect(report.captures[0]?.notSeen).toEqual([])
  })

  test('a name from the file stays inert', async () => {
    const { terminal } = await seen(concat(faces('eth0', 'tun\u001b[31m'), lost(1, 5, 2)))
    expect(terminal).toContain('lost 2')
    expect(terminal).not.toContain('\u001b')
  })
})

describe('a clock that was set back', () => {
  /** An idle connection that the server closes after 5 s; the clock is set back in the middle of its response. */
  const TEXT = `${A}
    ${opens('a')}
    +0.01 a > P. ${get()}
    +0.01 a < P. ${ok()}
    +0.01 a > .
    +5    a < F.
    +0.01 a > F.
          a < .`
  const whole = ladderPackets(TEXT).map((packet) => ({
    timeNs: packet.timeNs,
    bytes: linkFrame(packet, 'EN10MB'),
  }))
  const setBack = whole.map((record, n) =>
    n < 4 ? record : { ...record, timeNs: record.timeNs - 7_000_000_000n },
  )
  const other = ladderPackets(TEXT.replace('10.0.0.2:40122', '10.0.0.9:5')).map((packet) => ({
    timeNs: packet.timeNs + 100_000_000n,
    bytes: linkFrame(packet, 'EN10MB'),
  }))
  const line =
    'a steady clock: 1 step backwards, 6.990 s, at frame 5; time is counted on from there, so a silence across it looks shorter than it was'

  test('is told, and shortens no silence beside it', async () => {
    const { report: right } = await seen(files.pcapFile(whole))
    const { report, terminal, json } = await seen(files.pcapFile(setBack))
    expect(terminal).toContain(line)
    expect(json.captures[0]?.notSeen).toContain(line)
    expect(report.captures[0]?.seconds).toBeCloseTo((right.captures[0]?.seconds ?? 0) - 0.01, 6)
    expect(report.flows[0]?.verdict.class).toBe(right.flows[0]?.verdict.class)
    expect(report.flows[0]?.verdict.timer?.seconds).toBe(right.flows[0]?.verdict.timer?.seconds)
    expect(JSON.stringify(json)).not.toMatch(/[^\w.]-\d+(\.\d+)?( m?s\b|[,}])/)
  })

  test('in one of two captures', async () => {
    const { report: right } = await seen(files.pcapFile(whole), files.pcapFile(other))
    const { report, terminal, json } = await seen(files.pcapFile(setBack), files.pcapFile(other))
    expect(terminal).toContain(line)
    expect(report.captures.map(({ notSeen }) => notSeen)).toEqual([[line], []])
    expect(report.flows.map((flow) => flow.verdict.class)).toEqual(
      right.flows.map((flow) => flow.verdict.class),
    )
    expect(JSON.stringify(json)).not.toMatch(/[^\w.]-\d+(\.\d+)?( m?s\b|[,}])/)
  })

  test('near miss: less than a millisecond is the order of records', async () => {
    const late = whole.map((record, n) =>
      n === 4 ? { ...record, timeNs: record.timeNs - 10_500_000n } : record,
    )
    const { report } = await seen(files.pcapFile(late))
    expect(report.captures[0]?.notSeen).toEqual([])
  })
})
