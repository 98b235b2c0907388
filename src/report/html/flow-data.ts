/** The flows of a report as the page's script wants them: columns, details, ladders. */
import type { FlowReport, OverviewFlow, Report } from '../../result.js'
import { filesOfFlow, frameName } from '../frame-names.js'
import { duration, moment, setValue } from '../numbers.js'
import { plainText } from '../plain-text.js'
import { htmlPolicy } from '../policy.js'
import { streamsOf } from '../endings.js'
import {
  address,
  basisWords,
  classTitle,
  closeWords,
  owedWords,
  phaseWords,
  linkWords,
  tlsWords,
} from '../words.js'
import type { FlowColumns, FlowDetail, PageData, PageKind } from './page-data.js'

/** Texts by number, each kept once: a capture has few hosts and few sentences, and many flows. */
class Texts {
  readonly list: string[] = []
  private readonly numbers = new Map<string, number>()

  of(text: string): number {
    const inert = plainText(text)
    let number = this.numbers.get(inert)
    if (number === undefined) {
      number = this.list.push(inert) - 1
      this.numbers.set(inert, number)
    }
    return number
  }
}

/** Everything the page's script works on; ladders by stream, as SVG documents and as text. */
export function pageData(
  report: Report,
  ladders: ReadonlyMap<number, string>,
  textLadders: ReadonlyMap<number, string>,
): PageData {
  const texts = new Texts()
  const kinds: PageKind[] = []
  const flows = columnsOf(allFlows(report), texts, kinds)
  const told = [...report.flows, ...(report.linked ?? [])].slice(0, htmlPolicy.details)
  return {
    seconds: flows.end.reduce((last, end) => Math.max(last, end), 0),
    kinds,
    texts: texts.list,
    flows,
    details: Object.fromEntries(told.map((flow) => [String(flow.stream), detailOf(report, flow)])),
    ladders: Object.fromEntries(ladders),
    textLadders: Object.fromEntries(textLadders),
    findings: report.findings.map(streamsOf),
    captures: plainText(report.captures.map((capture) => capture.file).join(' ')),
    ownStreams: report.captures.length <= 1,
  }
}

/** Every flow in short: the overview, and what the report tells of besides. */
export function allFlows(report: Report): OverviewFlow[] {
  const flows = new Map((report.overview?.flows ?? []).map((flow) => [flow.stream, flow]))
  for (const flow of report.flows) if (!flows.has(flow.stream)) flows.set(flow.stream, inShort(flow))
  return [...flows.values()].sort((a, b) => a.stream - b.stream)
}

function inShort(flow: FlowReport): OverviewFlow {
  const { close, verdict } = flow
  const silent = close.first !== null && close.lastData !== null && (close.silence ?? 0) >= 1
  return {
    ...flow,
    payloadBytes: flow.payloadBytes.client + flow.payloadBytes.server,
    class: verdict.class,
    variant: verdict.variant,
    severity: verdict.severity,
    close: close.first,
    silence: close.silence,
    silences: silent ? [[close.lastData.time, close.first.time]] : [],
    summary: verdict.summary,
  }
}

function columnsOf(flows: readonly OverviewFlow[], texts: Texts, kinds: PageKind[]): FlowColumns {
  const kindNumbers = new Map<string, number>()
  const kindOf = (flow: OverviewFlow): number => {
    const title = classTitle(flow)
    const key = `${flow.class} ${flow.severity}`
    const known = kindNumbers.get(key)
    if (known !== undefined) return known
    const number = kinds.push({ word: flow.class, severity: flow.severity, title }) - 1
    kindNumbers.set(key, number)
    return number
  }
  const host = (end: OverviewFlow['client']): number =>
    texts.of(end.role === null ? end.ip : `${end.role} ${end.ip}`)
  return {
    stream: flows.map((flow) => flow.stream),
    kind: flows.map(kindOf),
    client: flows.map((flow) => host(flow.client)),
    server: flows.map((flow) => host(flow.server)),
    clientPort: flows.map((flow) => flow.client.port),
    serverPort: flows.map((flow) => flow.server.port),
    start: flows.map((flow) => micro(flow.start)),
    end: flows.map((flow) => micro(flow.end)),
    frames: flows.map((flow) => flow.frames),
    bytes: flows.map((flow) => flow.payloadBytes),
    closer: flows.map(({ close }) =>
      close === null ? 0 : (close.by === 'client' ? 1 : 3) + (close.flag === 'RST' ? 1 : 0),
    ),
    closeTime: flows.map((flow) => (flow.close === null ? null : micro(flow.close.time))),
    silence: flows.map((flow) => (flow.silence === null ? null : micro(flow.silence))),
    silences: flows.map((flow) => flow.silences.flat().map(micro)),
    summary: flows.map((flow) => texts.of(flow.summary)),
  }
}

/** Seconds to the microsecond: finer digits are of no use on a page and cost room. */
function micro(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6
}

function detailOf(report: Report, flow: FlowReport): FlowDetail {
  const { verdict } = flow
  const aside = [
    verdict.certainty,
    ...(verdict.variant === null ? [] : [verdict.variant.replaceAll('-', ' ')]),
    ...(verdict.phase === null ? [] : [phaseWords(verdict.phase)]),
  ]
  return {
    aside: plainText(aside.join(' · ')),
    facts: factsOf(report, flow).map(([name, value]) => [name, plainText(value)]),
    evidence: verdict.evidence.map((one) => [
      report.captures.length > 1 ? frameName(report, flow.capture, one) : one.frame,
      plainText(one.text),
    ]),
    notThis: verdict.notThis.map((other) => [
      classTitle({ class: other.class, severity: 'problem' }),
      plainText(other.because),
    ]),
    fix: verdict.fix.map(plainText),
    remarks: verdict.remarks.map(plainText),
    links: flow.links.map((link) => [link.stream, linkWords(link)]),
  }
}

function factsOf(report: Report, flow: FlowReport): [string, string][] {
  const { close, verdict } = flow
  const { timer } = verdict
  const others = (timer?.candidates ?? []).filter((each) => each !== timer?.setting)
  const or = others.length === 0 ? '' : `, or ${others.slice(0, htmlPolicy.otherSettings).join(', ')}`
  return [
    ...filesOfFlow(report, flow).map(([number, file]): [string, string] => [`file ${number}`, file]),
    [
      'first close',
      close.first === null
        ? 'none seen'
        : `${closeWords(close.first)}, frame ${frameName(report, flow.capture, close.first)} at ${moment(close.first.time)}`,
    ],
    ...(close.silence === null ? [] : [['silence before it', duration(close.silence)] as [string, string]]),
    ['owed then', owedWords(close.owed)],
    ...(timer === null
      ? []
      : [
          [
            'timer',
            `${setValue(timer.seconds)}${timer.setting === null ? '' : `: ${timer.guessed === true ? 'software not known, perhaps ' : ''}${timer.setting}${or}`}`,
          ] as [string, string],
        ]),
    ['client', `${address(flow.client)}, ${basisWords(flow.clientBasis)}`],
    ...(flow.tls == null ? [] : [['TLS', tlsWords(flow.tls)] as [string, string]]),
    ['requests', flow.exchanges === null ? 'not readable' : String(flow.exchanges)],
  ]
}
