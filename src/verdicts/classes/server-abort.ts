import type { Evidence } from '../../result.js'
import { mayEndInRest, mayHaveMetClose } from '../../facts/last-words.js'
import { brokenHandshake } from '../handshake-alert.js'
import { policy } from '../policy.js'
import { beginningLost, exchangeBefore, requestMetByClose, unreachedRequest } from '../met-close.js'
import { phaseOf } from '../read-phase.js'
import { upstreamOf } from '../signs.js'
import { limit } from '../sureness.js'
import { check, type Case, type Reading, type Rule } from '../verdict-rule.js'
import { actor, closeWord, requestWords, sentence } from '../wording.js'
import { mayBeRestOfUpload } from './keepalive-race-signs.js'
import { answeredEarlyRuling } from './server-abort-early.js'
import { halfClosedReader } from './server-abort-half-closed.js'
import { brokeOffRuling, upstreamCause } from './server-abort-ruling.js'

/** The server closed while it owed a response or the rest of one, and no timer explains it. */
export const serverAbort: Rule = {
  code: 'server-abort',
  title: 'server abort',
  readings: (c) => [
    brokenHandshake(c, 'server'),
    reading(c),
    halfClosedReader(c),
    metByClose(c),
    answeredEarly(c),
  ],
}

function reading(c: Case): Reading {
  const { facts } = c
  const behind = brokeBehind(c)
  const { first } = facts.close
  const { owed } = facts.standing
  return {
    variant: null,
    checks: [
      check(
        'the server closed first',
        first?.by === 'server',
        first === null ? 'no side closed' : `the client closed first (frame ${facts.frameName(first.frame)})`,
      ),
      check(
        'it owed a response, the rest of one, or was still being sent a request',
        (owed !== 'nothing' && owed !== 'unknown') || behind,
        owed === 'nothing' ? 'nothing was owed' : 'what it owed cannot be read',
      ),
      check(
        'it can be read, or be told from how soon it closed, that it broke off what it owed',
        !unread(c) || behind,
        'without message boundaries a timer that ran out, or a request that met the close of an idle connection, looks the same',
      ),
      check(
        'its connection was alive when the request came',
        !goneBefore(c),
        'its RST is that of a stack without such a connection, and the capture began with this request: it may have closed, or been forgotten, before',
      ),
    ],
    ruling: () => (mayEndInRest(facts) ? answeredEarlyRuling(c, facts.standing.exchange) : brokeOffRuling(c)),
  }
}

/** Nobody can read where this response ended, or whether there was one, but the leg behind shows that it had not, or that there was none. */
function brokeBehind(c: Case): boolean {
  const phase = phaseOf(c)
  if (phase === 'mid-response') return upstreamCause(c) !== null
  const link = upstreamOf(c)
  const [here, there] = [c.facts.close.first, link?.upstream.close.first ?? null]
  if (phase !== 'awaiting-response' || link === null || here === null || there === null) return false
  const after = here.ns - there.ns
  const together = after >= -policy.consequenceBeforeNs && after <= policy.propagatedWithinNs
  return together && link.certainty !== 'possible' && link.upstreamExchange?.responseStart === null
}

/**
 * Where nothing but turn-taking says that the client was waiting, that is not enough: the server closed after a wait, as timers do, or
 * what it did not answer came after the connection had been idle, as requests do that meet a close.
 */
function unread(c: Case): boolean {
  const { framed, exchange } = c.facts.standing
  const waited = (c.facts.timerGapNs ?? 0) >= policy.promptCloseNs
  if (framed) return false
  const { appProtocol = null, protocol } = c.facts.conversation ?? {}
  if (protocol === 'opaque') return appProtocol === null
  if (waited) return true
  const before = exchange === null ? null : (exchangeBefore(c, exchange)?.responseLast ?? null)
  const start = exchange?.requestStart ?? null
  return before !== null && start !== null && start.timeNs - before.timeNs >= policy.serverIdleNs
}

/** The request is the first thing that the capture shows, and what answers it knows of no connection: when that ended was not captured. */
function goneBefore(c: Case): boolean {
  return c.facts.close.first?.form === 'stateless' && mayHaveMetClose(c.facts)
}

/** The first request on a connection that the server had just closed: no race (nothing was reused), but lost all the same. */
function metByClose(c: Case): Reading {
  const request = requestMetByClose(c)
  const first = c.facts.close.first
  // Of TLS the first record after the handshake is a request; who had answered none closed the connection unused.
  const isFirst = c.facts.conversation?.protocol === 'tls' && request?.index === 0
  return {
    variant: null,
    checks: [
      check(
        'the server closed first',
        first?.by === 'server',
        first === null ? 'no side closed' : 'the client closed first',
      ),
      check(
        'a request was on its way to it',
        request !== null && unreachedRequest(c) === null,
        'no request was on its way',
      ),
      check(
        'it is a request',
        request !== null && (request.method !== null || isFirst),
        'what came does not begin with a method',
      ),
      check('it was the first', !beginningLost(c), 'the capture lacks what the connection carried before it'),
    ],
    ruling: () => {
      const name = requestWords(request, 'the request')
      const which = request?.method == null ? 'its first request' : `its first request (${name})`
      const rows: Evidence[] = []
      if (first !== null)
        rows.push({
          frame: first.frame,
          text: `${closeWord(c.facts)} by the server; its ACK number covers no byte of the request`,
        })
      if (request?.requestStart != null)
        rows.push({ frame: request.requestStart.frame, text: `${name}: no byte of a response follows` })
      return {
        limits: [limit('likely', 'whether it was a request cannot be read', request?.method == null)],
        phase: c.facts.standing.phase,
        closer: 'server',
        timer: null,
        causeStream: null,
        summary: sentence(`${actor(c, 'server')} closed a connection while ${which} was on its way`),
        evidence: rows,
        fix: [metFix(c)],
        remarks: [],
        told: { advice: 'first-request' },
      }
    },
  }
}

/** Who closes a connection as soon as it has it has no timer that was too short. */
function metFix(c: Case): string {
  const { close, establishedNs } = c.facts
  const [client, server] = [actor(c, 'client'), actor(c, 'server')]
  if (establishedNs !== null && close.first !== null && close.first.ns - establishedNs < policy.promptCloseNs)
    return `see why ${server} closes a connection as soon as it has accepted it: too many of them (nginx: worker_connections are not enough; HAProxy: maxconn), no more open files, or a rule against ${client}`
  return `let ${client} use a connection soon after it opened it, or let ${server} wait longer for a first request`
}

/** It closed with a response that nobody can read, while the client was still sending: the rest of that request, or another one. */
function answeredEarly(c: Case): Reading {
  const met = requestMetByClose(c)
  return {
    variant: null,
    checks: [
      check('the server closed first', c.facts.close.first?.by === 'server', 'the client closed first'),
      check('what the client sent met the close', met !== null, 'nothing was on its way to the server'),
      check(
        'the server closed right after a response that may have come early',
        c.facts.idleBeforeCloseNs !== null && mayBeRestOfUpload(c, met),
        'what met the close is readable, came long after the response, or no response came before it',
      ),
    ],
    ruling: () => answeredEarlyRuling(c, met),
  }
}
