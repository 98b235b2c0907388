/** The incident report as Markdown: everything that may come from packets goes through `inert.ts`. */
import type { Report } from '../../result.js'
import { markdownPolicy, showPolicy } from '../policy.js'
import { findingsInOrder } from '../terminal-findings.js'
import { howToVerify, notSeen, timersSeen } from './closing-sections.js'
import { findingSection, type Drawn } from './finding-section.js'
import { code } from './inert.js'
import { failedRequests, glance, timeline, whatHappened } from './overview-sections.js'

/** What a caller may choose about the report. */
export interface MarkdownOptions {
  /** What was drawn, by stream of a finding's example. */
  readonly drawn?: ReadonlyMap<number, Drawn>
  /** The command line that made the report, masked where need be; null: not known. */
  readonly command?: string | null
}

/** Streams of the flows that a Markdown report shows a picture of, in its order. */
export function picturedStreams(report: Report): number[] {
  return [
    ...new Set(
      findingsInOrder(report)
        .slice(0, markdownPolicy.findings)
        .map((finding) => finding.example),
    ),
  ]
}

/** The whole report, with a line break at the end. */
export function markdownReport(report: Report, options: MarkdownOptions = {}): string {
  const findings = findingsInOrder(report)
  const shown = findings.slice(0, markdownPolicy.findings)
  const names = report.captures
    .slice(0, showPolicy.names)
    .map((capture) => code(capture.file.replace(/^.*\//, '')))
  const left = findings.length - shown.length
  const made = options.command == null ? '' : `, by ${code(options.command)}`
  const lines = [
    `# Why connections ended: ${names.join(', ')}${report.captures.length > showPolicy.names ? ', …' : ''}`,
    '',
    ...whatHappened(report),
    ...timeline(report),
    ...(shown.length === 0 ? [] : ['## Findings', '', ...glance(report)]),
    ...shown.flatMap((finding, index) =>
      findingSection(report, finding, index + 1, options.drawn?.get(finding.example)),
    ),
    ...(left > 0 ? [`And ${left} more findings; all of them are in \`--json\`.`, ''] : []),
    ...failedRequests(report),
    ...timersSeen(report),
    ...notSeen(report),
    ...howToVerify(report),
    `pcap-why ${report.version}${made}`,
  ]
  return `${lines.join('\n')}\n`
}
