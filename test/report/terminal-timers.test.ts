import { describe, expect, it } from 'vitest'
import { timersJson } from '../../src/report/json-timers.js'
import { terminalTimers } from '../../src/report/terminal-timers.js'
import type { Look } from '../../src/report/style.js'
import { textWidth } from '../../src/report/text-width.js'
import type { InferredTimer, LegOrder, Report } from '../../src/result.js'
import { reportOf } from './fixtures.js'

const PIPE: Look = { width: null, colour: false, utf8: true }
const client = { ip: '10.0.0.2', role: 'nginx' }
const server = { ip: '10.0.0.3', port: 8000, role: 'proxy' }

function timerOf(parts: Partial<InferredTimer> = {}): InferredTimer {
  return {
    ...{ client, server, by: 'client', phase: 'awaiting-response', kind: 'silence' },
    ...{
      value: 60,
      min: 59.998,
      max: 60.002,
      closes: 23,
      of: 24,
      settings: ['nginx.proxy_read_timeout', 'b.c'],
    },
    ...{ basis: 'steady', declaredSeconds: null, sampled: false, streams: [1, 2], summary: 'S.' },
    ...parts,
  }
}

function legOf(parts: Partial<LegOrder> = {}): LegOrder {
  return {
    ...{ client, server, clientSeconds: 60, serverSeconds: 5, clientBasis: 'default', serverBasis: 'seen' },
    ...{
      longestReuseSeconds: 4.9,
      order: 'unsafe',
      because: 'the proxy closes first',
      connections: 20,
      reuses: 9,
    },
    ...{
      clientCloses: 0,
      serverCloses: 12,
      nearMisses: 3,
      races: 0,
      racesPerHour: 2,
      risk: 'about 2 races an hour',
    },
    ...{ fix: ['--timeout-keep-alive 75', 'or keepalive_timeout 4s;'] },
    ...parts,
  }
}

function show(report: Report, look = PIPE): string {
  return terminalTimers(report, look).join('')
}

describe('pcap-why timers on a terminal', () => {
  const report = reportOf({
    timers: [
      timerOf(),
      timerOf({
        by: 'server',
        phase: 'between-requests',
        kind: 'requests',
        value: 1000,
        basis: 'single',
        settings: [],
      }),
      timerOf({
        by: 'server',
        phase: 'between-requests',
        closes: 0,
        of: 0,
        value: 5,
        basis: 'declared',
        declaredSeconds: 5,
      }),
    ],
    legs: [legOf({ order: 'safe', because: 'nginx closes first', risk: null, fix: [] }), legOf()],
  })

  it('tells who closes, when, after how long, how steadily, and what it may be', () => {
    const lines = show(report).split('\n')
    const line = lines.find((one) => one.includes('60.000 s'))
    for (const part of [
      'nginx 10.0.0.2 to proxy 10.0.0.3:8000',
      'no response came',
      '23 of 24 spread 4 ms',
      'nginx.proxy_read_timeout, or 1 more',
    ])
      expect(line).toContain(part)
    expect(lines.find((one) => one.includes('1000 requests'))).toContain('a guess from one close')
    expect(lines.find((one) => one.includes('none yet'))).toContain('Keep-Alive header says 5 s')
  })

  it('puts unsafe legs first, with risk and fix', () => {
    const text = show(report)
    expect(text.indexOf('unsafe')).toBeLessThan(
      text.indexOf('safe   nginx 10.0.0.2 → proxy 10.0.0.3:8000\n   nginx closes first'),
    )
    expect(text).toContain(
      ' ! unsafe   nginx 10.0.0.2 → proxy 10.0.0.3:8000\n   the proxy closes first\n   about 2 races an hour\n   fix  --timeout',
    )
    expect(show(reportOf({ legs: [legOf({ races: 1 })] }))).toContain(' ✗ unsafe')
  })

  it('keeps to the width of the terminal', () => {
    for (const width of [60, 80, 120, 200]) {
      const widest = Math.max(
        ...show(report, { ...PIPE, width })
          .split('\n')
          .map(textWidth),
      )
      expect(widest).toBeLessThanOrEqual(width)
    }
  })

  it('says when there is nothing to tell', () => {
    const text = show(reportOf({ timers: [], legs: [] }))
    expect(text).toContain('no timer shows')
    expect(text).toContain('no order to judge')
  })

  it('obeys nothing that came from packets', () => {
    const evil = '\x1b[2Jx\u202e\n'
    const text = show(
      reportOf({
        timers: [timerOf({ client: { ip: evil, role: evil }, settings: [evil] })],
        legs: [legOf({ because: evil, risk: evil, fix: [evil], server: { ip: evil, port: 1, role: evil } })],
      }),
    )
    // eslint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\x1b\u202e]/)
  })

  it('is one JSON document with schema, timers and legs', () => {
    const document = JSON.parse([...timersJson(report)].join('')) as Record<string, unknown[]>
    expect(Object.keys(document)).toEqual(['schema', 'version', 'timers', 'legs'])
    expect(document['schema']).toBe('pcap-why/timers/1')
    expect(document['timers']).toEqual(JSON.parse(JSON.stringify(report.timers)))
    expect(document['legs']).toEqual(JSON.parse(JSON.stringify(report.legs)))
  })
})
