import type { FlowFacts } from '../facts/flow-facts.js'
import type { LegLink } from '../facts/leg-facts.js'

/** Addresses joined into hosts: all that one capturing host sent from, and both addresses of a proxy that exchanges link. */
export class Hosts {
  private readonly parent = new Map<string, string>()

  /** A stable name of the host that owns this address. */
  of(ip: string): string {
    let root = ip
    for (let up = this.parent.get(root); up !== undefined && up !== root; up = this.parent.get(root))
      root = up
    return root
  }

  /** Says that two addresses belong to one host. */
  join(a: string, b: string): void {
    const rootA = this.of(a)
    const rootB = this.of(b)
    if (rootA === rootB) return
    if (rootA < rootB) this.parent.set(rootB, rootA)
    else this.parent.set(rootA, rootB)
  }

  same(a: string, b: string): boolean {
    return this.of(a) === this.of(b)
  }
}

/**
 * Joins the addresses that each capture saw its own host send from (SLL/SLL2 packet type "outgoing"). A router or bridge also sends on
 * what others sent: an address whose packets were seen to arrive is not its own.
 */
export function joinCapturingHosts(hosts: Hosts, flows: readonly FlowFacts[]): void {
  const sent = new Map<number, Set<string>>()
  const arrived = new Set<string>()
  for (const flow of flows) {
    for (const side of ['client', 'server'] as const) {
      const { ip } = flow[side]
      if (flow.sides[side].incoming) arrived.add(`${flow.capture} ${ip}`)
      if (!flow.sides[side].outgoing) continue
      const own = sent.get(flow.capture)
      if (own === undefined) sent.set(flow.capture, new Set([ip]))
      else own.add(ip)
    }
  }
  for (const [capture, ips] of sent) {
    const own = [...ips].filter((ip) => !arrived.has(`${capture} ${ip}`))
    for (const ip of own.slice(1)) hosts.join(own[0], ip)
  }
}

/** Joins the two addresses of a proxy: what a downstream leg calls server and its upstream leg calls client. */
export function joinLinkedHosts(hosts: Hosts, links: readonly LegLink[]): void {
  for (const link of links) {
    if (link.basis === 'request-id' && link.certainty === 'certain')
      hosts.join(link.downstream.server.ip, link.upstream.client.ip)
  }
}
