import type { Certainty, Evidence, Finding, FlowReport, Report, Timer, VerdictClass } from '../result.js'
import { chooseSteps } from './chosen-steps.js'
import { filesOf, shownFrame, withOwnFrames } from './files.js'
import { inertText } from './inert-text.js'
import { ladderRows } from './ladder-rows.js'
import { flowOf, legsOf, vantageOf, type Legs } from './legs.js'
import { mergedSteps } from './steps.js'
import { timerOf } from './story-timer.js'
import type { ArrowRow, LegendKey, Reason, Story, StoryOptions, StoryRow } from './story.js'
import { counted, duration, utcMoment } from './units.js'
import { PHASES, pillOf } from './words.js'

/** Rows of a ladder unless the caller asks for another number. */
const MOST_ROWS = 40

/** Tells one flow and its chain: what happened, where, why we believe it, the ladder, the fix, how to check. */
export function tellStory(read: Report, stream: number, options: StoryOptions = {}): Story {
  const report = withOwnFrames(read)
  const flow = flowOf(report, stream)
  if (flow === null) throw new RangeError(`The report holds no flow ${stream}.`)
  const legs = legsOf(report, flow)
  const steps = mergedSteps(legs.legs, flow)
  const choice = chooseSteps(steps, flow, Math.max(options.maxRows ?? MOST_ROWS, 3))
  const rows = withDecision(ladderRows(choice.items, legs, flow, options), flow)
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
    why: why(flow, finding, filesOf(legs.legs.map((leg) => leg.flow)).length > 1),
    hosts: legs.hosts,
    rows,
    timer: timerOf(choice.items, legs, flow),
    fix: fix.slice(0, 3).map(inertText),
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

/** The pattern over all like flows, then the frames that prove this one. */
function why(flow: FlowReport, finding: Finding | null, manyFiles: boolean): Reason[] {
  const { timer, certainty } = flow.verdict
  const pattern: string[] = []
  const spread = finding === null ? '' : spreadOf(finding)
  // How many there are is said beside the pill; here it has to add something.
  if (finding !== null && isMore(finding))
    pattern.push(`One incident of ${finding.count} flows: ${finding.title}`)
  else if (finding !== null && finding.count > 1 && (spread !== '' || timer?.setting)) {
    pattern.push(`${finding.count} flows ended alike${spread}`)
  }
  if (timer !== null && timer.setting !== null) {
    const others = timer.candidates
      .filter((each) => each !== timer.setting)
      .slice(0, 2)
      .map(spoken)
    const or = others.length > 0 ? ` (or ${others.join(', ')})` : ''
    pattern.push(`${sureness(certainty, timer)}${spoken(timer.setting)}${or}`)
    if (pattern.length === 1) pattern.unshift('Setting')
  }
  const reasons = pattern.length > 0 ? [{ frames: '', text: pattern.join(': ') }] : []
  const proofs = decisive(flow).map((each) => ({
    frames: `#${shownFrame(each.frame, manyFiles)}`,
    text: each.text,
  }))
  return [...reasons, ...proofs].map(({ frames, text }) => ({ frames, text: inertText(text) }))
}

/** Proofs above a picture; more make it a page of text. */
const MOST_PROOFS = 4

/** As many proofs as there is room for, in their order: the close among them, and what comes first. */
function decisive({ close, verdict: { evidence } }: FlowReport): readonly Evidence[] {
  if (evidence.length <= MOST_PROOFS) return evidence
  const decides = Math.max(
    evidence.findIndex(({ frame }) => frame === close.first?.frame),
    0,
  )
  return evidence.filter((_, index) =>
    decides < MOST_PROOFS ? index < MOST_PROOFS : index < MOST_PROOFS - 1 || index === decides,
  )
}

/** A finding that is more than flows like this one: several servers, or several kinds of ending. */
function isMore({ server, parts = [] }: Finding): boolean {
  return server.port === undefined || parts.some(({ relation }) => relation === 'same-outage')
}

/** Where the class is certain, which of several settings fired is not. */
function sureness(certainty: Certainty, { candidates }: Timer): string {
  if (certainty !== 'certain') return `${certainty} `
  return candidates.length > 1 ? 'likely ' : ''
}

/** `nginx.proxy_read_timeout` as it is spoken of: `nginx proxy_read_timeout`. */
function spoken(setting: string): string {
  return setting.replace('.', ' ')
}

/** Of a race the silence ends with the request that crossed; of a dead end it says nothing. */
const NO_SILENCE: ReadonlySet<VerdictClass> = new Set(['keepalive-race', 'half-open-zombie'])

/** How long after the last byte of payload the like flows were closed. */
function spreadOf(finding: Finding): string {
  if (finding.silenceSeconds === null || NO_SILENCE.has(finding.class)) return ''
  const { min, max } = finding.silenceSeconds
  return min.toFixed(3) === max.toFixed(3)
    ? `, ${duration(min)} after the last byte`
    : `, ${min.toFixed(3)}–${max.toFixed(3)} s after the last byte`
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
  if (twin !== undefined) out.push(`Flow ${twin.stream} is the same connection with other addresses (NAT).`)
  return out
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
