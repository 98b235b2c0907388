import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mayBegin, recognise } from '../../src/exchange/opening.js'
import { Dialogue, latin1Bytes } from './dialogue.js'

const BEGINNINGS = [
  'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\x00\x00\x00\x04\x00\x00\x00\x00\x00',
  '\x16\x03\x01\x00\x2a\x01',
  '\x15\x03\x03\x00\x02\x02\x28',
  '\x17\x03\x03\x00\x40aaaa',
]

describe('the first byte', () => {
  test('of every beginning passes', () => {
    for (const text of BEGINNINGS) {
      const bytes = latin1Bytes(text)
      expect(recognise(bytes, 0, bytes.length, false).match).not.toBe('no')
      expect(mayBegin(bytes[0])).toBe(true)
    }
  })

  test('passes wherever anything is found', () => {
    const text = fc.oneof(fc.constantFrom(...BEGINNINGS).map(latin1Bytes), fc.uint8Array({ maxLength: 40 }))
    fc.assert(
      fc.property(text, fc.nat(255), fc.nat(45), fc.boolean(), (rest, first, length, cut) => {
        const bytes = Uint8Array.from([first, ...rest.subarray(1)])
        const end = Math.min(length, bytes.length)
        if (recognise(bytes, 0, end, cut).match !== 'no') expect(mayBegin(first)).toBe(true)
      }),
      { seed: 20261121, numRuns: 2000 },
    )
  })

  test('of text without a meaning is not looked behind', () => {
    for (const first of [0x80, 0xff, 0x20, 0x0a, 0x13, 0x1b]) expect(mayBegin(first)).toBe(false)
  })
})

describe('a turn that goes on', () => {
  const OPAQUE = '\x80\x81\x82\x83'

  test('is one exchange, of all its bytes', () => {
    const talk = new Dialogue().client(OPAQUE).client(OPAQUE).server(OPAQUE).server(OPAQUE).server(OPAQUE)
    expect(talk.begins).toEqual([true, false, true, false, false])
    expect(talk.exchanges).toHaveLength(1)
    expect(talk.exchanges[0].responseBytes).toBe(12)
  })

  test('ends when the other side speaks', () => {
    const talk = new Dialogue().client(OPAQUE).server(OPAQUE).client(OPAQUE).server(OPAQUE).server(OPAQUE)
    expect(talk.begins).toEqual([true, true, true, true, false])
    expect(talk.exchanges.map(({ responseBytes }) => responseBytes)).toEqual([4, 8])
  })

  test('ends where a message begins in it', () => {
    const talk = new Dialogue().client(OPAQUE).client(OPAQUE).client(BEGINNINGS[0]).server(BEGINNINGS[1])
    expect(talk.heard.protocol).toBe('http1')
    expect(talk.exchanges).toHaveLength(1)
    expect(talk.exchanges[0]).toMatchObject({ method: 'GET', status: 200 })
  })
})
