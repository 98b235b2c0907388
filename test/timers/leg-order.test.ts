import { describe, expect, it } from 'vitest'
import type { LegOrder } from '../../src/result.js'
import { FORWARDED, legLadder, several, timersOf, type Connection } from './legs.js'

const UVICORN = 'Server: uvicorn\\r\\n'
const keepAlive = (seconds: number): string => `Keep-Alive: timeout=${seconds}\\r\\n`

async function orderOf(
  connections: readonly Connection[],
  options: Parameters<typeof timersOf>[1] = {},
): Promise<LegOrder> {
  const { legs } = await timersOf(legLadder(connections), options)
  expect(legs).toHaveLength(1)
  return legs[0] as LegOrder
}

describe('the order of the keep-alive timers of a leg', () => {
  it('is unsafe where the server closes idle connections first', async () => {
    const leg = await orderOf(
      several(4, () => ({ idle: 7.3, by: 'server', asks: FORWARDED, headers: UVICORN, reuses: [0.5] })),
    )
    expect(leg).toMatchObject({
      order: 'unsafe',
      serverBasis: 'seen',
      serverCloses: 4,
      clientCloses: 0,
      races: 0,
    })
    expect(leg.serverSeconds).toBeCloseTo(7.3, 2)
    expect(leg.because).toContain('closes idle connections after 7.300 s (4 of 4)')
    expect(leg.fix.join()).toContain('longer than')
  })

  it('names its ends: role and software, and by the address where both have one role', async () => {
    const pooled = several(4, () => ({ idle: 7.3, by: 'server' as const, asks: FORWARDED, reuses: [0.5] }))
    const named = pooled.map((one) => ({ ...one, headers: UVICORN }))
    expect((await orderOf(named)).because).toMatch(/^uvicorn \(10\.0\.0\.3:8000\) closes idle connections/)
    const roles = ['10.0.0.2', '10.0.0.3'].map((ip) => ({ ip, port: null, role: 'app' }))
    const served = await orderOf(named, { roles: roles.slice(1) })
    expect(served.because).toMatch(/^the app \(uvicorn\) closes idle connections/)
    const same = await orderOf(pooled, { roles })
    expect(same.because).toMatch(/^the app 10\.0\.0\.3:8000 closes idle connections/)
    expect(same.because).not.toMatch(/^the app closes/)
  })

  it('is safe where the client always closes first', async () => {
    const leg = await orderOf(several(4, () => ({ idle: 4.1, by: 'client', asks: FORWARDED, reuses: [0.5] })))
    expect(leg).toMatchObject({
      order: 'safe',
      clientBasis: 'seen',
      serverSeconds: null,
      fix: [],
      risk: null,
    })
  })

  it('compares with what the server announces', async () => {
    const client = (idle: number, said: number): Connection[] =>
      several(3, () => ({ idle, by: 'client', asks: FORWARDED, headers: keepAlive(said), reuses: [0.5] }))
    expect((await orderOf(client(4.1, 5))).order).toBe('safe')
    expect(await orderOf(client(4.8, 5))).toMatchObject({ order: 'unsafe', serverBasis: 'declared' })
    // Three times the server had the whole minute to do what it announced, and did not.
    expect(await orderOf(client(60, 5))).toMatchObject({ order: 'safe', serverBasis: null })
    expect((await orderOf(client(5.05, 5))).order).toBe('unsafe')
    expect((await orderOf(client(60, 5).slice(1))).order).toBe('unsafe')
  })

  it('is unknown where nobody closed an idle connection, with the longest gap that went well', async () => {
    const leg = await orderOf(several(3, () => ({ reuses: [0.5, 3.2], asks: FORWARDED })))
    expect(leg.order).toBe('unknown')
    expect(leg.longestReuseSeconds).toBeCloseTo(3.2, 1)
    expect(leg.because).toContain('used again after up to 3.20')
  })

  it('is unknown after too few closes of the client, and after mixed ones', async () => {
    const few = several(2, () => ({ idle: 4.1, by: 'client' as const, asks: FORWARDED, reuses: [0.5] }))
    expect((await orderOf(few)).order).toBe('unknown')
    const leave = [1.9, 3.3, 5.2, 9.4, 17.1, 4.1]
    const mixed = several(6, (i) => ({
      idle: leave[i],
      by: 'client' as const,
      asks: FORWARDED,
      reuses: [0.5],
    }))
    expect((await orderOf(mixed)).order).toBe('unknown')
  })

  it('judges nothing by a default that only the software suggests', async () => {
    const leg = await orderOf(several(2, () => ({ reuses: [0.5], asks: FORWARDED, headers: keepAlive(5) })))
    expect(leg.order).toBe('unknown')
  })

  it('believes the user about both ends', async () => {
    const timeouts = [{ component: 'uvicorn', setting: '--timeout-keep-alive', seconds: 75 }]
    const leg = await orderOf(
      several(3, () => ({ idle: 60, by: 'client', asks: FORWARDED, headers: UVICORN, reuses: [0.5] })),
      { timeouts },
    )
    expect(leg).toMatchObject({ order: 'safe', serverBasis: 'configured', serverSeconds: 75 })
  })

  it('says nothing of legs whose connections carry one request and end', async () => {
    const { legs } = await timersOf(legLadder(several(4, () => ({ idle: 0.0003, by: 'server' }))))
    expect(legs).toEqual([])
  })

  it('takes no restart for a timer', async () => {
    const closeAt = 30
    const idle = several(5, (i) => ({
      idle: closeAt - i * 1.137 - 0.003,
      by: 'server' as const,
      asks: FORWARDED,
    }))
    const { timers } = await timersOf(legLadder(idle))
    expect(timers).toEqual([])
  })
})

describe('the risk', () => {
  it('counts the races that were seen', async () => {
    const leg = await orderOf(
      several(4, (i) => ({ idle: 5, by: 'server', asks: FORWARDED, met: i < 2, reuses: [0.5] })),
    )
    expect(leg).toMatchObject({ order: 'unsafe', races: 2 })
    expect(leg.racesPerHour).toBeGreaterThan(100)
    expect(leg.risk).toContain('2 requests met such a close')
  })

  it('is reckoned from reuses just below the timer and the closes at it', async () => {
    const leg = await orderOf([
      ...several(6, (i) => ({ reuses: [4.2 + i * 0.1], idle: 5, by: 'server' as const, asks: FORWARDED })),
    ])
    expect(leg).toMatchObject({ nearMisses: 6, races: 0, serverCloses: 6 })
    // closes 6, near 6, so 6 × 6 / (1 s × 9) = 4 per second of window; 0.2 ms of path and 2 ms of handling, over the capture's hours.
    const hours = (5 * 1.137 + 4.7 + 5.01) / 3600
    expect(leg.racesPerHour).toBeGreaterThan((4 * 0.002) / hours)
    expect(leg.racesPerHour).toBeLessThan((4 * 0.003) / hours)
    expect(leg.risk).toMatch(
      /^6 of 6 reuses that were answered came within a second of 5 s; about .* at this traffic$/,
    )
  })

  it('is not made up from too little', async () => {
    const leg = await orderOf(several(6, () => ({ reuses: [0.4], idle: 5, by: 'server', asks: FORWARDED })))
    expect(leg).toMatchObject({ nearMisses: 0, racesPerHour: null })
    expect(leg.risk).toContain('too little to reckon a rate from')
  })
})
