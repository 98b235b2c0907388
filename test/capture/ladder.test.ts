import { describe, expect, test } from 'vitest'
import { ladder, ladderPackets } from '../helpers/ladder.js'
import { brief, readRows } from '../helpers/rows.js'

const CONVERSATION = `
  flow a 10.0.0.2:40122 > 10.0.0.3:8000 isn 1000/5000 ts wscale 7 ttl 64/63
  0.000  a > S
  0.0002 a < S.
         a > .
  +0.001 a > P. 'GET /\\r\\n'
         a < P. len 1460 times 2 every 0.01
         a > P. again unseen
  60.0   a > F.
         a < P. 'x' unseen
         a > R
`

describe('a ladder', () => {
  test('follows sequence and acknowledgement numbers of both sides', async () => {
    const { rows } = await readRows(ladder(CONVERSATION))
    expect(brief(rows)).toEqual([
      '1 S 1000 0 len 0',
      '2 S. 5000 1001 len 0',
      '3 . 1001 5001 len 0',
      '4 P. 1001 5001 len 7',
      '5 P. 5001 1008 len 1460',
      '6 P. 6461 1008 len 1460',
      '7 P. 1001 6461 len 7',
      '8 F. 1008 7921 len 0',
      '9 P. 7921 1008 len 1',
      '10 R 1008 0 len 0',
    ])
    expect(rows.map((row) => row.timeNs / 1e6)).toEqual([
      0, 0.2, 0.3, 1.3, 1.4, 11.4, 11.5, 60000, 60000.1, 60000.2,
    ])
    expect(rows[4]).toMatchObject({
      ends: '10.0.0.3:8000 > 10.0.0.2:40122',
      ttl: 63,
      window: 509,
      headerLength: 32,
    })
  })

  test('refuses as Linux does, and quotes in ICMP errors', async () => {
    const text = `
      flow a 10.0.0.2:1 > 10.0.0.3:2
      a > S
      a < R.
      a > S
      a < icmp 3/1 from 10.9.9.9`
    const { rows } = await readRows(ladder(text))
    expect(brief(rows)).toEqual([
      '1 S 1000 0 len 0',
      '2 R. 0 1001 len 0',
      '3 S 1000 0 len 0',
      '4 S 1000 0 len 0',
    ])
    expect(rows.map((row) => row.odd)).toEqual([0, 0, 0, 1])
  })

  test('takes IPv6, explicit numbers, probes and header fields', async () => {
    const text = `
      flow a [fd00::2]:1 > [fd00::3]:2 isn 4294967295/0 // no handshake: starts at 1
      a > P. 'ab' win 0 ttl 9
      a < . ack 2 sack 3-5
      a > . probe`
    const { rows } = await readRows(ladder(text))
    expect(brief(rows)).toEqual(['1 P. 0 1 len 2', '2 . 1 1 len 0', '3 . 1 1 len 0'])
    expect(rows[0]).toMatchObject({ ends: '[fd00::2]:1 > [fd00::3]:2', window: 0, ttl: 9, payload: 'ab' })
    expect(rows[1].headerLength).toBe(32)
  })

  test('is recorded twice on a router', () => {
    const packets = ladderPackets(CONVERSATION, { twice: 'router', local: '10.0.0.2' })
    expect(packets).toHaveLength(20)
    expect(
      packets.slice(0, 2).map((packet) => [packet.packetType, packet.interfaceId, packet.bytes[8]]),
    ).toEqual([
      [4, 0, 64],
      [0, 1, 63],
    ])
  })

  test('names the line it does not understand', () => {
    expect(() => ladder('flow a 1.1.1.1:1 > 2.2.2.2:2\na > S. bogus')).toThrow(
      'unknown word bogus in: a > S. bogus',
    )
    expect(() => ladder('b > S')).toThrow('no flow b')
  })
})
