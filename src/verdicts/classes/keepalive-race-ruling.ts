import type { Exchange } from '../../exchange/exchange.js'
import type { CloseFact } from '../../facts/flow-facts.js'
import type { Evidence } from '../../result.js'
import { policy, seconds } from '../policy.js'
import { aftermath, type Aftermath } from '../signs.js'
import type { Limit } from '../sureness.js'
import { timerOf } from '../timer-match.js'
import type { Case, Ruling } from '../verdict-rule.js'
import { actor, closeWord, party, requestWords, sentence, span, toldSpan } from '../wording.js'
import { longApart } from './keepalive-race-signs.js'

/** What a race is called when all its checks hold. `kind` tells the variants' sentences apart. */
export function raceRuling(
  c: Case,
  request: Exchange | null,
  kind: 'crossing' | 'stale' | 'in-buffer',
  limits: readonly Limit[],
): Ruling {
  const { facts, around } = c
  const first = ownClose(c)
  const idle = facts.idleBeforeCloseNs
  // Whatever the timer does, a socket that is closed with unread bytes in it answers with a RST.
  const flag = kind === 'in-buffer' ? 'FIN' : (first?.flag ?? 'FIN')
  const { timer, best } = timerOf(c, 'server', 'between-requests', idle, flag)
  const after = aftermath(c, request)
  const name = requestWords(request, 'the next request')
  const margin = Math.abs((request?.requestStart?.timeNs ?? 0) - (first?.ns ?? 0))
  const flows = around.likeIdle
  const remark = `${flows} connections to this server ended after the same idle time`
  // Of software that nothing tells, a setting with another value is an example, and its syntax no advice.
  const isGuess =
    timer?.setting === null || (around.serverSoftware === null && timer?.seconds !== best?.seconds)
  return {
    limits,
    phase: 'between-requests',
    closer: 'server',
    timer: idle === null || closedAtOnce(idle) ? null : timer,
    causeStream: null,
    summary: sentence(`${summary(c, request, kind, name, margin, idle)}${consequence(c, after)}`),
    evidence: evidence(c, request, kind, name, after),
    fix: fixes(c, isGuess ? null : (best?.syntax ?? null), idle),
    remarks: [...retryRemark(kind), ...(flows > 1 ? [remark] : [])],
    told: { ...toldSpan(idle), ...(flows > 1 && { alike: { flows, remark } }) },
  }
}

/** The server's own close: the first, or after its close_notify the second. */
function ownClose(c: Case): CloseFact | null {
  const { first, second } = c.facts.close
  return first?.by === 'server' ? first : second
}

function summary(
  c: Case,
  request: Exchange | null,
  kind: string,
  name: string,
  margin: number,
  idle: number | null,
): string {
  const server = actor(c, 'server')
  const idled = closedAtOnce(idle)
    ? `the connection right behind its last response${saidClose(c) ? ' (which had said Connection: close)' : ''}`
    : idle === null
      ? 'the idle connection'
      : `the connection after ${span(idle)} idle`
  if (kind === 'stale')
    return `${actor(c, 'client')} sent ${name} ${span(margin)} after ${server} had closed ${idled}: it did not look`
  if (kind === 'in-buffer')
    return `${server} closed ${idled} without reading ${name}, which its kernel had already accepted`
  if (longApart(c, request))
    return `${server} closed ${idled}; ${name} came ${span(margin)} later, from a client that the close had not reached`
  return `${server} closed ${idled} while ${name} was on its way (seen ${span(margin)} apart)`
}

/** No timer of an idle connection is so short: the server had had its number of requests, or its age, or was told to close. */
function closedAtOnce(idleNs: number | null): boolean {
  return idleNs !== null && idleNs < policy.promptCloseNs
}

/** The last response before the close announced it. */
function saidClose({ facts: { conversation } }: Case): boolean {
  const answered = conversation?.exchanges.findLast(({ responseComplete }) => responseComplete === true)
  return answered?.responseCloses === true
}

function notAgain(c: Case): string {
  const client = actor(c, 'client')
  return saidClose(c)
    ? `let ${client} send nothing more on a connection whose response says Connection: close`
    : `${actor(c, 'server')} closes after a response of its own accord (a limit of requests or of age, a restart): let ${client} look for the close before it sends, and try again`
}

function consequence(c: Case, after: Aftermath): string {
  const got = after.status === null ? '' : ` and its client got ${after.status}`
  if (after.retry !== null) return `; ${actor(c, 'client')} sent it again on flow ${after.retry}${got}`
  return after.status === null ? '' : `; the client got ${after.status}`
}

function evidence(
  c: Case,
  request: Exchange | null,
  kind: string,
  name: string,
  after: Aftermath,
): Evidence[] {
  const { facts } = c
  const first = ownClose(c)
  const rows: Evidence[] = []
  const before = request === null ? null : lastAnswered(c, request)
  if (before !== null)
    rows.push({ frame: before.frame, text: 'end of the last response: the idle time begins' })
  if (first !== null) {
    const acks =
      kind === 'in-buffer'
        ? `${closeWord(facts, first)} by ${party(c, 'server')}, although it had acknowledged the request`
        : `${closeWord(facts, first)} by ${party(c, 'server')}; its ACK number covers no byte of the request`
    rows.push({ frame: first.frame, text: acks })
  }
  const acked = facts.sides.server.fin?.acked ?? null
  if (kind === 'stale' && acked !== null)
    rows.push({ frame: acked.frame, text: "the client's own host acknowledges the FIN" })
  if (request?.requestStart != null)
    rows.push({ frame: request.requestStart.frame, text: `${name}: no byte of a response follows` })
  const rst = facts.sides.server.rst
  if (rst !== null && rst.frame !== first?.frame)
    rows.push({
      frame: rst.frame,
      text:
        rst.triggerFrame === null
          ? `RST by ${party(c, 'server')}`
          : `RST that answers frame ${facts.frameName(rst.triggerFrame)}: no such connection any more`,
    })
  const answer = after.downstream?.downstreamExchange.responseStart ?? null
  if (answer !== null && after.status !== null)
    rows.push({
      frame: answer.frame,
      text: `${after.status} to the client of ${actor(c, 'client')} (flow ${after.downstream?.downstream.stream})`,
    })
  return rows
}

function lastAnswered(c: Case, request: Exchange): { frame: number } | null {
  const exchanges = c.facts.conversation?.exchanges ?? []
  for (let i = exchanges.indexOf(request) - 1; i >= 0; i--) {
    const point = exchanges[i].responseEnd ?? exchanges[i].responseLast
    if (point !== null) return point
  }
  return null
}

/** Of the others the ACK numbers tell (pending-request.ts). */
function retryRemark(kind: string): string[] {
  return kind === 'in-buffer' ? ['the request was probably never read, but that cannot be seen'] : []
}

function fixes(c: Case, syntax: string | null, idle: number | null): string[] {
  if (closedAtOnce(idle)) return [notAgain(c)]
  const server = actor(c, 'server')
  const client = actor(c, 'client')
  const longer = idle === null ? '' : `, now ${seconds(idle).toFixed(2)} s,`
  const lines = [
    `make the keep-alive of ${server}${longer} longer than the idle timeout of ${client}'s connection pool, so that ${client} closes first`,
  ]
  if (syntax !== null) lines.push(`the setting: ${syntax}`)
  return lines
}
