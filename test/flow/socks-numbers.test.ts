/**
 * Numbers that SOCKS tunnels use up. The numbers expected here are those that tshark 4.0.17 gives to the same segments; where a tshark is
 * installed it is asked again.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ladder } from '../helpers/ladder.js'
import { tracked } from '../helpers/tracked.js'

const open = (name: string, ports: string): string =>
  `flow ${name} 10.0.0.1:${ports.replace('>', ' > 10.0.0.2:')}\n${name} > S\n${name} < S.\n${name} > .\n`
const ASK_V4 = "a > P. '\\x04\\x01\\x27\\x0f\\x01\\x02\\x03\\x04\\x00'\n"
const ASK_V4_SOCKS = "a > P. '\\x04\\x01\\x04\\x38\\x01\\x02\\x03\\x04\\x00'\n"
const GRANT_V4 = "a < P. '\\x00\\x5a\\x00\\x00\\x00\\x00\\x00\\x00'\n"
const REFUSE_V4 = "a < P. '\\x00\\x5b\\x00\\x00\\x00\\x00\\x00\\x00'\n"
const ASK_V5 = "a > P. '\\x05\\x01\\x00\\x01\\x01\\x02\\x03\\x04\\x27\\x0f'\n"
const GRANT_V5 = "a < P. '\\x05\\x00\\x00\\x01\\x01\\x02\\x03\\x04\\x27\\x0f'\n"
const DATA = "a > P. 'abcdef'\n"

/** The handshake of connection a, and the stream number of connection b that follows it. */
const CASES: readonly (readonly [what: string, number: number, ports: string, ladder: string])[] = [
  ['version 4', 2, '40000>1080', ASK_V4 + GRANT_V4 + DATA],
  ['version 4, first byte from the server', 2, '40000>1080', `${ASK_V4}${GRANT_V4}a < P. 'abc'\n`],
  ['version 4, nothing in the tunnel yet', 1, '40000>1080', ASK_V4 + GRANT_V4],
  ['version 4, refused', 1, '40000>1080', ASK_V4 + REFUSE_V4 + DATA],
  ['a tunnel to port 1080 has the same ports', 1, '40000>1080', ASK_V4_SOCKS + GRANT_V4 + DATA],
  ['a request cut in two', 2, '40000>1080', `a > P. '\\x04'\na > P. 'x12345678'\n${GRANT_V4}${DATA}`],
  ['a request sent again is no payload', 1, '40000>1080', `${ASK_V4}${GRANT_V4}a > P. again\n`],
  ['a keep-alive probe is no payload', 1, '40000>1080', `${ASK_V4}${GRANT_V4}a > . probe len 1\n`],
  ['bind asks for no port', 2, '40000>1080', `a > P. '\\x04\\x02\\x27\\x0f1234\\x00'\n${GRANT_V4}${DATA}`],
  ['a client on port 1080', 2, '1080>4000', ASK_V4 + GRANT_V4 + DATA],
  [
    'version 5',
    2,
    '40000>1080',
    `a > P. '\\x05\\x01\\x00'\na < P. '\\x05\\x00'\n${ASK_V5}${GRANT_V5}${DATA}`,
  ],
  [
    'version 5 with a name',
    2,
    '40000>1080',
    `a > P. '\\x05\\x02\\x00\\x02'\na < P. '\\x05\\x00'\na > P. '\\x05\\x01\\x00\\x03\\x05a.com\\x27\\x0f'\n${GRANT_V5}${DATA}`,
  ],
  [
    'version 5 with a password',
    2,
    '40000>1080',
    `a > P. '\\x05\\x01\\x02'\na < P. '\\x05\\x02'\na > P. '\\x01\\x01a\\x01b'\na < P. '\\x01\\x00'\n${ASK_V5}${GRANT_V5}${DATA}`,
  ],
  ['no SOCKS at all', 1, '40000>1080', `a > P. 'GET / HTTP/1.1'\na < P. 'HTTP/1.1 200 OK'\n${DATA}`],
  ['another port', 1, '40000>1081', ASK_V4 + GRANT_V4 + DATA],
]
const ladderOf = (ports: string, text: string): string => open('a', ports) + text + open('b', '50000>81')

function tsharkStreams(file: Uint8Array): number[] | null {
  const folder = mkdtempSync(join(tmpdir(), 'socks-'))
  try {
    writeFileSync(join(folder, 'a.pcap'), file)
    const fields = ['-n', '-r', join(folder, 'a.pcap'), '-T', 'fields', '-e', 'tcp.stream']
    const text = execFileSync('tshark', fields, { stdio: ['ignore', 'pipe', 'ignore'] }).toString()
    return text.trim().split('\n').map(Number)
  } catch {
    return null
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('stream numbers that SOCKS tunnels use up', () => {
  test.each(CASES)('%s: the next connection is %i', async (_what, number, ports, text) => {
    expect((await tracked(ladderOf(ports, text))).streams.at(-1)).toBe(number)
  })

  test('two connections of the same ports open one conversation for their tunnels', async () => {
    const again = `flow c 10.0.0.1:40000 > 10.0.0.2:1080 isn 90000/80000\nc > S\nc < S.\nc > .\n`
    const second = (ASK_V4 + GRANT_V4 + DATA).replaceAll('a ', 'c ')
    const text = open('a', '40000>1080') + ASK_V4 + GRANT_V4 + DATA + again + second + open('b', '50000>81')
    expect((await tracked(text)).streams.at(-1)).toBe(3)
  })

  test('packets that later come by those ports get the number', async () => {
    const text = open('a', '40000>1080') + ASK_V4 + GRANT_V4 + DATA + open('b', '40000>9999')
    expect((await tracked(text)).streams.at(-1)).toBe(1)
  })

  test('the installed tshark says the same', ({ skip }) => {
    for (const [what, number, ports, text] of CASES) {
      const streams = tsharkStreams(ladder(ladderOf(ports, text)))
      if (streams === null) skip('there is no tshark here')
      expect(streams?.at(-1), what).toBe(number)
    }
  })
})
