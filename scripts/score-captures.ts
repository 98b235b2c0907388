/** Compares verdicts with the truth of labelled captures (captures/<scenario>/expected.json). */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { analyze } from '../src/analyze.js'
import { openSource } from '../src/capture/file-source.js'
import { address } from '../src/report/words.js'
import type { FlowReport, Report } from '../src/result.js'

/** One connection as the lab's driver, logs and configuration tell it. */
export interface Truth {
  readonly client: string
  readonly server: string
  readonly start: number
  readonly class: readonly string[]
  readonly variant: string | readonly string[] | null
  readonly severity: string | null
  readonly phase: string | readonly string[] | null
  readonly owed: string | null
  readonly closer: string | null
  readonly closeFlag: string | null
  readonly timer: { readonly setting: string; readonly seconds: number } | null
  readonly exchanges?: number | null
  readonly causeClient: string | null
  readonly links?: readonly { readonly client: string; readonly relation: string }[]
}

/** What one truth and its flow have in common; null: the truth does not say. */
export interface Comparison {
  readonly scenario: string
  readonly truth: Truth
  readonly flow: FlowReport | null
  readonly fields: Readonly<Record<string, boolean | null>>
}

/** Folders under `root` that hold a labelled capture. */
export function labelledCaptures(root: string): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, 'expected.json')))
    .map((entry) => entry.name)
    .sort()
}

/** Analyses one labelled capture and compares every labelled connection. */
export async function scoreCapture(
  root: string,
  scenario: string,
): Promise<{ report: Report; rows: Comparison[] }> {
  const expected = JSON.parse(readFileSync(join(root, scenario, 'expected.json'), 'utf8')) as {
    capture: string
    connections: Truth[]
  }
  const source = openSource(join(root, scenario, expected.capture))
  const report = await analyze([source], { all: true })
  source.close()
  const taken = new Set<number>()
  const rows = expected.connections.map((truth) => {
    const flow = nearest(report, truth, taken)
    if (flow !== null) taken.add(flow.stream)
    return { scenario, truth, flow, fields: flow === null ? { found: false } : compare(report, truth, flow) }
  })
  return { report, rows }
}

/** The flow with these ends that began nearest to the driver's time (ports are reused). */
function nearest(report: Report, truth: Truth, taken: ReadonlySet<number>): FlowReport | null {
  const epoch = Date.parse(`${(report.captures[0].start ?? '').slice(0, 23)}Z`) / 1000
  const fitting = report.flows.filter(
    (flow) =>
      address(flow.client) === truth.client &&
      address(flow.server) === truth.server &&
      !taken.has(flow.stream),
  )
  const off = (flow: FlowReport): number => Math.abs(epoch + flow.start - truth.start)
  return fitting.sort((a, b) => off(a) - off(b))[0] ?? null
}

function among(value: string | null, allowed: string | readonly string[] | null): boolean | null {
  if (allowed === null) return null
  return typeof allowed === 'string' ? value === allowed : value !== null && allowed.includes(value)
}

function compare(report: Report, truth: Truth, flow: FlowReport): Record<string, boolean | null> {
  const { verdict, close } = flow
  const cause = report.flows.find((other) => other.stream === verdict.causeStream)
  const sameClass = truth.class.includes(verdict.class)
  return {
    found: true,
    class: sameClass,
    // Without the leg that began it, nothing in the capture shows that an abort was passed on.
    variant:
      verdict.class === truth.class[0] && (truth.variant !== 'propagated' || truth.causeClient !== null)
        ? among(verdict.variant, truth.variant)
        : null,
    severity: among(verdict.severity, verdict.class === truth.class[0] ? truth.severity : null),
    phase: among(verdict.phase, truth.phase),
    owed: truth.owed === null ? null : close.owed === truth.owed || close.owed === 'unknown',
    closer: among(verdict.closer, truth.closer),
    closeFlag:
      truth.closeFlag === null || truth.closer === null ? null : close.first?.flag === truth.closeFlag,
    setting:
      truth.timer === null || verdict.class === 'unclassified'
        ? null
        : verdict.timer?.setting === truth.timer.setting,
    seconds:
      truth.timer === null || verdict.timer === null
        ? null
        : Math.abs(verdict.timer.seconds - truth.timer.seconds) < 0.3,
    exchanges: truth.exchanges == null || flow.exchanges === null ? null : flow.exchanges === truth.exchanges,
    cause:
      truth.causeClient === null ? null : cause !== undefined && address(cause.client) === truth.causeClient,
    links: linksRight(report, truth, flow),
    certainlyRight: verdict.certainty !== 'certain' ? null : sameClass,
  }
}

function linksRight(report: Report, truth: Truth, flow: FlowReport): boolean | null {
  if (truth.links === undefined || truth.links.length === 0) return null
  return truth.links
    .filter((link) => link.relation !== 'nat-twin')
    .every((link) =>
      flow.links.some((ours) => {
        const other = report.flows.find((one) => one.stream === ours.stream)
        return other !== undefined && address(other.client) === link.client
      }),
    )
}

/** Right and wrong per field over all rows. */
export function tally(rows: readonly Comparison[]): Map<string, { right: number; wrong: number }> {
  const sums = new Map<string, { right: number; wrong: number }>()
  for (const row of rows) {
    for (const [field, value] of Object.entries(row.fields)) {
      if (value === null) continue
      const sum = sums.get(field) ?? { right: 0, wrong: 0 }
      if (value) sum.right++
      else sum.wrong++
      sums.set(field, sum)
    }
  }
  return sums
}

/** True class by verdict, as text lines. */
export function confusionMatrix(rows: readonly Comparison[]): string[] {
  const counts = new Map<string, Map<string, number>>()
  for (const { truth, flow } of rows) {
    const verdict = flow?.verdict.class ?? 'not found'
    const right = truth.class.includes(verdict) ? verdict : truth.class[0]
    const line = counts.get(right) ?? new Map<string, number>()
    line.set(verdict, (line.get(verdict) ?? 0) + 1)
    counts.set(right, line)
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([truth, line]) => {
      const cells = [...line].sort(([a], [b]) => (a === truth ? -1 : b === truth ? 1 : a < b ? -1 : 1))
      return `${truth.padEnd(18)} ${cells.map(([verdict, n]) => `${verdict} ${n}`).join(', ')}`
    })
}
