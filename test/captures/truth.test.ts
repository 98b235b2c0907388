import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { confusionMatrix, labelledCaptures, labelledPairs, scoreCapture, tally, type Comparison } from '../../scripts/score-captures.js'

const ROOT = join(import.meta.dirname, '../../captures')
const all: Comparison[] = []

/** Fields in which a labelled capture must be met exactly. Settings and links have a share to reach, below. */
const EXACT = ['found', 'class', 'variant', 'severity', 'phase', 'owed', 'closer', 'closeFlag', 'exchanges', 'cause', 'certainlyRight']

/** Ends after which the application's log has no line about the last request (checked against the lab's logs): a retry was safe. */
const UNREAD = /^(keepalive-race (fin-crossing|rst-crossing|stale-reuse)|half-open-zombie forgotten|refused .*|connect-timeout .*)$/

/** Whether a request is said to be unread although the server may have carried it out: the worst thing to be wrong about. */
function safeAgainstTruth({ truth, flow }: Comparison): boolean {
  const read = flow?.verdict.pendingRequest
  if (read !== 'unread' && read !== 'not-sent') return false
  const variants = typeof truth.variant === 'string' ? [truth.variant] : (truth.variant ?? [''])
  return !truth.class.some((code) => variants.some((variant) => UNREAD.test(`${code} ${variant}`)))
}

describe('every labelled connection of captures/*/expected.json and of the pairs in captures/verify', () => {
  for (const scenario of [...labelledCaptures(ROOT), ...labelledPairs(ROOT)]) {
    it(scenario, async () => {
      const { rows } = await scoreCapture(ROOT, scenario)
      all.push(...rows)
      const wrong = rows.flatMap(({ truth, flow, fields }) =>
        EXACT.filter((field) => fields[field] === false).map((field) => `flow ${flow?.stream} ${truth.client}: ${field}, ours ${flow?.verdict.class} ${flow?.verdict.variant} ${flow?.verdict.phase}, true ${truth.class.join(' or ')} ${truth.variant} ${truth.phase}`),
      )
      expect(wrong).toEqual([])
      expect(rows.filter(safeAgainstTruth).map(({ flow }) => `flow ${flow?.stream}: said to be unread`)).toEqual([])
    })
  }

  afterAll(() => {
    const lines = [...tally(all)].map(([field, { right, wrong }]) => `${field.padEnd(15)} ${right} of ${right + wrong}`)
    console.log(['', `verdicts over ${all.length} labelled connections (truth → verdict)`, ...confusionMatrix(all), '', ...lines].join('\n'))
  })
})

it('links and timers reach their shares', () => {
  const sums = tally(all)
  const share = (field: string): number => {
    const sum = sums.get(field) ?? { right: 0, wrong: 0 }
    return sum.right / Math.max(1, sum.right + sum.wrong)
  }
  expect(share('links')).toBeGreaterThanOrEqual(0.99)
  expect(share('seconds')).toBeGreaterThanOrEqual(0.95)
})
