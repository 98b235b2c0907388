import type { Report } from '../../src/result.js'
import { darkRules, drawFlow, ladderText } from '../../src/diagram/sequence-diagram.js'
import { htmlReport } from '../../src/report/html/html-report.js'

/** The HTML report as the command line makes it. */
export function htmlOf(
  report: Report,
  commandLine: string | null = 'pcap-why timeout.pcap',
): Promise<string> {
  return htmlReport(report, {
    pictures: {
      draw: (stream, idPrefix, maxRows) =>
        drawFlow(report, stream, {
          ladderOnly: true,
          theme: 'light',
          idPrefix,
          ...(maxRows !== null && { maxRows }),
        }),
      text: (stream) => ladderText(report, stream, { width: 118, unicode: true, ladderOnly: true }),
      darkRules: darkRules('svg'),
    },
    commandLine,
  })
}
