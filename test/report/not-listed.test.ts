import { expect, test } from 'vitest'
import { reportJson } from '../../src/report/json.js'
import { markdownReport } from '../../src/report/markdown/markdown-report.js'
import { notListedLines } from '../../src/report/not-listed.js'
import { terminalReport } from '../../src/report/terminal.js'
import type { Report } from '../../src/result.js'
import { flowOf, reportOf } from './fixtures.js'

const listed: Report = reportOf({ flows: [flowOf({})] })
const cut: Report = {
  ...listed,
  summary: { ...listed.summary, notListed: 1234, requestsNotListed: 1 },
}
const TOLD = ['and 1234 more connections like those', 'and 1 more failed request:']

const terminal = async (report: Report, width: number | null): Promise<string> =>
  [...(await terminalReport(report, { width, colour: false, utf8: true }))].join('').replace(/\s+/g, ' ')

test('what is counted but not listed is told in every form', async () => {
  for (const words of TOLD) {
    expect(await terminal(cut, null)).toContain(words)
    expect(await terminal(cut, 72)).toContain(words)
    expect(markdownReport(cut)).toContain(words)
  }
  expect(JSON.parse([...reportJson(cut)].join(''))).toMatchObject({
    summary: { notListed: 1234, requestsNotListed: 1 },
  })
})

test('nothing is said when everything is listed', async () => {
  expect(notListedLines(listed)).toEqual([])
  expect(await terminal(listed, null)).not.toContain('more connection')
  expect(markdownReport(listed)).not.toContain('more connection')
})
