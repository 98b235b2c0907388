/** What an incident commander reads: what happened in three sentences, and when. */
import type { FailedRequest, Finding, FlowReport, FramePlace, Report, RequestLeg } from '../../result.js'
import { secondsCovered } from '../capture-notes.js'
import { frameName, framesNote } from '../frame-names.js'
import { count, counted } from '../numbers.js'
import { markdownPolicy, showPolicy } from '../policy.js'
import { findingsInOrder, provingFrame } from '../terminal-findings.js'
import { address, classTitle, namedHost } from '../words.js'
import { findingName } from './finding-section.js'
import { code, prose, table } from './inert.js'
import { offset, utc } from './moments.js'

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)

function whatWasSeen(report: Report): string {
  const { captures, summary } = report
  const seconds = secondsCovered(report)
  const names = captures
    .slice(0, showPolicy.names)
    .map((capture) => code(capture.file === '-' ? 'standard input' : capture.file))
  const files =
    captures.length > showPolicy.names
      ? `${names.join(', ')} and ${count(captures.length - showPolicy.names)} more`
      : names.join(', ')
  const start = utc(captures[0]?.start ?? null, 0)
  const when = start === null ? '' : ` from ${start} UTC`
  const problems =
    summary.problems === 0
      ? 'none of them ended with a problem'
      : `${count(summary.problems)} of them ended with a problem`
  const latent =
    summary.latent === 0 ? '' : `, and ${count(summary.latent)} more harmlessly in a way that will hurt`
  return `${files} shows ${counted(summary.flows, 'TCP connection')} in ${seconds.toFixed(1)} s${when}; ${problems}${latent}.`
}

function whatToDo(findings: readonly Finding[]): string {
  const [worst] = findings
  const fix = worst?.fix[0]
  const others = findings.slice(1, 4).map((finding) => `${count(finding.count)} × ${classTitle(finding)}`)
  const also =
    others.length === 0 ? '' : ` Also found: ${others.join(', ')}${findings.length > 4 ? ', …' : ''}.`
  return (fix === undefined ? '' : `To change: ${sentence(prose(fix))}`) + also
}

/** `## What happened`: three sentences to paste into a channel. */
export function whatHappened(report: Report): string[] {
  const findings = findingsInOrder(report)
  const [worst] = findings
  return [
    '## What happened',
    '',
    whatWasSeen(report),
    ...(worst === undefined
      ? ['Nothing was found that would explain an error.']
      : [
          sentence(`${count(worst.count)} × ${classTitle(worst)}: ${prose(worst.title)}`),
          whatToDo(findings),
        ]),
    '',
  ].filter((line, index, all) => line !== '' || all[index - 1] !== '')
}

interface Moment {
  readonly time: number
  readonly cells: readonly string[]
}

function momentOf(report: Report, flow: FlowReport, finding: Finding, what: string): Moment {
  const time = flow.close.first?.time ?? flow.end
  const frame = provingFrame(report, flow)
  const name = `${what}${classTitle(finding)}, ${namedHost(finding.client)} → ${namedHost(finding.server)}, flow ${flow.stream}`
  const when = utc(report.captures[0]?.start ?? null, time) ?? ''
  return { time, cells: [when, offset(time), prose(name), frame ?? ''] }
}

/** `## Timeline`: first and last of every finding, in the order of time. */
export function timeline(report: Report): string[] {
  const flows = new Map(report.flows.map((flow) => [flow.stream, flow]))
  const moments = findingsInOrder(report).flatMap((finding) => {
    const own = finding.streams.flatMap((stream) => flows.get(stream) ?? [])
    const ends = own.sort((a, b) => (a.close.first?.time ?? a.end) - (b.close.first?.time ?? b.end))
    const first = ends[0]
    const last = ends.at(-1)
    if (first === undefined || last === undefined) return []
    if (first === last) return [momentOf(report, first, finding, '')]
    return [
      momentOf(report, first, finding, `first of ${count(finding.count)}: `),
      momentOf(report, last, finding, `last of ${count(finding.count)}: `),
    ]
  })
  const rows = moments.sort((a, b) => a.time - b.time).slice(0, markdownPolicy.moments)
  if (rows.length === 0) return []
  const note = framesNote(report)
  return [
    '## Timeline',
    '',
    `Times as seen at the capture point.${note === null ? '' : ` Of the frames, ${prose(note)}.`}`,
    '',
    ...table(
      ['UTC', 'Capture time', 'What', 'Frame'],
      rows.map((row) => row.cells),
    ),
  ]
}

function endText(leg: RequestLeg, sign: (place: FramePlace) => string): string {
  const { close, reset = null } = leg
  const end = reset === null ? close : { ...reset, flag: 'RST_STREAM' }
  if (end === null) return ''
  const by = leg[end.by].role ?? `the ${end.by}`
  return prose(`${offset(end.after)} ${end.flag} by ${by} ${sign(end)}`)
}

/** The first of each kind: the same legs with the same ends. */
function telling(requests: readonly FailedRequest[]): FailedRequest[] {
  const seen = new Map<string, number>()
  const few = requests.filter(({ legs, status }) => {
    const kind = [status, ...legs.map((leg) => `${leg.class} ${leg.part} ${leg.server.ip}`)].join('|')
    seen.set(kind, (seen.get(kind) ?? 0) + 1)
    return (seen.get(kind) ?? 0) <= markdownPolicy.requestsAlike
  })
  return few.slice(0, markdownPolicy.requests)
}

/** `## Requests that failed`: one line per leg, and the sentence; nothing when none was followed. */
export function failedRequests(report: Report): string[] {
  const requests = report.requests ?? []
  if (requests.length === 0) return []
  const shown = telling(requests)
  const told = shown.flatMap((request) => {
    const rows = request.legs.map((leg) => {
      const sign = (place: FramePlace): string => `#${frameName(report, leg.capture, place)}`
      return [
        String(leg.stream),
        prose(`${leg.client.role ?? address(leg.client)} → ${leg.server.role ?? address(leg.server)}`),
        leg.request === null ? '' : `${offset(leg.request.after)} ${sign(leg.request)}`,
        leg.answer === null
          ? 'none'
          : `${offset(leg.answer.after)} ${leg.answer.status ?? ''} ${sign(leg.answer)}`,
        endText(leg, sign),
        prose(`${leg.part}: ${leg.text}`),
      ]
    })
    const status = request.status === null ? 'no answer' : String(request.status)
    const name = request.request === null ? 'a request' : code(request.request)
    return [
      `**${offset(request.time)}** ${name}: ${status}. ${prose(request.sentence)}`,
      '',
      ...table(['Flow', 'Leg', 'Request', 'Answer', 'First close', 'What happened'], rows),
    ]
  })
  const left = requests.length - shown.length
  return [
    '## Requests that failed',
    '',
    ...told,
    ...(left > 0 ? [`And ${counted(left, 'more request')}; all of them are in \`--json\`.`, ''] : []),
  ]
}

/** `## Findings at a glance`: a table with a line each, for reports with several. */
export function glance(report: Report): string[] {
  const findings = findingsInOrder(report)
  if (findings.length < 2) return []
  return findings
    .map((finding, index) => `${index + 1}. ${findingName(finding)} (${finding.severity})`)
    .concat('')
}
