/** How many connections ended how. A class alone does not tell: a keep-alive timer that cut nothing off is of the class of one that did. */
import type { Finding, FlowReport, Report, Severity, VerdictClass } from '../result.js'
import { CLASS_WORDS } from './words.js'

/** Connections of one class and severity, all that the capture holds. */
export interface Ending {
  readonly class: VerdictClass
  readonly severity: Severity
  /** At least 1. */
  readonly count: number
}

const WORST_FIRST: readonly Severity[] = ['problem', 'latent', 'ok']

/** Every connection once: those that a finding speaks of with its severity, the others as harmless. In the order of the classes. */
export function endingsOf(report: Report): Ending[] {
  const told = new Map<string, number>()
  const add = (word: VerdictClass, severity: Severity, count: number): void => {
    told.set(`${word} ${severity}`, (told.get(`${word} ${severity}`) ?? 0) + count)
  }
  for (const finding of report.findings) {
    for (const part of [finding, ...(finding.parts ?? [])]) add(part.class, part.severity, part.count)
  }
  for (const { verdict } of seenAgain(report)) add(verdict.class, verdict.severity, 1)
  return CLASS_WORDS.flatMap((word) => {
    const bad = (told.get(`${word} problem`) ?? 0) + (told.get(`${word} latent`) ?? 0)
    add(word, 'ok', (report.summary.byClass[word] ?? 0) - bad - (told.get(`${word} ok`) ?? 0))
    return WORST_FIRST.map((severity) => ({
      class: word,
      severity,
      count: told.get(`${word} ${severity}`) ?? 0,
    })).filter(({ count }) => count > 0)
  })
}

/** Flows that ended badly and are told under another number: the same connection under other addresses. */
export function seenAgain(report: Report): FlowReport[] {
  const told = new Set(report.findings.flatMap(streamsOf))
  return report.flows.filter(
    ({ stream, verdict, links }) =>
      verdict.severity !== 'ok' &&
      !told.has(stream) &&
      links.some((link) => link.relation === 'nat-twin' && told.has(link.stream)),
  )
}

/** Streams of a finding and of what belongs to it. */
export function streamsOf({ streams, parts }: Finding): number[] {
  return [...streams, ...(parts ?? []).flatMap((part) => part.streams)]
}
