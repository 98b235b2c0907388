import { inRecord, readPhase } from '../read-phase.js'
import type { Case } from '../verdict-rule.js'
import { mayHaveAskedOnly } from './clean-signs.js'

/** The sentence on a silence of which nobody can read what was waited for, or only that a record broke off; null: that can be read. */
export function unreadSummary(c: Case, who: string, gap: string): string | null {
  if (mayHaveAskedOnly(c) && readPhase(c) === 'awaiting-request')
    return `${who} closed the connection after ${gap} in which neither side sent anything; whether a request had come before cannot be read`
  if (inRecord(c)) return `${who} closed after waiting ${gap} for the rest of a TLS record of the request`
  return readPhase(c) === null
    ? `${who} closed the connection after ${gap} in which neither side sent anything${unreadText(c)}`
    : null
}

/** What nobody can read of a silence. */
function unreadText({ facts }: Case): string {
  return facts.lastData?.by === 'client'
    ? '; whether a request or its response was being waited for cannot be read'
    : '; whether it was idle or in the middle of a response cannot be read'
}
