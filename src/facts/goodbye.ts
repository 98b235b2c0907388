import { seqDelta } from '../flow/sequence.js'
import type { Conversation, Exchange } from '../exchange/exchange.js'
import type { Standing } from './flow-facts.js'
import { factsPolicy } from './policy.js'
import { type Knowledge, standing } from './standing-parts.js'

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

/** The first that a server said inside TLS, before any request and just before it closed: a 408, or news. Null: it said nothing like that. */
export function unaskedGoodbye({ unasked }: Conversation, knows: Knowledge): Goodbye | null {
  if (unasked === null || knows.closer !== 'server' || knows.closeNs === null) return null
  const before = knows.closeNs - unasked.timeNs
  return before < 0 || before > factsPolicy.goodbyeWithinNs
    ? null
    : { frame: unasked.frame, status: null, whole: false }
}

/**
 * The server of a protocol that is not read said in known words that it gives up waiting for its client, and closed: it owed nothing.
 * What is a mere line of text counts only where the client had not spoken last. Null: it did not.
 */
export function farewellStanding(
  { farewell }: Conversation,
  exchange: Exchange | null,
  knows: Knowledge,
): Standing | null {
  if (farewell === null || knows.closer !== 'server' || knows.closeNs === null) return null
  const { start, words } = farewell
  const before = knows.closeNs - start.timeNs
  if (before < 0 || before > factsPolicy.goodbyeWithinNs) return null
  const answers = exchange?.responseStart?.seq === start.seq
  // Of a capture that began later it is not known who had spoken last.
  const unheard = exchange === null && knows.lateStart
  if (words === 'text' && (answers || unheard)) return null
  const phase = exchange === null && !unheard ? 'awaiting-request' : 'between-requests'
  return { ...standing('nothing', phase, exchange, true), goodbyeFrame: start.frame, goodbyeWords: words }
}
