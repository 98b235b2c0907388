import { seqDelta } from '../../flow/sequence.js'
import { tookToTheEnd } from '../signs.js'
import { limit } from '../sureness.js'
import { check, type Case, type Reading } from '../verdict-rule.js'
import { actor } from '../wording.js'
import { cleanRuling } from './clean-ruling.js'
import { NO_LENGTH } from './clean-signs.js'

/** The client half-closed and then got all of its response (rule 2.5). */
export function halfClose(c: Case): Reading {
  const { facts } = c
  const { first } = facts.close
  const exchange = facts.standing.exchange
  const owedThen = facts.standing.owed === 'response' || facts.standing.owed === 'rest-of-response'
  const whole = exchange !== null && exchange.responseComplete === true
  const untilClose =
    exchange?.responseFraming === 'close' &&
    facts.sides.server.fin !== null &&
    exchange.responseStart !== null
  const unread = tookToTheEnd(c)
  const reset = facts.sides.client.rst !== null
  const taken =
    exchange?.responseEnd == null ||
    (facts.sides.client.lastAck !== null &&
      seqDelta(facts.sides.client.lastAck, exchange.responseEnd.seq) >= 0)
  return {
    variant: null,
    checks: [
      check(
        'the client sent a FIN first',
        first?.by === 'client' && first.flag === 'FIN',
        'the client did not send a FIN first',
      ),
      check('a response was owed at that moment', owedThen || unread, 'nothing was owed at that moment'),
      check(
        'the whole response came after it',
        whole || untilClose || unread,
        'the response never came to its end',
      ),
      check('the client took it', !reset, 'the client answered it with a RST'),
    ],
    ruling: () =>
      cleanRuling(
        c,
        [
          limit('possible', 'the client acknowledged the end of the response nowhere in the capture', !taken),
          limit('likely', 'whether the response was whole cannot be read', unread),
          limit('likely', NO_LENGTH, untilClose),
        ],
        `${actor(c, 'client')} closed its own direction and then ${taken ? 'received' : 'was sent'} the whole response`,
        ['a half-close is no abort'],
      ),
  }
}
