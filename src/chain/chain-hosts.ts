import { componentName } from '../knowledge/look-up.js'
import type { ChainHost } from '../result.js'
import type { Hosts } from './hosts.js'
import type { Meetings } from './meetings.js'

/** What is known of an address and port: its role, and how far it stands from the clients. */
interface Known {
  readonly of: (
    ip: string,
    port: number,
  ) => { readonly role: string | null; readonly software: string | null; readonly basis: string }
  readonly depth: (ip: string, port: number) => number
}

/** The chain from client to upstream, one line per role. */
export function chainHosts(meetings: Meetings, hosts: Hosts, known: Known): ChainHost[] {
  const lines = new Map<
    string,
    { ips: Set<string>; ports: Set<number>; software: string | null; basis: string; order: number }
  >()
  const add = (ip: string, port: number, serves: boolean): void => {
    const found = known.of(ip, port)
    if (found.role === null) return
    const line = lines.get(found.role) ?? {
      ips: new Set(),
      ports: new Set(),
      software: null,
      basis: found.basis,
      order: known.depth(ip, port),
    }
    line.ips.add(ip)
    if (serves) line.ports.add(port)
    line.software ??= found.software === null ? null : componentName(found.software)
    line.order = Math.max(line.order, known.depth(ip, port))
    lines.set(found.role, line)
  }
  for (const { client, server } of meetings.all) {
    add(client.ip, client.port, false)
    add(server.ip, server.port, true)
  }
  return [...lines]
    .sort(([a, x], [b, y]) => x.order - y.order || (a < b ? -1 : 1))
    .map(([role, line]) => ({
      role,
      ips: [...line.ips].sort(),
      ports: [...line.ports].sort((a, b) => a - b),
      hosts: new Set([...line.ips].map((ip) => hosts.of(ip))).size,
      software: line.software,
      basis: line.basis,
    }))
}
