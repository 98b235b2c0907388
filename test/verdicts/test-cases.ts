import { expect, test } from 'vitest'
import type { FlowReport } from '../../src/result.js'
import { brief, flowsOf, timerText, type VerdictCase } from '../helpers/verdict-of.js'

/** One test per case. */
export function testCases(cases: readonly VerdictCase[]): void {
  test.each(cases)('$name', async ({ ladder, is, options, says, timer }) => {
    const flows = await flowsOf(ladder, options)
    const found = Object.fromEntries(
      Object.keys(is).map((name) => [name, masked(flows[name], is[name] ?? '')]),
    )
    expect(found, summaries(flows)).toEqual(is)
    const first = flows[Object.keys(is)[0] ?? '']
    if (says !== undefined) expect(first?.verdict.summary).toMatch(says)
    if (timer !== undefined) expect(timerText(first)).toBe(timer)
  })
}

function masked(flow: FlowReport | undefined, pattern: string): string {
  if (flow === undefined) return 'no such flow'
  const wanted = pattern.split(' ')
  return brief(flow)
    .split(' ')
    .map((part, i) => (wanted[i] === '*' ? '*' : part))
    .join(' ')
}

function summaries(flows: Record<string, FlowReport>): string {
  return Object.entries(flows)
    .map(([name, flow]) => `${name}: ${brief(flow)}: ${flow.verdict.summary}`)
    .join('\n')
}
