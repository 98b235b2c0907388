import { endText } from '../../facts/end-text.js'
import type { IcmpErrorFact } from '../../facts/flow-facts.js'
import { limit } from '../sureness.js'
import { check, type Case, type Check, type Reading, type Rule, type Ruling } from '../verdict-rule.js'
import { actor, sentence, span } from '../wording.js'

/** The SYN was answered with no: by the RST of a host where nothing listens, or by an ICMP error. */
export const refused: Rule = {
  code: 'refused',
  title: 'refused',
  readings: (c) => [reading(c), unreachable(c)],
}

function reading(c: Case): Reading {
  const { facts } = c
  const { syn, sides } = facts
  const rst = sides.server.rst
  // A RST without ACK does not refuse a SYN: Linux ignores it and tries again.
  const answered = rst !== null && syn !== null && rst.ns >= syn.ns && answersSyn(c)
  return {
    variant: null,
    checks: [
      ...synUnaccepted(c),
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

/** A SYN that the server did not accept, whatever answered it. */
function synUnaccepted({ facts }: Case): Check[] {
  const { syn, synAck } = facts
  return [
    check('the capture shows the SYN', syn !== null, 'no SYN is in the capture'),
    check(
      'no SYN-ACK came',
      synAck === null,
      `frame ${facts.frameName(synAck?.frame)} is a SYN-ACK: the server accepted the connection`,
    ),
  ]
}

/** An ICMP error about the SYN: a socket that is connecting fails by it (RFC 5461 4.1 on what stacks do). */
function unreachable(c: Case): Reading {
  const { facts } = c
  const { syn, sides } = facts
  const error = facts.icmpErrors.find(({ to, kind }) => to === 'client' && kind !== 'packet too big')
  return {
    variant: 'unreachable',
    checks: [
      ...synUnaccepted(c),
      check(
        'the client sent nothing but SYNs and the server nothing at all',
        sides.server.segments === 0 && sides.client.segments <= 1 + (syn?.repeats ?? 0),
        'more than SYNs was sent',
      ),
      check(
        'an ICMP error answered the SYN',
        error !== undefined && error.ns >= (syn?.ns ?? Infinity),
        'no RST answered the SYN, and no ICMP error',
      ),
    ],
    ruling: () => unreachableRuling(c, error),
  }
}

function unreachableRuling(c: Case, error: IcmpErrorFact | undefined): Ruling {
  const { syn, server } = c.facts
  const from = error?.from ?? 'a host on the way'
  const itself = error?.from === server.ip
  const sent = (syn?.repeats ?? 0) + 1
  return {
    limits: [
      limit('likely', 'the SYN was sent again after the error', (syn?.lastNs ?? 0) > (error?.ns ?? 0)),
    ],
    phase: 'connecting',
    closer: itself ? 'server' : 'middlebox',
    timer: null,
    causeStream: null,
    summary: sentence(
      `${from} answered the SYN to ${itself ? `port ${server.port}` : endText(server)} with an ICMP error after ${span((error?.ns ?? 0) - (syn?.ns ?? 0))}: ${error?.kind}`,
    ),
    evidence: [
      { frame: syn?.frame ?? 0, text: sent === 1 ? 'SYN' : `first of ${sent} SYNs` },
      { frame: error?.frame ?? 0, text: `ICMP ${error?.kind}, from ${from}, quotes the SYN` },
    ],
    fix: [
      error?.kind === 'port unreachable' || error?.kind === 'administratively prohibited'
        ? `find the firewall rule of ${from} that rejects ${endText(server)}, or correct the address that ${actor(c, 'client')} uses`
        : `find out why ${from} has no way to ${endText(server)} (host down, route missing, wrong address)`,
    ],
    remarks: sent > 1 ? [`the SYN was sent ${sent} times`] : [],
    told: { advice: error?.kind ?? 'unreachable' },
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
