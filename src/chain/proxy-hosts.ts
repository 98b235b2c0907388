import type { FlowFacts } from '../facts/flow-facts.js'
import type { CaptureOwners, Hosts } from './hosts.js'
import { firstIndex } from './ordered.js'
import { proxyPolicy } from './policy.js'
import type { Sent } from './sent.js'

/** A time in which a request at a server has just come in and is not answered. */
interface Young {
  readonly fromNs: number
  readonly untilNs: number
}

/** What the captures of one place tell of an address. */
interface Seen {
  /** Handshakes in which it answered much sooner than the other end, and much later. */
  near: number
  far: number
  /** Requests that came in there. */
  requests: number
  /** How often it turned to a server: began to open a connection, or sent a request on one that was open. */
  turns: number
  /** Addresses it has connections with, and those of them that it called. */
  readonly talksTo: Set<string>
  readonly called: Set<string>
}

/** Two addresses of one host: requests come in at the one, and are passed on from the other. */
export type ProxyHost = readonly [serves: string, calls: string]

/**
 * Proxies with another address towards the servers than towards the clients, in captures that do not record which packets their host sent
 * (Ethernet; several interfaces in one pcapng file). Taken for one host when one of the two is the near end of its handshakes and neither
 * the far one, they never talk to each other, nor over one host in between, and the connections and requests of the one follow on open
 * requests at the other more often than chance would have it.
 */
export function proxyHosts(
  flows: readonly FlowFacts[],
  sent: readonly Sent[],
  hosts: Hosts,
  owners: CaptureOwners,
): ProxyHost[] {
  const found: ProxyHost[] = []
  if (sent.length === 0) return found
  for (const [vantage, seen] of byPlace(flows, sent, owners)) {
    const serving = busiest(seen, (one) => one.requests)
    const calling = busiest(seen, (one) => one.turns)
    const pairs = serving.flatMap(([serves, server]) =>
      calling
        .filter(
          ([calls, client]) =>
            !server.talksTo.has(calls) &&
            (isNear(server) || isNear(client)) &&
            !isBehind(serves, client, seen),
        )
        .map(([calls]): ProxyHost => [serves, calls]),
    )
    const isHere = (flow: FlowFacts): boolean => flow.vantage === vantage
    const youngOf = new Map<string, Young[]>()
    const turnsOf = new Map<string, number[]>()
    for (const [serves, calls] of pairs) {
      if (hosts.same(serves, calls)) continue
      const young = youngOf.get(serves) ?? youngAt(serves, sent, isHere)
      youngOf.set(serves, young)
      const turns = turnsOf.get(calls) ?? turnsAt(calls, flows, sent, isHere)
      turnsOf.set(calls, turns)
      if (follows(young, turns, proxyPolicy.chance / pairs.length)) found.push([serves, calls])
    }
  }
  return found
}

/**
 * Whether somebody whom the calling address calls, calls the serving one: a client, a proxy and the server behind it. What that client does
 * next follows on what the server was asked, too, and the two are no one host.
 */
function isBehind(serves: string, { called }: Seen, seen: ReadonlyMap<string, Seen>): boolean {
  for (const between of called) if (seen.get(between)?.called.has(serves) === true) return true
  return false
}

function byPlace(
  flows: readonly FlowFacts[],
  sent: readonly Sent[],
  owners: CaptureOwners,
): Map<number, Map<string, Seen>> {
  const places = new Map<number, Map<string, Seen>>()
  const of = (vantage: number, ip: string): Seen => {
    let addresses = places.get(vantage)
    if (addresses === undefined) places.set(vantage, (addresses = new Map<string, Seen>()))
    let seen = addresses.get(ip)
    if (seen === undefined) {
      seen = { near: 0, far: 0, requests: 0, turns: 0, talksTo: new Set(), called: new Set() }
      addresses.set(ip, seen)
    }
    return seen
  }
  const counts = new Uint32Array(flows.reduce((rows, { row }) => Math.max(rows, row + 1), 0))
  for (const { flow } of sent) counts[flow.row]++
  for (const flow of flows) {
    if (owners.knows(flow.vantage)) continue
    const client = of(flow.vantage, flow.client.ip)
    const server = of(flow.vantage, flow.server.ip)
    client.talksTo.add(flow.server.ip)
    client.called.add(flow.server.ip)
    server.talksTo.add(flow.client.ip)
    noteNearer(flow, client, server)
    const requests = counts[flow.row]
    server.requests += requests
    client.turns += opensOnly(flow) ? 1 : requests
  }
  return places
}

