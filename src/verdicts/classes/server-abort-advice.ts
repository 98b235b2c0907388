import { neverAccepted } from '../../facts/arrivals.js'
import { policy } from '../policy.js'
import { upstreamOf } from '../signs.js'
import type { Case } from '../verdict-rule.js'
import { actor } from '../wording.js'
import { answeredEarlyByStatus } from './server-abort-doubts.js'

/** What to do about it, and what kind of advice that is. */
export function brokeOffAdvice(
  c: Case,
  cause: number | null,
  goAway: string | null,
): { readonly kind: string; readonly text: string } {
  const { owed, exchange } = c.facts.standing
  const server = actor(c, 'server')
  if (cause !== null)
    return { kind: 'followed', text: `look at flow ${cause}: this connection only followed` }
  if (goAway !== null)
    return {
      kind: 'goaway',
      text: `find out why ${server} said goodbye while a request was open: the error code of its GOAWAY says what it found; a client has to send what was not acted upon again on another connection`,
    }
  if (neverAccepted(c.facts))
    return {
      kind: 'accept',
      text: `see whether ${server} accepts connections fast enough and has a large enough backlog (ss -lnt; nstat TcpExtListenOverflows)`,
    }
  if (owed === 'rest-of-request' && answeredEarlyByStatus(exchange))
    return {
      kind: 'early',
      text: `find out why ${earlyAnswerer(c)} answered ${exchange?.status} before it had the whole request; a client that writes its body first may never see it`,
    }
  const log = `look in the log of ${server} at this moment for a crash, a kill or an exception`
  if (!deniedAtOnce(c)) return { kind: 'log', text: log }
  return {
    kind: 'denied',
    text: `${log}; it may also have been told to close without an answer${denials(c.around.serverSoftware)}`,
  }
}

/** Who gave the answer that came before the end of the request: the server, or the one behind it if that had said the same before. */
function earlyAnswerer(c: Case): string {
  const { status = null, responseStart = null } = c.facts.standing.exchange ?? {}
  const link = upstreamOf(c)
  const there = link?.upstreamExchange ?? null
  const passedOn =
    link !== null &&
    link.certainty !== 'possible' &&
    there?.responseStart != null &&
    there.status === status &&
    there.responseStart.timeNs <= (responseStart?.timeNs ?? -Infinity)
  const server = actor(c, 'server')
  return passedOn ? `the server of flow ${link.upstream.stream}, whose answer ${server} passed on,` : server
}

/** It closed as soon as it had the whole request, and said nothing: so do rules that deny one. */
function deniedAtOnce({ facts: { close, standing, timerGapNs } }: Case): boolean {
  const ownAct = close.first?.flag === 'FIN' || close.first?.form === 'abort'
  return (
    ownAct &&
    standing.framed &&
    standing.owed === 'response' &&
    (timerGapNs ?? Infinity) <= policy.deniedWithinNs
  )
}

/** How this software is told to deny a request without an answer; of unknown software the best known ways. */
function denials(software: string | null): string {
  const ways = { nginx: 'nginx: return 444', haproxy: 'HAProxy: http-request reject' }
  const own = Object.entries(ways).filter(([word]) => software === null || software === word)
  return own.length === 0 ? '' : ` (${own.map(([, way]) => way).join('; ')})`
}
