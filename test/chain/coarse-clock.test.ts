import { expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import type { Report } from '../../src/result.js'
import { ladderFile, ladderPackets } from '../helpers/ladder.js'
import { clientEnds, get, ok, opens } from '../helpers/verdict-of.js'

const TICK_NS = 10_000_000n
const ID = 'X-Request-Id: 7f3a\\r\\n'

/** A request and the one made for it within one tick of the capture's clock. */
const LEGS = `
  flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
  flow u 10.1.0.2:40000 > 10.1.0.3:8000 ts
  ${opens('d')}
  ${opens('u', '0.5')}
  1.001 d > P. ${get('/x', ID)}
  1.002 u > P. ${get('/x', ID)}
  3.0 u < P. ${ok()}
  3.001 d < P. ${ok()}
  ${clientEnds('d', '+0.1')}
  ${clientEnds('u', '+0.1')}`

async function seen(tickNs: bigint): Promise<Report> {
  const packets = ladderPackets(LEGS).map((packet) => ({
    ...packet,
    timeNs: packet.timeNs - (packet.timeNs % tickNs),
  }))
  return analyze([new MemorySource(ladderFile(packets))], { all: true })
}

it.each([1n, TICK_NS])('a clock of %i ns: each leg is linked in one direction', async (tickNs) => {
  const { flows } = await seen(tickNs)
  const links = flows.map(({ links: [one, ...more] }) => [one?.relation, one?.certainty, more.length])
  expect(links).toEqual([
    ['upstream', 'certain', 0],
    ['downstream', 'certain', 0],
  ])
  expect(flows[0]?.client.role).toBe('client')
})
