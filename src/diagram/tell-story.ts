import type { Finding, FlowLink, FlowReport, Report } from '../result.js'
import { silenceToTheEnd } from './capture-end.js'
import { chooseSteps } from './chosen-steps.js'
import { filesOf, withOwnFrames } from './files.js'
import { inertText } from './inert-text.js'
import { ladderRows } from './ladder-rows.js'
import { flowOf, legsOf, vantageOf, type Legs } from './legs.js'
import { LEAST_ROWS, MOST_FIXES, MOST_ROWS } from './policy.js'
import { reasonsOf } from './reasons.js'
import { mergedSteps } from './steps.js'
import { timerOf } from './story-timer.js'
import type { ArrowRow, LegendKey, Story, StoryOptions, StoryRow } from './story.js'
import { counted, utcMoment } from './units.js'
import { PHASES, pillOf } from './words.js'

/** Tells one flow and its chain: what happened, where, why we believe it, the ladder, the fix, how to check. */
export function tellStory(read: Report, stream: number, options: StoryOptions = {}): Story {
  const report = withOwnFrames(read)
  const flow = flowOf(report, stream)
  if (flow === null) throw new RangeError(`The report holds no flow ${stream}.`)
  const legs = legsOf(report, flow)
  const steps = mergedSteps(legs.legs, flow)
  const choice = chooseSteps(steps, flow, Math.max(options.maxRows ?? MOST_ROWS, LEAST_ROWS))
  const ladder = withDecision(ladderRows(choice.items, legs, flow, options), flow)
  const rows = [...ladder, ...silenceToTheEnd(report, legs, flow, choice.items)]
  const finding = report.findings.find((each) => each.streams.includes(stream)) ?? null
  const { verdict } = flow
  const fix = verdict.fix.length > 0 ? verdict.fix : (finding?.fix ?? [])
  return {
    stream,
    class: verdict.class,
    severity: verdict.severity,
    pill: pillOf(verdict),
    aside: aside(flow, finding),
    title: inertText(verdict.summary),
    where: where(report, legs, steps[0]?.time ?? flow.start),
    why: reasonsOf(flow, finding, filesOf(legs.legs.map((leg) => leg.flow)).length > 1),
    hosts: legs.hosts,
    rows,
    timer: timerOf(choice.items, legs, flow),
    fix: fix.slice(0, MOST_FIXES).map(inertText),
    filter: displayFilter(report, legs),
    notes: notes(flow, choice.bareAcks, rows.length),
    legend: legendOf(rows),
  }
}

/** Without a marked row the first close is the one that decides. */
function withDecision(rows: readonly StoryRow[], flow: FlowReport): StoryRow[] {
  if (rows.some((row) => row.kind === 'arrow' && row.part === 'deciding')) return [...rows]
  const close = flow.close.first?.frame
  return rows.map((row) =>
    row.kind === 'arrow' && row.stream === flow.stream && row.frame === close
      ? { ...row, part: 'deciding' }
      : row,
  )
}

function aside(flow: FlowReport, finding: Finding | null): string {
  const { verdict } = flow
  const parts: string[] = [verdict.certainty]
  if (verdict.severity === 'latent') parts.push('harmless here')
  if (verdict.variant !== null) parts.push(verdict.variant.replaceAll('-', ' '))
  if (verdict.phase !== null) parts.push(PHASES[verdict.phase])
  if (finding !== null && finding.count > 1) parts.push(`1 of ${finding.count} alike`)
  return inertText(parts.join(' · '))
}

function where(report: Report, legs: Legs, start: number): string {
  const captures = filesOf(legs.legs.map((leg) => leg.flow))
  const files = captures.map((index) => {
    const name = (report.captures[index]?.file ?? `capture ${index + 1}`).replace(/^.*\//, '')
    return captures.length > 1 ? `${index + 1}: ${name}` : name
  })
  const onPath = legs.legs.filter((leg) => !leg.retry).map((leg) => leg.flow.stream)
  const retry = legs.legs.filter((leg) => leg.retry).map((leg) => `retry in flow ${leg.flow.stream}`)
  const path = onPath.length === 1 ? `flow ${onPath[0] as number}` : `flows ${onPath.join(' → ')}`
  const flows = [path, ...retry].join(', ')
  const moment = utcMoment(report.captures[0]?.start ?? null, start)
  const parts = [
    files.join(', '),
    flows,
    ...(moment === null ? [] : [moment]),
    `times as seen at ${vantageOf(legs)}`,
  ]
  return inertText(parts.join(' · '))
}

/** Stream numbers are Wireshark's own only while there is one capture; else addresses find the flows in any of them. */
function displayFilter(report: Report, legs: Legs): string {
  const flows = legs.legs.map((leg) => leg.flow)
  if (report.captures.length <= 1) {
    const streams = flows.map((flow) => flow.stream).sort((a, b) => a - b)
    return streams.length === 1
      ? `tcp.stream == ${streams[0] as number}`
      : `tcp.stream in {${streams.join(', ')}}`
  }
  return inertText(
    flows
      .map(({ client, server }) => {
        const field = client.ip.includes(':') ? 'ipv6.addr' : 'ip.addr'
        return `(${field} == ${client.ip} && tcp.port == ${client.port} && ${field} == ${server.ip} && tcp.port == ${server.port})`
      })
      .join(' || '),
  )
}

function notes(flow: FlowReport, bareAcks: number, rows: number): string[] {
  const out: string[] = []
  if (rows === 0) out.push('The ladder of this flow was not kept.')
  if (bareAcks > 0) out.push(`Not drawn: ${counted(bareAcks, 'bare ACK')}.`)
  const twin = flow.links.find((link) => link.relation === 'nat-twin')
  if (twin !== undefined)
    out.push(
      `Flow ${twin.stream} is the same connection ${isNamedAlike(flow, twin) ? 'at another capture point' : 'with other addresses (NAT)'}.`,
    )
  return out
}

function isNamedAlike({ client, server }: FlowReport, { as }: FlowLink): boolean {
  const alike = (a: { ip: string; port: number }, b: { ip: string; port: number }): boolean =>
    a.ip === b.ip && a.port === b.port
  return as !== undefined && alike(client, as.client) && alike(server, as.server)
}

/** The legend explains what occurs, in a fixed order. */
function legendOf(rows: readonly StoryRow[]): LegendKey[] {
  const arrows = rows.filter((row): row is ArrowRow => row.kind === 'arrow')
  const has = (test: (row: ArrowRow) => boolean) => arrows.some(test)
  const keys: [LegendKey, boolean][] = [
    ['request', has((row) => row.ink === 'request' && row.line === 'solid')],
    ['response', has((row) => row.ink === 'response' && row.line === 'solid')],
    ['control', has((row) => row.ink === 'control' && row.head === 'control' && row.line === 'solid')],
    ['fin', has((row) => row.ink === 'fin')],
    ['reset', has((row) => row.head === 'rst')],
    ['error', has((row) => row.ink === 'reset' && row.head === 'data')],
    ['icmp', has((row) => row.ink === 'reset' && row.head === 'control')],
    ['retransmission', has((row) => row.line === 'dashed')],
    ['probe', has((row) => row.line === 'dotted')],
    ['zero-window', has((row) => row.head === 'bar')],
    ['crossing', has((row) => row.crosses !== null)],
    ['deciding', has((row) => row.part === 'deciding')],
  ]
  return keys.filter(([, occurs]) => occurs).map(([key]) => key)
}
