import { check, type Case, type Reading, type Rule } from '../verdict-rule.js'
import { actor, sentence, span, endText } from '../wording.js'

/** Nothing listens: the SYN was answered by a RST. */
export const refused: Rule = {
  code: 'refused',
  title: 'refused',
  readings: (c) => [reading(c)],
}

function reading(c: Case): Reading {
  const { facts } = c
  const { syn, synAck, sides } = facts
  const rst = sides.server.rst
  // A RST without ACK does not refuse a SYN: Linux ignores it and tries again.
  const answered = rst !== null && syn !== null && rst.ns >= syn.ns && answersSyn(c)
  return {
    variant: null,
    checks: [
      check('the capture shows the SYN', syn !== null, 'no SYN is in the capture'),
      check(
        'no SYN-ACK came',
        synAck === null,
        `frame ${facts.frameName(synAck?.frame)} is a SYN-ACK: the server accepted the connection`,
      ),
      check('the server answered the SYN with a RST', answered, 'no RST answered the SYN'),
    ],
    ruling: () => ({
      limits: [],
      phase: 'connecting',
      closer: 'server',
      timer: null,
      causeStream: null,
      summary: sentence(
        `${actor(c, 'server')} refused the connection after ${span((rst?.ns ?? 0) - (syn?.ns ?? 0))}: nothing listens on ${endText(facts.server)}`,
      ),
      evidence: [
        { frame: syn?.frame ?? 0, text: 'SYN' },
        {
          frame: rst?.frame ?? 0,
          text: 'RST that acknowledges the SYN: no socket listens there, or a firewall rejects it',
        },
      ],
      fix: [
        `start the service on ${endText(facts.server)}, or correct the address that ${actor(c, 'client')} uses`,
      ],
      remarks: (syn?.repeats ?? 0) > 0 ? [`the SYN was sent ${(syn?.repeats ?? 0) + 1} times`] : [],
    }),
  }
}

/** A RST that acknowledges the SYN and nothing else, on a connection that carried nothing. */
function answersSyn(c: Case): boolean {
  const { client, server } = c.facts.sides
  // Anything else that the client sent answers a SYN-ACK that the capture lacks.
  if (client.segments > 1 + (c.facts.syn?.repeats ?? 0)) return false
  if (server.rst?.form === 'refused') return true
  const empty = client.payloadBytes + server.payloadBytes === 0
  return empty && server.rst?.ack === (client.baseSeq + 1) >>> 0
}
