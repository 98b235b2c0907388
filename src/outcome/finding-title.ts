import type { FlowReport, LegOrder, Spread } from '../result.js'
import type { FindingCount } from './finding-tail.js'

/** The finding in one sentence: the example's own words, with the spread where there are several flows. */
export function findingTitle(flows: number, example: FlowReport, silence: Spread | null): string {
  const sentence = example.verdict.summary.replace(/\.$/, '')
  const { timer } = example.verdict
  const gaps = example.verdict.class === 'idle-timeout' && example.verdict.timer !== null
  // Ages and gaps on the closer's clock can differ from the silences: a range beside another number confuses.
  const fits =
    silence !== null &&
    timer !== null &&
    timer.seconds > silence.min - 0.1 &&
    timer.seconds < silence.max + 0.1
  if (flows === 1 || silence === null || !gaps || !fits) return sentence
  return `${sentence} (${silence.min.toFixed(2)}–${silence.max.toFixed(2)} s over ${flows} flows)`
}

/** What follows the title: the setting that fired, the cause, remarks that hold for the example. */
export function findingDetail(
  group: readonly FlowReport[],
  all: FindingCount,
  example: FlowReport,
  legs: readonly LegOrder[],
): string[] {
  const { verdict } = example
  const detail: string[] = []
  if (verdict.timer !== null && verdict.timer.setting !== null) {
    const rest = verdict.timer.candidates.length - 1
    const others = rest > 0 ? `; ${rest} other ${rest === 1 ? 'setting' : 'settings'} possible` : ''
    const aborted = verdict.class === 'client-abort' || verdict.class === 'server-abort'
    const sure = verdict.certainty === 'certain' ? '' : 'likely '
    detail.push(
      `${aborted ? 'if a timer ended it: ' : sure}${verdict.timer.setting} = ${verdict.timer.seconds} s${others}`,
    )
  }
  const outcome = outcomesText(all)
  if (outcome !== null) detail.push(outcome)
  const order = orderLines(example, legs)
  detail.push(...order)
  const causes = new Set(
    group.flatMap((flow) => (flow.verdict.causeStream === null ? [] : [flow.verdict.causeStream])),
  )
  if (causes.size > 0)
    detail.push(
      `because of ${causes.size === 1 ? 'flow' : 'flows'} ${[...causes].slice(0, 6).join(', ')}${causes.size > 6 ? ' …' : ''}`,
    )
  // The leg's own line says it of all its flows; and what was counted while flows came in can be less than the finding has by now.
  const said = (remark: string): boolean => {
    const counted = /^(\d+) .* ended after the same (gap|idle time)/.exec(remark)
    return counted !== null && (order.length > 0 || Number(counted[1]) < all.flows)
  }
  return [...detail, ...verdict.remarks.filter((remark) => !said(remark))]
}

/** What the failures meant to the clients: how many were retried unseen, how many got an error. Null: not seen. */
function outcomesText({ flows, outcomes }: FindingCount): string | null {
  const { retried, failed } = outcomes
  const parts = [...failed]
    .sort(([a], [b]) => a - b)
    .map(([status, n]) => `${n} ${n === 1 ? 'client' : 'clients'} got ${status}`)
  if (retried > 0)
    parts.unshift(`${retried} ${retried === 1 ? 'request was' : 'requests were'} sent again unseen`)
  return flows > 1 && parts.length > 0 ? parts.join(', ') : null
}

/** What to change: for a race, seen or to come, the lines for both ends of the leg. */
export function findingFix(example: FlowReport, legs: readonly LegOrder[]): readonly string[] {
  const { fix } = example.verdict
  // Configuration lines; in other words the verdict has said it already.
  const lines = (raceLeg(example, legs)?.fix ?? []).filter((line) => /\((longer|shorter) than /.test(line))
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
