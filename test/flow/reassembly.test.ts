import { describe, expect, test } from 'vitest'
import { OPEN, tracked } from '../helpers/tracked.js'

const server = async (lines: string): Promise<string> => (await tracked(OPEN + lines)).delivered[1] ?? ''

describe('payload in order', () => {
  test('as it comes', async () => {
    expect(await server("a < P. 'abc'\na < P. 'def'")).toBe('abcdef')
  })

  test('a retransmission adds nothing', async () => {
    expect(await server("a < P. 'abc'\n+0.3 a < P. again")).toBe('abc')
  })

  test('an overlap adds only what is new', async () => {
    expect(await server("a < P. 'abc'\na < P. seq 3 'cde'")).toBe('abcde')
  })

  test('out of order waits for what is missing', async () => {
    expect(await server("a < P. seq 4 'def'\na < P. seq 7 'g'\na < P. seq 1 'abc'")).toBe('abcdefg')
  })

  test('a segment that fills a gap and more', async () => {
    expect(await server("a < P. seq 4 'def'\na < P. seq 1 'abcdefgh'")).toBe('abcdefgh')
  })

  test('acknowledged and never seen: a gap of that length, lost by the capture', async () => {
    const { delivered, store } = await tracked(`${OPEN}a < P. seq 4 'def'\na > . ack 7\n+1 a < P. seq 7 'g'`)
    expect(delivered[1]).toBe('[3]defg')
    expect([store.sides.captureLossBytes[1], store.sides.networkLossBytes[1]]).toEqual([3, 0])
  })

  test('acknowledged bytes beyond everything seen are a gap too', async () => {
    const { delivered, store } = await tracked(`${OPEN}a > . ack 11\na < P. seq 11 'kl'`)
    expect(delivered[1]).toBe('[10]kl')
    expect(store.sides.captureLossBytes[1]).toBe(10)
  })

  test('sent again after a while: lost on the way', async () => {
    const { delivered, store } = await tracked(`${OPEN}a < P. seq 4 'def'\n+0.2 a < P. seq 1 'abc'`)
    expect(delivered[1]).toBe('abcdef')
    expect([store.sides.captureLossBytes[1], store.sides.networkLossBytes[1]]).toEqual([0, 3])
  })

  test('near miss: overtaken within 3 ms is not lost', async () => {
    const { store } = await tracked(`${OPEN}a < P. seq 4 'def'\n+0.001 a < P. seq 1 'abc'`)
    expect(store.sides.networkLossBytes[1]).toBe(0)
  })

  test('too much behind a gap is not kept: the gap is given up', async () => {
    const lines = Array.from({ length: 70 }, (_, n) => `a < P. seq ${11 + n} 'x'`).join('\n')
    expect(await server(lines)).toBe(`[10]${'x'.repeat(70)}`)
  })

  test('what is missing at the end of the capture is a gap', async () => {
    const { delivered, store } = await tracked(`${OPEN}a < P. seq 4 'def'`)
    expect(delivered[1]).toBe('[3]def')
    expect(store.reassemblies.size).toBe(0)
  })

  test('across the wrap of sequence numbers', async () => {
    const text = `flow a 10.0.0.2:1 > 10.0.0.3:2 isn 1/4294967290
      a > S
      a < S.
      a < P. seq 5 'efghij'
      a < P. seq 1 'abcd'`
    expect((await tracked(text)).delivered[1]).toBe('abcdefghij')
  })

  test('a keep-alive probe is no payload', async () => {
    expect(await server("a < P. 'abc'\n+60 a < . probe len 1")).toBe('abc')
  })
})
