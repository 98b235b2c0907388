/** What a comparison answers, and what only looks like a fix. */
import { describe, expect, it } from 'vitest'
import type { FailedRequest, Finding } from '../../src/result.js'
import { compareReports } from '../../src/verify/compare.js'
import { durations, finding, inferred, leg, NGINX, PROXY, race, report } from './reports.js'

const cut = report({
  findings: [finding()],
  legs: [leg({ answered: durations([0.05, 0.051, 84]), unanswered: durations([60, 61, 16]) })],
})

describe('a read timeout', () => {
  it('is fixed when as many waited longer and none was cut', () => {
    const answered = durations([0.05, 0.051, 40], [60, 61, 1], [72, 73, 19])
    const { answer, causes } = compareReports(cut, report({ legs: [leg({ answered })] }))
    expect(answer).toBe('fixed')
    expect(causes[0]?.status).toBe('gone')
    expect(causes[0]?.measures[0]).toMatchObject({
      kind: 'waits',
      before: { failed: 16, of: 16 },
      after: { failed: 0, of: 20 },
      more: 0,
    })
    expect(causes[0]?.mechanisms[0]).toMatchObject({ kind: 'waited-longer', numbers: { seconds: 72 } })
  })

  it('is not tested by requests that did not wait, however many', () => {
    const after = report({ legs: [leg({ requests: 90_000, answered: durations([0.05, 0.051, 90_000]) })] })
    const { answer, because, causes } = compareReports(cut, after)
    expect(answer).toBe('not enough evidence yet')
    expect(because).toContain('it holds no requests that waited 60.00 s or more')
    // Sixteen of sixteen before: 1 / C(18, 2) is the first below 0.05; 16 a minute came before.
    expect(causes[0]?.measures[0]).toMatchObject({ needed: 2, more: 2, minutes: 2 / 16 })
  })

  it('is not fixed when the timer only moved', () => {
    const now = finding({
      count: 3,
      timer: { seconds: 600, setting: 'nginx.proxy_read_timeout', candidates: [] },
    })
    const after = report({ findings: [now], timers: [inferred({ value: 600 })] })
    const { answer, because, causes } = compareReports(cut, after)
    expect(answer).toBe('not fixed')
    expect(because).toContain('nginx now gives up at 600.00 s while a response was awaited, was 60.00 s')
    expect(causes[0]?.status).toBe('changed timer')
    expect(causes[0]?.mechanisms.map(({ kind }) => kind)).toContain('timer-moved')
  })

  it('is the same timer within what clocks differ by', () => {
    const now = finding({ timer: { seconds: 60.02, setting: 'nginx.proxy_read_timeout', candidates: [] } })
    expect(compareReports(cut, report({ findings: [now] })).causes[0]?.status).toBe('still there')
  })

  it('is not fixed when the next leg gives up instead', () => {
    const answered = durations([72, 73, 30])
    const client = { ip: '10.0.0.9', role: 'lb' }
    const lb = finding({
      client,
      server: { ip: '10.0.0.2', port: 80, role: 'nginx' },
      streams: [4],
      example: 4,
    })
    const { answer, because } = compareReports(cut, report({ findings: [lb], legs: [leg({ answered })] }))
    expect(answer).toBe('not fixed')
    expect(because).toContain('idle-timeout cut lb → nginx is new')
  })

  it('is fixed although something unrelated is new, and says so', () => {
    const answered = durations([72, 73, 30])
    const refused = finding({ class: 'refused', phase: 'connecting', count: 2, timer: null })
    const { answer, because } = compareReports(
      cut,
      report({ findings: [refused], legs: [leg({ answered })] }),
    )
    expect(answer).toBe('fixed')
    expect(because).toContain('new in the fresh capture: 2 × connection refused nginx → proxy')
  })

  it('that was seen once among many is not gone for a handful', () => {
    const many = durations([60, 61, 99])
    const once = report({ findings: [finding({ count: 1 })], legs: [leg({ answered: many })] })
    const few = report({ legs: [leg({ answered: durations([60, 61, 50]) })] })
    expect(compareReports(once, few).answer).toBe('not enough evidence yet')
    const enough = report({ legs: [leg({ answered: durations([60, 61, 1900]) })] })
    expect(compareReports(once, enough).answer).toBe('fixed')
  })
})

