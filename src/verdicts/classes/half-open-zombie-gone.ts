import { endText } from '../../facts/end-text.js'
import { otherSide } from '../../facts/flow-facts.js'
import type { Evidence, Side } from '../../result.js'
import { policy } from '../policy.js'
import { gaveUpSilentlyAfter } from '../signs.js'
import { limit } from '../sureness.js'
import { timerOf } from '../timer-match.js'
import type { Case, Ruling } from '../verdict-rule.js'
import { actor, closeWord, party, sentence, span } from '../wording.js'
import { KEEPALIVE_FIX, ruling } from './half-open-zombie-ruling.js'

/** The peer of `sender` is gone. */
export function vanishedRuling(c: Case, sender: Side): Ruling {
  const { facts } = c
  const side = facts.sides[sender]
  const gone = otherSide(sender)
  const waiting = side.unanswered
  const first = facts.close.first
  const since = waiting?.since ?? null
  const held = since === null ? 0 : facts.captureEndNs - since.ns
  const lastSign = facts.sides[gone].lastSegment
  const evidence: Evidence[] = []
  if (lastSign !== null)
    evidence.push({ frame: lastSign.frame, text: `last sign of life of ${party(c, gone)}` })
  if (since !== null)
    evidence.push({
      frame: since.frame,
      text: `first segment that nothing answers${since.frame === first?.frame ? ' (a FIN)' : ''}`,
    })
  if (waiting !== null && waiting.repeats > 0)
    evidence.push({
      frame: waiting.last.frame,
      text: `last of ${waiting.repeats} copies, waits up to ${span(waiting.longestWaitNs)}`,
    })
  const gaveUp = sender === 'client' ? gaveUpSilentlyAfter(c, since?.ns ?? null) : null
  const waited = first?.by === sender && first.flag === 'FIN' ? facts.timerGapNs : gaveUp
  const timer = waited === null ? null : timerOf(c, sender, facts.standing.phase, waited, 'FIN').timer
  const insisted = `${actor(c, sender)} sent the same segment ${again(waiting?.repeats ?? 0)} and got no answer for ${span(held)}, to the end of the capture`
  return ruling(c, {
    limits: [
      limit(
        'likely',
        'fewer copies than prove a dead peer are in the capture',
        (waiting?.repeats ?? 0) < policy.vanishedRepeats,
      ),
    ],
    closer: first?.by ?? 'none',
    gone,
    timer,
    summary: sentence(`${actor(c, gone)} vanished: ${insisted}`),
    evidence,
    fix: [KEEPALIVE_FIX],
    remarks: [holdsIt(c, sender)],
    ...(gone === 'server' && {
      told: {
        ifThere: {
          summary: sentence(`${actor(c, gone)} no longer answered on this connection: ${insisted}`),
          fix: [
            `find out what drops the packets of single connections to ${endText(facts.server)}: a firewall or NAT that forgot them, one of several paths or hosts behind that address`,
            KEEPALIVE_FIX,
          ],
        },
      },
    }),
  })
}

/** Whether the sender still insists; no packet tells that it has given up, only that the next copy is long overdue. */
function holdsIt(c: Case, sender: Side): string {
  const waiting = c.facts.sides[sender].unanswered
  const since = waiting === null ? 0 : c.facts.captureEndNs - waiting.last.ns
  if (waiting === null || since <= nextCopyWithin(waiting.longestWaitNs))
    return `${actor(c, sender)} still holds the socket`
  return `no copy came in the ${span(since)} after frame ${c.facts.frameName(waiting.last.frame)}, though the next was due: ${actor(c, sender)} has given up, or is gone too; no packet tells`
}

/** Waits double (RFC 6298 5.5) up to a longest one. */
function nextCopyWithin(longestWaitNs: number): number {
  return Math.min(
    policy.nextCopyFactor * longestWaitNs,
    Math.max(policy.nextCopyLatestNs, longestWaitNs * policy.nextCopySlack),
  )
}

/** Probes told the prober that its peer is dead. */
export function probedDeadRuling(c: Case, prober: Side, reset: boolean): Ruling {
  const { facts } = c
  const side = facts.sides[prober]
  const gone = otherSide(prober)
  const evidence: Evidence[] = []
  const lastSign = facts.sides[gone].lastSegment
  if (lastSign !== null)
    evidence.push({ frame: lastSign.frame, text: `last sign of life of ${party(c, gone)}` })
  const shut = facts.sides[gone].zeroWindowSince
  const probes = shut === null ? 'keep-alive probes' : 'window probes'
  if (shut !== null)
    evidence.push({ frame: shut.frame, text: `window 0 by ${party(c, gone)}, never opened again` })
  if (side.probes.first !== null)
    evidence.push({
      frame: side.probes.first.frame,
      text: `first of ${side.probes.unanswered} unanswered ${probes}`,
    })
  if (facts.close.first !== null)
    evidence.push({
      frame: facts.close.first.frame,
      text: `${closeWord(facts)} by ${party(c, prober)}: it gives up`,
    })
  return ruling(c, {
    limits: [],
    closer: facts.close.first?.by ?? 'none',
    gone,
    summary: sentence(
      `${actor(c, gone)} is gone: ${side.probes.unanswered} ${probes} by ${actor(c, prober)} went unanswered${reset ? ', then it reset the connection' : ''}`,
    ),
    evidence,
    fix: [`find out how ${actor(c, gone)} went away without a FIN (power, network, NAT)`],
  })
}

function again(times: number): string {
  return times === 1 ? 'once more' : `${times} more times`
}
