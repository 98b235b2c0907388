import type { FarewellWords } from '../exchange/exchange.js'
import { NO_ANSWER, type TimerAnswer } from './timer-match.js'
import { seconds, toldSeconds } from './policy.js'
import { bytesMetClose, unansweredRequest } from './met-close.js'
import type { Case } from './verdict-rule.js'

/** What each of these words is, and what sets the time that ran out. */
const SAID: Readonly<Record<FarewellWords, { readonly name: string; readonly setBy: string }>> = {
  mysql: { name: 'MySQL error 4031', setBy: 'wait_timeout (interactive_timeout for a command line)' },
  postgresql: { name: 'PostgreSQL FATAL 57P05', setBy: 'idle_session_timeout' },
  'postgresql-transaction': {
    name: 'PostgreSQL FATAL 25P03: a transaction was open and is rolled back',
    setBy: 'idle_in_transaction_session_timeout',
  },
  text: { name: 'a reply that speaks of a timeout', setBy: 'a timeout of the server for commands' },
}

/** The goodbye in a few words; null: none that is known. */
export function farewellName({ facts }: Case): string | null {
  const { goodbyeWords } = facts.standing
  return goodbyeWords === null ? null : SAID[goodbyeWords].name
}

/** The timer that the server itself named; null: it named none. */
export function farewellTimer({ facts }: Case): TimerAnswer | null {
  const gap = facts.timerGapNs
  if (facts.standing.goodbyeWords === null || gap === null) return null
  return {
    ...NO_ANSWER,
    timer: { seconds: toldSeconds(seconds(gap)), setting: null, candidates: [] },
  }
}

/** What is worth knowing beside it. */
export function farewellRemarks(c: Case): string[] {
  const { facts } = c
  const { goodbyeWords, goodbyeFrame } = facts.standing
  if (goodbyeWords === null) return []
  const { name, setBy } = SAID[goodbyeWords]
  const said = `the server itself says that it gave up waiting (${name}, frame ${facts.frameName(goodbyeFrame)}): ${setBy}`
  const met = bytesMetClose(c) ? (unansweredRequest(c)?.requestStart ?? null) : null
  if (met === null) return [said]
  return [
    said,
    `what the client sent after that (frame ${facts.frameName(met.frame)}) met a closed connection: it did not look`,
  ]
}
