import type { Exchange } from '../../exchange/exchange.js'
import { seqDelta } from '../../flow/sequence.js'
import type { Evidence } from '../../result.js'
import { exchangeBefore, looksLikeRequest } from '../met-close.js'
import { policy } from '../policy.js'
import { aftermath, readOnAfterFin } from '../signs.js'
import { limit } from '../sureness.js'
import { check, type Case, type Reading, type Ruling } from '../verdict-rule.js'
import { actor, closeWord, party, requestWords, sentence } from '../wording.js'

/**
 * The response before it had announced the close: a server acts on no request behind that (RFC 9112 9.6), whether it was sent before the
 * client knew (pipelined) or after.
 */
export function announcedClose(c: Case, request: Exchange | null): Reading {
  const { first } = c.facts.close
  const before = request === null ? null : exchangeBefore(c, request)
  const announced = before !== null && before.responseCloses && before.responseComplete === true
  return {
    variant: 'announced-close',
    checks: [
      check(
        'a whole response before it had announced the close',
        announced,
        'no response had announced the close',
      ),
      check('a side closed', first !== null, 'no side closed'),
      check('a request got no byte of a response', request !== null, 'every request was answered'),
      check(
        'it is a request',
        request !== null && request.method !== null && looksLikeRequest(c, request),
        'it does not begin with a method',
      ),
      check(
        'the client had that response when the connection ended',
        first?.by === 'server' || (before !== null && hadReceived(c, before)),
        'the client closed before that response had come to it',
      ),
    ],
    ruling: () => ruling(c, request, before),
  }
}

/** The client's acknowledgements cover the response, before its close or, of a half-close, after it. */
function hadReceived({ facts }: Case, { responseEnd }: Exchange): boolean {
  const { ackAtClose, lastAck } = facts.sides.client
  const ack = readOnAfterFin(facts) ? lastAck : ackAtClose
  return ack !== null && responseEnd !== null && seqDelta(ack, responseEnd.seq) >= 0
}

function ruling(c: Case, request: Exchange | null, before: Exchange | null): Ruling {
  const { facts } = c
  const { first } = facts.close
  const idle = facts.idleBeforeCloseNs
  const [client, server] = [actor(c, 'client'), actor(c, 'server')]
  const name = requestWords(request, 'the next request')
  const after = aftermath(c, request)
  const got =
    after.retry !== null
      ? `; ${client} sent it again on flow ${after.retry}`
      : after.status === null
        ? ''
        : `; the client got ${after.status}`
  const ended = first?.by === 'server' ? '' : `; ${client} closed the connection`
  const asAnnounced = idle !== null && idle < policy.promptCloseNs
  const evidence: Evidence[] = []
  if (before?.responseStart != null)
    evidence.push({
      frame: before.responseStart.frame,
      text: `the response to ${requestWords(before, 'the request before')} announces the close`,
    })
  if (request?.requestStart != null)
    evidence.push({ frame: request.requestStart.frame, text: `${name}: no byte of a response follows` })
  if (first !== null)
    evidence.push({ frame: first.frame, text: `${closeWord(facts)} by ${party(c, first.by)}` })
  return {
    limits: [
      limit('likely', 'the server did not close right behind the response that announced it', !asAnnounced),
    ],
    phase: 'between-requests',
    closer: first?.by ?? 'server',
    timer: null,
    causeStream: null,
    summary: sentence(
      `${server} announced with its response to ${requestWords(before, 'the request before')} that it would close, and did not answer ${name}, which ${client} ${sentWhen(c, request, before)}${ended}${got}`,
    ),
    evidence,
    fix: [
      `let ${client} wait for each response before it sends the next request (no pipelining), send nothing behind one that says Connection: close, and send what got no answer again on another connection`,
    ],
    remarks: ['a server acts on no request behind a response that announces the close (RFC 9112, 9.6)'],
  }
}

/** Whether the client knew, as the ACK number of its request tells where that is kept; else as captured. */
function sentWhen({ facts }: Case, request: Exchange | null, before: Exchange | null): string {
  const [start, end] = [request?.requestStart ?? null, before?.responseEnd ?? null]
  const ack = facts.metRequestAck
  const knew =
    ack !== null && end !== null
      ? seqDelta(ack, end.seq) >= 0
      : start !== null && end !== null && start.timeNs > end.timeNs
  return knew ? 'sent although it had received that' : 'had sent before it knew'
}
