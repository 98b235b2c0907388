/** The main command: analyse captures, then show the result in the form that was asked for. */
import type { AnalyzeOptions } from '../analyze.js'
import { counted } from '../report/numbers.js'
import type { FlowReport, Report, VerdictClass } from '../result.js'
import { diagnostics } from './diagnostics.js'
import { note } from './failure.js'
import { parseFilter } from './filter-expression.js'
import { liveOutput } from './live.js'
import { lookOf } from './look.js'
import type { NamedHost } from './option-values.js'
import type { Output } from './output.js'
import { readReport } from './read-report.js'
import { UsageError } from './usage-error.js'

/** The options of the main command as commander hands them over. */
export interface AnalyseFlags {
  readonly svg?: string
  readonly seq?: boolean
  /** Names of report files, endings checked. */
  readonly report?: readonly string[]
  /** Ladders of a Markdown report as Mermaid. */
  readonly mermaid?: boolean
  readonly json?: boolean
  readonly ndjson?: boolean
  readonly flow?: number
  readonly role?: readonly NamedHost[]
  readonly filter?: string
  readonly timeouts?: string
  readonly failOn?: readonly VerdictClass[]
  readonly all?: boolean
  readonly showSecrets?: boolean
  readonly anonymize?: boolean
  /** false for --no-color. */
  readonly color: boolean
  readonly quiet?: boolean
}

/** What the flags ask of the analysis. Throws UsageError. */
export async function analysisOptions(flags: Partial<AnalyseFlags>): Promise<AnalyzeOptions> {
  const timeouts =
    flags.timeouts === undefined
      ? []
      : await (await import('./timeouts-file.js')).readTimeouts(flags.timeouts)
  return {
    all: flags.all === true,
    flow: flags.flow ?? null,
    overview: flags.report?.some((path) => !/\.md$/i.test(path)) === true,
    roles: flags.role ?? [],
    filter: flags.filter === undefined ? null : parseFilter(flags.filter),
    timeouts,
    showSecrets: flags.showSecrets === true,
  }
}

/** The report with pseudonyms for addresses and host names. */
export async function anonymized(report: Report): Promise<Report> {
  const { Pseudonyms } = await import('../report/pseudonyms.js')
  return new Pseudonyms().report(report)
}

/** The flow of --flow, null when none was asked for. */
function chosenFlow(report: Report, flags: AnalyseFlags): FlowReport | null {
  if (flags.flow === undefined) return null
  const flow = report.flows.find((each) => each.stream === flags.flow)
  if (flow !== undefined) return flow
  const { flows } = report.summary
  const among = flags.filter === undefined ? `connections here` : `that match the filter`
  throw new UsageError(
    `there is no flow ${flags.flow} among the ${flows} ${among}`,
    'flows are numbered from 0, as tcp.stream in Wireshark; --all lists them',
  )
}

async function terminalText(
  report: Report,
  flow: FlowReport | null,
  flags: AnalyseFlags,
): Promise<Iterable<string>> {
  const look = lookOf(process.stdout, process.env, flags.color)
  if (flow === null) {
    const { terminalReport } = await import('../report/terminal.js')
    return terminalReport(report, look, { quiet: flags.quiet === true, all: flags.all === true })
  }
  const { flowDetail } = await import('../report/terminal-flow.js')
  const { ladderFor } = await import('./ladder.js')
  return [flowDetail(report, flow, look, ladderFor(report, flow, look, flags.seq === true))]
}

async function show(
  report: Report,
  flow: FlowReport | null,
  flags: AnalyseFlags,
  out: Output,
): Promise<void> {
  if (flags.json !== true && flags.ndjson !== true) {
    await out.write(await terminalText(report, flow, flags))
    return
  }
  const { reportJson, reportLines } = await import('../report/json.js')
  // The examples can be drawn from the document alone: it may be compared when the capture is long gone.
  const options = { ladder: flow !== null ? true : ('examples' as const) }
  await out.write(flags.json === true ? reportJson(report, options) : reportLines(report, options))
}

async function draw(report: Report, flow: FlowReport | null, flags: AnalyseFlags): Promise<void> {
  if (flags.svg === undefined) return
  const { writeDiagrams } = await import('./diagrams.js')
  const paths = await writeDiagrams(report, flow?.stream ?? null, flags.svg, flags.seq === true)
  if (paths.length === 0) {
    diagnostics().write(note('nothing was drawn: no connection ended badly', '--flow N draws any of them'))
  } else if (flags.quiet !== true) {
    const drawn =
      paths.length > 2 ? `${paths.length} diagrams drawn into ${flags.svg}` : `drawn into ${paths.join(', ')}`
    diagnostics().write(note(drawn))
  }
}

async function writeReports(report: Report, flags: AnalyseFlags): Promise<void> {
  if (flags.report === undefined) return
  const { writeReport } = await import('./reports.js')
  const options = { anonymous: flags.anonymize === true, mermaid: flags.mermaid === true }
  for (const path of flags.report) {
    const [written, ...pictures] = await writeReport(report, path, options)
    const more = pictures.length === 0 ? '' : ` with ${counted(pictures.length, 'picture')} beside it`
    if (flags.quiet !== true) diagnostics().write(note(`report written to ${written ?? path}${more}`))
  }
}

function warnOfCuts(report: Report, flags: AnalyseFlags): void {
  // In the terminal report it stands in the header; machine output and --quiet have none.
  if (flags.json !== true && flags.ndjson !== true && flags.quiet !== true && flags.flow === undefined) return
  for (const capture of report.captures) {
    if (!capture.truncated) continue
    diagnostics().write(
      note(`${capture.file} ends in the middle of a packet; everything before that was analysed`),
    )
  }
}

/** What was asked for and came to nothing. */
function warnOfIdle(report: Report, flags: AnalyseFlags): void {
  const say = (message: string, hint: string): void => void diagnostics().write(note(message, hint))
  if (flags.filter !== undefined && report.summary.flows === 0)
    say(`no connection matches --filter '${flags.filter}'`, 'without it all are listed with --all')
  for (const { role, ip } of flags.role ?? [])
    if (!report.chain.some((host) => host.role === role && host.ips.includes(ip)))
      say(
        `--role ${role}=${ip}: no connection of this capture has that end`,
        'addresses stand in the line "chain"',
      )
  if (flags.seq === true && flags.svg === undefined && flags.flow === undefined)
    say('--seq changes nothing: no diagram is drawn', '--svg why.svg --seq')
  if (flags.mermaid === true && !(flags.report ?? []).some((path) => /\.md$/i.test(path)))
    say('--mermaid changes nothing: no Markdown report is written', '--report why.md --mermaid')
}

/** Runs the command; gives the exit status. Throws CaptureError and UsageError. */
export async function analyseCommand(
  captures: readonly string[],
  flags: AnalyseFlags,
  out: Output,
): Promise<number> {
  const options = await analysisOptions(flags)
  const live = await liveOutput(captures, flags, out)
  const asked = live !== null && flags.ndjson === true ? { ...options, keepFlows: false } : options
  const read = await readReport(captures, asked, flags.quiet === true, live)
  const report = flags.anonymize === true ? await anonymized(read) : read
  warnOfIdle(read, flags)
  const flow = chosenFlow(report, flags)
  warnOfCuts(report, flags)
  await draw(report, flow, flags)
  await writeReports(report, flags)
  await show(report, flow, flags, out)
  const failed = (flags.failOn ?? []).some((word) => (report.summary.byClass[word] ?? 0) > 0)
  return failed ? 1 : 0
}
