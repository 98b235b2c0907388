import { describe, expect, test } from 'vitest'
import { ODD_FRAGMENT } from '../../src/decode/segments.js'
import { pcapFile } from '../helpers/capture-bytes.js'
import { concat, ipPacket, tcpSegment, u16, u32 } from '../helpers/packet-bytes.js'
import { readRows } from '../helpers/rows.js'

const payload = new TextEncoder().encode('0123456789'.repeat(300))
const ends = { source: '10.0.0.2', destination: '10.0.0.3', sourcePort: 1, destinationPort: 2 }
const segment = tcpSegment({
  ...ends,
  seq: 7,
  ack: 0,
  flags: 24,
  window: 9,
  ttl: 64,
  ipId: 5,
  options: [],
  payload,
})

const MORE = 0x2000

function fragment4(from: number, to: number, id = 5): Uint8Array {
  const field = (from / 8) | (to < segment.length ? MORE : 0)
  return ipPacket(ends.source, ends.destination, 6, segment.subarray(from, to), { ipId: id, fragment: field })
}

function fragment6(from: number, to: number): Uint8Array {
  const header = concat([6, 0], u16(from | (to < segment.length ? 1 : 0)), u32(99))
  return ipPacket('fd00::2', 'fd00::3', 44, concat(header, segment.subarray(from, to)))
}

const read = (...packets: Uint8Array[]): ReturnType<typeof readRows> =>
  readRows(
    pcapFile(
      packets.map((bytes) => ({ timeNs: 0n, bytes })),
      { linkType: 101 },
    ),
  )

describe('the frame that completes a datagram holds its segment', () => {
  const whole = { seq: 7, payloadLength: 3000, payload: '0123456789'.repeat(300), odd: 0 }

  test('in order', async () => {
    const { rows, read: facts } = await read(fragment4(0, 1480), fragment4(1480, 2960), fragment4(2960, 3020))
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ ...whole, frame: 3, ends: '10.0.0.2:1 > 10.0.0.3:2', ipId: 5 })
    expect(facts.captures[0].notDecoded).toEqual([{ reason: 'fragment', frames: 2, firstFrame: 1 }])
  })

  test('last first, overlapping, twice', async () => {
    const { rows } = await read(
      fragment4(1480, 3020),
      fragment4(1480, 3020),
      fragment4(8, 1600),
      fragment4(0, 800),
    )
    expect(rows.map((row) => row.frame)).toEqual([4])
    expect(rows[0]).toMatchObject(whole)
  })

  test('where they differ, the one that begins earlier holds, or came first: as in Wireshark', async () => {
    const other = (from: number, to: number): Uint8Array =>
      ipPacket(ends.source, ends.destination, 6, new Uint8Array(to - from).fill(0x78), {
        ipId: 5,
        fragment: (from / 8) | (to < segment.length ? MORE : 0),
      })
    const payloadOf = async (...fragments: Uint8Array[]): Promise<string> => {
      const [row] = (await read(...fragments)).rows
      return `${row.payload.slice(0, 12)} ${row.payload.slice(1452, 1464)}`
    }
    const begin = '012345678901'
    const first = fragment4(0, 1480)
    const rest = fragment4(1480, 3020)
    expect(await payloadOf(first, other(0, 1480), rest)).toBe(`${begin} 234567890123`)
    expect(await payloadOf(first, other(1472, 3020), rest)).toBe(`${begin} 23456789xxxx`)
    expect(await payloadOf(rest, other(1472, 1488), first)).toBe(`${begin} 23456789xxxx`)
    expect(await payloadOf(rest, first, other(1472, 1488))).toBe(`${begin} 234567890123`)
  })

  test('two datagrams at once', async () => {
    const { rows } = await read(
      fragment4(0, 1480),
      fragment4(0, 1480, 6),
      fragment4(1480, 3020, 6),
      fragment4(1480, 3020),
    )
    expect(rows.map((row) => [row.frame, row.ipId])).toEqual([
      [3, 6],
      [4, 5],
    ])
  })

  test('IPv6', async () => {
    const { rows } = await read(fragment6(0, 1480), fragment6(1480, 3020))
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ ...whole, frame: 2, ends: '[fd00::2]:1 > [fd00::3]:2' })
  })

  test('hundreds in one chunk', async () => {
    const packets = Array.from({ length: 500 }, (_, id) => [
      fragment4(0, 1480, id),
      fragment4(1480, 3020, id),
    ]).flat()
    const { rows } = await read(...packets)
    expect(rows).toHaveLength(500)
    expect(rows.every((row) => row.payload === whole.payload)).toBe(true)
  })
})

test('whole datagrams of another protocol, more than there is room for at once', async () => {
  const udp = (from: number, to: number, id: number): Uint8Array =>
    ipPacket('10.0.0.2', '10.0.0.3', 17, new Uint8Array(to - from), {
      ipId: id,
      fragment: (from / 8) | (to < 60_000 ? MORE : 0),
    })
  const packets = Array.from({ length: 100 }, (_, id) => [udp(0, 40_000, id), udp(40_000, 60_000, id)]).flat()
  const { rows } = await read(...packets, fragment4(0, 1480), fragment4(1480, 3020))
  expect(rows.map((row) => row.frame)).toEqual([202])
})

test('a datagram with a hole gives no segment, and ten thousand of them no more memory', async () => {
  const packets = Array.from({ length: 10_000 }, (_, id) => fragment4(0, 1480, id))
  const { rows, read: facts } = await read(...packets)
  expect(rows).toEqual([])
  expect(facts.captures[0].notDecoded[0]).toMatchObject({ reason: 'fragment', frames: 10_000 })
})

test('the first fragment of a capture that cut its frames is taken as it is', async () => {
  const bytes = fragment4(0, 1480)
  const { rows } = await readRows(pcapFile([{ timeNs: 0n, bytes }], { linkType: 101, snaplen: 100 }))
  expect(rows[0]).toMatchObject({ odd: ODD_FRAGMENT, payloadLength: 1460 })
})
