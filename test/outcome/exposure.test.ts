/** Opportunities for failures, counted from ladders whose times are written down. */
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { DurationCount } from '../../src/outcome/durations.js'
import { ExposureLedger } from '../../src/outcome/exposure.js'
import type { Durations, LegExposure } from '../../src/result.js'
import { ladderSource } from '../helpers/ladder.js'

async function leg(ladder: string): Promise<LegExposure> {
  const { exposure } = await analyze([ladderSource(ladder)])
  const [first] = exposure?.legs ?? []
  if (first === undefined) throw new Error('no leg')
  return first
}

/** As `from: count`. */
function bins({ bins: all }: Durations): Record<string, number> {
  return Object.fromEntries(all.map(([from, , count]) => [String(from), count]))
}

describe('durations', () => {
  it('go into the bin of their first two digits', () => {
    const count = new DurationCount()
    for (const seconds of [0.0000005, 0.000001, 0.0999, 5, 5.09, 5.1, 59.999, 60, 60.999, 600])
      count.add(seconds * 1e9, 1)
    expect(bins(count.durations())).toEqual({
      '0': 1,
      '0.000001': 1,
      '0.099': 1,
      '5': 2,
      '5.1': 1,
      '59': 1,
      '60': 2,
      '600': 1,
    })
  })

  it('keep the longest exactly, with its stream, and leave out what is none', () => {
    const count = new DurationCount()
    count.add(5.123456789e9, 3)
    count.add(4e9, 4)
    count.add(-1, 5)
    count.add(NaN, 6)
    expect(count.durations()).toMatchObject({ count: 2, longest: 5.123456789, longestStream: 3 })
    expect(new DurationCount().durations()).toEqual({
      count: 0,
      longest: null,
      longestStream: null,
      bins: [],
    })
  })

  it('are bounded however many there are', () => {
    const count = new DurationCount()
    for (let i = 0; i < 200_000; i++) count.add(i * 7919 * 1000, 1)
    expect(count.durations().count).toBe(200_000)
    expect(count.durations().bins.length).toBeLessThan(700)
  })
})

describe('a leg', () => {
  it('counts requests, reuses, waits and idle times', async () => {
    const one = await leg(`
      flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
      0     a > S
            a < S.
            a > .
      +0.01 a > P. 'GET / HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n'
      +0.5  a < P. 'HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n'
      +3    a > P. 'GET /b HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n'
      +6    a < P. 'HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n'
            a > .
      +4    a > F.
            a < F.
            a > .`)
    expect(one).toMatchObject({ connections: 1, opened: 1, requests: 2, reuses: 1 })
    expect(bins(one.answered)).toEqual({ '0.5': 1, '6': 1 })
    expect(one.reuseGaps).toMatchObject({ count: 1, longest: 3 })
    expect(one.idleCloses.client.count).toBe(1)
    expect(one.idleCloses.client.longest).toBeCloseTo(4, 3)
    expect(one.idleCloses.server.count).toBe(0)
    expect(one.closesAnswered).toEqual({ client: 1, server: 0 })
  })

  it('keeps waits and responses that came to no end apart', async () => {
    const one = await leg(`
      flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
      flow b 10.0.0.2:40123 > 10.0.0.3:8000 ts
      0     a > S
            a < S.
            a > .
            b > S
            b < S.
            b > .
      1     a > P. 'GET / HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n'
      1     b > P. 'GET / HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n'
      2     b < P. 'HTTP/1.1 200 OK\\r\\nContent-Length: 50\\r\\n\\r\\nhalf'
            b > .
      9.5   a > F.
      9.5   b > F.`)
    expect(bins(one.unanswered)).toEqual({ '8.5': 1 })
    expect(bins(one.answered)).toEqual({ '1': 1 })
    expect(bins(one.unfinished)).toEqual({ '7.5': 1 })
    expect(one.responses.count).toBe(0)
  })

  it('counts no request whose rest came after the server had given up', async () => {
    const upload = (rest: string): string => `
      flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
      0     a > S
            a < S.
            a > .
      0.1   a > P. 'POST / HTTP/1.1\\r\\nHost: h\\r\\nContent-Length: 8\\r\\n\\r\\nhalf'
            a < .
      ${rest}`
    const cut = await leg(upload(`2.1 a < F.\n 3.3 a > P. 'rest'\n a < R`))
    expect([cut.requests, cut.arrivals.count]).toEqual([1, 0])
    const whole = await leg(upload(`3.3 a > P. 'rest'\n a < .\n 5 a < F.`))
    expect([whole.requests, whole.arrivals.count]).toEqual([1, 1])
  })

  it('counts what was still waited for when the capture ended', async () => {
    const one = await leg(`
      flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
      flow b 10.0.0.2:40123 > 10.0.0.3:8000 ts
      flow c 10.0.0.2:40124 > 10.0.0.3:8000 ts
      flow d 10.0.0.2:40125 > 10.0.0.3:8000 ts
      0     a > S
            a < S.
            a > .
            b > S
            b < S.
            b > .
      1     a > P. 'GET / HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n'
            a < .
      1     b > P. 'GET / HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n'
            b < .
      2     d > S
            d < S.
            d > .
      2.5   c > S
      2.9   b > F.
      3     b < F.
            b > .`)
    // a waits for its answer, b has left, c for its SYN-ACK, d has asked for nothing.
    expect(bins(one.pending)).toEqual({ '2': 1 })
    expect(one.unanswered.count).toBe(2)
    expect(one).toMatchObject({ opened: 4, unconnected: 1 })
  })

  it('counts whose keep-alive timer came first, and no restart', async () => {
    const one = await leg(`
      flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
      0     a > S
            a < S.
            a > .
            a > P. 'GET / HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n'
            a < P. 'HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n'
            a > .
      +5    a < F.
            a > F.
            a < .`)
    expect(one.idleCloses.server.count).toBe(1)
    expect(one.idleCloses.client.count).toBe(0)
  })
})

describe('many legs', () => {
  it('are listed up to a limit, the rest is counted', async () => {
    const ports = Array.from({ length: 230 }, (_, index) => index + 1000)
    const flows = ports.map((port) => `flow f${port} 10.0.0.2:40000 > 10.0.0.3:${port}`)
    const scan = ports.map((port) => `f${port} > S`)
    const { exposure } = await analyze([ladderSource([...flows, ...scan].join('\n'))])
    expect([exposure?.legs.length, exposure?.legsOmitted]).toEqual([200, 30])
  })

  it('cover the time of captures that overlap once', () => {
    const spans: [number, number][] = [
      [0, 10e9],
      [5e9, 12e9],
      [20e9, 21e9],
    ]
    expect(new ExposureLedger().exposure(spans).seconds).toBe(13)
  })
})
