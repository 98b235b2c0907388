import type { TimerAnswer } from '../timer-match.js'
import type { Case } from '../verdict-rule.js'
import { span } from '../wording.js'

/** What speaks for a server that stopped, rather than for a timer; null: nothing does, or its software has a timer of that length. */
export function mayBeEnding({ around }: Case, answer: TimerAnswer): string | null {
  if (around.mayBeShutdown)
    return 'another idle connection of this server ended in the same moment after another silence, as in a restart'
  const { refusedAfter } = around
  if (refusedAfter === null || answer.known || answer.configured || around.likeIdle > 1) return null
  return `the server refused the next connection, ${span(refusedAfter)} later, and had served nobody in between: it may have stopped instead`
}
