/** What a comparison of two reports says, as plain data: what text, JSON, Markdown and JUnit show alike. */
import type { LegExposure } from '../result.js'
import type { Cause } from './causes.js'
import type { MatchedBy } from './legs.js'
import type { Opportunity } from './opportunities.js'
import type { Trials } from './significance.js'

/** The answer to "is it fixed?". */
export type Answer = 'fixed' | 'not fixed' | 'not enough evidence yet'

/**
 * What became of a cause. `gone`: absent, and its absence is significant. `impossible`: absent, and what made it possible is gone.
 * `unseen`: absent, but that may be chance. `possible`: absent, but what made it possible is still there.
 */
export type CauseStatus =
  'gone' | 'impossible' | 'unseen' | 'possible' | 'still there' | 'changed timer' | 'new'

/** The test by which an absence is judged. */
export type TestName = 'fisher-exact' | 'poisson-conditional'

/** One way of counting opportunities in both captures, and what follows from the counts. */
export interface Measure extends Opportunity {
  /** What is counted, in words, in the plural. */
  readonly words: string
  /** What the failed ones among them did or suffered: `were cut`. */
  readonly failedWords: string
  readonly before: Trials
  readonly after: Trials
  /** Of the fresh trials those that were not over when the capture ended: the test takes them for failures. */
  readonly open: number
  /** Seconds that each capture covers. */
  readonly seconds: { readonly before: number; readonly after: number }
  readonly test: TestName
  /** Probability of so few failures in the fresh capture if nothing had changed. */
  readonly p: number
  /** Probability of so many or more failures in it if nothing had changed. */
  readonly oftener: number
  /** Trials (seconds, for `time`) without failure that the fresh capture needs in all; null: no number is enough. */
  readonly needed: number | null
  /** How many more that is, and how long they take at the rate of the fresh capture (else of the one before), minutes; 0: enough. */
  readonly more: number | null
  readonly minutes: number | null
}

/** The place of a cause in both captures; null: that report does not list the leg. */
export interface Place {
  readonly before: LegExposure | null
  readonly after: readonly LegExposure[]
}

/** Something that was found about the change itself. */
export interface Mechanism {
  readonly kind:
    | 'waited-longer'
    | 'timer-moved'
    | 'reusing-side-first'
    | 'serving-side-first'
    | 'no-reuse'
    | 'kept-idle-longer'
    | 'heartbeats'
    | 'answered'
  /** Whether it makes the failure impossible, leaves it possible, or only supports what was counted. */
  readonly means: 'impossible' | 'possible' | 'support'
  readonly text: string
  /** The numbers in the text: seconds or counts, by name. */
  readonly numbers: Readonly<Record<string, number>>
  /** Flow of the fresh capture that shows it; null: no single one. */
  readonly stream: number | null
}

/** One cause in both captures. */
export interface CauseComparison {
  readonly status: CauseStatus
  /** In the capture before; null: it is new. */
  readonly before: Cause | null
  /** In the fresh capture; null: it is absent. */
  readonly after: Cause | null
  /** Counts for the answer; others are told and do not decide. */
  readonly decides: boolean
  /** How its leg was found again. */
  readonly matchedBy: MatchedBy | null
  readonly measures: readonly Measure[]
  /** The largest p of the measures; null: nothing could be counted. */
  readonly p: number | null
  readonly mechanisms: readonly Mechanism[]
  /** One sentence: what became of it. */
  readonly sentence: string
}

/** What was compared, one side. */
export interface ComparedSide {
  readonly files: readonly string[]
  readonly seconds: number
  readonly frames: number
  readonly connections: number
  readonly problems: number
}

/** The whole comparison. */
export interface Comparison {
  readonly answer: Answer
  /** Why, in one sentence. */
  readonly because: string
  readonly level: number
  readonly before: ComparedSide
  readonly after: ComparedSide
  readonly causes: readonly CauseComparison[]
}
