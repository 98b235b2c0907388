import { expect, test } from 'vitest'
import { Horizon } from '../../src/chain/horizon.js'
import type { Sent } from '../../src/chain/sent.js'
import type { FlowFacts } from '../../src/facts/flow-facts.js'
import { allFacts } from '../helpers/facts-of.js'
import { clientEnds, get, ok, opens } from '../helpers/verdict-of.js'

function requestsOf(horizon: Horizon, flow: FlowFacts): readonly Sent[] {
  const all: Sent[] = []
  horizon.addRequestsOf(flow, all, [])
  return all
}

/** One request on a connection that was opened before. */
function asks(name: string, at: number, target: string, answeredAfter = 0.01): string {
  return `${at} ${name} > P. ${get(target)}
    ${at + answeredAfter} ${name} < P. ${ok()}
    ${name} > .`
}

const FLOWS = `flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
  flow u 10.0.0.2:40000 > 10.0.0.3:8000 ts
  flow v 10.0.0.2:40001 > 10.0.0.3:8000 ts
  flow e 10.0.0.9:50001 > 10.0.0.2:80 ts
  ${opens('d', '0')}\n${opens('u')}\n${opens('v')}\n${opens('e')}`

/** The targets that are looked at of each flow when the flows of these names are judged. */
async function seen(
  text: string,
  judged: string,
  change: (flow: FlowFacts) => FlowFacts = (flow) => flow,
): Promise<string[]> {
  const names = [...text.matchAll(/flow (\w+)/g)].map(([, name]) => name ?? '')
  const facts = (await allFacts(text)).map(change)
  const isJudged = (_: FlowFacts, i: number): boolean => judged.includes(names[i] ?? '')
  const beside = facts.filter((flow, i) => !isJudged(flow, i))
  const horizon = new Horizon()
  horizon.narrowTo(facts.filter(isJudged), false)
  const early = beside.filter((flow) => horizon.reachesTo(flow.startNs))
  horizon.widenTo(early)
  return facts.map((flow, i) => {
    const targets = requestsOf(horizon, flow).map(({ exchange }) => exchange.target?.slice(1) ?? '')
    return `${names[i]} ${targets.join('')}`.trim()
  })
}

test('all requests are looked at where nothing was said of flows that are judged', async () => {
  const facts = await allFacts(`${FLOWS}\n${asks('d', 1, '/a')}\n${asks('e', 9, '/b')}`)
  const horizon = new Horizon()
  expect(facts.map((flow) => requestsOf(horizon, flow).length)).toEqual([1, 0, 0, 1])
  expect(horizon.reachesTo(1e18)).toBe(true)
})

test('what was asked after the judged flows were over is not looked at, nor what was over before', async () => {
  const text = `flow u 10.0.0.2:40000 > 10.0.0.3:8000 ts
    flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
    flow e 10.0.0.9:50001 > 10.0.0.2:80 ts
    ${opens('u')}
    ${asks('u', 1, '/old')}
    ${opens('d', '2.9')}
    3 d > P. ${get('/a')}
    ${asks('u', 3.001, '/a', 0.005)}
    3.02 d < P. ${ok()}
    ${clientEnds('d', '3.1')}
    ${asks('u', 5, '/new')}
    ${opens('e', '6')}
    ${asks('e', 6.1, '/new')}`
  expect(await seen(text, 'd')).toEqual(['u a', 'd a', 'e'])
})

test('another leg of a request is looked at for as long as that is open', async () => {
  const text = `${FLOWS}
    1 d > P. ${get('/a')}
    1.001 u > P. ${get('/a')}
    1.5 u < R.
    ${asks('v', 2, '/a')}
    2.02 d < P. ${ok()}
    ${asks('v', 3, '/b')}`
  expect(await seen(text, 'u')).toEqual(['d a', 'u a', 'v a', 'e'])
})

test('requests of the same caller are no legs of each other, unless it calls itself', async () => {
  const text = `${FLOWS}
    ${asks('v', 1, '/a')}
    ${asks('u', 1.001, '/a')}
    ${clientEnds('u', '1.5')}`
  expect(await seen(text, 'u')).toEqual(['d', 'u', 'v', 'e'])
  const toItself = (flow: FlowFacts): FlowFacts =>
    Object.assign(Object.create(flow) as FlowFacts, { server: { ...flow.server, ip: flow.client.ip } })
  expect(await seen(text, 'u', toItself)).toEqual(['d', 'u a', 'v a', 'e'])
})

test('the last flow to be judged that is open has no end', async () => {
  const text = `${FLOWS}\n1 d > P. ${get('/a')}\n${asks('u', 7, '/late')}`
  expect(await seen(text, 'd')).toEqual(['d a', 'u late', 'v', 'e'])
})
