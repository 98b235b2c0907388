import type { LegLink } from '../facts/leg-facts.js'
import type { Exchange } from '../exchange/exchange.js'
import { couldBeParent, linkOf } from './could-be-parent.js'
import type { Hosts } from './hosts.js'
import { legPolicy } from './policy.js'
import { SentIndex, type Sent } from './sent-index.js'
import type { Served } from './served.js'

const FIRST_SERVER_ERROR = 500

/**
 * Links requests by what a proxy passes on unchanged, in the order in which it turned to its servers: each to one that was open then, for
 * which nothing else was under way, and which was not answered before it. Gives what is left; `links` and `served` get what was found.
 */
export function linkContent(
  sent: readonly Sent[],
  unlinked: readonly Sent[],
  hosts: Hosts,
  served: Served,
): { readonly links: LegLink[]; readonly left: Sent[] } {
  const index = new SentIndex(sent, (one) => contentKey(one.exchange, hosts.of(one.flow.server.ip)))
  const links: LegLink[] = []
  const left: Sent[] = []
  for (const child of [...unlinked].sort((a, b) => a.turnedNs - b.turnedNs)) {
    const key = contentKey(child.exchange, hosts.of(child.flow.client.ip))
    const link = key === null ? null : sameContent(child, index, key, hosts, served)
    if (link === null) left.push(child)
    else {
      links.push(link)
      served.note(link)
    }
  }
  return { links, left }
}

/** What a proxy usually passes on unchanged (method, target, length of the body), at one host. */
function contentKey(exchange: Exchange, host: string): string | null {
  if (exchange.method === null || exchange.target === null) return null
  return `${host} ${exchange.method} ${exchange.target} ${exchange.requestBody ?? '-'}`
}

function sameContent(
  child: Sent,
  index: SentIndex,
  key: string,
  hosts: Hosts,
  served: Served,
): LegLink | null {
  const open = (ns: number): Sent[] =>
    index.latest(key, -Infinity, ns + legPolicy.orderSlackNs, legPolicy.likeCandidates, (parent) =>
      couldBeParent(parent, child, 'content', hosts, ns),
    )
  const whenTurned = open(child.turnedNs)
  const all = whenTurned.length > 0 || child.turnedNs === child.startNs ? whenTurned : open(child.startNs)
  const rivals = distinct(
    all.filter((parent) => !served.isAt(parent, child, 'surely') && !answeredBefore(parent, child)),
    served,
  )
  // Where all are served already this may be a copy, or the answer came from elsewhere.
  if (rivals.length === 0) return all.length === 0 ? null : linkOf(all[0], child, 'content', 'possible')
  const taken = (one: Sent): number => Number(served.isAt(one, child, 'perhaps'))
  const [best, ...others] = rivals
    .map((one) => ({ one, taken: taken(one), apart: endsApart(one, child) }))
    .sort((a, b) => a.taken - b.taken || difference(a.apart, b.apart) || b.one.startNs - a.one.startNs)
  const { one: parent, apart } = best
  // Of several, both ends have to tell the same: the latest to begin, and the one whose end goes with this one's, if any end is known.
  const clear = others.every((other) => {
    const later = parent.startNs - other.one.startNs
    return difference(other.apart, apart) >= legPolicy.clearlyApartNs
      ? later > -legPolicy.clearlyApartNs
      : apart === Infinity && later >= legPolicy.clearlyApartNs
  })
  const prompt = child.turnedNs - parent.startNs <= legPolicy.forwardedWithinNs
  return linkOf(parent, child, 'content', clear && prompt ? 'likely' : 'possible')
}

/** The same for what is unknown of both (infinite). */
function difference(a: number, b: number): number {
  return a === b ? 0 : a - b
}

/** The client had its answer, and not of the proxy's own making, before this leg gave one: it came from elsewhere. */
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