describe('a keep-alive race', () => {
  const closes = { client: durations(), server: durations([5, 5.1, 40]) }
  const raced = report({
    findings: [race(12)],
    legs: [leg({ requests: 130, reuses: 90, reuseGaps: durations([0.3, 0.31, 78]), idleCloses: closes })],
  })
  const after = (
    parts: Parameters<typeof leg>[0],
    order?: 'safe' | 'unsafe' | 'unknown',
  ): ReturnType<typeof report> => report({ legs: [leg(parts)], ...(order !== undefined && { order }) })

  it('is impossible when the reusing side closes first', () => {
    const idleCloses = { client: durations([3.6, 3.7, 20]), server: durations() }
    const fresh = after({ requests: 40, reuses: 3, reuseGaps: durations([0.3, 0.31, 3]), idleCloses }, 'safe')
    const { answer, causes } = compareReports(raced, fresh)
    expect(answer).toBe('fixed')
    expect(causes[0]?.status).toBe('impossible')
    expect(causes[0]?.mechanisms[0]).toMatchObject({
      kind: 'reusing-side-first',
      means: 'impossible',
      numbers: { clientCloses: 20, beforeServerCloses: 40 },
    })
  })

  it('is not impossible for one close by the reusing side where both took turns before', () => {
    const turns = { client: durations([3.6, 3.7, 30]), server: durations([5, 5.1, 10]) }
    const before = report({ findings: [race(1)], legs: [leg({ reuses: 90, idleCloses: turns })] })
    const idleCloses = { client: durations([3.6, 3.7, 1]), server: durations() }
    expect(compareReports(before, after({ reuses: 3, idleCloses }, 'safe')).causes[0]?.status).toBe('unseen')
  })

  it('is not impossible when connections are reused after longer than the reusing side’s own timer', () => {
    const idleCloses = { client: durations([3.6, 3.7, 20]), server: durations() }
    const fresh = after({ reuses: 3, reuseGaps: durations([4.4, 4.5, 3]), idleCloses }, 'safe')
    expect(compareReports(raced, fresh).causes[0]?.status).toBe('unseen')
  })

  it('is not impossible for closes that show no timer, and possible for timers announced in the wrong order', () => {
    const idleCloses = { client: durations([1.2, 1.3, 10], [3.6, 3.7, 10]), server: durations() }
    const parts = { reuses: 3, reuseGaps: durations([0.3, 0.31, 3]), idleCloses }
    expect(compareReports(raced, after(parts, 'unknown')).causes[0]?.status).toBe('unseen')
    expect(compareReports(raced, after(parts)).causes[0]?.status).toBe('unseen')
    const { answer, because } = compareReports(raced, after(parts, 'unsafe'))
    expect([answer, because]).toEqual(['not fixed', expect.stringContaining('the order is unsafe')])
  })

  it('is not fixed by traffic that comes sooner', () => {
    const fresh = after({ requests: 5000, reuses: 4900, reuseGaps: durations([0.3, 0.31, 4900]) })
    const { answer, causes } = compareReports(raced, fresh)
    expect(answer).toBe('not enough evidence yet')
    expect(causes[0]?.measures.map(({ after: { of } }) => of)).toEqual([4900, 0])
  })

  it('is not fixed by a few reuses, even at the moment that raced', () => {
    const fresh = after({ requests: 6, reuses: 4, reuseGaps: durations([5, 5.1, 4]) })
    expect(compareReports(raced, fresh).answer).toBe('not enough evidence yet')
  })

  it('is fixed by enough reuses after as long an idle time', () => {
    const fresh = after({
      requests: 300,
      reuses: 200,
      reuseGaps: durations([0.3, 0.31, 150], [5.2, 5.3, 50]),
    })
    expect(compareReports(raced, fresh).causes[0]?.status).toBe('gone')
  })

  it('is not fixed while the serving side still closes first', () => {
    const idleCloses = { client: durations(), server: durations([30, 31, 2]) }
    const fresh = after({ reuses: 500, reuseGaps: durations([5.2, 5.3, 500]), idleCloses })
    const { answer, because } = compareReports(raced, fresh)
    expect(answer).toBe('not fixed')
    expect(because).toContain('the proxy (uvicorn) still closes idle connections first (2 of 2')
  })

  it('is impossible when nothing is reused any more', () => {
    const { answer, causes } = compareReports(raced, after({ requests: 200, reuses: 0 }))
    expect(answer).toBe('fixed')
    expect(causes[0]?.mechanisms[0]?.kind).toBe('no-reuse')
    expect(compareReports(raced, after({ requests: 4, reuses: 0 })).answer).toBe('not enough evidence yet')
  })
})

