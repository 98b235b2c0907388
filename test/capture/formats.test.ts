import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { MemorySource } from '../../src/capture/memory-source.js'
import * as files from '../helpers/capture-bytes.js'
import { ladder, ladderFile, ladderPackets } from '../helpers/ladder.js'
import type { LadderOptions } from '../helpers/ladder.js'
import { concat, linkFrame, u32 } from '../helpers/packet-bytes.js'
import { readRows } from '../helpers/rows.js'

const TEXT = `
  flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts wscale 7
  flow b [fd00::2]:40123 > [fd00::3]:8000
  0.000001 a > S
  0.25     b > S
           a < S.
           b < S.
  1.5      a > P. 'hello'
  2.000007 a < F.`

const EPOCH = 1_768_982_400_000_000_000n

describe('the same packets give the same rows', async () => {
  const plain = (await readRows(ladder(TEXT))).rows
  const variants: [string, LadderOptions, string][] = [
    ['big endian', { bigEndian: true }, 'pcap'],
    ['nanoseconds', { nanoseconds: true }, 'pcap (nanoseconds)'],
    ['nanoseconds, big endian', { nanoseconds: true, bigEndian: true }, 'pcap (nanoseconds)'],
    ['Kuznetzov', { modified: true }, 'pcap (modified)'],
    ['Kuznetzov, big endian', { modified: true, bigEndian: true }, 'pcap (modified)'],
    ['pcapng', { format: 'pcapng' }, 'pcapng'],
    ['pcapng, nanoseconds, big endian', { format: 'pcapng', nanoseconds: true, bigEndian: true }, 'pcapng'],
    ['snoop', { format: 'snoop' }, 'snoop'],
    ['VLAN', { vlans: [7] }, 'pcap'],
    ['QinQ', { vlans: [7, 8] }, 'pcap'],
    ['null', { link: 'NULL' }, 'pcap'],
    ['loop', { link: 'LOOP' }, 'pcap'],
    ['raw', { link: 'RAW' }, 'pcap'],
  ]
  test.each(variants)('%s', async (_, options, format) => {
    const { rows, read } = await readRows(ladder(TEXT, options))
    expect(rows).toEqual(plain)
    expect(read.epochNs).toBe(EPOCH + 1000n)
    expect(read.captures[0]).toMatchObject({
      format,
      frames: 6,
      truncated: false,
      damage: null,
      notDecoded: [],
    })
  })

  test.each(['LINUX_SLL', 'LINUX_SLL2'] as const)('%s, with packet types', async (link) => {
    const { rows, read } = await readRows(ladder(TEXT, { link, local: '10.0.0.2' }))
    expect(rows.map((row) => row.packetType)).toEqual([4, 0, 0, 0, 4, 0])
    expect(rows).toEqual(plain.map((row, i) => ({ ...row, packetType: rows[i].packetType })))
    expect(read.captures[0].linkTypes).toEqual([link])
  })

  test.each([1, 7, 100])('whatever the size of reads (%d bytes)', async (step) => {
    for (const format of ['pcap', 'pcapng', 'snoop'] as const) {
      expect((await readRows(new MemorySource(ladder(TEXT, { format }), 'x', step))).rows).toEqual(plain)
    }
  })

  test('gzipped, in several members, and cut', async () => {
    const bytes = ladder(TEXT)
    const { rows, read } = await readRows(gzipSync(bytes))
    expect(rows).toEqual(plain)
    expect(read.captures[0].format).toBe('pcap, gzip')
    const members = concat(gzipSync(bytes.subarray(0, 100)), gzipSync(bytes.subarray(100)))
    expect((await readRows(members)).rows).toEqual(plain)
    const cut = await readRows(gzipSync(bytes).subarray(0, 150))
    expect(cut.read.captures[0].truncated).toBe(true)
  })
})

