import { otherSide } from '../../facts/flow-facts.js'
import { policy } from '../policy.js'
import { requestMetByClose } from '../met-close.js'
import { readOnAfterFin } from '../signs.js'
import { limit, type Limit } from '../sureness.js'
import { check, type Case, type Reading, type Rule, type Ruling } from '../verdict-rule.js'
import { requestName, sentence, span } from '../wording.js'

/** Still alive, or still plausible, when the capture ends. */
export const open: Rule = {
  code: 'open',
  title: 'open at the end of the capture',
  readings: (c) => [connecting(c), alive(c), closing(c)],
}

function connecting(c: Case): Reading {
  const { facts } = c
  const age = facts.syn === null ? Infinity : facts.captureEndNs - facts.syn.ns
  return {
    variant: null,
    checks: [
      check('the capture shows the SYN', facts.syn !== null, 'no SYN is in the capture'),
      check('no side closed', facts.close.first === null, closedText(c)),
      check(
        'it was not in use yet',
        facts.establishedNs === null && facts.conversation === null,
        'it was in use',
      ),
      check(
        'the capture ends while it could still be answered',
        age < policy.connectGraceNs,
        `the capture goes on for ${span(age)} after the SYN`,
      ),
    ],
    ruling: () =>
      ruling(
        c,
        [limit('possible', 'an answer may still come')],
        `the capture ends ${span(age)} after the SYN, before the connection was in use`,
      ),
  }
}

function alive(c: Case): Reading {
  const { facts } = c
  const data = facts.sides.client.payloadBytes + facts.sides.server.payloadBytes > 0
  const established = facts.establishedNs !== null || facts.lateStart || data
  return {
    variant: null,
    checks: [
      check('no side closed', facts.close.first === null, closedText(c)),
      check('it was established', established, 'the handshake was not completed'),
    ],
    ruling: () => {
      const pending = facts.syn === null && !facts.standing.framed ? null : pendingText(c)
      const unanswered = facts.sides.client.unanswered !== null || facts.sides.server.unanswered !== null
      const idle = facts.captureEndNs - facts.endNs
      const text =
        pending ?? `${whoHadNotClosed(c)} when the capture ended, ${span(idle)} after the last segment`
      const limits = [
        limit('likely', 'the capture ended first'),
        limit('possible', 'a segment at its end was not answered', unanswered),
      ]
      return ruling(c, limits, text)
    },
  }
}

/** One side closed, and the capture ended before the other could be expected to. */
function closing(c: Case): Reading {
  const { facts } = c
  const { first, second } = facts.close
  const wait = first === null ? Infinity : facts.captureEndNs - first.ns
  const readsOn = readOnAfterFin(facts)
  const lacking = first !== null && facts.sides[otherSide(first.by)].missingTo !== null
  const followed = lacking
    ? 'what the other side sent then is not all in the capture'
    : 'the other side had not followed'
  const seen =
    facts.sides.client.payloadBytes + facts.sides.server.payloadBytes > 0 || facts.establishedNs !== null
  return {
    variant: null,
    checks: [
      check('one side sent a FIN', first?.flag === 'FIN', first === null ? 'no side closed' : 'it was reset'),
      check('the other side has not closed', second === null, 'both sides closed'),
      check(
        'the closer did not reset it after its FIN',
        first === null || facts.sides[first.by].rst === null,
        'the closer reset it after its FIN: nothing is left of it',
      ),
      check(
        'nothing was owed, or its client reads on',
        readsOn || facts.standing.owed === 'nothing' || facts.standing.owed === 'unknown',
        'something was owed when it closed',
      ),
      check(
        'no request met the close',
        requestMetByClose(c) === null,
        'a request was on its way to the closing server',
      ),
      check(
        'the capture ends soon after',
        wait < policy.halfClosedNs,
        `the capture goes on for ${span(wait)}`,
      ),
      check('both directions were captured', !facts.oneDirection, 'only one direction is in the capture'),
      check('the capture shows more than the close', seen, 'the capture shows only its close'),
    ],
    ruling: () =>
      ruling(
        c,
        [limit('likely', 'the capture ended first')],
        `the ${first?.by} closed its side ${span(wait)} before the capture ended; ${readsOn ? `it was still reading the response to ${requestName(facts)}` : followed}`,
      ),
  }
}

function whoHadNotClosed({ facts }: Case): string {
  if (!facts.oneDirection) return 'no side had closed'
  const seen = facts.sides.client.segments > 0 ? 'client' : 'server'
  return `the ${seen} had not closed (what the other side sent is not in the capture)`
}

function closedText({ facts }: Case): string {
  const { first } = facts.close
  return `the ${first?.by} closed it (frame ${facts.frameName(first?.frame)})`
}

function pendingText(c: Case): string | null {
  const { owed, exchange } = c.facts.standing
  const start = exchange?.requestStart ?? null
  if (start === null || owed === 'nothing' || owed === 'unknown') return null
  const what =
    owed === 'response'
      ? exchange?.responseStart == null
        ? 'without a response'
        : 'its response not yet acknowledged'
      : owed === 'rest-of-response'
        ? 'in the middle of its response'
        : 'in the middle of the request'
  return `${requestName(c.facts)} had been under way for ${span(c.facts.captureEndNs - start.timeNs)}, ${what}, when the capture ended`
}

function ruling(c: Case, limits: readonly Limit[], summary: string): Ruling {
  const first = c.facts.close.first
  return {
    limits,
    phase: c.facts.standing.phase,
    closer: first?.by ?? 'none',
    timer: null,
    causeStream: null,
    summary: sentence(summary),
    evidence: first === null ? [] : [{ frame: first.frame, text: `${first.flag} by the ${first.by}` }],
    fix: [],
    remarks: [],
  }
}
