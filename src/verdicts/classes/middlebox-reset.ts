import { otherSide } from '../../facts/flow-facts.js'
import type { Side } from '../../result.js'
import { livedOn } from '../lived-on.js'
import { policy } from '../policy.js'
import { limit } from '../sureness.js'
import { check, type Case, type Reading, type Rule } from '../verdict-rule.js'
import { actor, sentence, span } from '../wording.js'
import { outlivedReset } from '../outlived-reset.js'
import { forgedMarks, weightOf } from './middlebox-reset-tests.js'

/** A RST that the host named as its sender did not send. */
export const middleboxReset: Rule = {
  code: 'middlebox-reset',
  title: 'middlebox reset',
  readings: (c) => [reading(c)],
}

function reading(c: Case): Reading {
  const { facts, around } = c
  const by = suspectSide(c)
  const rst = by === null ? null : facts.sides[by].rst
  const marks = by === null ? [] : forgedMarks(facts, by, around.elsewhere)
  const weight = weightOf(marks)
  const told = marks.map(({ text, weight: one }) => `${text} (weight ${one})`).join('; ')
  const answered = synAckAnswered(c, by)
  const trigger = rst?.triggerFrame ?? answered
  // It answers a segment as one of no connection, and its named sender goes on with that connection.
  const rejected =
    by !== null && rst?.form === 'stateless' && answered === null && livedOn(facts, by) !== null
  return {
    variant: null,
    checks: [
      check('a RST came first', rst !== null, noRstFirst(c)),
      check(
        'it was not provoked by a segment of the other side',
        rejected || (trigger === null && !mayAnswerUnseen(c, by)),
        trigger === null
          ? 'what it answers may be in the direction that was not captured'
          : `it answers frame ${c.facts.frameName(trigger)}`,
      ),
      check(
        'marks show that its named sender did not make it',
        weight >= policy.forgedLikely,
        marks.length === 0
          ? 'its TTL, form and sequence number are those of its sender'
          : `only a weak mark: ${told}; ${policy.forgedLikely} are needed`,
      ),
    ],
    ruling: () => ({
      limits: [
        limit('likely', 'no mark alone is decisive', weight < policy.forgedCertain),
        limit(
          'possible',
          'such a RST answers a segment, as a NAT that forgot the connection does: the capture may lack that segment',
          around.lossy && rst?.form === 'stateless' && weight < policy.forgedCertain,
        ),
      ],
      // What lives on was not in the middle of anything when it ended.
      phase: by !== null && outlivedReset(facts, by) !== null ? null : facts.standing.phase,
      closer: 'middlebox',
      timer: null,
      causeStream: null,
      summary: sentence(
        `${rejected ? 'a box on the path, or a firewall on its host,' : 'a box on the path'} ${deed(c, by ?? 'server')}: ${marks.map((mark) => mark.text).join('; ')}`,
      ),
      evidence: [
        ...(rst === null ? [] : [{ frame: rst.frame, text: `RST in the name of the ${by}` }]),
        ...marks.map(({ frame, text, weight: one }) => ({ frame, text: `${text}: weight ${one}` })),
      ],
      fix: [
        ...(rejected
          ? [
              `look for a firewall rule on the host of ${actor(c, by)} that rejects with a RST (iptables: REJECT --reject-with tcp-reset)`,
            ]
          : []),
        'look for a firewall, IPS, NAT or load balancer between the two hosts that resets connections, and capture on both of its sides',
      ],
      remarks: [
        `the tests of this RST weigh ${weight}: from ${policy.forgedLikely} on it is likely forged, from ${policy.forgedCertain} on certainly`,
        `${marks.some(({ text }) => text.includes('NetScaler')) ? 'the reason code is that of a Citrix NetScaler' : 'the packets do not name the box'}${sinceLast(c)}`,
      ],
    }),
  }
}

function deed(c: Case, by: Side): string {
  const name = actor(c, by)
  const went = outlivedReset(c.facts, by)
  return went === null
    ? `reset the connection in the name of ${name}`
    : `sent a RST in the name of ${name} that ${actor(c, otherSide(by))} did not take (it went on, frame ${c.facts.frameName(went.frame)})`
}

function noRstFirst({ facts }: Case): string {
  const { first } = facts.close
  if (first === null) return 'no side closed, and no RST was seen'
  if (first.flag === 'RST') return `its RST (frame ${facts.frameName(first.frame)}) answers the SYN`
  return `a FIN (frame ${facts.frameName(first.frame)}) ended it first, no RST`
}

function sinceLast(c: Case): string {
  const silence = c.facts.silenceNs
  return silence === null || silence < 0 ? '' : `; ${span(silence)} had passed since the last payload`
}

/** The side in whose name the first close was a RST; null: it was not. */
function suspectSide(c: Case): Side | null {
  const { first } = c.facts.close
  return first !== null && first.flag === 'RST' && c.facts.standing.phase !== 'connecting' ? first.by : null
}

/** A RST without ACK answers something, and what the other side sent is not in the capture. */
function mayAnswerUnseen({ facts }: Case, by: Side | null): boolean {
  return facts.oneDirection && by !== null && facts.sides[by].rst?.form === 'stateless'
}

/**
 * The SYN-ACK that a client's stateless RST answers before any handshake; null: none. Scanners that send their own SYNs are reset by the
 * kernel they run on, and go on all the same: host and RST are one.
 */
function synAckAnswered(c: Case, by: Side | null): number | null {
  const { facts } = c
  const rst = facts.sides.client.rst
  if (by !== 'client' || rst === null || facts.synAck === null || rst.form !== 'stateless') return null
  const before = facts.establishedNs === null || facts.establishedNs > rst.ns
  return before && facts.synAck.ns <= rst.ns ? facts.synAck.frame : null
}
