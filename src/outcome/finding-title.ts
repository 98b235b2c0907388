import type { FlowReport, LegOrder, Spread } from '../result.js'
import type { FindingCount } from './finding-tail.js'
import { findingPolicy, linePolicy } from './policy.js'

/** The finding in one sentence: the example's own words, with the spread where there are several flows. */
export function findingTitle(flows: number, example: FlowReport, silence: Spread | null): string {
  const sentence = example.verdict.summary.replace(/\.$/, '')
  const { close, verdict } = example
  const waits = verdict.class === 'idle-timeout' || verdict.class.endsWith('-abort')
  // Ages and gaps on the closer's clock can differ from the silences: a range stands only beside the number it belongs to.
  const told = verdict.told?.seconds
  const fits =
    told !== undefined && close.silence !== null && Math.abs(told - close.silence) < findingPolicy.toldSeconds
  if (flows === 1 || silence === null || !waits || !fits || !holds(silence, told)) return sentence
  return `${sentence} (${rangeText(silence)} ${flows} flows)`
}

/** Whether a range, as it is written, holds the number that it would stand beside. */
function holds({ min, max }: Spread, seconds: number): boolean {
  const slack = findingPolicy.rangeSeconds
  return seconds >= min - slack && seconds <= max + slack
}

/** With as many digits as tell smallest and largest apart, up to three: `59.99–60.02 s over`, `8.701–8.703 s over`, `23.700 s on each of`. */
function rangeText({ min, max }: Spread): string {
  const digits = min.toFixed(2) === max.toFixed(2) ? 3 : 2
  if (min.toFixed(digits) === max.toFixed(digits)) return `${min.toFixed(3)} s on each of`
  return `${min.toFixed(digits)}–${max.toFixed(digits)} s over`
}

/** What follows the title and the setting that fired: the cause, remarks that hold for the example. */
export function findingDetail(
  group: readonly FlowReport[],
  all: FindingCount,
  example: FlowReport,
  legs: readonly LegOrder[],
): string[] {
  const { verdict } = example
  const detail: string[] = []
  const surer = surenessText(group, all, example)
  if (surer !== null) detail.push(surer)
  const outcome = outcomesText(all)
  if (outcome !== null) detail.push(outcome)
  const order = orderLines(example, legs)
  detail.push(...order)
  const causes = new Set(
    group.flatMap((flow) => (flow.verdict.causeStream === null ? [] : [flow.verdict.causeStream])),
  )
  if (causes.size > 0) detail.push(`because of ${flowsText([...causes])}`)
  // The leg's own line says it of all its flows; and what was counted while flows came in can be less than the finding has by now.
  const alike = verdict.told?.alike
  const said = alike !== undefined && (order.length > 0 || alike.flows < all.flows) ? alike.remark : null
  return [...detail, ...verdict.remarks.filter((remark) => remark !== said)]
}

/** `flow 3`, `flows 3, 7, 12, 15, 18, 21 …`. */
function flowsText(streams: readonly number[]): string {
  const { streams: most } = linePolicy
  const listed = streams.slice(0, most).join(', ')
  return `${streams.length === 1 ? 'flow' : 'flows'} ${listed}${streams.length > most ? ' …' : ''}`
}

/** The finding is as sure as its least sure flow, the sentence is that of the surest: where they differ, how many are which. Null: they are alike. */
function surenessText(group: readonly FlowReport[], all: FindingCount, example: FlowReport): string | null {
  const counts = Object.entries(all.sure).filter(([, flows]) => flows > 0)
  const sum = counts.reduce((total, [, flows]) => total + flows, 0)
  if (counts.length < 2 || sum !== all.flows) return null
  const best = example.verdict.certainty
  const streams = group.filter(({ verdict }) => verdict.certainty !== best).map(({ stream }) => stream)
  const which = streams.length === 0 ? '' : ` (${flowsText(streams)})`
  return `${counts.map(([word, flows]) => `${word} for ${flows}`).join(', ')} of ${all.flows} flows${which}`
}

/** What the failures meant to the clients: how many were retried unseen, how many got an error. Null: not seen. */
function outcomesText({ flows, outcomes }: FindingCount): string | null {
  const { retried, inVain, failed } = outcomes
  const parts = [...failed]
    .sort(([a], [b]) => a - b)
    .map(([status, n]) => `${n} ${n === 1 ? 'client' : 'clients'} got ${status}`)
  if (inVain > 0)
    parts.unshift(`${inVain} ${inVain === 1 ? 'request was' : 'requests were'} sent again in vain`)
  if (retried > 0)
    parts.unshift(`${retried} ${retried === 1 ? 'request was' : 'requests were'} sent again unseen`)
  return flows > 1 && parts.length > 0 ? parts.join(', ') : null
}

/** What to change: for a race, seen or to come, the lines for both ends of the leg. */
export function findingFix(example: FlowReport, legs: readonly LegOrder[]): readonly string[] {
  const { fix } = example.verdict
  const leg = raceLeg(example, legs)
  // In words the verdict has said it already.
  const lines = leg === null || leg.fixInWords === true ? [] : leg.fix
  return lines.length === 0 ? fix : [...fix.slice(0, 1), ...lines.filter((line) => !fix.includes(line))]
}

/** Both timers of a leg where races happen or can happen, and how often it hurts. */
function orderLines(example: FlowReport, legs: readonly LegOrder[]): string[] {
  const leg = raceLeg(example, legs)
  if (leg === null) return []
  return leg.risk === null ? [leg.because] : [leg.because, leg.risk]
}

/** The leg of a keep-alive race or of a flow that shows where one can happen; null: it is none, or its leg is in order. */
function raceLeg(example: FlowReport, legs: readonly LegOrder[]): LegOrder | null {
  const { verdict } = example
  const latent = verdict.class === 'idle-timeout' && verdict.severity === 'latent'
  if (verdict.class !== 'keepalive-race' && !latent) return null
  const leg = legOf(example, legs)
  return leg?.order === 'unsafe' ? leg : null
}

/** The leg a flow belongs to: its own client's, else that of all end clients of its server. */
function legOf({ client, server }: FlowReport, legs: readonly LegOrder[]): LegOrder | null {
  const there = legs.filter((leg) => leg.server.ip === server.ip && leg.server.port === server.port)
  return (
    there.find((leg) => leg.client.ip === client.ip) ??
    there.find((leg) => leg.client.ip.endsWith(' hosts')) ??
    null
  )
}

/** The setting that fired, as far as it can be told; null: no timer, or none that is known. */
export function timerLine(example: FlowReport): string | null {
  const { verdict } = example
  const { timer } = verdict
  if (timer === null || timer.setting === null) return null
  const { setting, seconds, candidates } = timer
  const rest = candidates.length - 1
  const aborted = verdict.class === 'client-abort' || verdict.class === 'server-abort'
  const lead = aborted
    ? 'if a timer ended it: '
    : verdict.class === 'half-open-zombie'
      ? 'what gave up waiting: '
      : ''
  if (timer.guessed === true)
    return `${lead}a timer of ${seconds} s; its software is not known, ${rest + 1} ${rest === 0 ? 'setting is' : 'settings are'} possible (first ${setting})`
  // The class may be certain: which of several settings fired is not.
  const sure = aborted || (verdict.certainty === 'certain' && rest <= 0) ? '' : 'likely '
  const others = rest > 0 ? `; ${rest} other ${rest === 1 ? 'setting' : 'settings'} possible` : ''
  return `${lead}${sure}${setting} = ${seconds} s${others}`
}
