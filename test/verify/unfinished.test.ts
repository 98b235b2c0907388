/** What the fresh capture does not show to its end, and what could not have failed in it at all, is no evidence. */
import { describe, expect, it } from 'vitest'
import type { Finding, LegExposure } from '../../src/result.js'
import { compareReports, sideOf } from '../../src/verify/compare.js'
import type { Comparison } from '../../src/verify/comparison.js'
import { verificationText } from '../../src/verify/text.js'
import { durations, finding, leg, report } from './reports.js'

function compared(was: Finding, before: Partial<LegExposure>, after: Partial<LegExposure>): Comparison {
  return compareReports(report({ findings: [was], legs: [leg(before)] }), report({ legs: [leg(after)] }))
}

describe('connections that were being opened when the capture ended', () => {
  const unanswered = finding({ class: 'connect-timeout', phase: 'connecting', closer: 'none', count: 10 })

  it('count as failed, and their end is asked for', () => {
    const { answer, because, causes } = compared(unanswered, { opened: 40 }, { opened: 140, unconnected: 20 })
    expect(answer).toBe('not enough evidence yet')
    expect(because).toContain('20 of them were still waiting when the capture ended')
    expect(because).toContain('; capture the end of the 20 connections opened that were still waiting')
    // 10 of 40 and 20 of 140: by Fisher’s test one time in eleven.
    expect(causes[0]?.measures[0]).toMatchObject({ after: { failed: 0, of: 140 }, open: 20 })
    expect(causes[0]?.p).toBeCloseTo(0.08949, 5)
  })

  it('are no matter where there are none, or few among many', () => {
    expect(compared(unanswered, { opened: 40 }, { opened: 140 }).answer).toBe('fixed')
    expect(compared(unanswered, { opened: 40 }, { opened: 140, unconnected: 3 }).answer).toBe('fixed')
  })
})

describe('requests that were still waiting when the capture ended', () => {
  const broken = (min: number, max: number): Finding =>
    finding({
      class: 'server-abort',
      closer: 'server',
      timer: null,
      count: 10,
      silenceSeconds: { min, median: 1, max },
    })
  const after = (waited: number): Partial<LegExposure> => ({
    requests: 100,
    answered: durations([0.01, 0.011, 70]),
    pending: durations([waited, waited + 0.1, 30]),
  })

  it('count as failed while they had not waited longer than any that failed before', () => {
    expect(compared(broken(0.01, 5), { requests: 100 }, after(0.4)).answer).toBe('not enough evidence yet')
    expect(compared(broken(0.01, 5), { requests: 100 }, after(5.1)).answer).toBe('fixed')
  })

  it('count as connections that may yet vanish', () => {
    const vanished = { ...broken(5, 9), class: 'half-open-zombie' as const, variant: 'vanished' }
    expect(compared(vanished, { connections: 100 }, after(0.4)).answer).toBe('not enough evidence yet')
    expect(compared(vanished, { connections: 100 }, { connections: 100 }).answer).toBe('fixed')
  })
})

describe('failures that all came after a wait', () => {
  const kills = (min: number): Finding =>
    finding({
      class: 'server-abort',
      closer: 'server',
      timer: null,
      count: 9,
      silenceSeconds: { min, median: 3.4, max: 4 },
    })
  const quick = { requests: 2500, answered: durations([0.01, 0.011, 2500]) }

  it('are not gone because requests are quick', () => {
    const { answer, because, causes } = compared(kills(3.02), { requests: 34 }, quick)
    expect(answer).toBe('not enough evidence yet')
    expect(because).toContain('it holds no requests that waited 3.020 s or more')
    expect(causes[0]?.measures.map(({ kind }) => kind)).toEqual(['requests', 'waits'])
    const slow = { requests: 40, answered: durations([0.01, 0.011, 28], [5.1, 5.2, 12]) }
    expect(compared(kills(3.02), { requests: 34 }, slow).answer).toBe('fixed')
  })

  it('are counted among all requests when one of them came at once', () => {
    expect(compared(kills(0.2), { requests: 34 }, quick).answer).toBe('fixed')
    // Findings of one cause: the shortest silence of any of them counts.
    const before = report({ findings: [kills(3.02), { ...kills(0.2), count: 1, streams: [2], example: 2 }] })
    expect(compareReports(before, report({ legs: [leg(quick)] })).answer).toBe('fixed')
  })

  it('hold for clients that left, too', () => {
    const left = { ...kills(1.8), class: 'client-abort' as const, closer: 'client' as const }
    expect(compared(left, { requests: 52 }, quick).answer).toBe('not enough evidence yet')
    expect(compared({ ...left, phase: null }, { requests: 52 }, quick).answer).toBe('fixed')
  })
})

it('says when a failure is more frequent than before', () => {
  const broken = (count: number): Finding => finding({ class: 'server-abort', timer: null, count })
  const text = (count: number): string => {
    const before = report({ findings: [broken(2)], legs: [leg({ requests: 500 })] })
    const fresh = report({ findings: [broken(count)], legs: [leg({ requests: 500 })] })
    const comparison = compareReports(before, fresh)
    const verification = { comparison, fresh: sideOf(fresh), expectations: [], inconclusiveAllowed: false }
    const look = { width: null, colour: false, utf8: true }
    return verificationText({ ...verification, result: 'fails' }, look).join('')
  }
  expect(text(10)).toContain('more frequent than before: by chance the probability of so many would be 0.019')
  expect(text(5)).not.toMatch(/than before:/)
})
