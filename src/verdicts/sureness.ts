/** How sure a verdict is, by rule: a verdict whose checks all hold is certain unless a named limit applies. */
import type { Certainty } from '../result.js'

/** One reason why a verdict cannot be as sure as its checks alone would make it. */
export interface Limit {
  readonly atMost: Exclude<Certainty, 'certain'>
  /** What the verdict rests on, or which other reading remains; a sentence without a full stop. */
  readonly because: string
  readonly applies: boolean
}

/** A limit; without a condition it always applies. */
export function limit(atMost: Limit['atMost'], because: string, applies = true): Limit {
  return { atMost, because, applies }
}

/** The weakest word of the limits that apply; `certain` without any. */
export function certaintyOf(limits: readonly Limit[]): Certainty {
  const applying = limits.filter(({ applies }) => applies)
  if (applying.some(({ atMost }) => atMost === 'possible')) return 'possible'
  return applying.length > 0 ? 'likely' : 'certain'
}
