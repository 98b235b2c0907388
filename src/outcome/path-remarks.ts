import { neverAccepted, neverArrived } from '../facts/arrivals.js'
import type { FlowFacts, PathFact, SideFacts } from '../facts/flow-facts.js'
import type { Side } from '../result.js'
import { pathPolicy } from './policy.js'

/**
 * What copies of packets tell of the way through the capturing host, and where bytes were lost; one sentence each. `translated`: the
 * connection is in the capture under other addresses too, so that its packets went on as others.
 */
export function pathRemarks(facts: FlowFacts, translated = false): string[] {
  return [
    ...wayOf(facts),
    ...(translated ? [] : synOf(facts)),
    ...deviation(facts, 'client'),
    ...deviation(facts, 'server'),
    ...queueOf(facts),
    ...notThrough(facts, 'client'),
    ...notThrough(facts, 'server'),
    ...icmpOf(facts),
    ...lossOf(facts, 'client'),
    ...lossOf(facts, 'server'),
  ]
}

function wayOf(facts: FlowFacts): string[] {
  const by: Side = facts.paths.client === null ? 'server' : 'client'
  const path = facts.paths[by]
  if (path === null) return []
  const each = Math.round(path.sightings)
  if (each < 2) return [`some packets from the ${by} were seen more than once on their way through this host`]
  return [`packets from the ${by} were seen ${each} times each on their way through this host${places(path)}`]
}

/** `: interface 4, then 7`; empty when the capture doesn't tell interfaces apart. */
function places(path: PathFact): string {
  const faces = path.interfaces
  return faces.length < 2 ? '' : `: interface ${faces.join(', then ')}`
}

/** A SYN that nobody answered and that this host did not pass on, though it passes on what others send there. */
function synOf(facts: FlowFacts): string[] {
  const { paths, syn, synAck, sides, server } = facts
  const lonely = paths.syn
  if (lonely === null || syn === null || syn.repeats === 0 || lonely.others < pathPolicy.passedConnections)
    return []
  if (synAck !== null || sides.server.segments > 0) return []
  const sent = `the SYN (frame ${facts.frameName(syn.frame)}) and its ${syn.repeats === 1 ? 'retransmission' : `${syn.repeats} retransmissions`}`
  return [
    `${sent} were seen at interface ${lonely.interface} and never further on, unlike packets of ${lonely.others} other connections to ${server.ip}: they were dropped on this host, or the capture missed those copies`,
  ]
}

/** A packet that came from nowhere. A FIN or RST may only lack its first sighting; data is told when its TTL too is not the side's. */
function madeHere(facts: FlowFacts, path: PathFact, by: Side): string[] {
  const { further } = path
  if (further === null || (further.what === 'data' && !further.otherTtl)) return []
  const what = further.what === 'data' ? 'data' : `the ${further.what}`
  const ttl = further.otherTtl ? ', and its TTL is another' : ''
  return [
    `${what} in the name of the ${by} (frame ${facts.frameName(further.frame)}) was seen only further on, not where its packets come first, unlike all ${path.segments} others of this side${ttl}: it was made on this host, or the capture missed its arrival`,
  ]
}

/**
 * The last packet of a side that was seen once, when all before it were seen again further on. A packet that arrived proves the way
 * whatever the capture missed: what was acknowledged is never called dropped.
 */
function deviation(facts: FlowFacts, by: Side): string[] {
  const path = facts.paths[by]
  const side = facts.sides[by]
  if (path === null || path.places < 2 || path.segments < pathPolicy.provenBy) return []
  if (path.segments === side.segments || !Number.isInteger(path.sightings)) return []
  const made = madeHere(facts, path, by)
  if (made.length > 0) return made
  const between = betweenWords(path)
  const { rst } = side
  if (rst !== null && rst.frame > path.lastFrame) {
    if (path.rstSeen !== 'first') return []
    return [
      `the RST of the ${by} (frame ${facts.frameName(rst.frame)}) was seen where its packets come first and not further on, unlike all ${path.segments} packets before it: it was dropped on this host${between}, or the capture missed that copy`,
    ]
  }
  const lost = undelivered(facts, by, side)
  if (lost === null || lost.frame <= path.lastFrame) return []
  return [
    `${lost.what} of the ${by} (frame ${facts.frameName(lost.frame)}) and its ${lost.repeats === 1 ? 'retransmission' : `${lost.repeats} retransmissions`} were never seen further on nor acknowledged, unlike all ${path.segments} packets before it: they were dropped on this host${between}, or the capture missed those copies`,
  ]
}

