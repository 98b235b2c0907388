import type { FlowFacts } from '../facts/flow-facts.js'
import type { LegLink } from '../facts/leg-facts.js'
import { couldBeParent, linkOf, sameServer } from './could-be-parent.js'
import { joinLinkedHosts, type Hosts } from './hosts.js'
import { legPolicy } from './policy.js'
import { linkContent } from './same-content.js'
import { Served } from './served.js'
import { SentIndex } from './sent-index.js'
import { linkNamed } from './sub-requests.js'
import type { Sent } from './sent.js'
import { isOneConnection, requestKey, translatedFlows, type Twins } from './twins.js'

/** Links every exchange to the one it was made for: by request id, then by content, then by nesting in time on one host. */
export function linkLegs(sent: readonly Sent[], hosts: Hosts, twins: Twins = new Map()): LegLink[] {
  const byId = new SentIndex(sent, (one) => one.exchange.requestId)
  const links: LegLink[] = []
  const unlinked: Sent[] = []
  for (let i = 0; i < sent.length; i++) {
    const one = sent[i]
    const id = byId.numberOfPlace(i)
    const alike = byId.count(id)
    if (alike > 1) {
      const link =
        alike === 2
          ? linkIfParent(byId.other(id, i), one, hosts, twins)
          : parentOf(one, byId, id, hosts, twins)
      if (link !== null) links.push(link)
      // An id that others carry too would have been found on the leg before, if that leg were here. And a connection that goes on shows
      // its requests in every round: one that was linked to a leg that is gone is made for no other.
    } else if (!one.exchange.legGone) unlinked.push(one)
  }
  joinLinkedHosts(hosts, links)
  if (unlinked.length === 0) return links
  const served = new Served(links, twins)
  // Without an id a request is made for one that came in at its own host: most hosts only call.
  const serving = new Set(sent.map(({ flow }) => hosts.of(flow.server.ip)))
  const { before, after } = translatedFlows(sent, twins, hosts)
  const open = unlinked.filter(({ flow }) => serving.has(hosts.of(flow.client.ip)) && !after.has(flow))
  if (open.length === 0) return links
  const parents = before.size === 0 ? sent : sent.filter(({ flow }) => !before.has(flow))
  const byContent = linkContent(parents, open, links, hosts, served)
  const byName = linkNamed(parents, byContent.left, hosts, twins)
  const byTime = nested(parents, byName.left, hosts, twins, served)
  return [...links, ...byContent.links, ...byName.links, ...byTime]
}

/**
 * Links upstream connections that never carried a request to the one exchange that was open for them at that moment. A proxy that
 * tries again opens the next one when the last has failed, so only the first follows the request at once.
 */
export function linkUnopened(
  flows: readonly FlowFacts[],
  sent: readonly Sent[],
  links: readonly LegLink[],
  hosts: Hosts,
  twins: Twins = new Map(),
): LegLink[] {
  const silent = flows.filter((flow) => flow.conversation === null)
  if (silent.length === 0) return []
  const served = new Set(links.map((link) => link.upstream.stream))
  const unopened = silent.filter((flow) => !served.has(flow.stream))
  const callers = new Set(unopened.map((flow) => hosts.of(flow.client.ip)))
  const byHost = new SentIndex(sent, (one) => oneOf(callers, hosts.of(one.flow.server.ip)))
  const found: LegLink[] = []
  for (const flow of unopened) {
    const opened = flow.syn?.ns
    if (opened === undefined) continue
    const host = byHost.numberOf(hosts.of(flow.client.ip))
    const fits = (one: Sent): boolean => isOpenFor(one, flow, opened, twins)
    let open = byHost.latest(host, -Infinity, opened + legPolicy.orderSlackNs, legPolicy.candidates, fits)
    if (!isOneRequest(open, twins))
      open = byHost.latest(
        host,
        opened - legPolicy.openedWithinNs,
        opened + legPolicy.orderSlackNs,
        legPolicy.candidates,
        fits,
      )
    if (!isOneRequest(open, twins)) continue
    const { flow: downstream, exchange, startNs } = open[0]
    const certainty = opened - startNs <= legPolicy.forwardedWithinNs ? 'likely' : 'possible'
    found.push({
      downstream,
      downstreamExchange: exchange,
      upstream: flow,
      upstreamExchange: null,
      basis: 'time',
      certainty,
    })
  }
  return found
}

