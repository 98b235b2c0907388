import { policy } from '../policy.js'
import { readOnAfterFin } from '../signs.js'
import { limit } from '../sureness.js'
import { check, type Case, type Reading } from '../verdict-rule.js'
import { actor, requestName, sentence, span } from '../wording.js'
import { FORM_DOUBT } from './server-abort-doubts.js'

const ANY_TIMER = 'a timer of the server would look the same'

/** The client had closed only its own direction and was still reading when the server broke off the response. */
export function halfClosedReader(c: Case): Reading {
  const { facts } = c
  const { first, second } = facts.close
  const { exchange, framed } = facts.standing
  const ended = exchange?.responseFraming === 'close' && second?.flag === 'FIN'
  const bytes = exchange?.responseBytes ?? 0
  return {
    variant: null,
    checks: [
      check('the server closed', second?.by === 'server', 'the server did not close after the client'),
      check(
        'the client had closed only its own direction',
        readOnAfterFin(facts),
        `the client closed first (frame ${facts.frameName(first?.frame)})`,
      ),
      check(
        'the response was not whole',
        framed && exchange !== null && exchange.responseComplete === false && !ended,
        'the response was whole, or where it ends cannot be read',
      ),
    ],
    ruling: () => ({
      limits: [
        limit('likely', 'that the client still read shows only in its acknowledgements'),
        limit('possible', FORM_DOUBT, second?.form === 'stateless'),
        limit('possible', ANY_TIMER, waited(c)),
      ],
      phase: 'mid-response',
      closer: 'server',
      timer: null,
      causeStream: null,
      summary: sentence(
        `${actor(c, 'server')} closed the connection with ${bytes} bytes of an unfinished response to ${requestName(facts)}; ${actor(c, 'client')} had only closed its own direction and was still reading`,
      ),
      evidence: [
        { frame: first?.frame ?? 0, text: 'FIN by the client: it sends no more, and reads on' },
        {
          frame: exchange?.responseLast?.frame ?? 0,
          text: `last byte of the response: ${bytes} bytes so far`,
        },
        { frame: second?.frame ?? 0, text: `${second?.flag} by the server` },
      ],
      fix: [
        `look in the log of ${actor(c, 'server')} at this moment for a crash, a kill or an exception; some servers take the FIN of a client for its leaving (HAProxy: option abortonclose)`,
      ],
      remarks: waited(c) ? [`nothing had come for ${span(stalled(c))}: ${ANY_TIMER}`] : [],
      told: { advice: 'half-closed' },
    }),
  }
}

/** From the last byte of the response to the server's close, nanoseconds. */
function stalled({ facts }: Case): number {
  const last = facts.standing.exchange?.responseLast ?? null
  return last === null || facts.close.second === null ? 0 : facts.close.second.ns - last.timeNs
}

function waited(c: Case): boolean {
  return stalled(c) >= policy.promptCloseNs
}
