import { expect, test } from 'vitest'
import { chainOf } from '../helpers/facts-of.js'
import { clientEnds, get, opens, post, served, serverEnds } from '../helpers/verdict-of.js'

/** Connections to one server, each idle for its number of seconds and then closed, by the server unless said otherwise. */
function idle(seconds: readonly number[], servers: readonly string[] = [], ends = serverEnds): string {
  return seconds
    .map((wait, i) => {
      const name = `f${i}`
      return `flow ${name} 10.0.0.2:${40000 + i} > ${servers[i] ?? '10.0.0.3:8000'} ts
      ${served(name, `${i * 100}.0`)}
      ${ends(name, `+${wait}`)}`
    })
    .join('\n')
}

async function clusterOfFirst(ladder: string): Promise<number> {
  const { facts, chain } = await chainOf(ladder)
  const [first] = facts
  return first === undefined ? 0 : chain.around(first).cluster.flows
}

test.each([
  ['three within 20 ms', idle([5, 5.019, 5.001]), 3],
  ['one of them 320 ms off', idle([5, 5.32, 5.001]), 2],
  ['at another port of the server', idle([5, 5, 5], ['10.0.0.3:8000', '10.0.0.3:8000', '10.0.0.3:8001']), 2],
  ['alone', idle([5, 9, 14]), 1],
])('closes after like gaps: %s', async (_, ladder, flows) => {
  expect(await clusterOfFirst(ladder)).toBe(flows)
})

/** Gaps 15 ms apart: at no steady time, and yet three or more within any 40 ms. */
const anyTime = Array.from({ length: 40 }, (_, i) => 1 + i * 0.015)

test.each([
  ['agree by chance when there are many', [1.3, ...anyTime], 1],
  [
    'stand out when they are more than chance puts there',
    [1.3, ...Array<number>(25).fill(1.3), ...anyTime],
    29,
  ],
  ['stand out where nobody else closes', [9, 9.001, 9.002, ...anyTime], 3],
])('closes after like gaps %s', async (_, gaps, flows) => {
  expect(await clusterOfFirst(idle(gaps, [], clientEnds))).toBe(flows)
})

test('a client’s closes are counted over all its servers', async () => {
  const ladder = [0, 1, 2]
    .map(
      (i) => `flow f${i} 10.0.0.2:${40000 + i} > 10.0.0.${3 + i}:8000 ts
      ${served(`f${i}`, `${i * 100}.0`)}
      ${clientEnds(`f${i}`, '+5')}`,
    )
    .join('\n')
  expect(await clusterOfFirst(ladder)).toBe(3)
})

test('within 20 ms of each other, where no lazy timer can have fired', async () => {
  const ladder = [5, 5.015, 5.03]
    .map(
      (wait, i) => `flow f${i} 10.0.0.2:${40000 + i} > 10.0.0.3:8000 ts
      ${served(`f${i}`, `${i * 100}.0`)}
      ${clientEnds(`f${i}`, `+${wait}`)}`,
    )
    .join('\n')
  expect(await clusterOfFirst(ladder)).toBe(2)
})

test('gaps of different phases do not mix', async () => {
  const ladder = `${idle([5, 5])}
    flow w 10.0.0.2:41000 > 10.0.0.3:8000 ts
    ${opens('w', '500.0')}
    w > P. ${get()}
    w < .
    ${serverEnds('w', '+5')}`
  expect(await clusterOfFirst(ladder)).toBe(2)
})

test('header timers cluster by age, however late the last byte of the head came', async () => {
  const dripping = (
    name: string,
    at: number,
    last: number,
  ): string => `flow ${name} 10.0.0.2:${40000 + at} > 10.0.0.3:80 ts
    ${opens(name, `${at}.0`)}
    ${name} > P. 'GET / HT'
    ${name} < .
    +${last} ${name} > P. 'TP/1.1'
    ${name} < .
    ${at + 10}.0 ${name} < F.`
  const { facts, chain } = await chainOf(
    [dripping('a', 0, 3), dripping('b', 100, 5), dripping('c', 200, 7)].join('\n'),
  )
  expect(facts.map((flow) => chain.around(flow).cluster.flows)).toEqual([3, 3, 3])
})

