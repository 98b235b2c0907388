import type { FlowFacts } from '../facts/flow-facts.js'
import type { LegLink } from '../facts/leg-facts.js'
import { componentName } from '../knowledge/look-up.js'
import type { ChainHost } from '../result.js'
import { hostDepths } from './depths.js'
import type { Hosts } from './hosts.js'
import { NGINX_FAMILY, positionName } from './role-names.js'
import { ServingSoftware, softwareOfRole } from './software.js'

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

/** A client address that opens at least this share of all flows, to several servers, is a proxy. */
const PROXY_SHARE = 0.5
const PROXY_SERVERS = 2

/** Roles by host: the user's word, then headers, then marks of known software, then the position in the chain. */
export class Roles {
  private readonly byHost = new Map<string, HostRole>()
  private readonly serving: ServingSoftware

  constructor(
    private readonly flows: readonly FlowFacts[],
    links: readonly LegLink[],
    private readonly hosts: Hosts,
    private readonly rules: readonly RoleRule[],
    /** Flows that are another one seen again: they count once. */
    private readonly twins: ReadonlyMap<number, number> = new Map(),
  ) {
    this.serving = new ServingSoftware(flows, links)
    this.noteSoftware()
    this.noteProxies()
    this.namePositions()
  }

  /** The role of an address and port (the port matters only for the user's own rules). */
  of(ip: string, port: number): HostRole {
    const host = this.entry(ip)
    const rule = this.rules.find((one) => one.ip === ip && (one.port === null || one.port === port))
    const software = this.serving.of(ip, port) ?? host.software
    if (rule === undefined) return { ...host, software }
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
    for (const flow of this.flows) {
      add(flow.client.ip, flow.client.port, false)
      add(flow.server.ip, flow.server.port, true)
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
    for (const flow of this.flows) {
      const word = this.serving.of(flow.server.ip, flow.server.port)
      if (word !== null) this.entry(flow.server.ip).software ??= word
    }
    for (const flow of this.flows) {
      const sender = this.entry(flow.client.ip)
      if (sender.software !== null) continue
      const requests = flow.conversation?.exchanges ?? []
      const lowerCase = requests.some((one) => one.lowerCaseNames && one.version === 11)
      if (lowerCase && flow.close.first?.by === 'client' && flow.close.first.form === 'abort') {
        sender.software = 'haproxy'
        sender.proxy ??= 'its header names are in lower case and it closes with RST, as HAProxy does'
      } else if (requests.some((one) => one.version === 10 && one.requestCloses)) {
        sender.software = 'nginx'
        sender.proxy ??= "its requests are HTTP/1.0 with Connection: close, nginx's default"
      }
    }
  }

  private noteProxies(): void {
    const serves = new Set(this.flows.map((flow) => this.hosts.of(flow.server.ip)))
    const opened = new Map<string, { flows: number; servers: Set<string> }>()
    for (const flow of this.flows) {
      const host = this.hosts.of(flow.client.ip)
      if (serves.has(host) && host !== this.hosts.of(flow.server.ip))
        this.entry(host).proxy ??= 'it also serves connections in this capture'
      if (this.twins.has(flow.stream)) continue
      const count = opened.get(host) ?? { flows: 0, servers: new Set<string>() }
      count.flows++
      count.servers.add(this.hosts.of(flow.server.ip))
      opened.set(host, count)
      if (flow.conversation?.exchanges.some((one) => one.forwardedFor !== null)) {
        this.entry(host).proxy ??= 'its requests carry X-Forwarded-For'
      }
    }
    for (const [host, { flows, servers }] of opened) {
      if (
        servers.size >= PROXY_SERVERS &&
        flows > this.flows.length * PROXY_SHARE &&
        this.flows.length >= 10
      ) {
        this.entry(host).proxy ??=
          `it opened ${flows} of ${this.flows.length} connections, to ${servers.size} servers`
      }
    }
    for (const rule of this.rules) {
      if (rule.role !== 'client' && rule.role !== 'upstream')
        this.entry(rule.ip).proxy ??= `it was given the role ${rule.role}`
    }
  }

  private depths: ReadonlyMap<string, number> | null = null

  private depth(ip: string): number {
    this.depths ??= hostDepths(this.flows, this.hosts, (host) => this.entry(host).proxy !== null)
    return this.depths.get(this.hosts.of(ip)) ?? 0
  }

  /** Names by headers where they tell, else by position; a position name never contradicts known software. */
  private namePositions(): void {
    const hosts = new Set(
      this.flows.flatMap((flow) => [this.hosts.of(flow.client.ip), this.hosts.of(flow.server.ip)]),
    )
    const deepest = Math.max(0, ...[...hosts].map((host) => this.depth(host)))
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
