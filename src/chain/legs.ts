import type { Exchange } from '../exchange/exchange.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import type { LegLink } from '../facts/leg-facts.js'
import type { Certainty } from '../result.js'
import type { Hosts } from './hosts.js'
import { joinCapturingHosts, joinLinkedHosts } from './hosts.js'

/** Capture order at one host can be off by this much between two interfaces. */
const ORDER_SLACK_NS = 1e6
/** A proxy passes a request on within this time, unless it waits for a connection. */
const FORWARDED_WITHIN_NS = 200e6
/** A proxy that has no connection opens one this soon after the request came in. */
const OPENED_WITHIN_NS = 20e6
/** Of two candidates, the later one is meant only if the other is at least this much earlier. */
const CLEARLY_LATER_NS = 2e6

interface Sent {
  readonly flow: FlowFacts
  readonly exchange: Exchange
  readonly startNs: number
}

/** Links every exchange to the one it was made for: by request id, then by content, then by nesting in time on one host. */
export function linkLegs(flows: readonly FlowFacts[], hosts: Hosts): LegLink[] {
  joinCapturingHosts(hosts, flows)
  const sent = allExchanges(flows)
  const byId = new Map<string, Sent[]>()
  const byContent = new Map<string, Sent[]>()
  for (const one of sent) {
    if (one.exchange.requestId !== null) push(byId, one.exchange.requestId, one)
    const key = contentKey(one.exchange)
    if (key !== null) push(byContent, key, one)
  }
  const links: LegLink[] = []
  const unlinked: Sent[] = []
  for (const one of sent) {
    const id = one.exchange.requestId
    const link = id === null ? null : parentAmong(one, byId.get(id) ?? [], 'request-id', hosts)
    if (link === null) unlinked.push(one)
    else links.push(link)
  }
  joinLinkedHosts(hosts, links)
  const linked = new Set(links.map((link) => link.upstreamExchange))
  for (const one of unlinked) {
    if (one.exchange.requestId !== null && byIdHasOther(byId, one)) continue
    const key = contentKey(one.exchange)
    const link = key === null ? null : parentAmong(one, byContent.get(key) ?? [], 'content', hosts)
    if (link !== null) {
      links.push(link)
      linked.add(one.exchange)
    }
  }
  return [...links, ...nested(sent, linked, hosts)]
}

/** Links what cannot be read on the side of the client (TLS, cut heads) by nesting: one request open on this host, just begun. */
function nested(sent: readonly Sent[], linked: ReadonlySet<Exchange | null>, hosts: Hosts): LegLink[] {
  const unreadable = sent.filter((one) => one.exchange.method === null || one.exchange.targetCut)
  const found: LegLink[] = []
  if (unreadable.length === 0) return found
  for (const child of sent) {
    if (linked.has(child.exchange)) continue
    const pool = child.exchange.method === null ? sent : unreadable
    const fitting = justBefore(pool, child.startNs).filter((parent) =>
      couldBeParent(parent, child, 'content', hosts),
    )
    if (fitting.length !== 1) continue
    const { flow, exchange } = fitting[0]
    found.push({
      downstream: flow,
      downstreamExchange: exchange,
      upstream: child.flow,
      upstreamExchange: child.exchange,
      basis: 'time',
      certainty: 'likely',
    })
  }
  return found
}

/** Those of `sent` (in order of time) that began at most FORWARDED_WITHIN_NS before, or ORDER_SLACK_NS after. */
function justBefore(sent: readonly Sent[], ns: number): Sent[] {
  let low = 0
  let high = sent.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sent[middle].startNs < ns - FORWARDED_WITHIN_NS) low = middle + 1
    else high = middle
  }
  const found: Sent[] = []
  for (let i = low; i < sent.length && sent[i].startNs <= ns + ORDER_SLACK_NS; i++) found.push(sent[i])
  return found
}

/**
 * Links upstream connections that never carried a request to the one exchange that was open for them at that moment. A proxy that
 * tries again opens the next one when the last has failed, so only the first follows the request at once.
 */