/** A connection was opened and carried nothing. */
function opensOnly({ conversation, syn }: FlowFacts): boolean {
  return conversation === null && syn !== null
}

/** Requests that came in at an address, in order of time. */
function youngAt(ip: string, sent: readonly Sent[], isHere: (flow: FlowFacts) => boolean): Young[] {
  const young: Young[] = []
  for (const { flow, exchange, startNs } of sent) {
    if (flow.server.ip !== ip || !isHere(flow)) continue
    const cameInNs = (exchange.requestEnd ?? exchange.requestLast)?.timeNs ?? startNs
    const overNs = exchange.responseStart?.timeNs ?? flow.close.first?.ns ?? flow.endNs
    young.push({ fromNs: startNs, untilNs: Math.min(overNs, cameInNs + proxyPolicy.turnsWithinNs) })
  }
  return young
}

/** When an address turned to servers. */
function turnsAt(
  ip: string,
  flows: readonly FlowFacts[],
  sent: readonly Sent[],
  isHere: (flow: FlowFacts) => boolean,
): number[] {
  const turnsNs: number[] = []
  for (const flow of flows)
    if (flow.client.ip === ip && opensOnly(flow) && isHere(flow)) turnsNs.push(flow.syn?.ns ?? 0)
  for (const { flow, turnedNs } of sent) if (flow.client.ip === ip && isHere(flow)) turnsNs.push(turnedNs)
  return turnsNs
}

/** The end whose answer to the handshake came much sooner is near the capture, if not its own host. */
function noteNearer({ rttNs }: FlowFacts, client: Seen, server: Seen): void {
  if (rttNs.client === null || rttNs.server === null) return
  if (rttNs.server * proxyPolicy.nearer <= rttNs.client) {
    server.near++
    client.far++
  } else if (rttNs.client * proxyPolicy.nearer <= rttNs.server) {
    client.near++
    server.far++
  }
}

function isNear({ near, far }: Seen): boolean {
  return near > far * proxyPolicy.outweighs
}

function isFar({ near, far }: Seen): boolean {
  return far > near * proxyPolicy.outweighs
}

/** The few addresses that have most of something and are no far ends. */
function busiest(seen: ReadonlyMap<string, Seen>, count: (one: Seen) => number): [string, Seen][] {
  return [...seen]
    .filter(([, one]) => count(one) > 0 && !isFar(one))
    .sort(([a, x], [b, y]) => count(y) - count(x) || (a < b ? -1 : 1))
    .slice(0, proxyPolicy.addresses)
}

/** Whether the turns come in young requests far more often than they would by chance (Chernoff's bound); `chance`: the most that is allowed. */
function follows(young: readonly Young[], turnsNs: readonly number[], chance: number): boolean {
  const from = least([young[0].fromNs, ...turnsNs])
  const to = greatest([young[young.length - 1].untilNs, ...turnsNs])
  const expected = coveredNs(young) / (to - from + proxyPolicy.turnsWithinNs)
  const hit = new Set<number>()
  let missed = 0
  for (const ns of turnsNs) {
    const at = indexAt(young, ns)
    if (at === null) missed++
    else hit.add(at)
  }
  // Several turns within one request count once: they may have one reason that is not this request.
  const tries = hit.size + missed
  const share = hit.size / tries
  if (share <= expected) return false
  const misses = share === 1 ? 0 : (1 - share) * Math.log((1 - share) / (1 - expected))
  return tries * (share * Math.log(share / expected) + misses) >= -Math.log(chance)
}

/** Index of the latest young request that began before `ns`, if it is young then; null: none. */
function indexAt(young: readonly Young[], ns: number): number | null {
  const latest = firstIndex(young.length, (index) => young[index].fromNs > ns + proxyPolicy.slackNs) - 1
  return latest >= 0 && ns <= young[latest].untilNs ? latest : null
}

/** Time in which at least one request is young, the slack of the order included. */
function coveredNs(young: readonly Young[]): number {
  let covered = 0
  let until = -Infinity
  for (const { fromNs, untilNs } of young) {
    const from = Math.max(fromNs - proxyPolicy.slackNs, until)
    if (untilNs > from) {
      covered += untilNs - from
      until = untilNs
    }
  }
  return covered
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b))
}

function greatest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b))
}