describe('a capture that is not whole', () => {
  test('cut by snaplen: lengths as sent, payload as captured', async () => {
    const { rows, read } = await readRows(ladder(TEXT, { snaplen: 14 + 20 + 32 + 2 }))
    expect(rows[2]).toMatchObject({ frame: 5, payloadLength: 5, payload: 'he', odd: 0 })
    expect(rows[0]).toMatchObject({ payloadLength: 0, odd: 2 })
    const notDecoded = [{ reason: 'cutShort', frames: 2, firstFrame: 2 }]
    expect(read.captures[0]).toMatchObject({ snaplen: 68, cutFrames: 5, notDecoded })
  })

  test('cut in the last record', async () => {
    const bytes = ladder(TEXT)
    for (const missing of [1, 60, 81]) {
      const { rows, read } = await readRows(bytes.subarray(0, bytes.length - missing))
      expect(rows).toHaveLength(5)
      expect(read.captures[0]).toMatchObject({ truncated: true, damage: null })
    }
  })

  test('a header and nothing else is a capture without frames', async () => {
    const { rows, read } = await readRows(ladder(TEXT).subarray(0, 24))
    expect(rows).toEqual([])
    expect(read.captures[0]).toMatchObject({ frames: 0, truncated: false, firstNs: null, latestNs: null })
  })

  test('a length that can not be: read up to there', async () => {
    const bytes = ladder(TEXT)
    const second = 24 + 16 + 78
    bytes.set([255, 255, 255, 127], second + 8)
    const { rows, read } = await readRows(bytes)
    expect(rows).toHaveLength(1)
    expect(read.captures[0].damage).toMatchObject({ offset: second, frame: 1 })
  })

  test('clock set back', async () => {
    const packets = ladderPackets(TEXT)
    const records = [0, 4, 2, 5].map((i) => ({
      timeNs: packets[i].timeNs,
      bytes: linkFrame(packets[i], 'EN10MB'),
    }))
    const { read } = await readRows(files.pcapFile(records))
    expect(read.captures[0]).toMatchObject({
      backwardSteps: 1,
      earliestNs: 0,
      firstNs: 0,
      latestNs: 2_000_006_000,
    })
    expect(read.captures[0].largestBackwardNs).toBe(1_249_900_000)
  })
})

