import type { LegLink } from '../facts/leg-facts.js'
import { FIRST_SERVER_ERROR, type Exchange } from '../exchange/exchange.js'
import { couldBeParent, linkOf } from './could-be-parent.js'
import type { Hosts } from './hosts.js'
import { legPolicy } from './policy.js'
import { SentIndex } from './sent-index.js'
import type { Sent } from './sent.js'
import type { Served } from './served.js'

/**
 * Links requests by what a proxy passes on unchanged, in the order in which it turned to its servers: each to one that was open then, for
 * which nothing else was under way, and which was not answered before it. `left`: those without a link; `served` gets what was found.
 * `byId`: links by request ids; where a host passes these on, another id is another request.
 */
export function linkContent(
  sent: readonly Sent[],
  unlinked: readonly Sent[],
  byId: readonly LegLink[],
  hosts: Hosts,
  served: Served,
): { readonly links: LegLink[]; readonly left: Sent[] } {
  const hostOf = ({ flow }: Sent): string => hosts.of(flow.server.ip)
  // Only a host that calls others passes something on: what the others got need not be found.
  const callers = new Set(unlinked.map(({ flow }) => hosts.of(flow.client.ip)))
  const passOn = new Set(byId.map(({ upstream }) => hosts.of(upstream.client.ip)))
  // An id that a host passes on was looked for before: here it may only have been made for a request without one.
  const anyId = unlinked.some(
    ({ exchange, flow }) => exchange.requestId === null || !passOn.has(hosts.of(flow.client.ip)),
  )
  const passedOn = sent.filter(
    (one) => (anyId || one.exchange.requestId === null) && callers.has(hostOf(one)),
  )
  const called = new Set(passedOn.map(hostOf))
  const same = indexOf(passedOn, unlinked, hostOf, wholeTarget)
  const rewritten = indexOf(passedOn, unlinked, hostOf, lastPart)
  const links: LegLink[] = []
  const left: Sent[] = []
  for (const child of [...unlinked].sort((a, b) => a.turnedNs - b.turnedNs)) {
    const host = hosts.of(child.flow.client.ip)
    if (!called.has(host)) {
      left.push(child)
      continue
    }
    const [wholeKey, lastKey] = [
      contentKey(child.exchange, host, wholeTarget),
      contentKey(child.exchange, host, lastPart),
    ]
    const fits = (one: Sent): boolean => !passOn.has(host) || mayHaveId(one.exchange, child.exchange)
    const openAt = (ns: number): Sent[] => [
      ...openFor(child, ns, same, wholeKey, hosts, served, fits),
      ...openFor(
        child,
        ns,
        rewritten,
        lastKey,
        hosts,
        served,
        (one) => fits(one) && isRewritten(one.exchange, child.exchange),
      ),
    ]
    const link =
      bestOf(openAt(child.turnedNs), child, served) ??
      (child.startNs === child.turnedNs ? null : bestOf(openAt(child.startNs), child, served))
    if (link === null) left.push(child)
    else {
      links.push(link)
      served.note(link)
    }
  }
  return { links, left }
}

/** Requests by their content, as far as one of those that are to be linked has that part of its target: a key costs more than this look. */
function indexOf(
  sent: readonly Sent[],
  unlinked: readonly Sent[],
  hostOf: (one: Sent) => string,
  part: (target: string) => string,
): SentIndex {
  const wanted = new Set(unlinked.map(({ exchange }) => exchange.target !== null && part(exchange.target)))
  return new SentIndex(sent, (one) => {
    const { target } = one.exchange
    return target !== null && wanted.has(part(target)) ? contentKey(one.exchange, hostOf(one), part) : null
  })
}

/** What a proxy usually passes on unchanged (method, all or part of the target, length of the body), at one host. */
function contentKey(exchange: Exchange, host: string, part: (target: string) => string): string | null {
  if (exchange.method === null || exchange.target === null) return null
  return `${host} ${exchange.method} ${part(exchange.target)} ${exchange.requestBody ?? '-'}`
}

function wholeTarget(target: string): string {
  return target
}

