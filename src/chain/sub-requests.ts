import type { LegLink } from '../facts/leg-facts.js'
import { couldBeParent, linkOf } from './could-be-parent.js'
import type { Hosts } from './hosts.js'
import { legPolicy } from './policy.js'
import { SentIndex } from './sent-index.js'
import type { Sent } from './sent.js'
import { isRewritten } from './same-content.js'
import { requestKey, type Twins } from './twins.js'

/** The request asks another server about the one it was made for, whose target it names: it is no try to get that answered. */
export function isQuestion({ upstreamExchange: asked, downstreamExchange: about }: LegLink): boolean {
  return (
    asked !== null &&
    asked.originalTarget !== null &&
    asked.target !== about.target &&
    !isRewritten(asked, about)
  )
}

/**
 * Links requests that name the one they were made for in a header: a proxy asks another server whether that may pass (nginx's auth_request,
 * forward auth), or has rewritten its target. For each it sends one of a kind, as they come in. `left`: those without a link.
 */
export function linkNamed(
  sent: readonly Sent[],
  unlinked: readonly Sent[],
  hosts: Hosts,
  twins: Twins,
): { readonly links: LegLink[]; readonly left: readonly Sent[] } {
  const named = unlinked.filter(({ exchange }) => exchange.originalTarget !== null)
  if (named.length === 0) return { links: [], left: unlinked }
  const wanted = new Set(named.map(({ exchange }) => exchange.originalTarget))
  const index = new SentIndex(sent, ({ exchange, flow }) =>
    exchange.targetCut || !wanted.has(exchange.target)
      ? null
      : `${hosts.of(flow.server.ip)} ${exchange.target}`,
  )
  /** By request and the target of what is made for it: the one that was, and the one that surely was. */
  const asked = new Map<string, string>()
  const surely = new Map<string, string>()
  const links: LegLink[] = []
  for (const child of named.sort((a, b) => a.turnedNs - b.turnedNs)) {
    const own = requestKey(child.flow, child.exchange, twins)
    const keyOf = ({ flow, exchange }: Sent): string =>
      `${requestKey(flow, exchange, twins)} ${child.exchange.target ?? ''}`
    const open = index.latest(
      index.numberOf(`${hosts.of(child.flow.client.ip)} ${child.exchange.originalTarget}`),
      -Infinity,
      child.turnedNs + legPolicy.orderSlackNs,
      legPolicy.likeCandidates,
      (parent) => couldBeParent(parent, child, 'content', hosts, twins, child.turnedNs),
    )
    const parent = open.findLast((one) => (asked.get(keyOf(one)) ?? own) === own)
    if (parent === undefined) continue
    const rivals = open.filter((one) => (surely.get(keyOf(one)) ?? own) === own)
    const alone = rivals.every((one) => keyOf(one) === keyOf(parent))
    const prompt = child.turnedNs - parent.startNs <= legPolicy.forwardedWithinNs
    const certainty = alone && prompt ? 'likely' : 'possible'
    asked.set(keyOf(parent), own)
    if (certainty === 'likely') surely.set(keyOf(parent), own)
    links.push(linkOf(parent, child, 'content', certainty))
  }
  const found = new Set(links.map(({ upstreamExchange }) => upstreamExchange))
  return { links, left: unlinked.filter(({ exchange }) => !found.has(exchange)) }
}
