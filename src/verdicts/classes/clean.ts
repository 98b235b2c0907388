import { seqDelta } from '../../flow/sequence.js'
import { serverTookLeave } from '../../facts/last-words.js'
import { lastWordsLost } from '../holes.js'
import { requestMetByClose } from '../met-close.js'
import { tookToTheEnd } from '../signs.js'
import { lateLimits, limit, type Limit } from '../sureness.js'
import { check, type Case, type Check, type Reading, type Rule, type Ruling } from '../verdict-rule.js'
import { actor, closeWord, sentence } from '../wording.js'
import {
  mayBePool,
  mayBeTimer,
  isLongIdle,
  lacksItsEnd,
  onlyItsEnd,
  owedText,
  plausiblyDone,
} from './clean-signs.js'

/** An orderly end with nothing owed. */
export const clean: Rule = {
  code: 'clean',
  title: 'clean',
  readings: (c) => [scan(c), halfClose(c), orderly(c)],
}

/** SYN, SYN-ACK, RST by the client: a health check or a scan. */
function scan(c: Case): Reading {
  const { facts } = c
  const noData = facts.sides.client.payloadBytes === 0 && facts.sides.server.payloadBytes === 0
  const { first } = facts.close
  return {
    variant: null,
    checks: [
      check('the server accepted the connection', facts.synAck !== null, 'the capture shows no SYN-ACK'),
      check('no payload was sent', noData && facts.sides.client.missingTo === null, 'payload was sent'),
      check(
        'the client reset it at once',
        first?.by === 'client' && first.flag === 'RST',
        'the client did not reset it',
      ),
    ],
    ruling: () =>
      ruling(c, [], `${actor(c, 'client')} opened the connection and reset it without sending a byte`, [
        'a scan or a health check looks like this',
      ]),
  }
}

/** The client half-closed and then got all of its response (rule 2.5). */
function halfClose(c: Case): Reading {
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
      ruling(
        c,
        [
          limit('likely', 'the client acknowledged the end of the response nowhere in the capture', !taken),
          limit('likely', 'whether the response was whole cannot be read', unread),
        ],
        `${actor(c, 'client')} closed its own direction and then received the whole response`,
        ['a half-close is no abort'],
      ),
  }
}

function orderly(c: Case): Reading {
  const { facts } = c
  const { owed } = facts.standing
  const { first, second } = facts.close
  const checks: Check[] = [
    check('a side closed the connection', first !== null, 'no FIN or RST is in the capture'),
    check(
      'the connection was established',
      facts.standing.phase !== 'connecting',
      'the handshake was not completed',
    ),
    check('nothing was owed', owed === 'nothing' || (owed === 'unknown' && plausiblyDone(c)), owedText(c)),
    check(
      'no request met the close',
      requestMetByClose(c) === null,
      'a request was on its way to the closing server',
    ),
    check(
      'both sides closed, or one reset',
      second !== null || first?.flag === 'RST',
      'only one side closed, up to the end of the capture',
    ),
    check(
      'the capture holds what was said last, and what met the close',
      !lacksItsEnd(facts),
      'what was said last, or what met the close, is not in the capture',
    ),
    check(
      'no silence lay before that a timer may have ended',
      owed !== 'unknown' || facts.standing.framed || !isLongIdle(facts),
      'what was owed cannot be read, and after such a silence a timer may have ended it',
    ),
    check('the capture shows more than the close', !onlyItsEnd(c), 'the capture shows only its close'),
  ]
  return { variant: null, checks, ruling: () => orderlyRuling(c) }
}

function orderlyRuling(c: Case): Ruling {
  const { facts } = c
  const { first, second } = facts.close
  const count = facts.conversation?.count ?? 0
  const exchanges =
    count === 0 ? 'without any request' : count === 1 ? 'after 1 exchange' : `after ${count} exchanges`
  const remarks: string[] = []
  const rst =
    first?.flag === 'RST' ||
    second?.flag === 'RST' ||
    facts.sides.client.rst !== null ||
    facts.sides.server.rst !== null
  if (rst && facts.standing.owed === 'nothing')
    remarks.push('the RST came when nothing was owed and lost nothing')
  if (facts.standing.owed === 'unknown') remarks.push('whether the last message was complete cannot be read')
  const who = first === null ? 'it' : actor(c, first.by)
  const unprovoked = first?.form === 'stateless' && facts.sides[first.by].rst?.triggerFrame == null
  const limits = [
    limit('likely', 'a RST that nothing seen provoked may be another’s', unprovoked),
    limit('likely', 'what was owed cannot be read', facts.standing.owed !== 'nothing'),
    // A close_notify of the server says at least that it had finished.
    limit(
      'possible',
      'no message boundary can be read: it may have ended in the middle of one',
      facts.standing.owed === 'unknown' && !facts.standing.framed && !serverTookLeave(facts.conversation),
    ),
    limit('possible', 'after such a silence a timer may have ended it', mayBeTimer(c)),
    limit('likely', 'a timer of its pool may have ended it', mayBePool(c)),
    limit(
      'possible',
      'what was said last is not in the capture',
      facts.standing.owed === 'unknown' && lastWordsLost(facts) !== null,
    ),
    ...lateLimits(facts, facts.standing.owed === 'unknown'),
    limit(
      'likely',
      'the messages could not be followed to their ends',
      !facts.standing.framed || facts.payloadCut,
    ),
  ]
  return ruling(
    c,
    limits,
    `${who} closed first (${closeWord(facts)}) ${exchanges}, ${facts.standing.owed === 'nothing' ? 'nothing owed' : 'as far as can be seen with nothing owed'}`,
    remarks,
  )
}

function ruling(c: Case, limits: readonly Limit[], summary: string, remarks: string[]): Ruling {
  const { first, second } = c.facts.close
  const evidence = []
  if (first !== null)
    evidence.push({ frame: first.frame, text: `first close: ${closeWord(c.facts)} by the ${first.by}` })
  if (second !== null)
    evidence.push({ frame: second.frame, text: `second close: ${second.flag} by the ${second.by}` })
  return {
    limits,
    phase: c.facts.standing.phase,
    closer: first?.by ?? 'none',
    timer: null,
    causeStream: null,
    summary: sentence(summary),
    evidence,
    fix: [],
    remarks,
  }
}
