/** What the frames of HTTP/2 said about the end of a connection. */
import { http2ErrorName } from '../knowledge/http2-errors.js'
import type { Case } from './verdict-rule.js'
import { requestWords } from './wording.js'

/** RFC 9113 7: no error, as in a graceful end. */
const NO_ERROR = 0

/** The server's GOAWAY before its close, with its error and what it had not acted upon; null: it sent none, or not before it closed. */
export function goAwayText({ facts }: Case): string | null {
  const { conversation, close, standing } = facts
  const goAway = conversation?.goAway ?? null
  if (conversation === null || goAway === null || goAway.side === conversation.requestSide) return null
  if (goAway.errorCode === null || (close.first !== null && goAway.point.timeNs > close.first.ns)) return null
  const said = `the server had sent GOAWAY (${http2ErrorName(goAway.errorCode)}) in frame ${facts.frameName(goAway.point.frame)}`
  return standing.exchange?.unprocessed === true
    ? `${said}: its last stream is an earlier one than that of ${requestWords(standing.exchange, 'the request')}, which it has not acted upon`
    : said
}

/** The same, where the code is that of an error: the server did not merely take leave. */
export function complaintText(c: Case): string | null {
  const code = c.facts.conversation?.goAway?.errorCode ?? NO_ERROR
  return code === NO_ERROR ? null : goAwayText(c)
}

/** How the stream that was the last was reset before the close; null: it was not. */
export function resetText({ facts }: Case): string | null {
  const { conversation, standing, close } = facts
  const reset = standing.exchange?.reset ?? null
  if (conversation === null || reset === null || standing.owed !== 'nothing') return null
  if (close.first === null || reset.point.timeNs > close.first.ns) return null
  const who = reset.side === conversation.requestSide ? 'client' : 'server'
  const name = reset.errorCode === null ? '' : ` (${http2ErrorName(reset.errorCode)})`
  return `the ${who} had ended the stream of ${requestWords(standing.exchange, 'the request')} with RST_STREAM${name} in frame ${facts.frameName(reset.point.frame)}`
}
