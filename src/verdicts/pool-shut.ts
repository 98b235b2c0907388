import type { ShutdownFacts } from '../facts/leg-facts.js'
import type { TimerAnswer } from './timer-match.js'
import { check, type Case, type Check } from './verdict-rule.js'
import { span } from './wording.js'

/** The closes beside which a silence shows no timer: the client closed others with it that had been silent for other times. */
export function notWithPool({ around }: Case, answer: TimerAnswer): Check {
  const shut = around.poolShut
  // Several timers, each of a length that is set or known, may run out together.
  const fits = answer.configured || answer.known
  return check(
    'the client did not close others in the same moment, after other silences',
    shut === null || fits,
    shut === null ? '' : poolShutText(shut),
  )
}

/** What such closes tell. */
export function poolShutText({ flows, withinNs, silencesSpreadNs }: ShutdownFacts): string {
  return `the client closed ${flows} idle connections within ${span(withinNs)} although their silences differed by ${span(silencesSpreadNs)}: its pool was shut or swept, or its program ended`
}
