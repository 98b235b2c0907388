import { askedAbout } from '../asked-status.js'
import { limit } from '../sureness.js'
import { check, type Case, type Reading } from '../verdict-rule.js'
import { actor, closeWord, requestName } from '../wording.js'
import { cleanRuling } from './clean-ruling.js'
import { owedText } from './clean-signs.js'

/** A proxy had the status of a request that only asks about another one. */
export function asked(c: Case): Reading {
  const link = askedAbout(c)
  return {
    variant: null,
    checks: [check('only its status was wanted', link !== null, owedText(c))],
    ruling: () =>
      cleanRuling(
        c,
        [limit('likely', 'it rests on the header that names the request it asked about')],
        `${actor(c, 'client')} closed (${closeWord(c.facts)}) when it had the status ${link?.upstreamExchange?.status ?? ''} of ${requestName(c.facts)}, which only asks about a request of flow ${link?.downstream.stream ?? ''}`,
        ['the rest of the response is not read there (nginx: auth_request)'],
      ),
  }
}