describe('pcapng', () => {
  const frame = linkFrame(ladderPackets(TEXT)[0], 'EN10MB')
  const record = { timeNs: 0n, bytes: frame }
  const option = files.pcapngOption

  test('buffers of two interfaces written in turns are no clock that was set back', async () => {
    const at = (seconds: number, interfaceId: number): files.CaptureRecord => ({
      timeNs: EPOCH + BigInt(Math.round(seconds * 1e9)),
      bytes: frame,
      interfaceId,
    })
    const turns = [at(1, 0), at(3, 0), at(1.5, 1), at(2.5, 1), at(3.1, 0)]
    const { read, rows } = await readRows(files.pcapngFile(turns))
    expect(read.captures[0]).toMatchObject({ backwardSteps: 0, backwardFrame: null })
    expect(rows.map((row) => row.timeNs)).toEqual([0, 2e9, 0.5e9, 1.5e9, 2.1e9])
    const setBack = await readRows(files.pcapngFile([...turns, at(2, 1)]))
    expect(setBack.read.captures[0]).toMatchObject({ backwardSteps: 1, backwardFrame: 6 })
  })

  test('sections of either byte order, interfaces with their own clocks and names', async () => {
    const name = new TextEncoder().encode('eth0')
    const offset = [...u32(0), ...u32(1000)]
    const { rows, read } = await readRows(
      concat(
        files.sectionHeader(),
        files.interfaceDescription(1, 96, [option(2, name), option(9, [0x80 | 10])]),
        files.enhancedPacket(record, 5n * 1024n + 512n),
        files.sectionHeader(true),
        files.interfaceDescription(113, 0, [], true),
        files.interfaceDescription(1, 0, [option(9, [12], true), option(14, offset, true)], true),
        files.enhancedPacket({ ...record, interfaceId: 1 }, 7_000_000_000_001n, 99999, true),
      ),
    )
    expect(rows.map((row) => [row.interfaceId, row.timeNs])).toEqual([
      [0, 0],
      [2, 1_001_500_000_000],
    ])
    expect(read.epochNs).toBe(5_500_000_000n)
    expect(read.captures[0].interfaces.map((face) => [face.name, face.linkType, face.snaplen])).toEqual([
      ['eth0', 'EN10MB', 96],
      [null, 'LINUX_SLL', null],
      [null, 'EN10MB', null],
    ])
  })

  test('nanosecond clocks are exact although their ticks do not fit a number', async () => {
    const times = [1_768_982_400_123_456_789n, 1_768_982_401_123_456_790n]
    const records = times.map((timeNs) => ({ timeNs, bytes: frame }))
    const { rows, read } = await readRows(files.pcapngFile(records, { nanoseconds: true }))
    expect(read.epochNs).toBe(times[0])
    expect(rows[1].timeNs).toBe(1_000_000_001)
  })

  test('simple packets, unknown blocks, drop counts and secrets', async () => {
    const simple = concat([frame.length, 0, 0, 0], frame)
    const drops = option(5, [9, 0, 0, 0, 0, 0, 0, 0])
    const secrets = new TextEncoder().encode('CLIENT_RANDOM 00 11\n')
    const { rows, read } = await readRows(
      concat(
        files.sectionHeader(),
        files.interfaceDescription(1, 0, []),
        files.pcapngBlock(0x77777777, new Uint8Array(50)),
        files.pcapngBlock(4, new Uint8Array(8)),
        files.pcapngBlock(10, concat([0x4b, 0x53, 0x4c, 0x54, secrets.length, 0, 0, 0], secrets)),
        files.pcapngBlock(3, simple),
        files.pcapngBlock(0xbad, new Uint8Array(8)),
        files.enhancedPacket(record, 1_000_000n),
        files.pcapngBlock(5, concat(new Uint8Array(12), drops)),
      ),
    )
    expect(rows.map((row) => row.frame)).toEqual([1, 3])
    expect(read.captures[0]).toMatchObject({ frames: 3, droppedFrames: 9, secretBlocks: 1, damage: null })
  })

  test('a packet of an interface that is not there is damage', async () => {
    const { rows, read } = await readRows(
      concat(
        files.sectionHeader(),
        files.interfaceDescription(1, 0, []),
        files.enhancedPacket(record, 1n),
        files.enhancedPacket({ ...record, interfaceId: 3 }, 2n),
      ),
    )
    expect(rows).toHaveLength(1)
    expect(read.captures[0].damage?.found).toBe("a packet of interface 3, which the section doesn't describe")
  })
})

describe('pcap files written into one pipe, one behind the other', () => {
  const packets = ladderPackets(TEXT)
  const [early, late] = [packets.slice(0, 3), packets.slice(3)]

  test.each<[string, LadderOptions]>([
    ['as the first', {}],
    ['of nanoseconds', { nanoseconds: true }],
    ['of another link type', { link: 'LINUX_SLL2' }],
  ])('the next one is %s', async (_, options) => {
    const both = concat(ladderFile(early), ladderFile(late, options))
    const { rows, read } = await readRows(new MemorySource(both, '-', 7))
    const plain = (await readRows(ladder(TEXT))).rows
    const told = ({ timeNs, ends, seq, payload }: (typeof rows)[number]): unknown => [
      timeNs,
      ends,
      seq,
      payload,
    ]
    expect(rows.map(told)).toEqual(plain.map(told))
    expect(rows.map(({ frame }) => frame)).toEqual(plain.map(({ frame }) => frame))
    expect(read.captures[0]).toMatchObject({ files: 2, damage: null, truncated: false })
    expect(read.captures[0].linkTypes).toEqual(
      options.link === undefined ? ['EN10MB'] : ['EN10MB', 'LINUX_SLL2'],
    )
  })

  test('one in the other byte order is damage, as before', async () => {
    const both = concat(ladderFile(early), ladderFile(late, { bigEndian: true }))
    const { rows, read } = await readRows(both)
    expect(rows).toHaveLength(3)
    expect(read.captures[0].damage).not.toBeNull()
  })

  test('a frame without a byte, at any time but that of a magic number, is a frame', async () => {
    const empty = new Uint8Array(16)
    empty.set([0xd5, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0])
    const { read } = await readRows(concat(ladderFile(early), empty))
    expect(read.captures[0]).toMatchObject({ files: 1, frames: early.length + 1 })
  })
})
