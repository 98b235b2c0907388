/** Legs that a proxy closed because of the leg before. */
import type { LegLink } from '../../facts/leg-facts.js'
import type { Phase } from '../../result.js'
import { timerOfLegBefore } from '../other-leg-timer.js'
import { endedBefore } from '../signs.js'
import type { Blocked } from '../slow-reader.js'
import { lateLimits, limit } from '../sureness.js'
import type { Case, Ruling } from '../verdict-rule.js'
import { actor, requestName, sentence, span, toldSpan } from '../wording.js'
import { abortEvidence } from './client-abort-evidence.js'

const NO_PACKET =
  'that a timer ran out while it could not send left no packet: that its client had taken nothing is what shows it'

/** What is said of a leg that was closed because its request had ended on the leg before (`link`). */
export function propagatedRuling(c: Case, link: LegLink | null): Ruling {
  const left = link === null ? null : endedBefore(link)
  const first = c.facts.close.first
  const before = left === null || first === null ? 0 : first.ns - left.ns
  const rows = abortEvidence(c)
  if (left !== null)
    rows.push({
      frame: left.frame,
      text: `${left.how} by the ${left.by} of flow ${link?.downstream.stream}, ${span(Math.abs(before))} ${before >= 0 ? 'before' : 'after'}`,
    })
  const { client, server } = link?.downstream.sides ?? {}
  const whole = client?.missingTo === null && server?.missingTo === null
  const led = before >= 0 && left?.by === 'client'
  return {
    limits: [
      limit('likely', 'bytes of the leg before are missing in the capture', !whole),
      limit('likely', 'that both legs carry the same request is not certain', link?.certainty !== 'certain'),
      limit('likely', 'the leg before did not end first, or not by its client', !led),
    ],
    phase: leftPhase(c),
    closer: 'client',
    timer: link === null || left?.by !== 'server' ? null : timerOfLegBefore(c, link).timer,
    causeStream: link?.downstream.stream ?? null,
    summary: sentence(
      `${actor(c, 'client')} closed the connection to ${actor(c, 'server')} because its own client (flow ${link?.downstream.stream}) had ${left?.by !== 'client' ? 'stopped sending' : left.how === 'RST_STREAM' ? 'cancelled the request' : 'left'} ${before >= 0 ? `${span(before)} earlier` : 'in the same moment'}`,
    ),
    evidence: rows,
    fix: ['look at the client of the flow that began it: this leg only followed'],
    remarks: [],
    told: toldSpan(before >= 0 ? before : null),
  }
}

/** It left in the middle of the response: that it had stopped reading before was the doing of its own client. */
function leftPhase({ facts: { standing } }: Case): Phase | null {
  const { owed, phase } = standing
  return phase === 'peer-not-reading' && owed === 'rest-of-response' ? 'mid-response' : phase
}

/** What is said of a leg that a proxy closed because its own client took nothing any more. */
export function blockedRuling(c: Case, { link, since }: Blocked): Ruling {
  const closedNs = c.facts.close.first?.ns ?? since.ns
  const { stream } = link.downstream
  const shut = closedNs - since.ns
  return {
    limits: [
      limit('likely', NO_PACKET),
      limit('likely', 'that both legs carry the same request is not certain', link.certainty !== 'certain'),
      ...lateLimits(c.facts),
    ],
    phase: 'peer-not-reading',
    closer: 'client',
    timer: null,
    causeStream: stream,
    summary: sentence(
      `${actor(c, 'client')} closed the connection to ${actor(c, 'server')} in the middle of the response to ${requestName(c.facts)} because its own client (flow ${stream}) had read nothing for ${span(shut)}`,
    ),
    evidence: [
      ...abortEvidence(c),
      { frame: since.frame, text: `window 0 by the client of flow ${stream}: it does not read` },
    ],
    fix: ['look at the client of the flow that began it: this leg only followed'],
    remarks: [],
    told: toldSpan(shut),
  }
}
