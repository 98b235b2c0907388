/** `pcap-why verify`: is it fixed? A fresh capture compared with one from before, and expectations for CI. */
import type { AnalyzeOptions } from '../analyze.js'
import type { Report } from '../result.js'
import { compareReports, sideOf } from '../verify/compare.js'
import { judgeRule } from '../verify/expectations.js'
import type { Rule } from '../verify/rules.js'
import { passed, resultOf, type Verification } from '../verify/verification.js'
import { analysisOptions } from './analyse.js'
import { checkSettings, knownTimer, readRules } from './expect-rules.js'
import type { Output } from './output.js'
import { checkStandardInput, readReport } from './read-report.js'
import { looksLikeJson, readSavedReport } from './saved-report.js'
import { UsageError } from './usage-error.js'
import type { VerifyFlags } from './verify-flags.js'
import { writeForms } from './verify-forms.js'

/** Captures, or one saved report. */
async function readBefore(
  paths: readonly string[],
  options: AnalyzeOptions,
  quiet: boolean,
): Promise<Report> {
  const saved = await Promise.all(paths.map(looksLikeJson))
  if (!saved.includes(true)) return readReport(paths, options, quiet)
  const [path] = paths
  if (paths.length > 1 || path === undefined) {
    throw new UsageError(
      '--before takes captures or one saved report, not both',
      'captures can be analysed together: pcap-why a.pcap b.pcap --json > before.json',
    )
  }
  return readSavedReport(path)
}

function checkUsage(fresh: readonly string[], flags: VerifyFlags, rules: readonly Rule[]): void {
  const before = flags.before ?? []
  if (before.length === 0 && rules.length === 0) {
    throw new UsageError(
      'nothing to verify: neither --before nor --expect is given',
      'pcap-why verify fresh.pcap --before incident.pcap',
    )
  }
  if (before.length === 0 && rules.some((rule) => rule.kind === 'fixed'))
    throw new UsageError('--expect fixed needs a capture to compare with', '--before incident.pcap')
  if (before.length === 0 && flags.svg !== undefined)
    throw new UsageError('--svg draws before and after, so it needs --before')
  checkStandardInput([...before, ...fresh])
  const onStdout = [flags.json === true, flags.markdown === '-', flags.junit === '-'].filter(Boolean).length
  if (onStdout > 1)
    throw new UsageError('standard output can take one form only: --json, --markdown - or --junit -')
}

/** Runs the command; gives the exit status. Throws CaptureError and UsageError. */
export async function verifyCommand(
  captures: readonly string[],
  flags: VerifyFlags,
  out: Output,
): Promise<number> {
  const rules = await readRules(flags.expect ?? [], flags.expectFile ?? [])
  checkUsage(captures, flags, rules)
  const options = await analysisOptions(flags)
  const quiet = flags.quiet === true
  const before = flags.before === undefined ? null : await readBefore(flags.before, options, quiet)
  const fresh = await readReport(captures, options, quiet)
  checkSettings(rules, options.timeouts ?? [], fresh)
  const comparison = before === null ? null : compareReports(before, fresh, { classes: flags.class ?? null })
  const expectations = rules.map((rule) => judgeRule(rule, { fresh, comparison, timer: knownTimer }))
  const verification: Verification = {
    comparison,
    fresh: sideOf(fresh),
    expectations,
    result: resultOf(comparison, expectations),
    inconclusiveAllowed: flags.allowInconclusive === true,
  }
  await writeForms(
    verification,
    { before, fresh, captures, options, renamed: (report) => report },
    flags,
    out,
  )
  return passed(verification) ? 0 : 1
}
