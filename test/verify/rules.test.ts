/** Expectations: how they are written, and what they are held against. */
import { describe, expect, it } from 'vitest'
import { compareReports } from '../../src/verify/compare.js'
import { judgeRule, type Outcome } from '../../src/verify/expectations.js'
import { isRule, parseRule, ruleLines } from '../../src/verify/rules.js'
import type { KnownTimer } from '../../src/verify/timer-rule.js'
import type { Report } from '../../src/result.js'
import { durations, finding, inferred, leg, NGINX, PROXY, race, report } from './reports.js'

const READ: KnownTimer = { component: 'nginx', side: 'client', phases: ['awaiting-response', 'mid-response'] }

function judged(text: string, fresh: Report, before: Report | null = null): Outcome {
  const rule = parseRule(text)
  if (!isRule(rule)) throw new Error(rule.trouble)
  const comparison = before === null ? null : compareReports(before, fresh)
  return judgeRule(rule, { fresh, comparison, timer: () => READ })
}

describe('rules as text', () => {
  it.each([
    ['no keepalive-race', { kind: 'none', of: 'keepalive-race' }],
    ['no problems', { kind: 'none', of: 'problems' }],
    ['idle-timeout<=2', { kind: 'count', of: 'idle-timeout', relation: '<=', limit: 2 }],
    ['client-abort < 0.5%', { kind: 'share', of: 'client-abort', relation: '<', limit: 0.005 }],
    [
      'timer nginx.proxy_read_timeout>=600s',
      { kind: 'timer', setting: 'nginx.proxy_read_timeout', relation: '>=', seconds: 600 },
    ],
    ['timer haproxy.timeout_server = 5 min', { kind: 'timer', relation: '=', seconds: 300 }],
    ['  fixed ', { kind: 'fixed' }],
  ])('%s', (text, rule) => expect(parseRule(text)).toMatchObject(rule))

  it.each([
    'no race',
    'idle-timeout',
    'idle-timeout>=2%',
    'timer proxy_read_timeout>=6',
    'client-abort<200%',
    '',
  ])('not %s', (text) => expect(parseRule(text)).toHaveProperty('trouble'))

  it('come from a file with comments and line numbers', () => {
    expect(ruleLines('# all\r\nno problems  # none\n\nfixed')).toEqual([
      { line: 2, text: 'no problems' },
      { line: 4, text: 'fixed' },
    ])
  })
})

describe('no class', () => {
  const reused = (reuses: number): Report => report({ legs: [leg({ reuses })] })

  it('holds when too many were seen for it to be hidden: 59 without one are below 5 % at 95 %', () => {
    expect(judged('no keepalive-race', reused(59)).outcome).toBe('holds')
    const short = judged('no keepalive-race', reused(58))
    expect(short).toMatchObject({ outcome: 'inconclusive', numbers: { opportunities: 58, needed: 59 } })
    expect(short.because).toContain('1 more would show')
  })

  it('is inconclusive where there was nothing to go wrong, fails where it did', () => {
    expect(judged('no keepalive-race', reused(0)).outcome).toBe('inconclusive')
    expect(judged('no keepalive-race', report({ findings: [race(1)] })).outcome).toBe('fails')
  })

  it('counts a request that passes two legs once', () => {
    const front = { client: { ip: '10.0.0.9', role: 'client' }, server: { ...NGINX, port: 80 } }
    const through = (requests: number): Report =>
      report({ legs: [leg({ requests }), leg({ ...front, requests })] })
    expect(judged('no server-abort', through(58)).outcome).toBe('inconclusive')
    expect(judged('no server-abort', through(59))).toMatchObject({
      outcome: 'holds',
      because: '0 of 59 requests: at most 5.0 % at 95 %',
    })
    // Two servers behind one proxy share its requests.
    const shared = [leg({ requests: 30 }), leg({ server: { ...PROXY, port: 8001 }, requests: 29 })]
    expect(judged('no server-abort', report({ legs: shared })).outcome).toBe('holds')
    // 2 of 500 may be below 0.3 %; of the 1000 on both legs, too: it is no failure and no success.
    const crash = finding({ class: 'server-abort', timer: null, count: 2 })
    const half = (share: string): string =>
      judged(`server-abort<${share}`, { ...through(500), findings: [crash] }).outcome
    expect([half('1%'), half('1.3%'), half('0.03%')]).toEqual(['inconclusive', 'holds', 'fails'])
  })

  it('takes what was still waiting at the end for failed', () => {
    const opened = (unconnected: number): Report => report({ legs: [leg({ opened: 280, unconnected })] })
    expect(judged('no connect-timeout', opened(0)).outcome).toBe('holds')
    const told = judged('no connect-timeout', opened(20))
    expect(told.outcome).toBe('inconclusive')
    expect(told.because).toContain('(20 were still waiting when the capture ended, and count as failed)')
    expect(judged('connect-timeout<20%', opened(20)).outcome).toBe('holds')
    expect(judged('connect-timeout<5%', opened(20)).outcome).toBe('inconclusive')
  })

  it('is held against the capture before where there is one', () => {
    const before = report({ findings: [race(3)], legs: [leg({ reuses: 30 })] })
    expect(judged('no keepalive-race', reused(59), before).outcome).toBe('inconclusive')
    // Of another class there was nothing before: its own count decides.
    expect(judged('no client-abort', reused(59), before).outcome).toBe('holds')
  })
})

