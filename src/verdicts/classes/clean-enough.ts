import { hadEnough } from '../had-enough.js'
import { limit } from '../sureness.js'
import { check, type Case, type Reading } from '../verdict-rule.js'
import { actor, requestName } from '../wording.js'
import { cleanRuling } from './clean-ruling.js'

/** The client closed when it had what it wanted, although something was outstanding. */
export function enough(c: Case): Reading {
  const what = hadEnough(c.facts)
  const status = c.facts.standing.exchange?.status ?? ''
  return {
    variant: null,
    checks: [
      check(
        'the client had what it wanted when it closed',
        what !== null,
        'something was outstanding that the client may have wanted',
      ),
    ],
    ruling: () =>
      what === 'health-check'
        ? cleanRuling(
            c,
            [limit('likely', 'that it only asks for the status is told by the form of its request')],
            `${actor(c, 'client')} closed the connection as soon as it had read the status ${status} of ${requestName(c.facts)}: a health check`,
            [
              'HAProxy (option httpchk) asks in HTTP/1.0 without a header and resets the connection like this',
            ],
          )
        : cleanRuling(
            c,
            [limit('likely', 'why a client stops sending is not on the wire')],
            `${actor(c, 'client')} stopped sending ${requestName(c.facts)} and closed when it had the whole answer: ${status}`,
            [`${actor(c, 'server')} answered ${status} before it had the whole request`],
          ),
  }
}
