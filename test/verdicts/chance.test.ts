import { describe, expect, it } from 'vitest'
import type { FlowReport } from '../../src/result.js'
import { clientEnds, reportOf, served, serverEnds } from '../helpers/verdict-of.js'

/** Numbers that look random and are the same in every run (a linear congruential generator). */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (state * 1103515245 + 12345) % 2147483648
    yield state / 2147483648
  }
}

/** Connections of clients that share an address, which leave so many seconds after their response. */
function crowd(gaps: readonly number[]): string {
  return gaps
    .map(
      (gap, n) => `flow c${n} 10.0.1.1:${41000 + n} > 10.0.0.3:80 ts
      ${served(`c${n}`, `${n}.0`)}
      ${clientEnds(`c${n}`, `+${gap.toFixed(4)}`)}`,
    )
    .join('\n')
}

it.each([1, 2, 3])(
  'clients that leave at random are no timer, though some agree by chance (%i)',
  async (seed) => {
    const random = numbers(seed)
    const gaps = Array.from({ length: 80 }, () => 1 + (random.next().value as number) * 0.4)
    const { summary } = await reportOf(crowd(gaps))
    expect(summary.byClass).toEqual({ clean: 80 })
  },
)

it('near miss: clients that all leave after the same 7.3 s have a timer', async () => {
  const { summary } = await reportOf(crowd([7.3, 7.3005, 7.301, 7.2995]))
  expect(summary.byClass).toEqual({ 'idle-timeout': 4 })
})

it('nor are a few that agree where hardly any others leave', async () => {
  const early = Array.from({ length: 30 }, (_, n) => 0.1 + n * 0.025)
  const { summary } = await reportOf(crowd([...early, 1.15, 1.154, 1.158, 1.162, 1.166]))
  expect(summary.byClass).toEqual({ clean: 35 })
})

describe('nginx fires its client-side timers up to 300 ms early', () => {
  /** Idle connections to nginx that it closes after so many seconds. */
  const kept = (gaps: readonly number[]): string =>
    gaps
      .map(
        (gap, n) => `flow c${n} 10.0.1.${n + 1}:${41000 + n} > 10.0.0.3:80 ts
        ${served(`c${n}`, `${n}.0`, 'Server: nginx\\r\\n')}
        ${serverEnds(`c${n}`, `+${gap.toFixed(4)}`)}`,
      )
      .join('\n')
  const like = (flows: readonly FlowReport[]): string[] =>
    flows.flatMap(({ verdict }) => verdict.remarks.filter((remark) => remark.includes('after the same gap')))

  it.each([1, 2, 3])(
    'of closes at random some fall into 300 ms, and none is named a timer (%i)',
    async (seed) => {
      const random = numbers(seed)
      const gaps = Array.from({ length: 60 }, () => 5 + (random.next().value as number) * 40)
      const { flows, timers = [] } = await reportOf(kept(gaps))
      expect(like(flows)).toEqual([])
      expect(timers).toEqual([])
    },
  )

  it('near miss: its keepalive_timeout, each time a little early, among as many at random', async () => {
    const random = numbers(4)
    const others = Array.from({ length: 12 }, () => 5 + (random.next().value as number) * 60)
    const timed = [75, 74.75, 74.9, 74.82, 74.99, 74.93]
    const { flows, timers = [] } = await reportOf(kept([...others, ...timed]))
    expect(like(flows).filter((remark) => remark.startsWith('6 flows'))).toHaveLength(timed.length)
    expect(timers).toHaveLength(1)
    expect(timers[0]).toMatchObject({
      kind: 'silence',
      settings: expect.arrayContaining(['nginx.keepalive_timeout']),
    })
    expect(timers[0]?.value).toBeCloseTo(74.9, 0)
  })
})
