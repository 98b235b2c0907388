import { describe, expect, test } from 'vitest'
import * as odd from '../../src/decode/segments.js'
import { pcapFile } from '../helpers/capture-bytes.js'
import { ladder, ladderPackets } from '../helpers/ladder.js'
import { concat, ipPacket, linkFrame, u16 } from '../helpers/packet-bytes.js'
import { readRows } from '../helpers/rows.js'

const [packet] = ladderPackets("flow a 10.0.0.2:40122 > 10.0.0.3:8000\n0 a > P. 'hello'")

async function rowOf(bytes: Uint8Array, linkType = 101) {
  const { rows, read } = await readRows(pcapFile([{ timeNs: 0n, bytes }], { linkType }))
  return { row: rows[0], notDecoded: read.captures[0].notDecoded[0]?.reason }
}

describe('lengths', () => {
  test('Ethernet padding is no payload', async () => {
    const frame = concat(linkFrame(packet, 'EN10MB'), new Uint8Array(20))
    expect((await rowOf(frame, 1)).row).toMatchObject({ payloadLength: 5, payload: 'hello' })
  })

  test.each(['10.0.0.2:1 > 10.0.0.3:2', '[fd00::2]:1 > [fd00::3]:2'])(
    '%s, length 0 (offload): the frame tells',
    async (ends) => {
      const { rows } = await readRows(ladder(`flow a ${ends}\na > P. 'hello' bad-length`))
      expect(rows[0]).toMatchObject({ payloadLength: 5, payload: 'hello', odd: odd.ODD_OFFLOAD })
    },
  )

  test('a total length beyond the frame ends with the frame', async () => {
    const bytes = packet.bytes.slice()
    bytes.set(u16(500), 2)
    expect((await rowOf(bytes)).row).toMatchObject({ payloadLength: 5, payload: 'hello' })
  })

  test('a TCP header longer than its packet, or shorter than any', async () => {
    for (const offset of [15, 4, 0]) {
      const bytes = packet.bytes.slice()
      bytes[32] = offset << 4
      const bits = odd.ODD_HEADER_CUT | (offset === 15 ? odd.ODD_SHORT_SEGMENT : 0)
      expect((await rowOf(bytes)).row).toMatchObject({ odd: bits, payload: '', seq: 1001 })
    }
  })

  test('nine flag bits', async () => {
    const bytes = packet.bytes.slice()
    bytes[32] |= 1
    bytes[33] = 0xff
    expect((await rowOf(bytes)).row.flags).toBe(0x1ff)
  })
})

describe('what holds no segment is counted by reason', () => {
  const ethernet = (type: number): Uint8Array => concat(new Uint8Array(12), u16(type), new Uint8Array(40))
  test.each([
    ['notIp', ethernet(0x0806), 1],
    ['notTcp', ipPacket('1.1.1.1', '2.2.2.2', 17, new Uint8Array(20)), 101],
    ['encrypted', ipPacket('1.1.1.1', '2.2.2.2', 50, new Uint8Array(20)), 101],
    ['malformed', concat([0x43], new Uint8Array(30)), 101],
    ['cutShort', packet.bytes.subarray(0, 35), 101],
    ['encrypted', concat([8, 0x41], new Uint8Array(60)), 105],
  ] as const)('%s', async (reason, bytes, linkType) => {
    expect(await rowOf(bytes, linkType)).toEqual({ row: undefined, notDecoded: reason })
  })
})
