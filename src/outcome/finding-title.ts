import type { FlowReport, Spread } from '../result.js'

/** The finding in one sentence: the example's own words, with the spread where there are several flows. */
export function findingTitle(group: readonly FlowReport[], example: FlowReport, silence: Spread | null): string {
  const sentence = example.verdict.summary.replace(/\.$/, '')
  if (group.length === 1 || silence === null || example.verdict.timer === null) return sentence
  return `${sentence} (${silence.min.toFixed(2)}–${silence.max.toFixed(2)} s over ${group.length} flows)`
}

/** What follows the title: the setting that fired, the cause, remarks that hold for the example. */
export function findingDetail(group: readonly FlowReport[], example: FlowReport): string[] {
  const { verdict } = example
  const detail: string[] = []
  if (verdict.timer !== null && verdict.timer.setting !== null) {
    const rest = verdict.timer.candidates.length - 1
    const others = rest > 0 ? `; ${rest} other ${rest === 1 ? 'setting' : 'settings'} possible` : ''
    detail.push(`${verdict.certainty === 'certain' ? '' : 'likely '}${verdict.timer.setting} = ${verdict.timer.seconds} s${others}`)
  }
  const causes = new Set(group.flatMap((flow) => (flow.verdict.causeStream === null ? [] : [flow.verdict.causeStream])))
  if (causes.size > 0) detail.push(`because of ${causes.size === 1 ? 'flow' : 'flows'} ${[...causes].slice(0, 6).join(', ')}${causes.size > 6 ? ' …' : ''}`)
  return [...detail, ...verdict.remarks]
}
