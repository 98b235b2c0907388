import { linkingPolicy } from './policy.js'
import { componentName } from '../knowledge/look-up.js'
import type { ChainHost } from '../result.js'
import { hostDepths } from './depths.js'
import type { Hosts } from './hosts.js'
import type { Meetings } from './meetings.js'
import { NGINX_FAMILY, positionName } from './role-names.js'
import { softwareOfRole, type ServingSoftware } from './software.js'

/** The user's name for a host: `--role nginx=10.0.0.2` or `--role proxy=10.0.0.3:8000`. */
export interface RoleRule {
  readonly role: string
  readonly ip: string
  /** null: every port. */
  readonly port: number | null
}

/** What is known of one host of the chain. */
export interface HostRole {
  role: string | null
  basis: string
  /** Software word of the knowledge base. */
  software: string | null
  /** Why it is taken for a proxy; null: it is not known to be one. */
  proxy: string | null
}

/** Roles by host: the user's word, then headers, then marks of known software, then the position in the chain. */
export class Roles {
  private readonly byHost = new Map<string, HostRole>()

  /** `meetings`: who met whom; `serving`: the software of the servers. */
  constructor(
    private readonly meetings: Meetings,
    private readonly serving: ServingSoftware,
    private readonly hosts: Hosts,
    private readonly rules: readonly RoleRule[],
  ) {
    this.noteSoftware()
    this.noteProxies()
    this.namePositions()
  }

  /** The role of an address and port (the port matters only for the user's own rules). */
  of(ip: string, port: number): Readonly<HostRole> {
    const host = this.entry(ip)
    const software = this.serving.of(ip, port) ?? host.software
    const rule =
      this.rules.length === 0
        ? undefined
        : this.rules.find((one) => one.ip === ip && (one.port === null || one.port === port))
    if (rule === undefined) return software === host.software ? host : { ...host, software }
    return {
      ...host,
      role: rule.role,
      basis: 'given',
      software: softwareOfRole(rule.role) ?? software,
    }
  }

  /** The chain from client to upstream, one line per role. */
  chain(): ChainHost[] {
    const lines = new Map<
      string,
      { ips: Set<string>; ports: Set<number>; software: string | null; basis: string; order: number }
    >()
    const add = (ip: string, port: number, serves: boolean): void => {
      const found = this.of(ip, port)
      if (found.role === null) return
      const line = lines.get(found.role) ?? {
        ips: new Set(),
        ports: new Set(),
        software: null,
        basis: found.basis,
        order: this.depth(ip),
      }
      line.ips.add(ip)
      if (serves) line.ports.add(port)
      line.software ??= found.software === null ? null : componentName(found.software)
      line.order = Math.max(line.order, this.depth(ip))
      lines.set(found.role, line)
    }
    for (const { client, server } of this.meetings.all) {
      add(client.ip, client.port, false)
      add(server.ip, server.port, true)
    }
    return [...lines]
      .sort(([a, x], [b, y]) => x.order - y.order || (a < b ? -1 : 1))
      .map(([role, line]) => ({
        role,
        ips: [...line.ips].sort(),
        ports: [...line.ports].sort((a, b) => a - b),
        hosts: new Set([...line.ips].map((ip) => this.hosts.of(ip))).size,
        software: line.software,
        basis: line.basis,
      }))
  }

  private entry(ip: string): HostRole {
    const host = this.hosts.of(ip)
    let entry = this.byHost.get(host)
    if (entry === undefined) {
      entry = { role: null, basis: 'position', software: null, proxy: null }
      this.byHost.set(host, entry)
    }
    return entry
  }

