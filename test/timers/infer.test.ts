import { describe, expect, it } from 'vitest'
import { brief, FORWARDED, legLadder, several, timersOf } from './legs.js'

const briefs = async (...args: Parameters<typeof timersOf>): Promise<string[]> =>
  (await timersOf(...args)).timers.map(brief)

describe('timers read off the closes', () => {
  it('names a server that closes idle connections after any number of seconds', async () => {
    for (const seconds of [2.2, 7.3, 41.6]) {
      const ladder = legLadder(several(4, (i) => ({ idle: seconds + i * 0.003, by: 'server' })))
      expect(await briefs(ladder)).toEqual([
        `server between-requests silence ${Math.round((seconds + 0.0045) * 100) / 100} 4/4 steady`,
      ])
    }
  })

  it('says it in a sentence with actor, seconds, count and spread', async () => {
    const { timers } = await timersOf(legLadder(several(5, (i) => ({ idle: 60 + i * 0.001, by: 'server' }))))
    expect(timers[0]?.summary).toBe(
      'The server 10.0.0.3:8000 closes connections with the client that were idle for 60.002 s: 5 of 5 closes, spread 4.0 ms.',
    )
  })

  it('finds the cluster among other closes and counts those', async () => {
    const timer = several(5, () => ({ idle: 7.3, by: 'server' }))
    const others = [0.003, 0.4, 0.9].map((idle, i) => ({ at: 20 + i, idle, by: 'server' as const }))
    expect(await briefs(legLadder([...timer, ...others]))).toEqual([
      'server between-requests silence 7.3 5/8 steady',
    ])
  })

  it('finds two timers of one leg', async () => {
    const both = several(8, (i) => ({ idle: i % 2 === 0 ? 4.1 : 9.7, by: 'client' }))
    expect((await briefs(legLadder(both))).sort()).toEqual([
      'client between-requests silence 4.1 4/8 steady',
      'client between-requests silence 9.7 4/8 steady',
    ])
  })

  it('takes a late close of the same timer with it', async () => {
    const late = several(6, (i) => ({ idle: i === 5 ? 5.085 : 5 + i * 0.001, by: 'server' }))
    expect(await briefs(legLadder(late))).toEqual(['server between-requests silence 5 6/6 steady'])
  })

  it('knows a server that looks at its connections once a second', async () => {
    const ticks = [2.04, 2.31, 2.55, 2.72, 2.9, 2.97]
    expect(await briefs(legLadder(several(6, (i) => ({ idle: ticks[i], by: 'server' }))))).toEqual([
      'server between-requests silence 2.64 6/6 steady',
    ])
  })
})

describe('no timer', () => {
  it('are people who leave when they like', async () => {
    const leave = [4.2, 5.9, 8.1, 12.6, 17.3, 23.9, 31]
    expect(await briefs(legLadder(several(7, (i) => ({ idle: leave[i], by: 'client' }))))).toEqual([])
  })

  it('are people who all leave within a second', async () => {
    const leave = [4.05, 4.21, 4.44, 4.63, 4.8, 4.97]
    expect(await briefs(legLadder(several(6, (i) => ({ idle: leave[i], by: 'client' }))))).toEqual([])
  })

  it('are end clients that leave a moment after their response, however alike', async () => {
    expect(await briefs(legLadder(several(6, () => ({ idle: 1.5, by: 'client' }))))).toEqual([])
  })

  it('are servers that close after each response', async () => {
    expect(await briefs(legLadder(several(6, () => ({ idle: 0.0003, by: 'server' }))))).toEqual([])
  })

  it('are two idle connections that end in one moment after different waits', async () => {
    // Opened 1.137 s apart.
    const together = several(2, (i) => ({ idle: 7.3 - i * 1.137, by: 'server' }))
    expect(await briefs(legLadder(together))).toEqual([])
  })

  it('near miss: two that end at different moments, each perhaps by a timer of its own', async () => {
    const apart = several(2, (i) => ({ idle: 7.3 + i * 1.137, by: 'server' }))
    expect(await briefs(legLadder(apart))).toEqual([
      'server between-requests silence 7.3 1/2 single',
      'server between-requests silence 8.44 1/2 single',
    ])
  })

  it('is a single close that nothing explains, but a guess where a server leaves an idle connection', async () => {
    expect(await briefs(legLadder(several(1, () => ({ idle: 7.3, by: 'client' }))))).toEqual([
      'client between-requests silence 7.3 1/1 single',
    ])
    expect(await briefs(legLadder(several(1, () => ({ idle: 2.1, by: 'client' }))))).toEqual([])
  })
})

describe('limits', () => {
  it('are seen where no connection serves more requests', async () => {
    const full = several(4, () => ({ reuses: [0.2, 0.3, 0.1, 0.2], idle: 0.0003, by: 'server' as const }))
    expect(await briefs(legLadder(full))).toEqual(['server between-requests requests 5 4/4 steady'])
  })

  it('are none where one connection served more', async () => {
    const full = several(4, () => ({ reuses: [0.2, 0.3, 0.1, 0.2], idle: 0.0003, by: 'server' as const }))
    const more = { at: 30, reuses: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1] }
    expect(await briefs(legLadder([...full, more]))).toEqual([])
  })

  it('are none where the client asked for the close', async () => {
    const asked = several(4, () => ({
      reuses: [0.2, 0.3],
      idle: 0.0003,
      by: 'server' as const,
      asks: 'Connection: close\\r\\n',
    }))
    expect(await briefs(legLadder(asked))).toEqual([])
  })

  it('may be an age, between the last request that was taken and the first that was the last', async () => {
    const old = several(4, (i) => ({
      reuses: Array.from({ length: 9 + (i % 2) * 4 }, () => (i % 2 === 0 ? 0.3 : 0.205)),
      idle: 0.0003,
      by: 'server' as const,
    }))
    const [timer] = (await timersOf(legLadder(old))).timers
    expect(timer?.kind).toBe('age')
    expect(timer?.min).toBeGreaterThan(2.6)
    expect(timer?.max).toBeLessThan(2.8)
  })
})

describe('what else tells', () => {
  const said = 'Keep-Alive: timeout=7\\r\\n'

  it('takes an announced timeout as declared, with or without closes that show it', async () => {
    const closes = several(3, () => ({ idle: 7.004, by: 'server' as const, headers: said }))
    const open = several(2, () => ({ headers: said }))
    expect(await briefs(legLadder(closes))).toEqual(['server between-requests silence 7 3/3 declared'])
    expect(await briefs(legLadder(open))).toEqual(['server between-requests silence 7 0/0 declared'])
  })

  it('keeps an announced timeout apart from another that fires', async () => {
    const closes = several(3, () => ({ idle: 3.1, by: 'server' as const, headers: said }))
    expect((await briefs(legLadder(closes))).sort()).toEqual([
      'server between-requests silence 3.1 3/3 steady',
      'server between-requests silence 7 0/3 declared',
    ])
  })

  it('lets the user’s value name the setting', async () => {
    const ladder = legLadder(several(3, () => ({ idle: 41.6, by: 'client', asks: FORWARDED })))
    const timeouts = [{ component: 'nginx', setting: 'upstream.keepalive_timeout', seconds: 41.6 }]
    const { timers } = await timersOf(ladder, { timeouts })
    expect(timers.map(brief)).toEqual(['client between-requests silence 41.6 3/3 configured'])
    expect(timers[0]?.settings[0]).toBe('nginx.upstream.keepalive_timeout')
  })
})
