import { describe, expect, it } from 'vitest'
import { AnswersHeard } from '../../src/outcome/answers.js'
import type { Part } from '../../src/outcome/finding-part.js'
import { FindingCount } from '../../src/outcome/finding-tail.js'
import { incidentsOf } from '../../src/outcome/incidents.js'
import type { FlowReport } from '../../src/result.js'
import { get, opens, verdictOf } from '../helpers/verdict-of.js'

const KILLED = `flow a 10.0.0.2:40000 > 10.0.0.3:8000 ts
  ${opens('a', '0.0')}
  a > P. ${get('/slow')}
  a < .
  +0.400 a < R.`
const REFUSED = `flow a 10.0.0.2:40000 > 10.0.0.3:8000 ts
  0.0 a > S
  a < R.`

/** One part of each of so many servers, or of ports of one. */
function parts(flow: FlowReport, servers: number, ports = false): Part[] {
  return Array.from({ length: servers }, (_, n) => {
    const ip = ports ? flow.server.ip : `10.1.${n >> 8}.${n & 255}`
    const one = { ...flow, stream: n, server: { ...flow.server, ip, port: ports ? n + 1 : 80 } }
    const count = new FindingCount()
    count.add(one)
    return { flows: [one], count }
  })
}

/** CPU milliseconds. */
function cost(all: readonly Part[]): number {
  const before = process.cpuUsage()
  incidentsOf(all, new AnswersHeard(0))
  return process.cpuUsage(before).user / 1000
}

describe('as many findings as may be listed', () => {
  it.each([
    ['of one server each', KILLED, false],
    ['of ports on which nothing listens', REFUSED, true],
  ])('%s: not each is compared with each', async (_, ladder, ports) => {
    const flow = await verdictOf(ladder)
    cost(parts(flow, 500, ports))
    let best = Infinity
    for (let tries = 0; tries < 4 && best > 8; tries++)
      best = Math.min(best, cost(parts(flow, 8000, ports)) / Math.max(5, cost(parts(flow, 2000, ports))))
    // Four times as many: pairs would be sixteen times as many.
    expect(best).toBeLessThan(8)
  })

  it('they are told apart by server, and ports of one host together', async () => {
    expect(incidentsOf(parts(await verdictOf(KILLED), 100), new AnswersHeard(0))).toHaveLength(100)
    const [refused, ...more] = incidentsOf(parts(await verdictOf(REFUSED), 100, true), new AnswersHeard(0))
    expect(more).toEqual([])
    expect(refused.main.flows.map(({ stream }) => stream)).toEqual(Array.from({ length: 100 }, (_, n) => n))
    expect(refused.main.count.flows).toBe(100)
  })
})