describe('counts and shares', () => {
  const two = report({ findings: [finding({ count: 2 })], legs: [leg({ requests: 1000 })] })

  it('counts problems, not what is waiting to happen', () => {
    expect(judged('idle-timeout<=2', two).outcome).toBe('holds')
    expect(judged('idle-timeout<2', two).outcome).toBe('fails')
    const latent = finding({ severity: 'latent', phase: 'between-requests', count: 50 })
    expect(judged('idle-timeout<=0', report({ findings: [latent] })).outcome).toBe('holds')
    expect(judged('idle-timeout<=2', report({ legs: [leg({ requests: 0 })] })).outcome).toBe('inconclusive')
  })

  it('bounds a share from both sides', () => {
    // 2 of 1000: 0.036 % to 0.63 % (Clopper and Pearson, each side 95 %).
    expect(judged('idle-timeout<1%', two)).toMatchObject({ outcome: 'holds' })
    expect(judged('idle-timeout<0.5%', two).outcome).toBe('inconclusive')
    expect(judged('idle-timeout<0.03%', two).outcome).toBe('fails')
  })
})

describe('a timer', () => {
  const answered = (...bins: [number, number, number][]): Report =>
    report({ legs: [leg({ answered: durations(...bins) })], timers: [] })

  it('is long enough when it let as long a wait pass, or fired no sooner', () => {
    expect(judged('timer nginx.proxy_read_timeout>=600s', answered([610, 620, 1])).outcome).toBe('holds')
    const fired = report({ timers: [inferred({ value: 600, min: 599.9, max: 600.1 })] })
    expect(judged('timer nginx.proxy_read_timeout>=600s', fired).outcome).toBe('holds')
  })

  it('cannot be told when nothing waited so long', () => {
    const told = judged('timer nginx.proxy_read_timeout>=600s', answered([590, 600, 1]))
    expect(told.outcome).toBe('inconclusive')
    expect(told.because).toBe('it did not fire; the longest it let pass took 590.00 s (flow 7)')
  })

  it('fails when it fired sooner, whatever it let pass elsewhere', () => {
    const both = report({
      legs: [leg({ answered: durations([610, 620, 1]) })],
      timers: [inferred()],
    })
    expect(judged('timer nginx.proxy_read_timeout>=600s', both).outcome).toBe('fails')
  })

  it('is read from a single cut that no cluster supports', () => {
    expect(
      judged('timer nginx.proxy_read_timeout>=600s', report({ findings: [finding()], timers: [] })).outcome,
    ).toBe('fails')
  })

  it('has an upper limit only where it fired', () => {
    expect(judged('timer nginx.proxy_read_timeout<=60s', report({ timers: [inferred()] })).outcome).toBe(
      'holds',
    )
    expect(judged('timer nginx.proxy_read_timeout<=60s', answered([1, 1.1, 9])).outcome).toBe('inconclusive')
    expect(judged('timer nginx.proxy_read_timeout<=60s', answered([72, 73, 1])).outcome).toBe('fails')
    expect(
      judged('timer nginx.proxy_read_timeout=60s', report({ timers: [inferred({ min: 50 })] })).outcome,
    ).toBe('fails')
  })

  it('of nobody in the capture is inconclusive and says how to name a host', () => {
    const strangers = report({
      legs: [
        leg({
          clientSoftware: null,
          client: { ip: '10.0.0.2', role: 'proxy' },
          answered: durations([700, 710, 1]),
        }),
      ],
    })
    const told = judged('timer nginx.proxy_read_timeout>=600s', strangers)
    expect(told.outcome).toBe('inconclusive')
    expect(told.because).toContain('--role nginx=<ip>')
  })
})
