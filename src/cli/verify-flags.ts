/** What `verify` was asked, and what it compares. */
import type { AnalyzeOptions } from '../analyze.js'
import type { Report, VerdictClass } from '../result.js'
import type { AnalyseFlags } from './analyse.js'

/** The options of the command as commander hands them over. */
export interface VerifyFlags extends Pick<
  AnalyseFlags,
  'json' | 'svg' | 'role' | 'filter' | 'timeouts' | 'anonymize' | 'showSecrets' | 'color' | 'quiet'
> {
  readonly before?: readonly string[]
  readonly expect?: readonly string[]
  readonly expectFile?: readonly string[]
  readonly class?: readonly VerdictClass[]
  readonly allowInconclusive?: boolean
  readonly markdown?: string
  readonly junit?: string
}

/** What was compared. */
export interface Compared {
  readonly before: Report | null
  readonly fresh: Report
  /** The fresh captures' names, and how they were analysed: a flow that ended well has to be read again to be drawn. */
  readonly captures: readonly string[]
  readonly options: AnalyzeOptions
  /** Gives a further report the names that the others have. */
  readonly renamed: (report: Report) => Report
}
