/** Every capture of the corpus through the report, at several widths: what it says is the business of other tests. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { openSource } from '../../src/capture/file-source.js'
import { ladderFor } from '../../src/cli/ladder.js'
import { reportJson } from '../../src/report/json.js'
import { flowDetail } from '../../src/report/terminal-flow.js'
import { terminalReport } from '../../src/report/terminal.js'
import { textWidth } from '../../src/report/text-width.js'
import type { Report } from '../../src/result.js'

const root = fileURLToPath(new URL('../../captures', import.meta.url))
const captures = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => /(^|\/)capture\.pcap(ng)?(\.gz)?$/.test(file))
  .sort()

/** Flows of one capture that are looked at in detail. */
const FLOWS_IN_DETAIL = 4

/** More flows than this are laid out for one width only. */
const MANY_FLOWS = 300

it('has captures to walk', () => {
  expect(captures.length).toBeGreaterThan(4)
})

async function reportOn(file: string): Promise<Report> {
  return analyze([openSource(join(root, file))], { all: true })
}

it.each(captures)('%s is reported within the terminal, in plain text, the same each time', async (file) => {
  const report = await reportOn(file)
  // How long tables of hundreds of rows fold, one width shows.
  for (const width of report.flows.length > MANY_FLOWS ? [80] : [80, 132]) {
    const look = { width, colour: false, utf8: true }
    const details = report.flows
      .slice(0, FLOWS_IN_DETAIL)
      .map((flow) => flowDetail(report, flow, look, ladderFor(report, flow, look)))
    const text = [...(await terminalReport(report, look, { all: true })), ...details].join('')
    expect(text.split('\n').filter((line) => textWidth(line) > width)).toEqual([])
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
    expect(text).not.toMatch(/undefined|NaN|Infinity|\[object|null/)
  }
  const json = [...reportJson(report, { ladder: true })].join('')
  expect(JSON.parse(json)).toMatchObject({ schema: 'pcap-why/report/1' })
  expect([...reportJson(await reportOn(file), { ladder: true })].join('')).toBe(json)
})