test('near miss: bodies that stop at different times do not', async () => {
  const dripping = (
    name: string,
    at: number,
    last: number,
  ): string => `flow ${name} 10.0.0.2:${40000 + at} > 10.0.0.3:80 ts
    ${opens(name, `${at}.0`)}
    ${name} > P. ${post('/', 500, 10)}
    ${name} < .
    +${last} ${name} > P. 'more'
    ${name} < .
    ${at + 10}.0 ${name} < F.`
  const { facts, chain } = await chainOf(
    [dripping('a', 0, 3), dripping('b', 100, 5), dripping('c', 200, 7)].join('\n'),
  )
  expect(facts.map((flow) => chain.around(flow).cluster.flows)).toEqual([1, 1, 1])
})

test('like idle times before a server’s close are counted, whatever the phase says', async () => {
  const { facts, chain } = await chainOf(idle([5, 5.019, 6, 5.3]))
  expect(facts.map((flow) => chain.around(flow).likeIdle)).toEqual([2, 2, 1, 1])
})

/** Connections that one server closes at the given moments, last used at the given times. */
function stopped(moments: readonly (readonly [used: number, closed: number])[]): string {
  return moments
    .map(
      ([used, closed], i) => `flow f${i} 10.0.0.2:${40000 + i} > 10.0.0.3:8000 ts
      ${served(`f${i}`, `${used}.0`)}
      ${serverEnds(`f${i}`, String(closed))}`,
    )
    .join('\n')
}

test.each([
  [
    'three of different silences at one moment',
    [
      [0, 20],
      [10, 20.02],
      [15, 20.04],
    ],
    [3, 3, 3],
  ],
  [
    'near miss: 51 ms from first to last',
    [
      [0, 20],
      [10, 20.02],
      [15, 20.051],
    ],
    [0, 0, 0],
  ],
  [
    'near miss: two',
    [
      [0, 20],
      [10, 20.02],
    ],
    [0, 0],
  ],
  [
    'near miss: like silences',
    [
      [0, 20],
      [0, 20.02],
      [0, 20.04],
    ],
    [0, 0, 0],
  ],
  [
    'two moments are two groups',
    [
      [0, 20],
      [10, 20.02],
      [15, 20.04],
      [22, 40],
      [29, 40.01],
      [33, 40.02],
    ],
    [3, 3, 3, 3, 3, 3],
  ],
  [
    'a silence that returns is a timer, not a shutdown',
    [
      [0, 20],
      [10, 20.02],
      [15, 20.04],
      [50, 55.04],
    ],
    [3, 3, 0, 0],
  ],
] as const)('shutdown: %s', async (_, moments, expected) => {
  const { facts, chain } = await chainOf(stopped(moments))
  const inOrder = [...facts].sort((a, b) => a.client.port - b.client.port)
  expect(inOrder.map((flow) => chain.around(flow).shutdown?.flows ?? 0)).toEqual(expected)
})

test('shutdown: says how far closes and silences spread', async () => {
  const { facts, chain } = await chainOf(
    stopped([
      [0, 20],
      [10, 20.02],
      [15, 20.04],
    ]),
  )
  const [first] = facts
  const group = first === undefined ? null : chain.around(first).shutdown
  expect((group?.withinNs ?? 0) / 1e6).toBeCloseTo(40, 1)
  expect((group?.silencesSpreadNs ?? 0) / 1e9).toBeCloseTo(14.96, 2)
})

test('leaks are counted at the end that leaks', async () => {
  const leak = (
    name: string,
    port: number,
    server: string,
  ): string => `flow ${name} 10.0.0.2:${port} > ${server} ts
    ${served(name, `${port - 40000}.0`)}
    ${name} > F.
    ${name} < .`
  const ladder = [
    leak('a', 40000, '10.0.0.3:8000'),
    leak('b', 40001, '10.0.0.3:8000'),
    leak('c', 40002, '10.0.0.3:8001'),
  ]
  const { facts, chain } = await chainOf(ladder.join('\n'))
  expect(facts.map((flow) => chain.around(flow).likeHalfClosed)).toEqual([2, 2, 1])
})
