import { otherSide } from '../../facts/flow-facts.js'
import type { Evidence, Side } from '../../result.js'
import { policy } from '../policy.js'
import { aftermath, gaveUpSilentlyAfter } from '../signs.js'
import { limit } from '../sureness.js'
import { timerOf } from '../timer-match.js'
import type { Case, Ruling } from '../verdict-rule.js'
import { actor, party, sentence, span } from '../wording.js'
import { triggerName } from './half-open-zombie-words.js'

type Rest = Pick<Ruling, 'limits' | 'closer' | 'summary' | 'evidence' | 'fix'> &
  Partial<Pick<Ruling, 'phase' | 'timer' | 'remarks' | 'gone' | 'told'>>

/** A ruling with what most of them leave empty. */
export function ruling(c: Case, rest: Rest): Ruling {
  return {
    phase: c.facts.standing.phase,
    timer: null,
    causeStream: null,
    remarks: [],
    ...rest,
  }
}

export const KEEPALIVE_FIX =
  'switch TCP keep-alive on for these connections (nginx: listen … so_keepalive=30s:10s:3; HAProxy: option tcpka), so that a dead peer is noticed'

/** The side `by`, or a box in front of it, has no such connection any more. */
export function forgottenRuling(c: Case, by: Side, silence: number): Ruling {
  const { facts } = c
  const side = facts.sides[by]
  const rst = side.rst
  const otherTtl = rst !== null && side.ttl !== 0 && !side.ttlVaries && rst.ttl !== side.ttl
  const fast = tooFast(c, by)
  const here = madeHere(c, by)
  const box = otherTtl || fast || here
  const exchange = facts.standing.exchange
  const after = aftermath(c, exchange)
  const who = box ? `a NAT or firewall in front of ${actor(c, by)}` : actor(c, by)
  const what = triggerName(c, by)
  const told =
    after.retry !== null
      ? `; it was sent again on flow ${after.retry}`
      : after.status !== null
        ? `; the client got ${after.status}`
        : ''
  const evidence: Evidence[] = [
    { frame: rst?.triggerFrame ?? 0, text: `${what}, after ${span(silence)} of silence` },
    {
      frame: rst?.frame ?? 0,
      text: `RST without ACK, its SEQ is the ACK number of frame ${facts.frameName(rst?.triggerFrame)}: the sender knows no such connection${otherTtl ? `; TTL ${rst?.ttl}, otherwise ${side.ttl}` : ''}`,
    },
  ]
  return ruling(c, {
    limits: [
      limit('possible', 'the capture began late: a close may have come before it', facts.lateStart),
      limit('likely', 'a close that the capture lacks would look the same'),
      limit('possible', 'the capture lost frames: a close may be among them', c.around.lossy),
      limit('likely', 'the RST may answer a FIN that the capture lacks', otherClosed(c, by)),
    ],
    closer: box ? 'middlebox' : by,
    summary: sentence(
      here
        ? `a NAT or firewall on the capturing host answered ${what} with a RST after ${span(silence)} of silence: it had forgotten the connection, or one of its rules rejects that${told}`
        : `${who} had forgotten the connection during ${span(silence)} of silence and answered ${what} with a RST${told}`,
    ),
    evidence,
    fix: here
      ? [
          'see which rule of the capturing host rejects it (iptables -L -v -n, nft list ruleset), and how long it keeps idle connections (conntrack)',
        ]
      : box
        ? [
            'let the proxy drop idle connections before the NAT or firewall does, or send TCP keep-alive probes more often than its idle limit',
          ]
        : [
            `find out why ${actor(c, by)} lost the connection without closing it (restart, crash, fail-over)`,
            KEEPALIVE_FIX,
          ],
    remarks: ['no FIN came before: this is not a keep-alive race'],
  })
}

/** The other side closed too: it may have answered a FIN that the capture lacks. */
function otherClosed(c: Case, by: Side): boolean {
  const fin = c.facts.sides[otherSide(by)].fin
  return fin !== null || c.facts.sides[by].missingTo !== null
}

/** All other packets of this side were seen where they arrive, the RST only where they leave, and with another TTL. */
function madeHere({ facts }: Case, by: Side): boolean {
  const further = facts.paths[by]?.further ?? null
  return further?.what === 'RST' && further.otherTtl
}

/** The RST came back sooner than the path allows. */
function tooFast(c: Case, by: Side): boolean {
  const { facts } = c
  const path = facts.rttNs[by]
  const rst = facts.sides[by].rst
  const trigger = facts.sides[otherSide(by)].payloadBeforeClose
  if (path === null || rst === null || trigger === null || trigger.frame !== rst.triggerFrame) return false
  return path > policy.pathMeasurableNs && rst.ns - trigger.ns < path / 4
}

/** The end that got the FIN never closes. */
export function halfClosedRuling(c: Case, held: number): Ruling {
  const { facts, around } = c
  const first = facts.close.first
  const closer = first?.by ?? 'client'
  const leaker = otherSide(closer)
  const fin = facts.sides[closer].fin
  const evidence: Evidence[] = [
    {
      frame: first?.frame ?? 0,
      text: `FIN by ${party(c, closer)}${facts.standing.owed === 'nothing' ? ', nothing owed' : ''}`,
    },
  ]
  if (fin?.acked != null)
    evidence.push({
      frame: fin.acked.frame,
      text: `the host of ${party(c, leaker)} acknowledges it; its program never closes`,
    })
  return ruling(c, {
    limits: [
      limit('likely', 'it may still be closed', held < policy.halfClosedNs),
      limit('likely', 'what was owed cannot be read', facts.standing.owed !== 'nothing'),
    ],
    closer,
    summary: sentence(
      `${actor(c, leaker)} never closed its side: the FIN of ${actor(c, closer)} was acknowledged ${span(held)} before the end of the capture and the socket stays in CLOSE_WAIT`,
    ),
    evidence,
    fix: [
      `close the socket in ${actor(c, leaker)} when the peer has closed (a read that returns 0 bytes): every such connection holds a file descriptor`,
    ],
    remarks:
      around.likeHalfClosed > 1
        ? [`${around.likeHalfClosed} connections of that end are held like this`]
        : [],
  })
}

/** The receiver's window stays shut. */
export function notReadingRuling(c: Case, reader: Side, held: number): Ruling {
  const { facts } = c
  const sender = otherSide(reader)
  const since = facts.sides[reader].zeroWindowSince
  const gaveUp =
    sender === 'client' ? gaveUpSilentlyAfter(c, facts.sides.client.lastPayload?.ns ?? null) : null
  const { timer } = timerOf(c, sender, 'peer-not-reading', gaveUp, 'SILENCE')
  return ruling(c, {
    limits: [limit('likely', 'the capture ended first')],
    closer: 'none',
    phase: 'peer-not-reading',
    timer: gaveUp === null ? null : timer,
    summary: sentence(
      `${actor(c, reader)} stopped reading: its receive window has been zero for ${span(held)}, to the end of the capture, with ${facts.sides[sender].probes.all} probes by ${actor(c, sender)}`,
    ),
    evidence: [{ frame: since?.frame ?? 0, text: `window 0 by ${party(c, reader)}, never opened again` }],
    fix: [
      `find out why ${actor(c, reader)} stopped reading`,
      'nginx: reset_timedout_connection on; frees the socket when send_timeout fires',
    ],
    remarks:
      timer?.setting == null
        ? []
        : [`a send timeout (${timer.setting}) would leave no packet here: its FIN waits behind unsent data`],
  })
}
