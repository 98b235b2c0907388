import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { readHeaderBlock } from '../../src/exchange/hpack.js'
import { decodeHuffman } from '../../src/exchange/hpack-huffman.js'
import { HpackTable } from '../../src/exchange/hpack-table.js'

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from((hex.match(/[\da-f]{2}/g) ?? []).map((pair) => parseInt(pair, 16)))
}

function huffman(hex: string, room = 100): string | null {
  const out = new Uint8Array(room)
  const bytes = bytesOf(hex)
  const length = decodeHuffman(bytes, 0, bytes.length, out)
  return length < 0 ? null : String.fromCharCode(...out.subarray(0, Math.min(length, room)))
}

/** Reads blocks one after the other with one table; gives the fields of each, and table size and newest name after it. */
function read(
  blocks: readonly string[],
  table = new HpackTable(),
): [Record<string, string>, number, string | null][] {
  return blocks.map((hex) => {
    const bytes = bytesOf(hex)
    const fields = Object.fromEntries(readHeaderBlock(bytes, 0, bytes.length, table))
    return [fields, table.bytes, table.at(62)?.name ?? null]
  })
}

describe('RFC 7541, appendix C', () => {
  test.each([
    ['www.example.com', 'f1e3c2e5f23a6ba0ab90f4ff'],
    ['no-cache', 'a8eb10649cbf'],
    ['custom-key', '25a849e95ba97d7f'],
    ['custom-value', '25a849e95bb8e8b4bf'],
    ['302', '6402'],
    ['307', '640eff'],
    ['private', 'aec3771a4b'],
    ['Mon, 21 Oct 2013 20:13:21 GMT', 'd07abe941054d444a8200595040b8166e082a62d1bff'],
    ['https://www.example.com', '9d29ad171863c78f0b97c8e9ae82ae43d3'],
    ['gzip', '9bd9ab'],
    [
      'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
      '94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
    ],
  ])('Huffman: %s', (text, hex) => {
    expect(huffman(hex)).toBe(text)
  })

  it('C.2: single fields', () => {
    expect(read(['040c2f73616d706c652f70617468'])).toEqual([[{ ':path': '/sample/path' }, 0, null]])
    expect(read(['82'])).toEqual([[{ ':method': 'GET' }, 0, null]])
    expect(read(['400a637573746f6d2d6b65790d637573746f6d2d686561646572'])).toEqual([[{}, 55, 'custom-key']])
    expect(read(['100870617373776f726406736563726574'])).toEqual([[{}, 0, null]])
  })

  const requests = [
    [{ ':method': 'GET', ':path': '/', ':authority': 'www.example.com' }, 57, ':authority'],
    [{ ':method': 'GET', ':path': '/', ':authority': 'www.example.com' }, 110, 'cache-control'],
    [{ ':method': 'GET', ':path': '/index.html', ':authority': 'www.example.com' }, 164, 'custom-key'],
  ]

  it('C.3: requests without Huffman', () => {
    expect(
      read([
        '828684410f7777772e6578616d706c652e636f6d',
        '828684be58086e6f2d6361636865',
        '828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565',
      ]),
    ).toEqual(requests)
  })

  it('C.4: requests with Huffman', () => {
    expect(
      read([
        '828684418cf1e3c2e5f23a6ba0ab90f4ff',
        '828684be5886a8eb10649cbf',
        '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf',
      ]),
    ).toEqual(requests)
  })

  const responses = [
    [{ ':status': '302' }, 222, 'location'],
    [{ ':status': '307' }, 222, ':status'],
    [{ ':status': '200' }, 215, 'set-cookie'],
  ]
  const small = (): HpackTable => {
    const table = new HpackTable()
    table.resize(256)
    return table
  }

  it('C.5: responses without Huffman, entries evicted', () => {
    expect(
      read(
        [
          '4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d',
          '4803333037c1c0bf',
          '88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31',
        ],
        small(),
      ),
    ).toEqual(responses)
  })

  it('C.6: responses with Huffman, entries evicted', () => {
    expect(
      read(
        [
          '488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3',
          '4883640effc1c0bf',
          '88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
        ],
        small(),
      ),
    ).toEqual(responses)
  })
})

describe('what makes no sense, or is not all there', () => {
  it.each([
    ['the end-of-string symbol', 'ffffffff'],
    ['more than seven bits of filling', '6402ff'],
    ['filling that is not ones', '00'],
  ])('no Huffman text: %s', (_, hex) => {
    expect(huffman(hex)).toBeNull()
  })

  it('a text longer than the room is counted whole', () => {
    expect(huffman('f1e3c2e5f23a6ba0ab90f4ff', 3)).toBe('www')
  })

  it('after a block that is cut, an index into the dynamic table means nothing', () => {
    const table = new HpackTable()
    const first = bytesOf('828684410f7777772e6578616d706c652e636f6d')
    readHeaderBlock(first, 0, first.length, table)
    readHeaderBlock(first, 0, 6, table, true)
    expect(read(['828684be'], table)[0]?.[0]).toEqual({ ':method': 'GET', ':path': '/' })
    // Nor later: how many entries the unread block added is not known.
    expect(read(['828684410f7777772e6578616d706c652e636f6d', '82be'], table)[1]?.[0]).toEqual({
      ':method': 'GET',
    })
  })

  it('an index beyond the table spoils it', () => {
    const table = new HpackTable()
    expect(
      read(['828684410f7777772e6578616d706c652e636f6d', '82c5', '82be'], table).map(([fields]) => fields)[2],
    ).toEqual({
      ':method': 'GET',
    })
  })

  it('a table larger than is kept is no table', () => {
    // 3f e1 ff ff 03: 31 + 8388577.
    expect(read(['3fe1ffff03828684410f7777772e6578616d706c652e636f6d', 'be'])[1]?.[0]).toEqual({})
  })

  it('never hangs, never throws, stays bounded', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (blocks) => {
        const table = new HpackTable()
        for (const bytes of blocks) readHeaderBlock(bytes, 0, bytes.length, table)
        expect(table.bytes).toBeLessThanOrEqual(65536)
      }),
      { numRuns: 300 },
    )
  })
})
