import { otherSide, type SideFacts } from '../../facts/flow-facts.js'
import type { Side } from '../../result.js'
import { policy } from '../policy.js'
import { limit } from '../sureness.js'
import { check, type Case, type Reading, type Rule } from '../verdict-rule.js'
import { actor, sentence, span } from '../wording.js'

/** A RST that the host named as its sender did not send. */
export const middleboxReset: Rule = {
  code: 'middlebox-reset',
  title: 'middlebox reset',
  readings: (c) => [reading(c)],
}

/** One test of a RST; a decisive one needs no other. */
interface Mark {
  readonly text: string
  readonly weight: 'decisive' | 'strong' | 'weak'
}

function reading(c: Case): Reading {
  const { facts } = c
  const by = suspectSide(c)
  const rst = by === null ? null : facts.sides[by].rst
  const marks = by === null ? [] : marksOf(c, by)
  const enough = marks.some((mark) => mark.weight !== 'weak') || marks.length >= 2
  return {
    variant: null,
    checks: [
      check('a RST came first', rst !== null, 'no RST ended the flow first'),
      check(
        'it was not provoked by a segment of the other side',
        rst === null || rst.triggerFrame === null,
        `it answers frame ${rst?.triggerFrame}`,
      ),
      check(
        'marks show that its named sender did not make it',
        enough,
        marks.length === 0
          ? 'its TTL, form and sequence number are those of its sender'
          : `only a weak mark: ${marks[0].text}`,
      ),
    ],
    ruling: () => ({
      limits: [
        limit('likely', 'no mark alone is decisive', !marks.some((mark) => mark.weight === 'decisive')),
      ],
      phase: facts.standing.phase,
      closer: 'middlebox',
      timer: null,
      causeStream: null,
      summary: sentence(
        `a box on the path reset the connection in the name of ${actor(c, by ?? 'server')}: ${marks.map((mark) => mark.text).join('; ')}`,
      ),
      evidence:
        rst === null
          ? []
          : [
              {
                frame: rst.frame,
                text: `RST in the name of the ${by}: ${marks.map((mark) => mark.text).join('; ')}`,
              },
            ],
      fix: [
        'look for a firewall, IPS, NAT or load balancer between the two hosts that resets connections, and capture on both of its sides',
      ],
      remarks: [
        `the packets do not name the box; ${span(facts.silenceNs ?? 0)} had passed since the last payload`,
      ],
    }),
  }
}

/** The side in whose name the first close was a RST; null: it was not. */
function suspectSide(c: Case): Side | null {
  const { first } = c.facts.close
  return first !== null && first.flag === 'RST' && c.facts.standing.phase !== 'connecting' ? first.by : null
}

function marksOf(c: Case, by: Side): Mark[] {
  const { facts } = c
  const side = facts.sides[by]
  const rst = side.rst
  if (rst === null || facts.standing.phase === 'connecting') return []
  const marks: Mark[] = []
  const steady = side.ttl !== 0 && !side.ttlVaries
  if (steady && Math.abs(rst.ttl - side.ttl) >= policy.foreignTtl)
    marks.push({
      text: `its TTL is ${rst.ttl}, all other segments of that side have ${side.ttl}`,
      weight: 'strong',
    })
  if (rst.form === 'unknown' && rst.windowZero && rst.unstamped)
    marks.push({
      text: 'its form is foreign (ACK with window 0, no timestamps although the flow has them)',
      weight: 'strong',
    })
  if (saysMore(side))
    marks.push({ text: 'its named sender went on sending new data after it', weight: 'decisive' })
  const other = facts.sides[otherSide(by)].rst
  if (
    other !== null &&
    Math.abs(other.ns - rst.ns) < policy.consequenceWithinNs &&
    other.triggerFrame === null &&
    other.form !== 'stateless'
  ) {
    marks.push({ text: `both ends got a RST within ${span(Math.abs(other.ns - rst.ns))}`, weight: 'weak' })
  }
  return marks
}

/** New payload of the same side well after its RST. */
function saysMore(side: SideFacts): boolean {
  return (
    side.rst !== null &&
    side.lastPayload !== null &&
    side.lastPayload.frame > side.rst.frame &&
    side.lastPayload.ns - side.rst.ns > policy.staleReuseNs
  )
}