export function linkUnopened(
  flows: readonly FlowFacts[],
  links: readonly LegLink[],
  hosts: Hosts,
): LegLink[] {
  const sent = allExchanges(flows)
  const served = new Set(links.map((link) => link.upstream.stream))
  const found: LegLink[] = []
  for (const flow of flows) {
    if (served.has(flow.stream) || flow.syn === null || flow.conversation !== null) continue
    let open = sent.filter((one) => isOpenFor(one, flow, hosts))
    if (open.length > 1) open = open.filter((one) => (flow.syn?.ns ?? 0) - one.startNs <= OPENED_WITHIN_NS)
    if (open.length !== 1) continue
    const { flow: downstream, exchange, startNs } = open[0]
    const certainty = flow.syn.ns - startNs <= FORWARDED_WITHIN_NS ? 'likely' : 'possible'
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

function isOpenFor(one: Sent, flow: FlowFacts, hosts: Hosts): boolean {
  if (one.flow === flow || !hosts.same(one.flow.server.ip, flow.client.ip)) return false
  if (one.flow.server.ip === flow.server.ip && one.flow.server.port === flow.server.port) return false
  const end = one.exchange.responseStart?.timeNs ?? one.flow.endNs
  const opened = flow.syn?.ns ?? flow.startNs
  return one.startNs <= opened + ORDER_SLACK_NS && end >= opened
}

function allExchanges(flows: readonly FlowFacts[]): Sent[] {
  const all: Sent[] = []
  for (const flow of flows) {
    for (const exchange of flow.conversation?.exchanges ?? []) {
      if (exchange.requestStart !== null) all.push({ flow, exchange, startNs: exchange.requestStart.timeNs })
    }
  }
  return all.sort((a, b) => a.startNs - b.startNs || a.flow.stream - b.flow.stream)
}

function push(map: Map<string, Sent[]>, key: string, one: Sent): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [one])
  else list.push(one)
}

function byIdHasOther(byId: ReadonlyMap<string, readonly Sent[]>, one: Sent): boolean {
  return (byId.get(one.exchange.requestId ?? '') ?? []).some((other) => other.flow !== one.flow)
}

/** What a proxy usually passes on unchanged: method, target, and the length of the body. */
function contentKey(exchange: Exchange): string | null {
  if (exchange.method === null || exchange.target === null) return null
  return `${exchange.method} ${exchange.target} ${exchange.requestBody ?? '-'}`
}

/** Whether `parent` could be the request that `child` was sent for: its server is the child's client, and it was open. */
function couldBeParent(parent: Sent, child: Sent, basis: LegLink['basis'], hosts: Hosts): boolean {
  if (parent.flow === child.flow) return false
  const sameServer =
    parent.flow.server.ip === child.flow.server.ip && parent.flow.server.port === child.flow.server.port
  const sameHost = hosts.same(parent.flow.server.ip, child.flow.client.ip)
  if (sameServer || parent.startNs > child.startNs + (sameHost ? ORDER_SLACK_NS : 0)) return false
  if (!sameHost && hosts.same(parent.flow.client.ip, child.flow.client.ip)) return false
  if (basis === 'content' && !sameHost) return false
  const answered = parent.exchange.responseStart?.timeNs ?? Infinity
  const closed = parent.flow.close.first?.ns ?? Infinity
  return Math.min(answered, Math.max(closed, parent.startNs)) + ORDER_SLACK_NS >= child.startNs
}

function parentAmong(
  child: Sent,
  candidates: readonly Sent[],
  basis: LegLink['basis'],
  hosts: Hosts,
): LegLink | null {
  const fitting = candidates.filter((parent) => couldBeParent(parent, child, basis, hosts))
  if (fitting.length === 0) return null
  const preferred = fitting.filter((parent) => hosts.same(parent.flow.server.ip, child.flow.client.ip))
  const pool = preferred.length > 0 ? preferred : fitting
  const parent = pool[pool.length - 1]
  const runnerUp = pool[pool.length - 2]
  let certainty: Certainty = basis === 'request-id' ? 'certain' : 'likely'
  if (runnerUp !== undefined && parent.startNs - runnerUp.startNs < CLEARLY_LATER_NS) certainty = 'possible'
  if (basis === 'content' && child.startNs - parent.startNs > FORWARDED_WITHIN_NS) certainty = 'possible'
  return {
    downstream: parent.flow,
    downstreamExchange: parent.exchange,
    upstream: child.flow,
    upstreamExchange: child.exchange,
    basis,
    certainty,
  }
}
