import { answeredUnseen } from '../holes.js'
import { limit } from '../sureness.js'
import type { Case, Rule } from '../verdict-rule.js'
import { closeWord, sentence } from '../wording.js'

/** Not enough was seen. Says what was missing; never a guess. */
export const unclassified: Rule = {
  code: 'unclassified',
  title: 'unclassified',
  readings: (c) => [
    {
      variant: null,
      checks: [],
      ruling: () => ({
        limits: [limit('possible', 'not enough of the connection is in the capture')],
        phase: c.facts.standing.phase,
        closer: c.facts.close.first?.by ?? 'none',
        timer: null,
        causeStream: null,
        summary: sentence(`unclassified, because ${missing(c).join('; ')}`),
        evidence:
          c.facts.close.first === null
            ? []
            : [
                {
                  frame: c.facts.close.first.frame,
                  text: `${closeWord(c.facts)} by the ${c.facts.close.first.by}`,
                },
              ],
        fix: [],
        remarks: [],
      }),
    },
  ],
}

function missing(c: Case): string[] {
  const { facts } = c
  const reasons: string[] = []
  const data = facts.sides.client.payloadBytes + facts.sides.server.payloadBytes
  if (facts.lateStart) reasons.push('the capture does not show how the connection began')
  if (facts.oneDirection) reasons.push('only one direction is in the capture')
  if (facts.lateStart && data === 0) reasons.push('nothing but its end was seen')
  if (facts.payloadCut && !facts.standing.framed) reasons.push('its messages were cut by the snaplen')
  if (facts.sides.client.missingBytes + facts.sides.server.missingBytes > 0)
    reasons.push('bytes are missing from the capture')
  if (answeredUnseen(facts)) reasons.push('a RST of the server answers a segment that the capture lacks')
  reasons.push(...handshakeTroubles(c))
  if (facts.clockSetBack)
    reasons.push('the clock of the capture was set back, so that no wait can be measured')
  if (!facts.standing.framed && data > 0) reasons.push('what was owed at its end cannot be read')
  if (reasons.length === 0 && facts.standing.owed === 'unknown')
    reasons.push(
      facts.standing.phase === 'tunnel'
        ? 'what was still to come through the tunnel cannot be read'
        : 'what was owed at its end cannot be read',
    )
  if (reasons.length === 0) reasons.push('what the packets show fits no class')
  return reasons
}

/** What stopped the connection before it was one. */
function handshakeTroubles({ facts }: Case): string[] {
  const { syn, synAck, sides, establishedNs } = facts
  if (syn === null || establishedNs !== null) return []
  // A client that sends more than SYNs has got an answer, which the capture lacks.
  const onlySyns = sides.client.segments <= 1 + syn.repeats
  if (synAck !== null && onlySyns)
    return [
      `the server answered the SYN (frame ${facts.frameName(synAck.frame)}${synAck.repeats === 0 ? '' : `, and ${synAck.repeats} more times`}) and the client never acknowledged that`,
    ]
  if (synAck === null && sides.server.segments === 0 && onlySyns)
    return [
      syn.repeats === 0
        ? 'one SYN was sent, never repeated and never answered'
        : `${syn.repeats + 1} SYNs were sent, none was answered`,
    ]
  const { rst, lastSegment } = sides.server
  if (synAck === null && lastSegment !== null && rst === null && sides.server.payloadBytes === 0)
    return [
      `the server answered the SYN with an ACK and no SYN-ACK (frame ${facts.frameName(lastSegment.frame)}): it still held an earlier connection of these ports`,
    ]
  return []
}
