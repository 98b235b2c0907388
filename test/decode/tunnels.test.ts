import { describe, expect, test } from 'vitest'
import { pcapFile } from '../helpers/capture-bytes.js'
import { ladderPackets } from '../helpers/ladder.js'
import { concat } from '../helpers/packet-bytes.js'
import { readRows } from '../helpers/rows.js'
import { TUNNELS } from '../helpers/tunnels.js'

const packet = ladderPackets("flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts\n0 a > P. 'hello' ttl 61").at(0)!.bytes

describe('a segment is found through', () => {
  test.each(TUNNELS)('$name', async ({ frame, linkType }) => {
    const { rows, read } = await readRows(pcapFile([{ timeNs: 0n, bytes: frame(packet) }], { linkType }))
    expect(read.captures[0].notDecoded).toEqual([])
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({
      ends: '10.0.0.2:40122 > 10.0.0.3:8000',
      ttl: 61,
      seq: 1001,
      payloadLength: 5,
      payload: 'hello',
      odd: 0,
    })
  })

  test.each(TUNNELS)('$name, and cut anywhere it is counted', async ({ frame, linkType }) => {
    const whole = frame(packet)
    const records = Array.from(whole, (_, length) => ({
      timeNs: 0n,
      bytes: whole.subarray(0, length),
      wireLength: whole.length,
    }))
    const { rows, read } = await readRows(pcapFile(records, { linkType }))
    const notDecoded = read.captures[0].notDecoded.reduce((sum, { frames }) => sum + frames, 0)
    expect(rows.length + notDecoded).toBe(whole.length)
    for (const row of rows) expect('hello'.startsWith(row.payload)).toBe(true)
  })
})

test('each segment of an aggregate of 802.11 frames', async () => {
  const snap = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0]
  const subframe = concat(new Uint8Array(12), [0, packet.length + snap.length], snap, packet)
  const padding = new Uint8Array(-subframe.length & 3)
  const bytes = concat(
    [0x88, 1],
    new Uint8Array(22),
    [0x80, 0],
    subframe,
    padding,
    subframe,
    padding,
    subframe,
  )
  const { rows } = await readRows(pcapFile([{ timeNs: 0n, bytes }], { linkType: 105 }))
  expect(rows.map((row) => [row.frame, row.payload])).toEqual([1, 1, 1].map((frame) => [frame, 'hello']))
})

test('VXLAN in GRE in IP in VLAN', async () => {
  const nested = ['VXLAN', 'GRE around Ethernet', 'VLAN'].reduce((inner, name) => {
    const tunnel = TUNNELS.find((candidate) => candidate.name === name)!
    return tunnel.frame(inner.length === packet.length ? inner : inner.subarray(14))
  }, packet)
  const { rows } = await readRows(pcapFile([{ timeNs: 0n, bytes: nested }]))
  expect(rows[0].payload).toBe('hello')
})

test('tunnels without end are given up', async () => {
  const header = [0x45, 0, 4, 0, 0, 0, 0, 0, 9, 4, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]
  const bytes = concat(...Array.from({ length: 50 }, () => header), packet)
  const { rows, read } = await readRows(pcapFile([{ timeNs: 0n, bytes }], { linkType: 101 }))
  expect(rows).toEqual([])
  expect(read.captures[0].notDecoded).toEqual([{ reason: 'tooDeep', frames: 1, firstFrame: 1 }])
})
