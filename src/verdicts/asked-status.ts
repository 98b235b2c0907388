import { isQuestion } from '../chain/sub-requests.js'
import type { LegLink } from '../facts/leg-facts.js'
import { policy } from './policy.js'
import { downstreamOf, endedBefore } from './signs.js'
import type { Case } from './verdict-rule.js'

/**
 * The request that a proxy asked this server about (nginx's auth_request): it closed at once when it had the head of the answer, whose
 * status is all that it wants, and went on with that request. Null: it did not.
 */
export function askedAbout(c: Case): LegLink | null {
  const { close, standing } = c.facts
  const link = downstreamOf(c)
  if (close.first?.by !== 'client' || standing.owed !== 'rest-of-response' || link === null) return null
  const { upstreamExchange: asked, downstreamExchange: about } = link
  if (asked?.status == null || !isQuestion(link)) return null
  const after = close.first.ns - asked.responseStartNs
  if (after < 0 || after >= policy.promptCloseNs || about.responseStartNs <= close.first.ns) return null
  const left = endedBefore(link)
  return left === null || left.ns > close.first.ns ? link : null
}
