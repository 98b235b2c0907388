import type { Exchange } from '../../exchange/exchange.js'
import { limit } from '../sureness.js'
import type { Case, Ruling } from '../verdict-rule.js'
import { actor, closeWord, sentence, span, toldSpan } from '../wording.js'

const REST_OR_NEXT =
  'whether that was the rest of a request already answered, or the next request, cannot be read'

/** What is said when a server closed with or after its response while its client went on sending (`met` is what came then). */
export function answeredEarlyRuling(c: Case, met: Exchange | null): Ruling {
  const { first } = c.facts.close
  const idle = c.facts.idleBeforeCloseNs
  const evidence = []
  if (first !== null) evidence.push({ frame: first.frame, text: `${closeWord(c.facts)} by the server` })
  const sent = met?.requestStart ?? null
  if (sent !== null) {
    const unread = first !== null && sent.timeNs > first.ns ? '; the server reads none of it' : ''
    evidence.push({ frame: sent.frame, text: `the client sends on${unread}` })
  }
  return {
    limits: [limit('possible', REST_OR_NEXT, true)],
    phase: null,
    closer: 'server',
    timer: null,
    causeStream: null,
    summary: sentence(
      `${actor(c, 'server')} closed the connection ${idle === null ? '' : `${span(idle)} `}after a response while ${actor(c, 'client')} was still sending`,
    ),
    evidence,
    fix: [
      `look in the log of ${actor(c, 'server')} at this moment for an answer to an upload before its end (401, 413): a client that writes its whole body first may never see it`,
    ],
    remarks: [REST_OR_NEXT],
    told: { ...toldSpan(idle), advice: 'upload' },
  }
}
