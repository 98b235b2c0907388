/** Everything that a user can get out of a capture, the drawing of pictures apart, and what none of it may hold. */
import { ladderText } from '../../src/diagram/ladder-text.js'
import { mermaidLadder } from '../../src/diagram/mermaid.js'
import { htmlReport } from '../../src/report/html/html-report.js'
import { reportJson, reportLines } from '../../src/report/json.js'
import { timersJson } from '../../src/report/json-timers.js'
import { markdownReport } from '../../src/report/markdown/markdown-report.js'
import { Pseudonyms } from '../../src/report/pseudonyms.js'
import { flowDetail } from '../../src/report/terminal-flow.js'
import { terminalReport } from '../../src/report/terminal.js'
import { terminalTimers } from '../../src/report/terminal-timers.js'
import type { Report } from '../../src/result.js'
import { compareReports, sideOf } from '../../src/verify/compare.js'
import { judgeRule } from '../../src/verify/expectations.js'
import { verificationJson } from '../../src/verify/json.js'
import { verificationJunit } from '../../src/verify/junit.js'
import { verificationMarkdown } from '../../src/verify/markdown.js'
import { isRule, parseRule } from '../../src/verify/rules.js'
import { verificationText } from '../../src/verify/text.js'
import { resultOf, type Verification } from '../../src/verify/verification.js'

/** Control characters that no output for people may hold, line breaks and tabs apart. */
// eslint-disable-next-line no-control-regex
const OBEYED = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/
const LOOK = { width: 100, utf8: true, colour: false } as const
/** Flows whose ladders and details are written out. */
const SHOWN = 3
const RULES = [
  'fixed',
  'no problems',
  'idle-timeout<=2',
  'client-abort<1%',
  'timer nginx.proxy_read_timeout>=60s',
]

function checked(text: string): void {
  const found = OBEYED.exec(text)
  if (found !== null) throw new Error(`an output holds ${JSON.stringify(found[0])}`)
}

/** Every form of one report. `draw` makes the pictures of the HTML report; without it they are empty. */
export async function writeAll(
  report: Report,
  draw: (stream: number) => Promise<string> = () =>
    Promise.resolve('<svg xmlns="http://www.w3.org/2000/svg"/>'),
): Promise<void> {
  JSON.parse([...reportJson(report, { ladder: true })].join(''))
  for (const line of reportLines(report)) JSON.parse(line)
  JSON.parse([...timersJson(report)].join(''))
  const text = (stream: number): string => ladderText(report, stream, { width: 100 })
  const drawable = report.flows.filter(({ ladder }) => ladder.length > 0).slice(0, SHOWN)
  checked(
    [
      ...(await terminalReport(report, LOOK, { quiet: false, all: true })),
      ...(await terminalReport(report, { ...LOOK, utf8: false, width: null }, { quiet: true, all: false })),
      ...terminalTimers(report, LOOK),
      markdownReport(report),
      markdownReport(new Pseudonyms().report(report)),
      await htmlReport(report, { pictures: { draw, text, darkRules: '' }, commandLine: null }),
      ...drawable.flatMap((flow) => [
        text(flow.stream),
        mermaidLadder(report, flow.stream),
        flowDetail(report, flow, LOOK, text(flow.stream)),
      ]),
    ].join('\n'),
  )
}

/** Every form of the answer whether it is fixed. */
export function verifyAll(before: Report, fresh: Report): void {
  const comparison = compareReports(before, fresh, { classes: null })
  const rules = RULES.map(parseRule).filter(isRule)
  const expectations = rules.map((rule) => judgeRule(rule, { fresh, comparison, timer: () => null }))
  const verification: Verification = {
    ...{ comparison, expectations, fresh: sideOf(fresh), inconclusiveAllowed: false },
    result: resultOf(comparison, expectations),
  }
  JSON.parse(verificationJson(verification))
  const texts = [verificationMarkdown(verification), verificationJunit(verification)]
  checked([...texts, ...verificationText(verification, LOOK)].join('\n'))
}
