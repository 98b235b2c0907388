/** Which two connections `verify --svg` draws side by side. */
import { expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { pictureOf } from '../../src/cli/verify-picture.js'
import type { Report } from '../../src/result.js'
import { compareReports } from '../../src/verify/compare.js'
import { ladderSource } from '../helpers/ladder.js'

const flow = (name: string, port: number): string => `flow ${name} 10.0.0.2:${port} > 10.0.0.3:8000`

function reportOf(lines: readonly string[]): Promise<Report> {
  return analyze([ladderSource(lines.join('\n'))])
}

it('draws what came in the place of the old failure, not a connection that is merely long', async () => {
  const unanswered = ['0 a > S', '1 a > S again', '3 a > S again', '7 a > S again', '30 b > S', 'b < R.']
  const before = await reportOf([flow('a', 40001), flow('b', 40002), ...unanswered])
  const long = ['0 a > S', 'a < S.', 'a > .', '20 a > F.', 'a < F.', 'a > .']
  const refused = ['21 b > S', 'b < R.', '22 c > S', 'c < R.', '23 d > S', 'd < R.']
  const ends = ['a', 'b', 'c', 'd'].map((name, at) => flow(name, 40011 + at))
  const fresh = await reportOf([...ends, ...long, ...refused])
  const only = {
    ...before,
    findings: before.findings.filter((one) => one.class === 'connect-timeout'),
  }
  const comparison = compareReports(only, fresh)
  expect(comparison.answer).toBe('not fixed')
  const compared = { before: only, fresh, captures: ['-'], options: {}, renamed: (one: Report) => one }
  const svg = (await pictureOf(comparison, compared)) ?? ''
  expect(svg).toContain('nothing listens here')
  expect(svg).not.toContain('is not drawn')
})
