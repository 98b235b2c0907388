/** What closes of restarts and single closes do not show. */
import { describe, expect, it } from 'vitest'
import { reportOf } from '../helpers/verdict-of.js'
import { brief, FORWARDED, legLadder, timersOf, type Connection } from './legs.js'

/** A connection that its server closes at a moment, after so long an idle time. */
const closed = (moment: number, idle: number): Connection => ({
  at: moment - idle - 0.0033,
  ...{ idle, by: 'server', asks: FORWARDED },
})
const classes = async (connections: readonly Connection[]): Promise<string[]> => {
  const { flows } = await reportOf(legLadder(connections))
  return flows.map(({ verdict }) => verdict.class)
}

const FIRST = [1.484, 2.274, 3.1]
const SECOND = [1.026, 1.298, 1.493, 1.872, 2.486]

describe('two restarts', () => {
  it('are two, although two of the connections they ended had waited alike', async () => {
    const both = [...FIRST.map((idle) => closed(7, idle)), ...SECOND.map((idle) => closed(14, idle))]
    expect(await classes(both)).toEqual(Array(8).fill('shutdown'))
    expect((await timersOf(legLadder(both))).timers).toEqual([])
  })

  it('are none where most of the waits come again: somebody looks at the connections now and then', async () => {
    const ticks = [7, 14].flatMap((moment) => [5.1, 5.4, 5.8].map((idle) => closed(moment, idle)))
    expect(await classes(ticks)).toEqual(Array(6).fill('idle-timeout'))
  })

  it('leave a timer that shows at another moment', async () => {
    const timer = [closed(3, 1.5), ...SECOND.map((idle) => closed(14, idle))]
    expect(await classes(timer)).toEqual([
      'idle-timeout',
      ...SECOND.map((idle) => (idle === 1.493 ? 'idle-timeout' : 'shutdown')),
    ])
  })
})

describe('a single close of an idle connection by the server', () => {
  const one = (reuses: readonly number[]): string =>
    legLadder([
      { at: 0, idle: 1.5, by: 'server', asks: FORWARDED },
      { at: 0.3, reuses, asks: FORWARDED },
    ])

  it('is a guess at its timer', async () => {
    expect((await timersOf(one([0.4, 1.5]))).timers.map(brief)).toEqual([
      'server between-requests silence 1.5 1/1 single',
    ])
  })

  it('is none where another connection waited longer and was served', async () => {
    expect((await timersOf(one([0.4, 2.2]))).timers).toEqual([])
  })
})