function betweenWords(path: PathFact): string {
  const first = path.interfaces[0]
  const last = path.interfaces[path.interfaces.length - 1]
  return first === last ? '' : ` between interface ${first} and ${last}`
}

/** The FIN or payload that the other end never acknowledged; a retransmission that passed would have moved `lastFrame`. */
function undelivered(
  facts: FlowFacts,
  by: Side,
  side: SideFacts,
): { readonly what: string; readonly frame: number; readonly repeats: number } | null {
  const { unanswered } = side
  // One sending alone may be a copy that the capture missed.
  if (unanswered === null || unanswered.repeats === 0) return null
  const { repeats } = unanswered
  const { fin } = side
  if (fin !== null && unanswered.since.frame === fin.frame)
    return fin.acked === null ? { what: 'the FIN', frame: fin.frame, repeats } : null
  const other = facts.sides[by === 'client' ? 'server' : 'client']
  if (other.lastAck === null || side.sentAtClose === null || other.lastAck === side.sentAtClose) return null
  return { what: 'the data', frame: unanswered.since.frame, repeats }
}

function queueOf(facts: FlowFacts): string[] {
  if (!neverAccepted(facts)) return []
  return [
    `the server repeated its SYN-ACK ${facts.synAck?.repeats} times and acknowledged nothing that the client sent: its accept queue was full, or the client's segments did not reach it`,
  ]
}

function notThrough(facts: FlowFacts, by: Side): string[] {
  const lost = neverArrived(facts, by)
  if (lost === null) return []
  const again = facts.sides[by].retransmissions
  return [
    `the last ${bytes(lost.bytes)} of the ${by} were never acknowledged, although sent again (${again} retransmissions in all), and the ${by === 'client' ? 'server' : 'client'} was alive (frame ${facts.frameName(lost.alive.frame)}): they do not get through${mtuHint(facts, by)}`,
  ]
}

function mtuHint(facts: FlowFacts, by: Side): string {
  const told = facts.icmpErrors.find(({ kind, to }) => kind === 'packet too big' && to === by)
  return told === undefined
    ? '; if smaller segments do, look for a path MTU that is not told (ICMP dropped)'
    : `, and the ICMP error that tells how large they may be (frame ${facts.frameName(told.frame)}) changed nothing`
}

function icmpOf(facts: FlowFacts): string[] {
  // That of a SYN is told by the verdict.
  if (facts.standing.phase === 'connecting' && facts.sides.server.segments === 0) return []
  return facts.icmpErrors.map(({ kind, to, from, mtu, count, frame }) => {
    const size = mtu === null ? '' : `: no more than ${mtu} bytes fit`
    const often = count > 1 ? `, the first of ${count}` : ''
    return `${from ?? 'a host on the way'} told the ${to} with ICMP that its segment was not delivered: ${kind}${size} (frame ${facts.frameName(frame)}${often})`
  })
}

/** RFC 7323 2.3: no window is larger, bytes. Numbers that are further apart belong to two connections, or are no numbers at all. */
const LARGEST_WINDOW = 2 ** 30

function lossOf(facts: FlowFacts, by: Side): string[] {
  const { missingBytes } = facts.sides[by]
  // The one byte before the first segment of a late capture is what a keep-alive probe pretends to send.
  const none = (facts.lateStart && missingBytes === 1) || missingBytes > LARGEST_WINDOW
  const missed = none ? 0 : missingBytes
  const late = facts.sides[by].lateBytes
  return [
    ...(missed > 0
      ? [
          `${bytes(missed)} from the ${by} ${missed === 1 ? 'was acknowledged but is not in the capture: it' : 'were acknowledged but are not in the capture: they'} arrived, and the capture missed ${missed === 1 ? 'it' : 'them'}`,
        ]
      : []),
    ...(late > 0
      ? [
          `${bytes(late)} from the ${by} filled a gap later: lost or delayed on the way to the capture point, not by the capture`,
        ]
      : []),
  ]
}

function bytes(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`
}
