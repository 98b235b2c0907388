import { describe, expect, test } from 'vitest'
import { ladderFile, ladderPackets } from '../helpers/ladder.js'
import { OPEN, tracked } from '../helpers/tracked.js'

const streams = async (text: string, rules: '4.0' | '4.4' = '4.4'): Promise<number[]> =>
  (await tracked(text, { rules })).streams

describe('stream numbers', () => {
  test('one for each 4-tuple, in order of appearance, both directions together', async () => {
    const text = `
      flow a 10.0.0.2:1000 > 10.0.0.3:80
      flow b 10.0.0.2:1001 > 10.0.0.3:80
      a > S
      b > S
      a < S.
      b < S.`
    expect(await streams(text)).toEqual([0, 1, 0, 1])
  })

  test('idle time never splits a connection', async () => {
    expect(await streams(`${OPEN}\n7200 a > P. 'still here'`)).toEqual([0, 0, 0, 0])
  })

  test('a SYN with another sequence number is a new connection, with its marks', async () => {
    const again = `${OPEN}
      flow b 10.0.0.2:40000 > 10.0.0.3:80 isn 77000/88000
      9 b > S`
    const { streams, marks } = await tracked(again)
    expect(streams).toEqual([0, 0, 0, 1])
    expect(marks[3]).toBe('reused_ports')
  })

  test('the same SYN again is the same connection', async () => {
    expect(await streams(`${OPEN}\n+1 a > S again`)).toEqual([0, 0, 0, 0])
  })

  test('the same SYN after a RST: new since 4.4', async () => {
    const text = 'flow a 10.0.0.2:1 > 10.0.0.3:2\na > S\na < R.\n+1 a > S again'
    expect(await streams(text, '4.4')).toEqual([0, 0, 1])
    expect(await streams(text, '4.0')).toEqual([0, 0, 0])
  })

  test('a SYN-ACK with another sequence number: new since 4.4, marked in both', async () => {
    const text = `${OPEN}\n+1 a < S. seq 5000`
    expect(await streams(text, '4.4')).toEqual([0, 0, 0, 1])
    const old = await tracked(text, { rules: '4.0' })
    expect(old.streams).toEqual([0, 0, 0, 0])
    expect(old.marks[3]).toContain('reused_ports')
  })

  test('a SYN-ACK before its SYN belongs to it', async () => {
    expect(await streams('flow a 10.0.0.2:1 > 10.0.0.3:2\na < S. ack 1\na > S')).toEqual([0, 0])
  })

  test('a header quoted in an ICMP error uses up a number, and is no segment', async () => {
    const text = `
      flow a 10.0.0.2:1 > 10.0.0.3:2
      flow b 10.0.0.2:5 > 10.0.0.3:2
      a > S
      a < icmp 3/1 from 10.9.9.9
      b > S`
    const { streams, store } = await tracked(text)
    expect(streams).toEqual([0, 1])
    expect(store.flows.frames[0]).toBe(1)
  })

  test('addresses and ports swapped at one host are two ends, not one', async () => {
    const text = 'flow a 127.0.0.1:1000 > 127.0.0.1:2000\na > S\na < S.'
    const { streams, store } = await tracked(text)
    expect(streams).toEqual([0, 0])
    expect(store.sides.segments.slice(0, 2)).toEqual(new Uint32Array([1, 1]))
  })

  test('a header shorter than any can be has a number, and closes nothing', async () => {
    const packets = ladderPackets(`${OPEN}a > R.`)
    const bytes = packets[3]!.bytes
    bytes[32] = 4 << 4
    const { streams, store } = await tracked([ladderFile(packets)])
    expect(streams).toEqual([0, 0, 0, 0])
    expect([store.flows.frames[0], store.flows.closeFrame[0]]).toEqual([3, 0])
  })

  test('a SYN with such a header and another sequence number begins a stream all the same', async () => {
    const packets = ladderPackets(
      ['1000', '1000', '2000']
        .map((isn, n) => `flow f${n} 10.0.0.2:1 > 10.0.0.3:2 isn ${isn}/1\nf${n} > S`)
        .join('\n'),
    )
    for (const { bytes } of packets) bytes[32] = 4 << 4
    expect((await tracked([ladderFile(packets)], { rules: '4.0' })).streams).toEqual([0, 0, 1])
  })
})
