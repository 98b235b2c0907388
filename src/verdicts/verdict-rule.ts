import type { FlowFacts } from '../facts/flow-facts.js'
import type { Surroundings } from '../facts/leg-facts.js'
import type { UserTimeout } from '../knowledge/types.js'
import type { Verdict, VerdictClass } from '../result.js'
import type { Limit } from './sureness.js'

/** One flow with all that a verdict may look at. */
export interface Case {
  readonly facts: FlowFacts
  readonly around: Surroundings
  /** The user's configured timeouts. */
  readonly timeouts: readonly UserTimeout[]
}

/** One condition of a reading, with what it needs said when it does not hold. */
export interface Check {
  /** What must be true, as a sentence without a full stop. */
  readonly claim: string
  readonly holds: boolean | 'unknown'
  /** Why it does not hold, as a sentence without a full stop; with the measured value where there is one. */
  readonly otherwise: string
}

/** What a reading says when all its checks hold: the verdict without what the judge adds. */
export type Ruling = Omit<
  Verdict,
  'class' | 'variant' | 'notThis' | 'severity' | 'certainty' | 'pendingRequest'
> & {
  /** What keeps it from being certain, where it applies. */
  readonly limits: readonly Limit[]
}

/** One way in which a class can be true. */
export interface Reading {
  readonly variant: string | null
  readonly checks: readonly Check[]
  readonly ruling: () => Ruling
}

/** A class: all about it stands in its file. */
export interface Rule {
  readonly code: VerdictClass
  readonly title: string
  /** The ways in which this flow could belong to the class, most specific first. */
  readonly readings: (c: Case) => readonly Reading[]
}

/** A check. */
export function check(claim: string, holds: boolean | 'unknown', otherwise: string): Check {
  return { claim, holds, otherwise }
}
