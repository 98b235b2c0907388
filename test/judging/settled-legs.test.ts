import { afterEach, expect, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { openSource } from '../../src/capture/file-source.js'
import { memoryPolicy } from '../../src/chain/policy.js'
import { judgingPolicy } from '../../src/judging/policy.js'
import type { Report } from '../../src/result.js'
import { cutCapture } from '../helpers/cut-capture.js'
import { ladder as capture, ladderSource } from '../helpers/ladder.js'
import { clientEnds, get, ok, opens } from '../helpers/verdict-of.js'

const limits = { ...judgingPolicy, ...memoryPolicy }
const judging = judgingPolicy as { flowsTogether: number; flowsWaiting: number }
const memory = memoryPolicy as { settledLegs: number }

afterEach(() => {
  judging.flowsTogether = limits.flowsTogether
  judging.flowsWaiting = limits.flowsWaiting
  memory.settledLegs = limits.settledLegs
})

const POOLED = new URL('../../captures/incident-502/capture.pcap', import.meta.url).pathname

async function report(): Promise<Report> {
  return analyze([openSource(POOLED)], { all: true })
}

function links({ flows }: Report): string[] {
  return flows.flatMap((flow) =>
    flow.links
      .filter((link) => link.relation === 'upstream' || link.relation === 'downstream')
      .map((link) => `${flow.stream} ${link.relation} ${link.stream} ${link.certainty}`),
  )
}

test('legs judged in earlier rounds are linked as if all had been judged together', async () => {
  const together = links(await report()).sort()
  judging.flowsTogether = 300
  const apart = links(await report()).sort()
  expect(together.length).toBeGreaterThan(500)
  expect(apart).toEqual(together)
})

test('legs that are too many to be remembered are told', async () => {
  judging.flowsTogether = 300
  memory.settledLegs = 3
  const { captures } = await report()
  expect(captures[0]?.notSeen.join('\n')).toMatch(/^\d+ links from connections that went on/m)
})

test('a request whose leg was judged is linked to no other in later rounds', async () => {
  judging.flowsTogether = 1
  const ladder = `flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
    flow e 10.0.0.9:50001 > 10.0.0.2:80 ts
    flow u 10.0.0.2:40122 > 10.0.0.3:8000 ts
    ${opens('u')}
    1.0 d > S
    d < S.
    d > .
    e > S
    e < S.
    e > .
    +0.0001 e > P. ${get('/x')}
    +0.0001 d > P. ${get('/x', 'X-Request-Id: a\\r\\n')}
    +0.0001 u > P. ${get('/x', 'X-Request-Id: a\\r\\n')}
    +0.01 u < P. ${ok()}
    u > .
    d < P. ${ok()}
    d > .
    ${clientEnds('d', '+0.01')}
    +1 u > P. ${get('/y', 'X-Request-Id: b\\r\\n')}
    +0.01 u < P. ${ok()}
    u > .
    +300 u > P. ${get('/z', 'X-Request-Id: c\\r\\n')}
    +0.01 u < P. ${ok()}
    u > .
    e < P. ${ok()}
    e > .
    ${clientEnds('e', '+0.01')}`
  expect(links(await analyze([ladderSource(ladder)], { all: true }))).toEqual([
    '0 downstream 1 certain',
    '1 upstream 0 certain',
  ])
})

test('the next try of a leg that was judged is told while the request is open', async () => {
  const ladder = `flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
    flow u 10.0.0.2:40122 > 10.0.0.3:8000 ts
    flow v 10.0.0.2:40123 > 10.0.0.4:8000 ts
    flow x 10.0.0.7:50001 > 10.0.0.8:9 ts
    flow y 10.0.0.7:50002 > 10.0.0.8:9 ts
    ${opens('x')}
    x > P. 'a'
    x < P. 'b'
    x > .
    ${clientEnds('x', '+0.01')}
    200 d > S
    d < S.
    d > .
    d > P. ${get('/x', 'X-Request-Id: a\\r\\n')}
    ${opens('u', '+0.0001')}
    u > P. ${get('/x', 'X-Request-Id: a\\r\\n')}
    +0.01 u < R.
    +60 v > S
    v < S.
    v > .
    v > P. ${get('/x', 'X-Request-Id: a\\r\\n')}
    +100 y > S
    +1 v < P. ${ok()}
    v > .
    d < P. ${ok()}
    d > .`
  const bytes = Buffer.from(capture(ladder))
  const legOfRetry = async (framesEach: number): Promise<unknown> => {
    const { flows } = await analyze(cutCapture(bytes, framesEach), { all: true })
    const leg = flows.find(({ client }) => client.port === 40122)
    return leg?.links.map(({ relation, stream }) => `${relation} ${stream}`)
  }
  expect(await legOfRetry(1000)).toEqual(['downstream 1', 'retry 3'])
  judging.flowsTogether = 1
  judging.flowsWaiting = 0
  expect(await legOfRetry(1)).toEqual(['downstream 1', 'retry 3'])
})
