import { describe, expect, test } from 'vitest'
import * as files from '../helpers/capture-bytes.js'
import { ladderPackets } from '../helpers/ladder.js'
import { concat, linkFrame } from '../helpers/packet-bytes.js'
import { readRows } from '../helpers/rows.js'

/** Numbers of 16 and 32 bits in either byte order. */
function words(
  bigEndian: boolean,
  ...values: readonly (readonly [bits: 16 | 32, value: number])[]
): Uint8Array {
  const parts = values.map(([bits, value]) => {
    const view = new DataView(new ArrayBuffer(bits / 8))
    if (bits === 16) view.setUint16(0, value, !bigEndian)
    else view.setUint32(0, value, !bigEndian)
    return new Uint8Array(view.buffer)
  })
  return concat(...parts)
}

const [packet] = ladderPackets("flow a 10.0.0.2:1 > 10.0.0.3:2\n0 a > P. 'hello'")
const frame = linkFrame(packet, 'EN10MB')
const padded = concat(frame, new Uint8Array(-frame.length & 3))

/** A packet block of the first pcapng drafts (type 2): interface and drops of 16 bits, time, lengths, bytes. */
function obsoletePacket(interfaceId: number, drops: number, ticks: number, bigEndian: boolean): Uint8Array {
  const head = words(bigEndian, [16, interfaceId], [16, drops], [32, 0], [32, ticks], [32, frame.length], [32, frame.length]) // prettier-ignore
  return files.pcapngBlock(2, concat(head, padded), bigEndian)
}

describe.each([false, true])('pcapng, big endian: %s', (bigEndian) => {
  const option = (code: number, value: readonly number[]): Uint8Array =>
    files.pcapngOption(code, value, bigEndian)
  const face = (...options: Uint8Array[]): Uint8Array => files.interfaceDescription(1, 0, options, bigEndian)
  const u64 = (value: number): number[] => [...words(bigEndian, ...(bigEndian ? [[32, 0], [32, value]] as const : [[32, value], [32, 0]] as const))] // prettier-ignore

  test('obsolete packet blocks', async () => {
    const { rows, read } = await readRows(
      concat(
        files.sectionHeader(bigEndian),
        face(),
        face(option(9, [3])),
        obsoletePacket(0, 0xffff, 1_500_000, bigEndian),
        obsoletePacket(1, 0, 2_750, bigEndian),
      ),
    )
    expect(read.captures[0]).toMatchObject({ frames: 2, damage: null, truncated: false })
    expect(rows.map((row) => [row.frame, row.interfaceId, row.timeNs, row.payload])).toEqual([
      [1, 0, 0, 'hello'],
      [2, 1, 1_250_000_000, 'hello'],
    ])
  })

  test('a simple packet is cut at the snaplen of the first interface, and has its link type', async () => {
    const snaplen = frame.length - 3
    const body = concat(words(bigEndian, [32, frame.length]), padded.subarray(0, (snaplen + 3) & ~3))
    const { rows } = await readRows(
      concat(
        files.sectionHeader(bigEndian),
        files.interfaceDescription(1, snaplen, [], bigEndian),
        files.interfaceDescription(101, 0, [], bigEndian),
        files.pcapngBlock(3, body, bigEndian),
      ),
    )
    expect(rows.map((row) => [row.payload, row.payloadLength])).toEqual([['he', 5]])
  })

  test('statistics are those of the interface of their own section; the last count holds', async () => {
    const statistics = (id: number, drops: number): Uint8Array =>
      files.pcapngBlock(
        5,
        concat(
          words(bigEndian, [32, id], [32, 0], [32, 0]),
          option(5, u64(drops)),
          words(bigEndian, [32, 0]),
        ),
        bigEndian,
      )
    const { read } = await readRows(
      concat(
        files.sectionHeader(bigEndian),
        ...[face(), face(), statistics(1, 3), statistics(1, 5)],
        files.sectionHeader(bigEndian),
        ...[face(), statistics(0, 7), statistics(9, 1000)],
        files.enhancedPacket({ timeNs: 0n, bytes: frame }, 0n, 99999, bigEndian),
      ),
    )
    expect(read.captures[0].interfaces.map(({ droppedFrames }) => droppedFrames)).toEqual([null, 5, 7])
    expect(read.captures[0].droppedFrames).toBe(12)
  })

  test('resolution of a power of two, and an offset before 1970', async () => {
    const earlier = bigEndian
      ? [...words(true, [32, 0xffffffff], [32, 0xffffffff])]
      : [...words(false, [32, 0xffffffff], [32, 0xffffffff])]
    const packets = [0n, 3n << 15n].map((ticks) =>
      files.enhancedPacket({ timeNs: 0n, bytes: frame }, ticks, 99999, bigEndian),
    )
    const { rows, read } = await readRows(
      concat(files.sectionHeader(bigEndian), face(option(9, [0x80 | 16]), option(14, earlier)), ...packets),
    )
    expect(read.epochNs).toBe(-1_000_000_000n)
    expect(rows.map((row) => row.timeNs)).toEqual([0, 1_500_000_000])
  })

  test('names, custom blocks, journal entries and unknown blocks are passed over; three kinds take a frame number', async () => {
    const journal = new TextEncoder().encode('__REALTIME_TIMESTAMP=1\n\0')
    const blocks = [4, 0xbad, 0x40000bad, 9, 0x12345678].map((type) =>
      files.pcapngBlock(type, type === 4 ? new Uint8Array(4) : journal, bigEndian),
    )
    const { rows, read } = await readRows(
      concat(
        files.sectionHeader(bigEndian),
        face(),
        ...blocks,
        files.enhancedPacket({ timeNs: 0n, bytes: frame }, 0n, 99999, bigEndian),
      ),
    )
    expect(read.captures[0].damage).toBeNull()
    expect(rows.map((row) => row.frame)).toEqual([4])
  })
})
