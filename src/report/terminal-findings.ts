/** The findings: what went wrong, how often, between whom, why we think so, and what to change. */
import { SEVERITY_ORDER, type Finding, type FlowReport, type Report, type VerdictClass } from '../result.js'
import { endingsOf, seenAgain } from './endings.js'
import { frameName } from './frame-names.js'
import { count, counted, duration, setValue } from './numbers.js'
import { terminalPolicy } from './policy.js'
import type { Style } from './style.js'
import { textWidth, wrapText } from './text-width.js'
import { classTitle, namedHost } from './words.js'

/** Worst severity first; within one severity the order of the result. */
export function findingsInOrder(report: Report): Finding[] {
  return [...report.findings].sort((a, b) => SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity])
}

/** The frame to look at first: the deciding close, else the last evidence. Null: there is none. */
export function provingFrame(report: Report, { capture, close, verdict }: FlowReport): string | null {
  const place = close.first ?? verdict.evidence.at(-1)
  return place === undefined ? null : frameName(report, capture, place)
}

/** How sure the setting is: where the class is certain, which of several settings fired is not. */
export function settingSureness({ certainty, timer }: Finding): string {
  if (certainty !== 'certain') return `${certainty} `
  return (timer?.candidates.length ?? 0) > 1 ? 'likely ' : ''
}

function timerText(finding: Finding): string | null {
  const timer = finding.timer
  if (timer === null || timer.setting === null) return null
  const name = timer.setting.slice(timer.setting.indexOf('.') + 1)
  // The analysis usually says it better in a sentence of its own.
  if (finding.detail.some((line) => line.includes(name))) return null
  return `${settingSureness(finding)}${timer.setting}, ${setValue(timer.seconds)}`
}

function exampleText(report: Report, finding: Finding, flows: ReadonlyMap<number, FlowReport>): string {
  const flow = flows.get(finding.example)
  const frame = flow === undefined ? null : provingFrame(report, flow)
  const where = frame === null ? '' : `, frame ${frame}`
  return `example flow ${finding.example}${where} · proof: --flow ${finding.example}`
}

/** Classes whose silence says nothing: a request met the close, nothing was ever said, or the other end was gone. */
const NO_SILENCE: ReadonlySet<VerdictClass> = new Set([
  'keepalive-race',
  'refused',
  'connect-timeout',
  'half-open-zombie',
])

/** How the silences of a finding's flows are spread; null: there is one flow, or the title says it. */
export function spreadText(finding: Finding): string | null {
  const { count: flows, silenceSeconds: silence, title } = finding
  if (NO_SILENCE.has(finding.class)) return null
  if (flows < 2 || silence === null || silence.min === silence.max || /\d–\d| s on each of \d/.test(title))
    return null
  if (duration(silence.min) === duration(silence.max))
    return `silence before the close: ${duration(silence.median)}, the same to ${duration(silence.max - silence.min)}`
  return `silence before the close: ${duration(silence.min)} to ${duration(silence.max)}, median ${duration(silence.median)}`
}

/** Sign, count and class; the hosts beside them, or below when the line is too short. */
function headLines(finding: Finding, countWidth: number, margin: number, style: Style): string[] {
  const { paint, signs, text } = style
  // `ok`, the sign without UTF-8, takes the place of the space behind it.
  const sign =
    paint[finding.severity](signs[finding.severity]) + ' '.repeat(2 - signs[finding.severity].length)
  const title = text(classTitle(finding))
  const hosts = text(`${namedHost(finding.client)} → ${namedHost(finding.server)}`)
  const variant = finding.variant === null ? '' : text(` (${finding.variant})`)
  const certainty = paint.quiet(finding.certainty)
  const head = ` ${sign}${count(finding.count).padStart(countWidth)} ${signs.times} ${paint.strong(title)}${paint.quiet(variant)}`
  const width = margin + textWidth(`${title}${variant}   ${hosts}   ${finding.certainty}`)
  if (style.width === null || width <= style.width) return [`${head}   ${hosts}   ${certainty}`]
  const below = wrapText(hosts, style.width - margin).map((part) => ' '.repeat(margin) + part)
  return [`${head}   ${certainty}`, ...below]
}

