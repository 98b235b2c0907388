import { askedAbout } from '../asked-status.js'
import { brokenHandshake } from '../handshake-alert.js'
import { hadEnough } from '../had-enough.js'
import { phaseOf } from '../read-phase.js'
import { brokenUpload, departedClient, readOnAfterFin, tookToTheEnd } from '../signs.js'
import { check, type Case, type Check, type Reading, type Rule } from '../verdict-rule.js'
import { blockedBefore } from '../slow-reader.js'
import { blockedRuling, propagatedRuling } from './client-abort-propagated.js'
import { directRuling } from './client-abort-ruling.js'

/** The client closed while owed a response, or in the middle of its own request. */
export const clientAbort: Rule = {
  code: 'client-abort',
  title: 'client abort',
  readings: (c) => [brokenHandshake(c, 'client'), propagated(c), blocked(c), direct(c)],
}

function common(c: Case): Check[] {
  const { facts } = c
  const { first } = facts.close
  const { owed, exchange } = facts.standing
  const halfClosed = owed === 'response' || owed === 'rest-of-response'
  const tookAll =
    first?.flag === 'FIN' &&
    halfClosed &&
    exchange?.responseComplete === true &&
    facts.sides.client.rst === null
  const open = owed === 'response' || owed === 'rest-of-response' || owed === 'rest-of-request'
  const phase = phaseOf(c)
  const cut = owed === 'unknown' && (phase === 'mid-response' || phase === 'awaiting-response')
  return [
    check(
      'the client closed first',
      first?.by === 'client',
      first === null ? 'no side closed' : `the server closed first (frame ${facts.frameName(first.frame)})`,
    ),
    check(
      'the server had not taken its leave before',
      facts.serverLeft === null,
      `the server had said goodbye in frame ${facts.frameName(facts.serverLeft?.frame)}`,
    ),
    check(
      'it closed of its own accord',
      first?.form !== 'stateless',
      'its RST only answers a segment of the server',
    ),
    check(
      'something was still owed',
      open || cut,
      owed === 'nothing' ? 'nothing was owed' : 'what was owed cannot be read',
    ),
    check(
      'it wanted more than the status',
      askedAbout(c) === null,
      'it only asked for the status, about another request',
    ),
    check(
      'it did not take the whole response afterwards',
      !tookAll && !tookToTheEnd(c),
      'the whole response came after its FIN: it was a half-close',
    ),
    check(
      'it did not go on reading',
      !readOnAfterFin(facts),
      'it took more of the response after its FIN: it had closed only its own direction',
    ),
  ]
}

function propagated(c: Case): Reading {
  const link = departedClient(c) ?? brokenUpload(c)
  return {
    variant: 'propagated',
    checks: [
      ...common(c),
      check(
        'the request it was sent for had ended on the leg before',
        link !== null,
        'no leg whose client had left is linked to it',
      ),
    ],
    ruling: () => propagatedRuling(c, link),
  }
}

function blocked(c: Case): Reading {
  const before = blockedBefore(c)
  return {
    variant: 'propagated',
    checks: [
      ...common(c),
      check(
        'the client that it was sent for took nothing any more',
        before !== null,
        'no leg whose client did not read is linked to it',
      ),
    ],
    ruling: () => (before === null ? directRuling(c) : blockedRuling(c, before)),
  }
}

function direct(c: Case): Reading {
  return {
    variant: null,
    checks: [
      ...common(c),
      check(
        'it had not got what it wanted',
        hadEnough(c.facts) === null,
        'it had its whole answer, or the status that a health check asks for',
      ),
    ],
    ruling: () => directRuling(c),
  }
}
