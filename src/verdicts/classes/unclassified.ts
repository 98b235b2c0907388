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
  if (facts.syn !== null && facts.synAck === null && facts.sides.server.segments === 0)
    reasons.push(
      facts.syn.repeats === 0
        ? 'one SYN was sent, never repeated and never answered'
        : `${facts.syn.repeats + 1} SYNs were sent, none was answered`,
    )
  if (facts.clockSetBack)
    reasons.push('the clock of the capture was set back, so that no wait can be measured')
  if (!facts.standing.framed && data > 0) reasons.push('what was owed at its end cannot be read')
  if (reasons.length === 0) reasons.push('what the packets show fits no class')
  return reasons
}