function findingLines(
  report: Report,
  finding: Finding,
  flows: ReadonlyMap<number, FlowReport>,
  countWidth: number,
  style: Style,
): string[] {
  const { paint, text } = style
  const margin = countWidth + 6
  const lead = ' '.repeat(margin)
  const room = style.width === null ? null : style.width - margin
  const folded = (line: string, colour: (part: string) => string): string[] =>
    wrapText(text(line), room).map((part) => lead + colour(part))
  const plain = (line: string): string => line
  const timer = timerText(finding)
  const spread = spreadText(finding)
  return [
    ...headLines(finding, countWidth, margin, style),
    ...folded(finding.title, plain),
    ...finding.detail.flatMap((line) => folded(line, plain)),
    ...(timer === null ? [] : folded(timer, plain)),
    ...(spread === null ? [] : folded(spread, paint.quiet)),
    ...finding.fix.flatMap((line, index) => fixLines(line, index, lead, room, style)),
    ...logLines(finding, style).flatMap((line) => folded(line, paint.quiet)),
    ...folded(exampleText(report, finding, flows), paint.quiet),
  ]
}

/** The same event in the logs of the chain, as one line; none where no log has words for it. */
function logLines(finding: Finding, style: Style): string[] {
  const words = finding.logWords ?? []
  if (words.length === 0) return []
  return [`logs ${words.map(({ component, text }) => `${component}: ${text}`).join(` ${style.signs.dot} `)}`]
}

function fixLines(fix: string, index: number, lead: string, room: number | null, style: Style): string[] {
  const label = 'fix  '
  return wrapText(style.text(fix), room === null ? null : room - label.length).map((part, row) => {
    const head = index === 0 && row === 0 ? style.paint.accent(label) : ' '.repeat(label.length)
    return lead + head + part
  })
}

/** Its twin has the same addresses: it was captured at another place, and not translated. */
function isNamedAlike(report: Report, { client, server, links }: FlowReport): boolean {
  const twins = new Set(links.filter(({ relation }) => relation === 'nat-twin').map(({ stream }) => stream))
  const end = ({ ip, port }: FlowReport['client']): string => `${ip} ${port}`
  return report.flows.some(
    (one) => twins.has(one.stream) && end(one.client) === end(client) && end(one.server) === end(server),
  )
}

/** Flows that no finding speaks of, by class, folded; nothing when there are none. */
function restLines(report: Report, style: Style): string[] {
  const parts = endingsOf(report).flatMap((ending) =>
    ending.severity === 'ok' ? [`${count(ending.count)} ${classTitle(ending)}`] : [],
  )
  const again = seenAgain(report)
  const renamed = again.filter((flow) => !isNamedAlike(report, flow))
  if (renamed.length > 0) parts.push(`${count(renamed.length)} again on the other side of a NAT`)
  if (again.length > renamed.length)
    parts.push(`${count(again.length - renamed.length)} again at another capture point`)
  if (parts.length === 0) return []
  const lead = ` ${style.paint.ok(style.signs.ok)} `
  const room = style.width === null ? null : style.width - style.signs.ok.length - 2
  const lines = wrapText(parts.join('   '), room)
  return lines.map((line, index) => (index === 0 ? lead : '   ') + line)
}

/** The findings without lines that a finding of the same leg above has said already: two kinds of ending often share timers and fix. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const told = new Set<string>()
  return findings.map((finding) => {
    const leg = `${finding.client.ip} ${finding.server.ip} ${finding.server.port ?? ''}`
    const isNew = (line: string): boolean => !told.has(`${leg} ${line}`)
    const detail = finding.detail.filter(isNew)
    const fresh = finding.fix.filter(isNew)
    for (const line of [...finding.detail, ...finding.fix]) told.add(`${leg} ${line}`)
    const fix = fresh.length === 0 && finding.fix.length > 0 ? ['as for the finding above'] : fresh
    // A timer that was told above is not told again in other words.
    const timer = detail.length < finding.detail.length && timerText(finding) === null ? null : finding.timer
    return { ...finding, detail, fix, timer }
  })
}

/** All findings, worst first, then a line with the rest. */
export function findingsLines(report: Report, style: Style): string[] {
  const findings = findingsInOrder(report)
  const shown = style.width === null ? findings : findings.slice(0, terminalPolicy.findings)
  const flows = new Map(report.flows.map((flow) => [flow.stream, flow]))
  const countWidth = Math.max(0, ...shown.map((finding) => count(finding.count).length))
  const lines = withoutRepeats(shown).flatMap((finding) =>
    findingLines(report, finding, flows, countWidth, style),
  )
  const left = findings.length - shown.length
  if (left > 0) {
    lines.push(
      style.paint.quiet(
        ` ${style.signs.ellipsis} and ${counted(left, 'more finding')}: see them all with | less`,
      ),
    )
  }
  lines.push(...restLines(report, style))
  if (lines.length === 0) lines.push(style.text(' no connection to speak of'))
  return lines
}
