import { describe, expect, test } from 'vitest'
import { OPEN, tracked } from '../helpers/tracked.js'

const zeek = async (text: string): Promise<string> => (await tracked(text)).zeek()
const FLOW = 'flow a 10.0.0.2:40000 > 10.0.0.3:80\n'

describe('history and conn_state as Zeek has them', () => {
  test.each([
    ['an ordinary end', `${OPEN}a > P. 'q'\na < P. 'r'\na > F.\na < F.\na > .`, 'ShADdFf SF'],
    ['a SYN and nothing', `${FLOW}a > S`, 'S S0'],
    ['refused', `${FLOW}a > S\na < R.`, 'Sr REJ'],
    ['open', OPEN, 'ShA S1'],
    ['the originator resets', `${OPEN}a > P. 'q'\na > R.`, 'ShADR RSTO'],
    ['the responder resets', `${OPEN}a > P. 'q'\na < R.`, 'ShADr RSTR'],
    ['SYN, then its RST', `${FLOW}a > S\na > R`, 'SR RSTOS0'],
    ['half closed by the originator', `${OPEN}a > F.`, 'ShAF S2'],
    ['half closed by the responder', `${OPEN}a < F.`, 'ShAf S3'],
    ['FIN without an answer', `${FLOW}a > S\na > F.`, 'SF SH'],
    ['middle of a connection', `${FLOW}a > P. 'q'\na < P. 'r'`, 'Dd OTH'],
    ['FIN, then RST, then the other FIN', `${OPEN}a > F.\na > R.\na < F.`, 'ShAFRf SF'],
    ['a RST after both FINs', `${OPEN}a > F.\na < F.\na > R.`, 'ShAFfR SF'],
  ])('%s', async (_, text, expected) => {
    expect(await zeek(text)).toBe(expected)
  })

  test('a lone SYN-ACK turns the roles round', async () => {
    expect(await zeek(`${FLOW}a < S. ack 1\na > .`)).toBe('^hA S1')
  })

  test('without a SYN the well-known port is the responder', async () => {
    expect(await zeek(`${FLOW}a < P. 'r'\na > .`)).toBe('^dA OTH')
  })

  test('a FIN with RST, a SYN with FIN', async () => {
    expect(await zeek(`${OPEN}a > FR.`)).toBe('ShAI RSTO')
    expect(await zeek(`${FLOW}a > SF`)).toMatch(/^Q /)
  })

  test('the same SYN or FIN again is not told again, another RST is', async () => {
    expect(await zeek(`${FLOW}a > S\n+1 a > S again`)).toBe('S S0')
    expect(await zeek(`${OPEN}a > F.\n+1 a > F. again`)).toBe('ShAF S2')
  })

  test('retransmissions on the 1st and the 10th', async () => {
    expect(await zeek(`${OPEN}a > P. 'q'\n+1 a > P. again times 9 every 1`)).toBe('ShADT S1')
    expect(await zeek(`${OPEN}a > P. 'q'\n+1 a > P. again times 10 every 1`)).toBe('ShADTT S1')
  })

  test('zero windows, but not after the peer’s FIN', async () => {
    expect(await zeek(`${OPEN}a > P. 'q'\na < . win 0`)).toBe('ShADaw S1')
    expect(await zeek(`${OPEN}a > F.\na < . win 0`)).toBe('ShAFa S2')
  })

  test('a gap that was acknowledged', async () => {
    expect(await zeek(`${OPEN}a < P. seq 4 'def'\na > . ack 7\na > F.`)).toBe('ShAdgF S2')
  })
})

describe('completeness', () => {
  const bits = async (text: string): Promise<number> => (await tracked(text)).store.flows.completeness[0]
  test.each([
    ['SYN', `${FLOW}a > S`, 1],
    ['handshake', OPEN, 7],
    ['data', `${OPEN}a > P. 'q'`, 15],
    ['complete with FIN; a bare FIN counts as an ACK', `${OPEN}a > P. 'q'\na < F.`, 31],
    ['reset', `${FLOW}a > S\na < R.`, 37],
    ['TCP fast open', `${FLOW}a > S 'q'`, 9],
    ['without a SYN', `${FLOW}a > P. 'q'`, 8],
  ])('%s', async (_, text, expected) => {
    expect(await bits(text)).toBe(expected)
  })
})