  /** What serves on a host names it; of the rest, requests show some proxies. */
  private noteSoftware(): void {
    for (const { server } of this.meetings.all) {
      const word = this.serving.of(server.ip, server.port)
      if (word !== null) this.entry(server.ip).software ??= word
    }
    for (const { client, mark } of this.meetings.all) {
      const sender = this.entry(client.ip)
      if (sender.software !== null || mark === null) continue
      sender.software = mark
      sender.proxy ??=
        mark === 'haproxy'
          ? 'its header names are in lower case and it closes with RST, as HAProxy does'
          : "its requests are HTTP/1.0 with Connection: close, nginx's default"
    }
  }

  private noteProxies(): void {
    const { all, flows: total } = this.meetings
    const serves = new Set(all.map(({ server }) => this.hosts.of(server.ip)))
    const opened = new Map<string, { flows: number; servers: Set<string> }>()
    for (const { client, server, flows, forwards, relays } of all) {
      const host = this.hosts.of(client.ip)
      const other = this.hosts.of(server.ip)
      if (serves.has(host) && host !== other)
        this.entry(host).proxy ??= 'it also serves connections in this capture'
      if (flows === 0) continue
      const count = opened.get(host) ?? { flows: 0, servers: new Set<string>() }
      count.flows += flows
      count.servers.add(other)
      opened.set(host, count)
      if (forwards) this.entry(host).proxy ??= 'its requests carry X-Forwarded-For'
      if (relays) this.entry(other).proxy ??= 'its responses carry Via'
    }
    const { proxyFlows, proxyServers, proxyShare } = linkingPolicy
    for (const [host, { flows, servers }] of opened) {
      if (total >= proxyFlows && servers.size >= proxyServers && flows > total * proxyShare)
        this.entry(host).proxy ??= `it opened ${flows} of ${total} connections, to ${servers.size} servers`
    }
    for (const rule of this.rules) {
      if (rule.role !== 'client' && rule.role !== 'upstream')
        this.entry(rule.ip).proxy ??= `it was given the role ${rule.role}`
    }
  }

  private depths: ReadonlyMap<string, number> | null = null

  private depth(ip: string): number {
    this.depths ??= hostDepths(this.meetings.all, this.hosts, (host) => this.entry(host).proxy !== null)
    return this.depths.get(this.hosts.of(ip)) ?? 0
  }

  /** Names by headers where they tell, else by position; a position name never contradicts known software. */
  private namePositions(): void {
    const hosts = new Set<string>()
    for (const { client, server } of this.meetings.all)
      hosts.add(this.hosts.of(client.ip)).add(this.hosts.of(server.ip))
    let deepest = 0
    for (const host of hosts) deepest = Math.max(deepest, this.depth(host))
    const nginxDepth = this.depthOfNginx(hosts)
    for (const host of hosts) {
      const entry = this.entry(host)
      const depth = this.depth(host)
      const isNginx = entry.software !== null && NGINX_FAMILY.has(entry.software)
      if (depth === 0 && entry.proxy === null) {
        entry.role = 'client'
        entry.basis = 'it only opens connections'
      } else if (isNginx && (entry.proxy !== null || depth >= 1)) {
        entry.role = 'nginx'
        entry.basis = 'headers'
      } else if (entry.proxy !== null && entry.software === 'haproxy') {
        entry.role = 'lb'
        entry.basis = 'headers'
      } else if (deepest >= 2 && depth >= 1) {
        entry.role = positionName(depth, deepest, nginxDepth)
        entry.basis = 'position in the chain'
        if (entry.role === 'nginx' && entry.software !== null) entry.role = 'proxy'
      } else if (entry.proxy !== null) {
        entry.role = 'proxy'
        entry.basis = entry.proxy
      }
    }
  }

  /** Position of the first host that is nginx by its headers; null: none is known. */
  private depthOfNginx(hosts: ReadonlySet<string>): number | null {
    let found: number | null = null
    for (const host of hosts) {
      const { software } = this.entry(host)
      const depth = this.depth(host)
      if (software !== null && NGINX_FAMILY.has(software) && depth >= 1 && (found === null || depth < found))
        found = depth
    }
    return found
  }
}
