import { lastWordsLost } from '../holes.js'
import { handshakeAlert } from '../handshake-alert.js'
import { complaintText, resetText } from '../http2-words.js'
import { requestMetByClose } from '../met-close.js'
import { poolShutText } from '../pool-shut.js'
import { lateLimits, limit } from '../sureness.js'
import { check, type Case, type Check, type Reading, type Rule, type Ruling } from '../verdict-rule.js'
import { actor, closeWord, span } from '../wording.js'
import { asked } from './clean-asked.js'
import { enough } from './clean-enough.js'
import { halfClose } from './clean-half-close.js'
import { cleanRuling } from './clean-ruling.js'
import {
  answeredSoon,
  endedByItsClose,
  exchangesText,
  finsCrossed,
  hadFinished,
  mayBePool,
  mayBeTimer,
  isLongIdle,
  lacksItsEnd,
  oneVoice,
  onlyItsEnd,
  owedText,
  plausiblyDone,
  NO_LENGTH,
  resetByCloser,
  spokeUnasked,
  waited,
} from './clean-signs.js'

/** An orderly end with nothing owed. */
export const clean: Rule = {
  code: 'clean',
  title: 'clean',
  readings: (c) => [scan(c), halfClose(c), asked(c), enough(c), orderly(c)],
}

/** SYN, SYN-ACK, RST by the client: a health check or a scan. */
function scan(c: Case): Reading {
  const { facts } = c
  const noData = facts.sides.client.payloadBytes === 0 && facts.sides.server.payloadBytes === 0
  const { first } = facts.close
  return {
    variant: null,
    checks: [
      check(
        'the client reset it at once',
        first?.by === 'client' && first.flag === 'RST',
        first === null
          ? `neither side had closed it ${span(facts.captureEndNs - facts.endNs)} after its last segment, when the capture ended`
          : 'the client did not reset it at once',
      ),
      check(
        'the server had answered its SYN at once',
        facts.syn === null || (facts.syn.repeats === 0 && answeredSoon(c)),
        'the SYN was answered late, or not as its own: the client may have given up',
      ),
      check('no payload was sent', noData && facts.sides.client.missingTo === null, 'payload was sent'),
      check('the server accepted the connection', facts.synAck !== null, 'the capture shows no SYN-ACK'),
    ],
    ruling: () =>
      cleanRuling(
        c,
        [limit('likely', 'the capture lacks the SYN', facts.syn === null)],
        `${actor(c, 'client')} opened the connection and reset it without sending a byte`,
        ['a scan or a health check looks like this'],
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
      second !== null || first?.flag === 'RST' || resetByCloser(facts),
      'only one side closed, up to the end of the capture',
    ),
    check(
      'the capture holds what was said last, and what met the close',
      !lacksItsEnd(facts),
      'what was said last, or what met the close, is not in the capture',
    ),
    check(
      'no silence lay before that a timer may have ended',
      owed !== 'unknown' ||
        (facts.standing.framed && !facts.lateStart) ||
        !isLongIdle(facts) ||
        c.around.poolShut !== null,
      'what was owed cannot be read, and after such a silence a timer may have ended it',
    ),
    check('the capture shows more than the close', !onlyItsEnd(c), 'the capture shows only its close'),
    check(
      'both sides are seen to speak, or what one says can be read',
      !oneVoice(c),
      'the capture began late, and shows only what one side said before the close: what that answered, or is to be answered by, cannot be read',
    ),
    check('no TLS handshake was broken off', handshakeAlert(c) === null, 'a TLS handshake was broken off'),
  ]
  return { variant: null, checks, ruling: () => orderlyRuling(c) }
}

function orderlyRuling(c: Case): Ruling {
  const { facts } = c
  const { first, second } = facts.close
  const remarks: string[] = []
  const rst =
    first?.flag === 'RST' ||
    second?.flag === 'RST' ||
    facts.sides.client.rst !== null ||
    facts.sides.server.rst !== null
  if (rst && facts.standing.owed === 'nothing')
    remarks.push('the RST came when nothing was owed and lost nothing')
  if (facts.standing.owed === 'unknown') remarks.push('whether the last message was complete cannot be read')
  const { soonerThan, poolShut } = c.around
  if (poolShut !== null) remarks.push(poolShutText(poolShut))
  if (soonerThan !== null)
    remarks.push(
      `it closed ${span(facts.idleBeforeCloseNs ?? 0)} after its last response, sooner than by the timer that ended ${soonerThan.flows} others (${span(soonerThan.medianNs)}): a restart, or a limit of requests or of age`,
    )
  const how =
    first === null
      ? 'it was closed'
      : finsCrossed(facts)
        ? 'both sides closed in the same moment (their FINs crossed)'
        : `${actor(c, first.by)} closed first (${closeWord(facts)})`
  for (const text of [spokeUnasked(c), complaintText(c), resetText(c)]) if (text !== null) remarks.push(text)
  const endsByClose = endedByItsClose(facts)
  if (endsByClose) remarks.push(NO_LENGTH)
  const unprovoked = first?.form === 'stateless' && facts.sides[first.by].rst?.triggerFrame == null
  const limits = [
    limit('likely', 'a RST that nothing seen provoked may be another’s', unprovoked),
    limit('likely', 'what was owed cannot be read', facts.standing.owed !== 'nothing'),
    // A close_notify of the server would say that it had finished, if proxies did not say it when they cut a response short, too.
    limit(
      'possible',
      'no message boundary can be read: it may have ended in the middle of one',
      facts.standing.owed === 'unknown' &&
        (!facts.standing.framed || facts.standing.phase === 'tunnel') &&
        !hadFinished(c),
    ),
    limit('possible', 'after such a silence a timer may have ended it', mayBeTimer(c)),
    limit('likely', 'how long it had been open cannot be known', facts.timerGapNs === null),
    limit('likely', NO_LENGTH, endsByClose),
    limit('possible', 'after such a silence a timer may have cut it', endsByClose && waited(facts)),
    limit('likely', 'a timer of its pool may have ended it', mayBePool(c) || poolShut !== null),
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
  return cleanRuling(
    c,
    limits,
    `${how} ${exchangesText(c)}, ${facts.standing.owed === 'nothing' ? 'nothing owed' : 'as far as can be seen with nothing owed'}`,
    remarks,
  )
}
