import type { Exchange } from '../../exchange/exchange.js'
import type { Evidence } from '../../result.js'
import { receivedBytes, sinceRequest } from '../signs.js'
import type { Case } from '../verdict-rule.js'
import { closeWord, party, requestName, span } from '../wording.js'

/** What shows the request, what came of its response, and the close. */
export function abortEvidence(c: Case): Evidence[] {
  const { facts } = c
  const { first } = facts.close
  const { exchange } = facts.standing
  const rows: Evidence[] = []
  if (exchange?.requestStart != null)
    rows.push({ frame: exchange.requestStart.frame, text: requestName(facts) })
  if (exchange?.responseLast != null && facts.standing.owed === 'rest-of-response')
    rows.push({
      frame: exchange.responseLast.frame,
      text: responseSoFar(c, exchange),
    })
  const since = sinceRequest(c)
  if (first !== null)
    rows.push({
      frame: first.frame,
      text: `${closeWord(facts)} by ${party(c, 'client')}${since === null ? '' : `, ${span(since)} after the request began`}`,
    })
  return rows
}

function responseSoFar(c: Case, exchange: Exchange): string {
  const received = receivedBytes(c, exchange) ?? exchange.responseBytes
  return received === exchange.responseBytes
    ? `response so far: ${received} bytes received`
    : `response so far: ${exchange.responseBytes} bytes, ${received} of them received when ${party(c, 'client')} closed`
}
