/** `pcap-why timers`: the timers that the closes of a capture show, and whether their order is safe. */
import { analysisOptions, anonymized, type AnalyseFlags } from './analyse.js'
import { lookOf } from './look.js'
import type { Output } from './output.js'
import { readReport } from './read-report.js'

/** The options of the command as commander hands them over. */
export type TimersFlags = Pick<
  AnalyseFlags,
  'json' | 'role' | 'filter' | 'timeouts' | 'anonymize' | 'color' | 'quiet'
>

/** Runs the command; gives the exit status. Throws CaptureError and UsageError. */
export async function timersCommand(
  captures: readonly string[],
  flags: TimersFlags,
  out: Output,
): Promise<number> {
  const read = await readReport(captures, await analysisOptions(flags), flags.quiet === true)
  const report = flags.anonymize === true ? await anonymized(read) : read
  if (flags.json === true) {
    const { timersJson } = await import('../report/json-timers.js')
    await out.write(timersJson(report))
    return 0
  }
  const { terminalTimers } = await import('../report/terminal-timers.js')
  await out.write(terminalTimers(report, lookOf(process.stdout, process.env, flags.color)))
  return 0
}
