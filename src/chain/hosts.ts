import type { FlowFacts } from '../facts/flow-facts.js'
import type { LegLink } from '../facts/leg-facts.js'
import { memoryPolicy } from './policy.js'

/** Addresses joined into hosts: all that one capturing host sent from, and both addresses of a proxy that exchanges link. */
export class Hosts {
  private readonly parent = new Map<string, string>()

  /** A stable name of the host that owns this address. */
  of(ip: string): string {
    if (this.parent.size === 0) return ip
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

  /** Whether two addresses belong to one host, as far as is known. */
  same(a: string, b: string): boolean {
    return this.of(a) === this.of(b)
  }
}

/**
 * The addresses that the captures of each place saw their own host send from (SLL/SLL2 packet type "outgoing"). A router or bridge also sends on what
 * others sent: an address whose packets were seen to arrive is not its own. What the host sends to itself arrives, too; its loopback addresses are its own.
 */
export class CaptureOwners {
  private readonly sent = new Map<number, Set<string>>()
  private readonly arrived = new Map<number, Set<string>>()
  private readonly loopback = new Map<number, Set<string>>()

  add(flow: FlowFacts): void {
    const { client, server, vantage } = flow
    if (isLoopback(client.ip) && isLoopback(server.ip)) {
      for (const { ip } of [client, server]) note(this.loopback, vantage, ip)
      return
    }
    if (client.ip === server.ip) return
    for (const side of SIDES) {
      const { incoming, outgoing } = flow.sides[side]
      if (incoming) note(this.arrived, flow.vantage, flow[side].ip)
      if (outgoing) note(this.sent, flow.vantage, flow[side].ip)
    }
  }

  /** Whether the captures of any place record which packets their host sent. */
  get some(): boolean {
    return this.sent.size + this.arrived.size > 0
  }

  /** Whether the captures of a place record which packets their host sent. */
  knows(vantage: number): boolean {
    return this.sent.has(vantage) || this.arrived.has(vantage)
  }

  /** Joins the addresses of each capturing host. */
  join(hosts: Hosts): void {
    for (const [vantage, ips] of this.sent) {
      const arrived = this.arrived.get(vantage)
      const own = [...ips].filter((ip) => arrived?.has(ip) !== true)
      if (own.length > 0) own.push(...(this.loopback.get(vantage) ?? []))
      for (const ip of own.slice(1)) hosts.join(own[0], ip)
    }
  }
}

const SIDES = ['client', 'server'] as const

/** An address that never leaves its host (RFC 1122 3.2.1.3, RFC 4291 2.5.3). */
function isLoopback(ip: string): boolean {
  return ip.startsWith('127.') || ip === '::1'
}

function note(sets: Map<number, Set<string>>, vantage: number, ip: string): void {
  const set = sets.get(vantage)
  if (set === undefined) sets.set(vantage, new Set([ip]))
  else if (set.size < memoryPolicy.names) set.add(ip)
}

/** Joins the two addresses of a proxy: what a downstream leg calls server and its upstream leg calls client. */
export function joinLinkedHosts(hosts: Hosts, links: readonly LegLink[]): void {
  for (const link of links) {
    if (link.basis === 'request-id' && link.certainty === 'certain')
      hosts.join(link.downstream.server.ip, link.upstream.client.ip)
  }
}
