import { describe, expect, test } from 'vitest'
import { natTwins } from '../../src/flow/nat-twins.js'
import { tracked } from '../helpers/tracked.js'

const twins = async (text: string): Promise<[number, number][]> => [...natTwins((await tracked(text)).store)]
const handshake = (b: string): string => `
  flow a 10.0.0.2:40000 > 10.0.0.3:80 isn 1234567/7654321
  ${b}
  0      a > S
  0.0001 b > S
  0.001  b < S.
  0.0011 a < S.`

describe('one connection on both sides of a NAT', () => {
  test('source address and port changed', async () => {
    expect(await twins(handshake('flow b 192.0.2.1:61000 > 10.0.0.3:80 isn 1234567/7654321'))).toEqual([
      [1, 0],
    ])
  })

  test('destination changed', async () => {
    expect(await twins(handshake('flow b 10.0.0.2:40000 > 172.18.0.2:8080 isn 1234567/7654321'))).toEqual([
      [1, 0],
    ])
  })

  test('near miss: another server ISN', async () => {
    expect(await twins(handshake('flow b 192.0.2.1:61000 > 10.0.0.3:80 isn 1234567/7654322'))).toEqual([])
  })

  test('near miss: a second later', async () => {
    const text = handshake('flow b 192.0.2.1:61000 > 10.0.0.3:80 isn 1234567/7654321')
    expect(await twins(text.replace('0.0001 b', '1 b').replace('0.001  b', '1.001 b'))).toEqual([])
  })

  test('SYNs that nobody answers: the port must have stayed', async () => {
    const lone = (port: number): string => `
      flow a 10.0.0.2:40000 > 10.0.0.3:80 isn 1234567/1
      flow b 192.0.2.1:${port} > 10.0.0.3:80 isn 1234567/1
      0 a > S
      0.0001 b > S`
    expect(await twins(lone(40_000))).toEqual([[1, 0]])
    expect(await twins(lone(40_001))).toEqual([])
  })

  test('refused: the RST that answers one name answers the other, both ends changed', async () => {
    const refused = (order: readonly string[]): string => `
      flow a 10.0.0.2:40000 > 10.0.0.3:8081 isn 1234567/0
      flow b 192.0.2.1:40000 > 172.18.0.2:9 isn 1234567/0
      0 a > S
      ${order.join('\n')}`
    expect(
      await twins(refused(['0.0001 b > S', '0.0002 b < R. seq 0 ack 1', '0.0003 a < R. seq 0 ack 1'])),
    ).toEqual([[1, 0]])
    expect(
      await twins(refused(['0.0001 a < R. seq 0 ack 1', '0.0002 b > S', '0.0003 b < R. seq 0 ack 1'])),
    ).toEqual([])
  })

  test('near miss: a scanner gives all its SYNs one number and one port', async () => {
    const scan = (server: string, answers: string): string => `
      flow a 10.0.0.2:40000 > 10.0.0.3:9000 isn 1234567/0
      flow b 10.0.0.2:40000 > ${server} isn 1234567/0
      0 a > S
      0.0001 b > S
      ${answers}`
    const inTurn = '0.0002 a < R. seq 0 ack 1\n0.0003 b < R. seq 0 ack 1'
    expect(await twins(scan('10.0.0.3:9001', inTurn))).toEqual([])
    expect(await twins(scan('10.0.0.4:9000', inTurn))).toEqual([])
    expect(await twins(scan('10.0.0.3:9001', ''))).toEqual([])
    expect(await twins(scan('172.18.0.2:9000', ''))).toEqual([[1, 0]])
  })

  test('near miss: a flood with one sequence number', async () => {
    const hosts = Array.from({ length: 9 }, (_, n) => `flow f${n} 10.0.${n}.2:40000 > 10.0.0.3:80 isn 5/1`)
    expect(await twins([...hosts, ...hosts.map((_, n) => `f${n} > S`)].join('\n'))).toEqual([])
  })

  test('three names: all later ones point to the first', async () => {
    const text = `${handshake('flow b 192.0.2.1:61000 > 10.0.0.3:80 isn 1234567/7654321')}
      flow c 192.0.2.1:61000 > 172.18.0.2:8080 isn 1234567/7654321
      0.0002 c > S
      c < S.`
    expect(await twins(text)).toEqual([
      [1, 0],
      [2, 0],
    ])
  })
})
