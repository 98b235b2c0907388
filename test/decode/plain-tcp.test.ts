import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AddressTable } from '../../src/decode/addresses.js'
import { Annex } from '../../src/decode/annex.js'
import { FragmentTable } from '../../src/decode/fragments.js'
import { Frame } from '../../src/decode/frame.js'
import * as layer from '../../src/decode/layers.js'
import { plainTcp } from '../../src/decode/plain-tcp.js'
import { SegmentBatch } from '../../src/decode/segments.js'
import { walk } from '../../src/decode/walk.js'
import { ladderPackets } from '../helpers/ladder.js'
import { linkFrame } from '../helpers/packet-bytes.js'

const [packet] = ladderPackets("flow a 10.0.0.2:40122 > 10.0.0.3:8000\n0 a > P. 'hello'")
const whole = linkFrame(packet, 'EN10MB')
const AT = 3

/** A frame of which `captured` bytes are there and `wire` were sent. */
function frameOf(captured: number, wire: number): Frame {
  const frame = new Frame()
  frame.number = 7
  frame.timeNs = 5
  frame.linkAt = frame.at = AT
  frame.end = AT + captured
  frame.wireEnd = AT + wire
  return frame
}

/** Every column of the rows, by name. */
function rowsOf(batch: SegmentBatch): Record<string, unknown> {
  const rows: Record<string, unknown> = { length: batch.length }
  for (const [name, column] of Object.entries(batch))
    if (ArrayBuffer.isView(column) && name !== 'bytes') rows[name] = [...(column as Uint8Array)]
  return rows
}

function bothWays(changes: readonly (readonly [number, number])[], captured: number, wire: number) {
  const bytes = new Uint8Array(256)
  bytes.set(whole, AT)
  for (const [at, value] of changes) bytes[AT + at] = value
  const [quick, careful] = [new SegmentBatch(4), new SegmentBatch(4)]
  const taken = plainTcp(bytes, frameOf(captured, wire), quick, new AddressTable())
  const fragments = new FragmentTable(new Annex())
  const result = walk(bytes, layer.ETHERNET, frameOf(captured, wire), careful, new AddressTable(), fragments)
  return { taken, result, quick: rowsOf(quick), careful: rowsOf(careful) }
}

describe('a plain frame', () => {
  test('is taken in one step', () => {
    expect(bothWays([], whole.length, whole.length)).toMatchObject({ taken: true, quick: { length: 1 } })
  })

  test.each<[string, [number, number][]]>([
    ['a VLAN tag', [[12, 0x81]]],
    [
      'IPv6',
      [
        [12, 0x86],
        [13, 0xdd],
      ],
    ],
    ['IP options', [[14, 0x46]]],
    ['a fragment', [[21, 1]]],
    ['more fragments', [[20, 0x20]]],
    ['UDP', [[23, 17]]],
    [
      'no total length (offload)',
      [
        [16, 0],
        [17, 0],
      ],
    ],
    [
      'a total length without room for TCP',
      [
        [16, 0],
        [17, 39],
      ],
    ],
  ])('near miss: %s is left to the walk', (_, changes) => {
    expect(bothWays(changes, whole.length, whole.length)).toMatchObject({
      taken: false,
      quick: { length: 0 },
    })
  })

  test('says what the walk says, whatever stands in it', () => {
    const byte = fc.tuple(fc.integer({ min: 12, max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }))
    const size = fc.constantFrom(0, 13, 33, 34, 49, 50, 53, 54, 57, whole.length, whole.length + 6)
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 4 }), size, size, (changes, captured, wire) => {
        const { taken, result, quick, careful } = bothWays(changes, Math.min(captured, wire), wire)
        if (!taken) return quick['length'] === 0
        expect(result).toBe(layer.DONE)
        expect(quick).toEqual(careful)
        return true
      }),
      { seed: 20261121, numRuns: 1000 },
    )
  })
})
