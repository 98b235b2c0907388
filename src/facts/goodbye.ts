import { seqDelta } from '../flow/sequence.js'
import type { Conversation } from '../exchange/exchange.js'
import { factsPolicy } from './policy.js'
import type { Knowledge } from './standing-parts.js'

/** A response that answers no request, just before its server's close. */
export interface Goodbye {
  readonly frame: number
  readonly status: number | null
  /** It came to its end, and nothing of the server follows it. */
  readonly whole: boolean
}

/** The goodbye of the server that closed; null: it said none, or closed only later. */
export function goodbyeOrphan(conversation: Conversation, knows: Knowledge): Goodbye | null {
  const orphan = conversation.orphans[conversation.orphans.length - 1]
  if (orphan === undefined || knows.closer !== 'server' || knows.closeNs === null) return null
  const before = knows.closeNs - orphan.start.timeNs
  if (before < 0 || before > factsPolicy.goodbyeWithinNs) return null
  const end = orphan.response.responseEnd
  const whole = end !== null && knows.responsesTo !== null && seqDelta(knows.responsesTo, end.seq) === 0
  return { frame: orphan.start.frame, status: orphan.status, whole }
}