function isOpenFor(one: Sent, flow: FlowFacts, openedNs: number, twins: Twins): boolean {
  if (isOneConnection(one.flow, flow, twins) || sameServer(one.flow, flow)) return false
  // A connection that nobody closed is silent while its request waits: its last segment is not its end.
  const endNs = one.flow.close.first === null ? Infinity : one.flow.endNs
  return (one.exchange.responseStart?.timeNs ?? endNs) >= openedNs
}

/** Nearly every request with an id: there is one other that has it. */
function linkIfParent(other: Sent, child: Sent, hosts: Hosts, twins: Twins): LegLink | null {
  return couldBeParent(other, child, 'request-id', hosts, twins)
    ? linkOf(other, child, 'request-id', 'certain')
    : null
}

function parentOf(child: Sent, index: SentIndex, id: number, hosts: Hosts, twins: Twins): LegLink | null {
  const until = child.startNs + legPolicy.orderSlackNs
  const atHost = index.latest(
    id,
    -Infinity,
    until,
    legPolicy.candidates,
    (parent) =>
      hosts.same(parent.flow.server.ip, child.flow.client.ip) &&
      couldBeParent(parent, child, 'request-id', hosts, twins),
  )
  const pool =
    atHost.length > 0
      ? atHost
      : index.latest(id, -Infinity, until, legPolicy.candidates, (parent) =>
          couldBeParent(parent, child, 'request-id', hosts, twins),
        )
  const [parent] = pool
  if (parent === undefined) return null
  const runnerUp = pool.find((one) => one !== parent && !isSecondSighting(one, parent, twins))
  const clear = runnerUp === undefined || parent.startNs - runnerUp.startNs >= legPolicy.clearlyApartNs
  return linkOf(parent, child, 'request-id', clear ? 'certain' : 'possible')
}

/**
 * Links what cannot be read on one side (TLS, cut heads) by nesting: one request open on this host, just begun. Of several it is the only one
 * that nothing was sent for yet, if that has only just come in.
 */
function nested(
  sent: readonly Sent[],
  unread: readonly Sent[],
  hosts: Hosts,
  twins: Twins,
  served: Served,
): LegLink[] {
  // Only what came in at their hosts is looked for, and most can be read.
  const callers = new Set(unread.map((one) => hosts.of(one.flow.client.ip)))
  const host = (one: Sent): string | null => oneOf(callers, hosts.of(one.flow.server.ip))
  const cut = new SentIndex(sent, (one) => (isUnread(one) ? host(one) : null))
  const all = unread.some(isUnread) ? new SentIndex(sent, host) : cut
  const found: LegLink[] = []
  for (const child of unread) {
    const index = isUnread(child) ? all : cut
    const key = index.numberOf(hosts.of(child.flow.client.ip))
    const open = (withinNs: number, ns = child.startNs): Sent[] =>
      index.latest(key, ns - withinNs, ns + legPolicy.orderSlackNs, legPolicy.candidates, (parent) =>
        couldBeParent(parent, child, 'time', hosts, twins),
      )
    const recent = open(legPolicy.forwardedWithinNs)
    const justBegun =
      recent.length > 0 || child.turnedNs === child.startNs
        ? recent
        : open(legPolicy.forwardedWithinNs, child.turnedNs)
    // A proxy under load takes its time: the only request that is open may be the one, but nothing else tells.
    const waiting = justBegun.length > 0 ? justBegun : open(legPolicy.loadedWithinNs)
    const fitting = isOneRequest(waiting, twins)
      ? waiting
      : justBegun.filter((parent) => !served.isAt(parent, child, 'surely'))
    if (!isOneRequest(fitting, twins)) continue
    if (fitting !== waiting && child.turnedNs - fitting[0].startNs > legPolicy.openedWithinNs) continue
    const link = linkOf(fitting[0], child, 'time', waiting === justBegun ? 'likely' : 'possible')
    served.note(link)
    found.push(link)
  }
  return found
}

function isUnread({ exchange }: Sent): boolean {
  return exchange.method === null || exchange.targetCut
}

/** The host if it is one of these. */
function oneOf(hosts: ReadonlySet<string>, host: string): string | null {
  return hosts.has(host) ? host : null
}

/** Whether there is a request, and all of these are sightings of it. */
function isOneRequest(candidates: readonly Sent[], twins: Twins): boolean {
  const [first] = candidates
  return (
    first !== undefined && candidates.every((one) => one === first || isSecondSighting(one, first, twins))
  )
}

/** The same request of the same connection, captured at another place or beyond a NAT. */
function isSecondSighting(a: Sent, b: Sent, twins: Twins): boolean {
  return a.flow !== b.flow && requestKey(a.flow, a.exchange, twins) === requestKey(b.flow, b.exchange, twins)
}
