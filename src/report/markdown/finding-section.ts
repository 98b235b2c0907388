/** One finding of the Markdown report: what, the picture, the proof, the setting, the fix, how sure. */
import type { Finding, FlowReport, Report, Verdict, VerdictClass } from '../../result.js'
import { frameName } from '../frame-names.js'
import { count, duration, setValue } from '../numbers.js'
import { markdownPolicy } from '../policy.js'
import { CLASS_WORDS, classTitle, namedHost, phaseWords } from '../words.js'
import { block, code, prose, table } from './inert.js'
import { offset } from './moments.js'
import { flowFilter, proofFilters } from '../wireshark-filters.js'

/** What the caller drew for a flow. */
export interface Drawn {
  /** Relative path of a picture beside the report. */
  readonly picture?: string
  /** The ladder as Mermaid, without its fence. */
  readonly mermaid?: string
  /** The ladder as text. */
  readonly ladder?: string
}

/** `23 × idle-timeout cut: nginx 10.0.0.2 → proxy 10.0.0.3:8000`. */
export function findingName(finding: Finding): string {
  const hosts = `${namedHost(finding.client)} → ${namedHost(finding.server)}`
  return `${count(finding.count)} × ${classTitle(finding)}: ${prose(hosts)}`
}

function drawing(drawn: Drawn | undefined, stream: number): string[] {
  if (drawn === undefined) return []
  const picture =
    drawn.picture === undefined ? [] : [`![Sequence diagram of flow ${stream}](<${drawn.picture}>)`, '']
  const mermaid = drawn.mermaid === undefined ? [] : [block(drawn.mermaid, 'mermaid'), '']
  const ladder = drawn.ladder === undefined ? [] : [block(drawn.ladder, 'text'), '']
  return [...picture, ...mermaid, ...ladder]
}

function proof(report: Report, flow: FlowReport): string[] {
  const rows = flow.verdict.evidence.map((one) => [
    frameName(report, flow.capture, one),
    prose(one.text),
    code(`frame.number == ${one.frame}`),
  ])
  const whole = proofFilters(report, flow)
    .map(({ file, filter }) => code(filter) + (file === null ? '' : ` in file ${file}`))
    .join(', ')
  return [
    ...table(['Frame', 'What it shows', 'Wireshark display filter'], rows),
    `The whole flow: ${code(flowFilter(report, flow))}${whole === '' ? '' : `; the deciding frames: ${whole}`}`,
    '',
  ]
}

function setting(finding: Finding): string[] {
  const { timer } = finding
  if (timer === null) return []
  const others = timer.candidates.filter((name) => name !== timer.setting)
  const name = timer.setting === null ? 'a timer that no known setting matches' : code(timer.setting)
  if (timer.guessed === true) {
    const could = timer.candidates.map(code).join(', ')
    return [`**Timer:** ${setValue(timer.seconds)}; the software is not known: it could be ${could}`, '']
  }
  const also = others.length === 0 ? '' : `; could also be ${others.map(code).join(', ')}`
  return [`**Timer:** ${setValue(timer.seconds)}, ${name}${also}`, '']
}

function logs(finding: Finding): string[] {
  const words = finding.logWords ?? []
  if (words.length === 0) return []
  return ['In the logs:', '', ...words.map((each) => `- ${prose(each.component)}: ${code(each.text)}`), '']
}

function fixes(finding: Finding): string[] {
  if (finding.fix.length === 0) return []
  return ['**Fix**', '', ...finding.fix.map((line) => `- ${prose(line)}`), '']
}

function sure(verdict: Verdict): string[] {
  // The classes it is most often confused with come first.
  const rank = (word: VerdictClass): number => CLASS_WORDS.indexOf(word)
  const against = [...verdict.notThis]
    .sort((a, b) => rank(a.class) - rank(b.class))
    .slice(0, markdownPolicy.others)
  const words = {
    certain: 'certain: it follows from the packets',
    likely: 'likely: it rests on a timer match or on many like flows',
    possible: 'possible: other readings remain',
  }
  return [
    `**How sure:** ${words[verdict.certainty]}.${against.length === 0 ? '' : ' Not something else, because:'}`,
    '',
    ...against.map(
      (other) => `- ${classTitle({ class: other.class, severity: 'ok' })}: ${prose(other.because)}`,
    ),
    ...(against.length === 0 ? [] : ['']),
    ...verdict.remarks.map((remark) => `Note: ${prose(remark)}\n`),
  ]
}

function numbers(finding: Finding, flow: FlowReport | undefined): string[] {
  const { silenceSeconds: silence } = finding
  const shown = finding.streams.slice(0, markdownPolicy.streams).join(', ')
  const left = finding.streams.length - markdownPolicy.streams
  const streams = `flows ${shown}${left > 0 ? ` and ${count(left)} more` : ''}`
  const spread =
    silence === null || silence.min === silence.max
      ? ''
      : `; silence before the close ${duration(silence.min)} to ${duration(silence.max)}, median ${duration(silence.median)}`
  const phase = finding.phase === null ? '' : `, ${phaseWords(finding.phase)}`
  const when =
    flow === undefined ? '' : `; the example is flow ${flow.stream}, begun at ${offset(flow.start)}`
  return [`${count(finding.count)} of them${phase}: ${streams}${spread}${when}.`, '']
}

/** Lines of one finding; `rank` is its place in the report, from 1. */
export function findingSection(
  report: Report,
  finding: Finding,
  rank: number,
  drawn: Drawn | undefined,
): string[] {
  const flow = report.flows.find((each) => each.stream === finding.example)
  return [
    `### ${rank}. ${findingName(finding)}`,
    '',
    prose(finding.title),
    '',
    ...finding.detail.flatMap((line) => [prose(line), '']),
    ...drawing(drawn, finding.example),
    ...numbers(finding, flow),
    ...(flow === undefined ? [] : proof(report, flow)),
    ...setting(finding),
    ...logs(finding),
    ...fixes(finding),
    ...(flow === undefined ? [] : sure(flow.verdict)),
  ]
}