/** The target after the last slash of its path. */
function lastPart(target: string): string {
  const query = target.indexOf('?')
  return target.slice(target.lastIndexOf('/', query < 0 ? undefined : query) + 1)
}

/** One target is the other with a path before it: proxies take a prefix away, or add one. A target that was cut does not tell. */
export function isRewritten(a: Exchange, b: Exchange): boolean {
  if (a.target === null || b.target === null || a.targetCut || b.targetCut) return false
  return a.target !== b.target && (a.target.endsWith(b.target) || b.target.endsWith(a.target))
}

/** Requests with this key that were open at this time and fit; the latest first. */
function openFor(
  child: Sent,
  ns: number,
  index: SentIndex,
  key: string | null,
  hosts: Hosts,
  { twins }: Served,
  fits: (one: Sent) => boolean,
): Sent[] {
  if (key === null) return []
  return index.latest(
    index.numberOf(key),
    -Infinity,
    ns + legPolicy.orderSlackNs,
    legPolicy.likeCandidates,
    (parent) => couldBeParent(parent, child, 'content', hosts, twins, ns) && fits(parent),
  )
}

/** Whether two requests can be the same although their ids are not alike: one has none. */
function mayHaveId(a: Exchange, b: Exchange): boolean {
  return a.requestId === null || b.requestId === null || a.requestId === b.requestId
}

/** The one of these that goes best with a request; null: there is none. */
function bestOf(candidates: readonly Sent[], child: Sent, served: Served): LegLink | null {
  const rivals = distinct(
    candidates.filter((one) => !served.isAt(one, child, 'surely') && !answeredBefore(one, child)),
    served,
  )
  // Where all are served already this may be a copy, or the answer came from elsewhere.
  if (rivals.length === 0)
    return candidates.length === 0 ? null : linkOf(candidates[0], child, 'content', 'possible')
  const taken = (one: Sent): number => Number(served.isAt(one, child, 'perhaps'))
  const [best, ...others] = rivals
    .map((one) => ({ one, taken: taken(one), apart: endsApart(one, child) }))
    .sort((a, b) => a.taken - b.taken || difference(a.apart, b.apart) || b.one.startNs - a.one.startNs)
  const { one: parent, apart } = best
  // Of several the best is clear only if it is the latest to begin and also the one whose end lies nearest to this one's, if any end is known.
  const clear = others.every((other) => {
    const later = parent.startNs - other.one.startNs
    return difference(other.apart, apart) >= legPolicy.clearlyApartNs
      ? later > -legPolicy.clearlyApartNs
      : apart === Infinity && later >= legPolicy.clearlyApartNs
  })
  const prompt = child.turnedNs - parent.startNs <= legPolicy.forwardedWithinNs
  return linkOf(parent, child, 'content', clear && prompt ? 'likely' : 'possible')
}

/** `a` − `b`; 0 where both are unknown (infinite). */
function difference(a: number, b: number): number {
  return a === b ? 0 : a - b
}

/** The client had an answer, and no server error, before this leg gave one: it came from another leg. */
function answeredBefore({ exchange }: Sent, child: Sent): boolean {
  const answered = exchange.responseStart?.timeNs ?? Infinity
  const got = child.exchange.responseStart?.timeNs
  return (
    got !== undefined &&
    answered + legPolicy.orderSlackNs < got &&
    (exchange.status ?? 0) < FIRST_SERVER_ERROR
  )
}

/** Time between the ends of the two: a proxy passes an answer on at once, and gives up one leg with the other. Infinite: not known. */
function endsApart(parent: Sent, child: Sent): number {
  const [a, b] = [endNs(parent), endNs(child)]
  return a === Infinity || b === Infinity ? Infinity : Math.abs(a - b)
}

function endNs({ flow, exchange }: Sent): number {
  return exchange.responseStart?.timeNs ?? flow.close.first?.ns ?? Infinity
}

/** Each request once, whatever its sightings. */
function distinct(requests: readonly Sent[], served: Served): Sent[] {
  const keys = new Set<string>()
  return requests.filter(({ flow, exchange }) => keys.size !== keys.add(served.key(flow, exchange)).size)
}
