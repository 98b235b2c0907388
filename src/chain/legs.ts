import type { Exchange } from '../exchange/exchange.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import type { LegLink } from '../facts/leg-facts.js'
import type { Certainty } from '../result.js'
import { joinLinkedHosts, type Hosts } from './hosts.js'
import { requestKey, Served, type Twins } from './served.js'
import { SentIndex, type Sent } from './sent-index.js'

/** Capture order at one host can be off by this much between two interfaces. */
const ORDER_SLACK_NS = 1e6
/** A proxy passes a request on within this time, unless it waits for a connection. */
const FORWARDED_WITHIN_NS = 200e6
/** A proxy that has no connection opens one this soon after the request came in. */
const OPENED_WITHIN_NS = 20e6
/** Under load it may take this long; then only one that stands alone is taken, and is only possible. */
const LOADED_WITHIN_NS = 2e9
/** Candidates that are compared: two requests, each seen at up to four places. */
const CANDIDATES = 8
/** Of two candidates, the later one is meant only if the other is at least this much earlier. */
const CLEARLY_LATER_NS = 2e6

/** Links every exchange to the one it was made for: by request id, then by content, then by nesting in time on one host. */
export function linkLegs(sent: readonly Sent[], hosts: Hosts, twins: Twins = new Map()): LegLink[] {
  const byId = new SentIndex(sent, (one) => one.exchange.requestId)
  const links: LegLink[] = []
  const unlinked: Sent[] = []
  for (const one of sent) {
    const id = one.exchange.requestId
    const link = id === null ? null : parentOf(one, byId, id, 'request-id', hosts, twins)
    if (link !== null) links.push(link)
    // An id that others carry too would have been found on the leg before, if that leg were here.
    else if (id === null || byId.count(id) === 1) unlinked.push(one)
  }
  joinLinkedHosts(hosts, links)
  const byContent = new SentIndex(sent, (one) => contentKey(one.exchange, hosts.of(one.flow.server.ip)))
  const unread: Sent[] = []
  for (const one of unlinked) {
    const key = contentKey(one.exchange, hosts.of(one.flow.client.ip))
    const link = key === null ? null : parentOf(one, byContent, key, 'content', hosts, twins)
    if (link === null) unread.push(one)
    else links.push(link)
  }
  return [...links, ...nested(sent, unread, hosts, twins, new Served(links, twins))]
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
  const byHost = new SentIndex(sent, (one) => hosts.of(one.flow.server.ip))
  const served = new Set(links.map((link) => link.upstream.stream))
  const found: LegLink[] = []
  for (const flow of flows) {
    const opened = flow.syn?.ns
    if (served.has(flow.stream) || opened === undefined || flow.conversation !== null) continue
    const host = hosts.of(flow.client.ip)
    const fits = (one: Sent): boolean => isOpenFor(one, flow, opened)
    let open = byHost.latest(host, -Infinity, opened + ORDER_SLACK_NS, CANDIDATES, fits)
    if (!isOneRequest(open, twins))
      open = byHost.latest(host, opened - OPENED_WITHIN_NS, opened + ORDER_SLACK_NS, CANDIDATES, fits)
    if (!isOneRequest(open, twins)) continue
    const { flow: downstream, exchange, startNs } = open[0]
    const certainty = opened - startNs <= FORWARDED_WITHIN_NS ? 'likely' : 'possible'
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

function isOpenFor(one: Sent, flow: FlowFacts, openedNs: number): boolean {
  if (one.flow === flow || sameServer(one.flow, flow)) return false
  return (one.exchange.responseStart?.timeNs ?? one.flow.endNs) >= openedNs
}

function sameServer(a: FlowFacts, b: FlowFacts): boolean {
  return a.server.ip === b.server.ip && a.server.port === b.server.port
}

/** What a proxy usually passes on unchanged (method, target, length of the body), at one host. */
function contentKey(exchange: Exchange, host: string): string | null {
  if (exchange.method === null || exchange.target === null) return null
  return `${host} ${exchange.method} ${exchange.target} ${exchange.requestBody ?? '-'}`
}

/** Whether `parent` could be the request that `child` was sent for: its server is the child's client, and it was open. */
function couldBeParent(parent: Sent, child: Sent, basis: LegLink['basis'], hosts: Hosts): boolean {
  if (parent.flow === child.flow || sameServer(parent.flow, child.flow)) return false
  const sameHost = hosts.same(parent.flow.server.ip, child.flow.client.ip)
  if (parent.startNs > child.startNs + (sameHost ? ORDER_SLACK_NS : 0)) return false
  if (!sameHost && hosts.same(parent.flow.client.ip, child.flow.client.ip)) return false
  if (basis !== 'request-id' && !sameHost) return false
  const answered = parent.exchange.responseStart?.timeNs ?? Infinity
  const closed = parent.flow.close.first?.ns ?? Infinity
  return Math.min(answered, Math.max(closed, parent.startNs)) + ORDER_SLACK_NS >= child.startNs
}

function parentOf(
  child: Sent,
  index: SentIndex,
  key: string,
  basis: LegLink['basis'],
  hosts: Hosts,
  twins: Twins,
): LegLink | null {
  const until = child.startNs + ORDER_SLACK_NS
  const atHost = index.latest(
    key,
    -Infinity,
    until,
    CANDIDATES,
    (parent) =>
      hosts.same(parent.flow.server.ip, child.flow.client.ip) && couldBeParent(parent, child, basis, hosts),
  )
  const pool =
    atHost.length > 0
      ? atHost
      : index.latest(key, -Infinity, until, CANDIDATES, (parent) =>
          couldBeParent(parent, child, basis, hosts),
        )
  const [parent] = pool
  if (parent === undefined) return null
  const runnerUp = pool.find((one) => one !== parent && !isSecondSighting(one, parent, twins))
  let certainty: Certainty = basis === 'request-id' ? 'certain' : 'likely'
  if (runnerUp !== undefined && parent.startNs - runnerUp.startNs < CLEARLY_LATER_NS) certainty = 'possible'
  if (basis === 'content' && child.startNs - parent.startNs > FORWARDED_WITHIN_NS) certainty = 'possible'
  return linkOf(parent, child, basis, certainty)
}

function linkOf(parent: Sent, child: Sent, basis: LegLink['basis'], certainty: Certainty): LegLink {
  return {
    downstream: parent.flow,
    downstreamExchange: parent.exchange,
    upstream: child.flow,
    upstreamExchange: child.exchange,
    basis,
    certainty,
  }
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
  const host = (one: Sent): string => hosts.of(one.flow.server.ip)
  const cut = new SentIndex(sent, (one) =>
    one.exchange.method === null || one.exchange.targetCut ? host(one) : null,
  )
  const all = new SentIndex(sent, host)
  const found: LegLink[] = []
  for (const child of unread) {
    const index = child.exchange.method === null || child.exchange.targetCut ? all : cut
    const key = hosts.of(child.flow.client.ip)
    const open = (withinNs: number, ns = child.startNs): Sent[] =>
      index.latest(key, ns - withinNs, ns + ORDER_SLACK_NS, CANDIDATES, (parent) =>
        couldBeParent(parent, child, 'time', hosts),
      )
    const recent = open(FORWARDED_WITHIN_NS)
    // The proxy turned to the request when it began to open a connection for it.
    const opened = child.exchange.index === 0 ? child.flow.syn : null
    const justBegun = recent.length > 0 || opened === null ? recent : open(FORWARDED_WITHIN_NS, opened.ns)
    // A proxy under load takes its time: the only request that is open may be the one, but nothing else tells.
    const waiting = justBegun.length > 0 ? justBegun : open(LOADED_WITHIN_NS)
    const turnedNs = opened?.ns ?? child.startNs
    const fitting = isOneRequest(waiting, twins)
      ? waiting
      : justBegun.filter(({ flow, exchange }) => !served.isAt(flow, exchange, turnedNs))
    if (!isOneRequest(fitting, twins)) continue
    if (fitting !== waiting && turnedNs - fitting[0].startNs > OPENED_WITHIN_NS) continue
    const link = linkOf(fitting[0], child, 'time', waiting === justBegun ? 'likely' : 'possible')
    served.note(link)
    found.push(link)
  }
  return found
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
