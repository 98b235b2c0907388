/** Compares verdicts with the truth of labelled captures (captures/<scenario>/expected.json). */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { analyze } from '../src/analyze.js'
import { openSource } from '../src/capture/file-source.js'
import { entry } from '../src/knowledge/look-up.js'
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

/** Both captures of every before-and-after pair below `root`, as verify/<pair>/before and verify/<pair>/after. */
export function labelledPairs(root: string): string[] {
  const folder = join(root, 'verify')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .sort()
    .flatMap((pair) => ['before', 'after'].map((side) => `verify/${pair}/${side}`))
}

/** Where the truth about a labelled capture is, and what tshark said of it: files in its folder, or named like it beside its pair. */
export function besideCapture(root: string, scenario: string, name: 'expected.json' | 'tshark.tsv'): string {
  const inside = join(root, scenario, name)
  return existsSync(join(root, scenario)) ? inside : join(root, `${scenario}.${name}`)
}

/** The capture itself, by the name its truth gives. */
export function capturePath(root: string, scenario: string): string {
  const expected = besideCapture(root, scenario, 'expected.json')
  return join(dirname(expected), (JSON.parse(readFileSync(expected, 'utf8')) as { capture: string }).capture)
}

/** Analyses one labelled capture and compares every labelled connection. */
export async function scoreCapture(
  root: string,
  scenario: string,
): Promise<{ report: Report; rows: Comparison[] }> {
  const expected = JSON.parse(readFileSync(besideCapture(root, scenario, 'expected.json'), 'utf8')) as {
    connections: Truth[]
  }
  const source = openSource(capturePath(root, scenario))
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

const byEnds = new WeakMap<Report, Map<string, FlowReport[]>>()

/** Flows by client and server address: a lab run has captures of thousands. */
function flowsByEnds(report: Report): Map<string, FlowReport[]> {
  const known = byEnds.get(report)
  if (known !== undefined) return known
  const made = new Map<string, FlowReport[]>()
  for (const flow of report.flows) {
    const ends = `${address(flow.client)} ${address(flow.server)}`
    made.set(ends, [...(made.get(ends) ?? []), flow])
  }
  byEnds.set(report, made)
  return made
}

/** The flow with these ends that began nearest to the driver's time (ports are reused). */
export function nearest(report: Report, truth: Truth, taken: ReadonlySet<number>): FlowReport | null {
  const epoch = Date.parse(`${(report.captures[0].start ?? '').slice(0, 23)}Z`) / 1000
  const fitting = (flowsByEnds(report).get(`${truth.client} ${truth.server}`) ?? []).filter(
    (flow) => !taken.has(flow.stream),
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
  const setting =
    truth.timer === null || verdict.class === 'unclassified'
      ? null
      : sameSetting(verdict.timer?.setting ?? null, truth.timer.setting)
  const shown = softwareShown(truth, flow)
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
    setting,
    'setting, software shown': shown === true ? setting : null,
    'setting, software not shown': shown === false ? setting : null,
    seconds:
      truth.timer === null || verdict.timer === null
        ? null
        : Math.abs(verdict.timer.seconds - truth.timer.seconds) < 0.3,
    'inferred seconds': truth.timer === null ? null : inferred(report, truth, truth.timer),
    exchanges: truth.exchanges == null || flow.exchanges === null ? null : flow.exchanges === truth.exchanges,
    cause:
      truth.causeClient === null ? null : cause !== undefined && address(cause.client) === truth.causeClient,
    links: linksRight(report, truth, flow),
    certainlyRight: verdict.certainty !== 'certain' ? null : sameClass,
  }
}

/**
 * Whether the timers read off the closes hold this one: same server and side, its seconds within 0.3 s or the setting's own tolerance
 * (polling), or announced. Null: it closed nothing on the wire, or another leg's end explains the close.
 */
function inferred(
  report: Report,
  truth: Truth,
  { setting, seconds }: NonNullable<Truth['timer']>,
): boolean | null {
  if (truth.closeFlag === null || truth.causeClient !== null) return null
  const { late = 0 } = entry(setting)?.tolerance ?? {}
  const most = seconds + Math.max(0.3, late)
  return (report.timers ?? []).some(
    (timer) =>
      address(timer.server) === truth.server &&
      (truth.closer === null || timer.by === truth.closer) &&
      (timer.declaredSeconds === seconds || (timer.value >= seconds - 0.3 && timer.value <= most)),
  )
}

/** One setting may have two entries, for the waits before and inside a body (`nginx.proxy_read_timeout` and `….body`). */
function sameSetting(ours: string | null, truth: string): boolean {
  if (ours === truth || ours === null) return ours === truth
  const [one, other] = [entry(ours), entry(truth)]
  return one !== null && other !== null && one.component === other.component && one.setting === other.setting
}

/**
 * Whether the capture shows which software's timer fired, so that its setting can be named. It does not in TLS, in a capture of the
 * other leg, or when the software never said a word; then the candidates are ranked by role and value only. Null: no timer fired.
 */
function softwareShown(truth: Truth, flow: FlowReport): boolean | null {
  if (truth.timer === null) return null
  // Without a close on the wire it was the waiting end that gave up: the client of the leg.
  return flow[truth.closer === 'server' ? 'server' : 'client'].software != null
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
