/**
 * Every pair under captures/verify: two captures of one real chain with a real change in between. expected.json says what was done and
 * what the right answer is; it was counted from the servers' logs and the driver's plan, not from the captures.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { openSource } from '../../src/capture/file-source.js'
import { reportJson } from '../../src/report/json.js'
import type { Durations, LegExposure, Report } from '../../src/result.js'
import { compareReports } from '../../src/verify/compare.js'
import type { Answer, Comparison, Measure } from '../../src/verify/comparison.js'
import { exactFisher } from './exact.js'

const folder = fileURLToPath(new URL('../../captures/verify', import.meta.url))

interface Side {
  readonly finding: { readonly class: string; readonly timer: { readonly seconds: number } | null } | null
  readonly count: number
  readonly opportunities: number
}

interface Expected {
  readonly answer: 'fixed' | 'not-fixed' | 'moved' | 'inconclusive'
  readonly before: Side
  readonly after: Side
}

const ANSWERS: Readonly<Record<Expected['answer'], Answer>> = {
  fixed: 'fixed',
  'not-fixed': 'not fixed',
  moved: 'not fixed',
  inconclusive: 'not enough evidence yet',
}

const pairs = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'expected.json')))

async function reportOf(pair: string, side: 'before' | 'after'): Promise<Report> {
  const source = openSource(join(folder, pair, `${side}.pcap`))
  try {
    return await analyze([source])
  } finally {
    source.close()
  }
}

/** What `--json` saves, read again. */
function saved(report: Report): Report {
  return JSON.parse([...reportJson(report, { ladder: 'examples' })].join('')) as Report
}

const known = new Map<string, Promise<{ before: Report; after: Report; comparison: Comparison }>>()

function compared(pair: string): Promise<{ before: Report; after: Report; comparison: Comparison }> {
  const run = known.get(pair) ?? both(pair)
  known.set(pair, run)
  return run
}

async function both(pair: string): Promise<{ before: Report; after: Report; comparison: Comparison }> {
  const [before, after] = [await reportOf(pair, 'before'), await reportOf(pair, 'after')]
  return { before, after, comparison: compareReports(before, after) }
}

/** By hand: the bins that begin at the limit, summed up from the JSON alone. */
function long(durations: Durations, limit: number): number {
  return durations.bins.filter(([from]) => from >= limit).reduce((sum, [, , count]) => sum + count, 0)
}

function byHand(leg: LegExposure, { kind, atLeastSeconds, side }: Measure, failed: number): number {
  const limit = atLeastSeconds ?? 0
  switch (kind) {
    case 'waits':
      return long(leg.answered, limit) + Math.max(failed, long(leg.unanswered, limit))
    case 'reuses':
      return leg.reuses
    case 'idle-reuses':
      return failed + long(leg.reuseGaps, limit)
    case 'arrivals':
      return failed + long(leg.arrivals, limit)
    case 'responses':
      return long(leg.responses, limit) + Math.max(failed, long(leg.unfinished, limit))
    case 'answered-closes':
      return failed + leg.closesAnswered[side ?? 'client']
    case 'attempts':
      return leg.opened
    default:
      throw new Error(`no pair is counted by ${kind} yet`)
  }
}

describe.each(pairs)('%s', (pair) => {
  const expected = JSON.parse(readFileSync(join(folder, pair, 'expected.json'), 'utf8')) as Expected

  it(`is answered: ${expected.answer}`, async () => {
    const { comparison } = await compared(pair)
    expect(comparison.answer).toBe(ANSWERS[expected.answer])
    const [main] = comparison.causes
    if (expected.answer === 'moved') expect(main?.status).toBe('changed timer')
    if (expected.answer === 'not-fixed') expect(main?.status).toBe('still there')
    if (expected.answer === 'inconclusive') expect(main?.status).toBe('unseen')
  })

  it('counts what the servers logged: failures, and what could have failed', async () => {
    const { comparison } = await compared(pair)
    const [main] = comparison.causes
    const [measure] = main?.measures ?? []
    expect(main?.before?.class).toBe(expected.before.finding?.class)
    expect(measure?.before).toEqual({ failed: expected.before.count, of: expected.before.opportunities })
    expect(measure?.after).toEqual({ failed: expected.after.count, of: expected.after.opportunities })
  })

  it('names the timer that was set', async () => {
    const { comparison } = await compared(pair)
    const [main] = comparison.causes
    for (const side of ['before', 'after'] as const) {
      const set = expected[side].finding?.timer?.seconds
      if (set !== undefined) expect(main?.[side]?.timerSeconds).toBeCloseTo(set, 1)
    }
  })

  it('can be recomputed from the saved JSON', async () => {
    const { before, after, comparison } = await compared(pair)
    const [old, fresh] = [saved(before), saved(after)]
    for (const cause of comparison.causes.filter(({ decides }) => decides)) {
      for (const measure of cause.measures) {
        const server = cause.before?.server
        const oldLeg = old.exposure?.legs.find(
          (leg) => leg.server.ip === server?.ip && leg.server.port === server.port,
        )
        // The application of one pair has moved: its port has not.
        const freshLeg = fresh.exposure?.legs.find((leg) => leg.server.port === server?.port)
        if (oldLeg === undefined || freshLeg === undefined) throw new Error('a leg is missing from the JSON')
        expect(byHand(oldLeg, measure, measure.before.failed)).toBe(measure.before.of)
        expect(byHand(freshLeg, measure, measure.after.failed)).toBe(measure.after.of)
        const p = exactFisher(measure.before, measure.after)
        expect(measure.p / p).toBeCloseTo(1, 8)
        expect(measure.after.of > 0 && p <= 0.05).toBe(measure.p <= 0.05)
      }
    }
  })

  it('is answered alike from saved reports', async () => {
    const { before, after, comparison } = await compared(pair)
    const again = compareReports(saved(before), saved(after))
    expect([again.answer, again.because]).toEqual([comparison.answer, comparison.because])
  })
})

it('covers the failures and the false fixes that were asked for', () => {
  expect(pairs.length).toBeGreaterThanOrEqual(9)
})