describe('what is compared', () => {
  it('is found again by role and port at other addresses', () => {
    const server = { ...PROXY, ip: '172.16.5.9' }
    const client = { ...NGINX, ip: '172.16.5.2' }
    const answered = durations([72, 73, 30])
    const { answer, causes } = compareReports(cut, report({ legs: [leg({ client, server, answered })] }))
    expect([answer, causes[0]?.matchedBy]).toEqual(['fixed', 'role'])
  })

  it('is all of the pods that took its place, each with its share of the failures', () => {
    const pods = ['172.16.5.7', '172.16.5.8', '172.16.5.9'].map((ip) => ({ ...PROXY, ip }))
    const legs = pods.map((server) => leg({ server, unanswered: durations([60, 61, 4]) }))
    const findings = pods.map((server, at) => finding({ server, count: 4, streams: [at], example: at }))
    const fresh = report({ findings, legs })
    const { because, causes } = compareReports(cut, fresh)
    expect(because).toContain('12 of 12 requests that waited 60.00 s or more were cut, 16 of 16 before')
    expect(causes.map(({ status }) => status)).toEqual(['still there'])
    // From pods to other pods: none of the old ones is gone because another was held against the new.
    const moved = pods.map((server) => ({ ...server, ip: server.ip.replace('172.16', '172.17') }))
    const before = report({
      findings: moved.map((server, at) => finding({ server, count: 4, streams: [at], example: at })),
      legs: moved.map((server) => leg({ server, unanswered: durations([60, 61, 4]) })),
    })
    expect(compareReports(before, fresh).causes.map(({ status, after }) => [status, after?.count])).toEqual(
      Array(3).fill(['still there', 12]),
    )
  })

  it('keeps two timers of one leg apart', () => {
    const timer = (seconds: number): Finding['timer'] => ({ seconds, setting: null, candidates: [] })
    const two = [finding({ timer: timer(5) }), finding({ timer: timer(10), streams: [2], example: 2 })]
    const fresh = report({ findings: two.slice(1), legs: [leg({ answered: durations([7, 7.1, 40]) })] })
    const { causes } = compareReports(report({ findings: two }), fresh)
    expect(causes.map(({ before, status }) => [before?.timerSeconds, status])).toEqual([
      [5, 'gone'],
      [10, 'still there'],
    ])
  })

  it('is not found where another role opens the leg, or the same port plays another role', () => {
    const answered = durations([72, 73, 30])
    const legs = [
      leg({ client: { ip: '10.0.0.99', role: 'lb' }, answered }),
      leg({ server: { ...PROXY, ip: '10.0.0.98', role: 'cache' }, answered }),
    ]
    for (const one of legs)
      expect(compareReports(cut, report({ legs: [one] })).answer).toBe('not enough evidence yet')
  })

  it('is found at the one new address with its port when nobody has a role', () => {
    const answered = durations([72, 73, 30])
    const server = { ip: '10.0.0.98', port: 8000, role: null }
    const { answer, causes } = compareReports(cut, report({ legs: [leg({ server, answered })] }))
    expect([answer, causes[0]?.matchedBy]).toEqual(['fixed', 'port'])
  })

  it('is not found at another port', () => {
    const server = { ...PROXY, port: 9000 }
    const answered = durations([72, 73, 30])
    const { answer, causes } = compareReports(cut, report({ legs: [leg({ server, answered })] }))
    expect([answer, causes[0]?.matchedBy]).toEqual(['not enough evidence yet', null])
  })

  it('is not a new address beside the old one, which stays what it was', () => {
    const moved = finding({ server: { ...PROXY, ip: '10.0.0.4' } })
    const answered = durations([72, 73, 30])
    const legs = [leg({ answered }), leg({ server: moved.server })]
    const { causes } = compareReports(cut, report({ findings: [moved], legs }))
    expect(causes.map(({ status }) => status)).toEqual(['gone', 'new'])
  })

  it('leaves out what only follows from another leg', () => {
    const follows = finding({ class: 'client-abort', variant: 'propagated', timer: null, streams: [9] })
    const before = report({ findings: [finding(), follows], legs: cut.exposure?.legs ?? [] })
    expect(compareReports(before, report()).causes).toHaveLength(1)
  })

  it('counts a class only when asked for', () => {
    const abort = finding({ class: 'server-abort', timer: null, streams: [9] })
    const answered = durations([72, 73, 30])
    const before = report({ findings: [finding(), abort] })
    const fresh = report({ findings: [abort], legs: [leg({ answered })] })
    expect(compareReports(before, fresh).answer).toBe('not fixed')
    expect(compareReports(before, fresh, { classes: ['idle-timeout'] }).answer).toBe('fixed')
  })

  it('answers nothing about a capture without problems', () => {
    const { answer, because } = compareReports(report(), report())
    expect(answer).toBe('not enough evidence yet')
    expect(because).toMatch(/shows no problem, so there is nothing that could be fixed$/)
  })

  it('says when requests failed there for a reason behind its legs', () => {
    const failed: FailedRequest = {
      ...{ request: 'GET /', capture: 0, time: 1, status: 504, legs: [], causeStream: null, sentence: '' },
    }
    const before = { ...report(), requests: [failed, failed] }
    expect(compareReports(before, report()).because).toContain(
      '; 2 requests failed in it for a reason that its connections do not show',
    )
  })

  it('cannot tell chance from a report that counted nothing', () => {
    const old = report({ findings: [finding()], legs: null })
    const answered = durations([72, 73, 3000])
    const { answer, causes } = compareReports(old, report({ legs: [leg({ answered })] }))
    expect(answer).toBe('not enough evidence yet')
    expect(causes[0]?.p).toBeNull()
  })

  it('takes a restart for one event, whatever it cut', () => {
    const restart = finding({ class: 'shutdown', phase: 'between-requests', closer: 'server', count: 40 })
    const before = report({ findings: [restart] })
    const { causes } = compareReports(before, report({ seconds: 120 }))
    // One in 60 s, none in 120 s: a third of the chance, not a third to the fortieth.
    expect(causes[0]?.p).toBeCloseTo(1 / 3, 9)
  })
})
