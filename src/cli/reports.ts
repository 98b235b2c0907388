/** `--report`: the incident report as a file. */
import { writeFile } from 'node:fs/promises'
import type { Report } from '../result.js'
import { refuseCapture } from './diagrams.js'
import { HTML_LADDER } from './policy.js'
import { notWritten } from './system-trouble.js'

/** A word of a command line as a shell takes it. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** How the report was made. An anonymous one must not name hosts and folders that options named. */
function commandLine(report: Report, anonymous: boolean): string {
  const args = anonymous
    ? [...report.captures.map((capture) => capture.file), '--anonymize']
    : process.argv.slice(2)
  return ['pcap-why', ...args].map(shellWord).join(' ')
}

async function htmlText(report: Report, command: string): Promise<string> {
  const { htmlReport } = await import('../report/html/html-report.js')
  // d3-node costs 0.3 s to load; only who draws pays for it.
  const { darkRules, drawFlow, ladderText } = await import('../diagram/sequence-diagram.js')
  const draw = (stream: number, idPrefix: string, maxRows: number | null): Promise<string> =>
    drawFlow(report, stream, {
      ladderOnly: true,
      theme: 'light',
      idPrefix,
      ...(maxRows !== null && { maxRows }),
    })
  const text = (stream: number): string =>
    ladderText(report, stream, { width: HTML_LADDER, unicode: true, ladderOnly: true })
  const pictures = { draw, text, darkRules: darkRules('svg') }
  return htmlReport(report, { pictures, commandLine: command })
}

/** How a report is to be written. */
export interface ReportOptions {
  /** The report holds pseudonyms. */
  readonly anonymous: boolean
  /** In Markdown: ladders as Mermaid in the file itself instead of pictures beside it. */
  readonly mermaid: boolean
}

/**
 * Writes the report; what is written follows from the ending of `path`. Gives back the paths written, the report first.
 * Throws UsageError when one can't be written.
 */
export async function writeReport(report: Report, path: string, options: ReportOptions): Promise<string[]> {
  refuseCapture(
    '--report',
    path,
    report.captures.map((capture) => capture.file),
  )
  const command = commandLine(report, options.anonymous)
  if (/\.md$/i.test(path)) {
    const { writeMarkdown } = await import('./markdown-file.js')
    return writeMarkdown(report, path, { mermaid: options.mermaid, command })
  }
  const text = await htmlText(report, command)
  try {
    await writeFile(path, text)
  } catch (error) {
    throw notWritten(path, '--report', error)
  }
  return [path]
}
