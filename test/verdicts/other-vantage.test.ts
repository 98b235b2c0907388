import { describe, expect, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import type { FlowReport } from '../../src/result.js'
import { ladderSource } from '../helpers/ladder.js'
import { get, ok } from '../helpers/verdict-of.js'

const FLOW = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts isn 7000/9000\n flow z 10.9.9.8:1 > 10.9.9.9:2'

/** One connection over a path of 20 ms, as its client's host sees it, with the RST that comes in the name of the server. */
const AT_CLIENT = `${FLOW}
  0.0   a > S
  0.020 a < S.
        a > .
        a > P. ${get('/word')}
  0.042 a < .
  0.5   a < R.
  9     z > S`

/** The same at its server's host, which answers later. */
const atServer = (end: string, goesOnTo = 9): string => `${FLOW}
  0.010 a > S
        a < S.
  0.031 a > .
        a > P. ${get('/word')}
        a < .
  ${end}
  ${goesOnTo} z > S`

async function atTheClient(server: string): Promise<FlowReport> {
  const sources = [ladderSource(AT_CLIENT, {}, 'client.pcap'), ladderSource(server, {}, 'server.pcap')]
  const { flows } = await analyze(sources, { all: true })
  return flows.find((flow) => flow.capture === 0 && flow.server.port === 8000)!
}

describe('a RST that another capture point, nearer to its named sender, never saw', () => {
  test('was made on the way: certain, though nothing else speaks against it', async () => {
    const { verdict } = await atTheClient(atServer(`2 a < P. ${ok()}`))
    expect(verdict).toMatchObject({ class: 'middlebox-reset', certainty: 'certain', closer: 'middlebox' })
    expect(verdict.summary).toMatch(/nearer to its named sender \(flow \d\) that side sent no RST/)
  })

  test.each([
    ['it saw the RST leave', atServer('0.490 a < R.')],
    ['it ended before the RST could be seen', atServer('0.2 a > . ', 0.3)],
    ['it lacks bytes of that side', atServer(`2 a < P. ${ok()} seq 500\n a > . ack 600`)],
  ])('near miss: %s', async (_, server) => {
    expect((await atTheClient(server)).verdict.class).toBe('server-abort')
  })

  test('near miss: a point that is no nearer tells nothing', async () => {
    const far = AT_CLIENT.replace('  0.5   a < R.\n', '')
    expect((await atTheClient(far)).verdict.class).toBe('server-abort')
  })
})
