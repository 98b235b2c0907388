/** How sure a verdict is, by rule: a verdict whose checks all hold is certain unless a named limit applies. */
import type { FlowFacts } from '../facts/flow-facts.js'
import { mayHaveMetClose } from '../facts/last-words.js'
import type { Certainty } from '../result.js'

/** One reason why a verdict cannot be as sure as its checks alone would make it. */
export interface Limit {
  readonly atMost: Exclude<Certainty, 'certain'>
  /** What the verdict rests on, or which other reading remains; a sentence without a full stop. */
  readonly because: string
  readonly applies: boolean
}

/** Of a connection that the capture shows from its middle, without message boundaries: what it was in the middle of is unknown. */
const LATE_UNREAD = 'the capture began in the middle of it and shows no message boundary'

/** Of a request that is the first thing the capture shows of its connection. */
const MET_CLOSE = 'the capture began with this request: the other end may have closed before it'

/** Of TLS without all of its records: which of them begin a turn is then a guess. */
const RECORDS_LOST = 'records of its TLS cannot be followed'

/** Not those that the snaplen cut: each segment of them shows a record's beginning. */
function recordsLost({ conversation, payloadCut }: FlowFacts): boolean {
  return conversation?.protocol === 'tls' && conversation.framingLost && !payloadCut
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

/** What a capture that began in the middle of the connection leaves open about an abort, or about an end whose debts are unread. */
export function lateLimits(facts: FlowFacts, unread = !facts.standing.framed): Limit[] {
  return [
    limit('possible', LATE_UNREAD, facts.lateStart && unread),
    limit('possible', MET_CLOSE, mayHaveMetClose(facts)),
    limit('possible', RECORDS_LOST, unread && recordsLost(facts)),
  ]
}

/** What holes of the capture leave open about any end. */
export function holeLimits({ close }: FlowFacts): Limit[] {
  return [limit('likely', 'the first close itself is not in the capture', close.first?.captured === false)]
}
