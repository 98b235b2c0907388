import type { ChainHost } from '../result.js'
import { chainHosts } from './chain-hosts.js'
import { placeDepths } from './depths.js'
import type { Hosts } from './hosts.js'
import type { Meetings } from './meetings.js'
import { Places } from './places.js'
import { LB_SOFTWARE, NGINX_FAMILY, positionName } from './role-names.js'
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
  private readonly byPlace = new Map<string, HostRole>()
  private readonly places: Places
  /** Places that pass on the Server header of what is behind them, as nginx does not. */
  private readonly passing = new Set<string>()

  /** `meetings`: who met whom; `serving`: the software of the servers. */
  constructor(
    private readonly meetings: Meetings,
    private readonly serving: ServingSoftware,
    private readonly hosts: Hosts,
    private readonly rules: readonly RoleRule[],
  ) {
    this.places = new Places(meetings.all, hosts)
    this.noteSoftware()
    this.noteProxies()
    this.namePositions()
  }

  /** The role of an address and port (the port matters only for the user's own rules). */
  of(ip: string, port: number): Readonly<HostRole> {
    const host = this.entry(ip, port)
    // Two programs on one machine: what another port tells is not this one's, unless a proxy passes on what it gets.
    const another = host.proxy === null && this.serving.answersUnnamed(ip, port)
    const software = this.serving.of(ip, port) ?? (another ? null : host.software)
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
    return chainHosts(this.meetings, this.hosts, {
      of: (ip, port) => this.of(ip, port),
      depth: (ip, port) => this.depthOf(this.places.of(ip, port)),
    })
  }

  private entry(ip: string, port: number): HostRole {
    return this.entryOf(this.places.of(ip, port))
  }

  private entryOf(place: string): HostRole {
    let entry = this.byPlace.get(place)
    if (entry === undefined) {
      entry = { role: null, basis: 'position', software: null, proxy: null }
      this.byPlace.set(place, entry)
    }
    return entry
  }

  /** What serves on a host names it; of the rest, requests show some proxies. */
  private noteSoftware(): void {
    for (const { server } of this.meetings.all) {
      const word = this.serving.of(server.ip, server.port)
      if (word !== null) this.entry(server.ip, server.port).software ??= word
      if (this.serving.passesOn(server.ip, server.port))
        this.passing.add(this.places.of(server.ip, server.port))
    }
    for (const { client, mark } of this.meetings.all) {
      const sender = this.entry(client.ip, client.port)
      if (sender.software !== null || mark === null) continue
      sender.software = mark
      sender.proxy ??=
        mark === 'haproxy'
          ? 'its header names are in lower case and it closes with RST, as HAProxy does'
          : "its requests are HTTP/1.0 with Connection: close, nginx's default"
    }
  }

  /** A host that only calls is a proxy if its requests say so: how many it sends, and to how many servers, is the same for a crawler. */
  private noteProxies(): void {
    const { all } = this.meetings
    const serves = new Set(all.map(({ server }) => this.places.of(server.ip, server.port)))
    for (const { client, server, flows, forwards, relays } of all) {
      const host = this.places.of(client.ip, client.port)
      const other = this.places.of(server.ip, server.port)
      // Connections that were counted under other names: a NAT passes them on, no program does.
      if (flows === 0) continue
      if (serves.has(host) && host !== other)
        this.entryOf(host).proxy ??= 'it also serves connections in this capture'
      if (forwards) this.entryOf(host).proxy ??= 'its requests carry X-Forwarded-For'
      if (relays) this.entryOf(other).proxy ??= 'its responses carry Via'
    }
    for (const rule of this.rules) {
      if (rule.role !== 'client' && rule.role !== 'upstream')
        this.entry(rule.ip, rule.port ?? NaN).proxy ??= `it was given the role ${rule.role}`
    }
  }

  private depths: ReadonlyMap<string, number> | null = null

  private depthOf(place: string): number {
    this.depths ??= placeDepths(this.meetings.all, this.places, (one) => this.entryOf(one).proxy !== null)
    return this.depths.get(place) ?? 0
  }

  /** Names by headers where they tell, else by position; a position name never contradicts known software. */
  private namePositions(): void {
    const places = new Set<string>()
    for (const { client, server } of this.meetings.all)
      places.add(this.places.of(client.ip, client.port)).add(this.places.of(server.ip, server.port))
    let deepest = 0
    for (const place of places) deepest = Math.max(deepest, this.depthOf(place))
    const nginxDepth = this.depthOfNginx(places)
    for (const place of places) {
      const entry = this.entryOf(place)
      const depth = this.depthOf(place)
      const isNginx = entry.software !== null && NGINX_FAMILY.has(entry.software)
      if (depth === 0 && entry.proxy === null) {
        entry.role = 'client'
        entry.basis = 'it only opens connections'
      } else if (isNginx && (entry.proxy !== null || depth >= 1)) {
        entry.role = 'nginx'
        entry.basis = 'headers'
      } else if (entry.proxy !== null && entry.software !== null && LB_SOFTWARE.has(entry.software)) {
        entry.role = 'lb'
        entry.basis = 'headers'
      } else if (deepest >= 2 && depth >= 1) {
        entry.role = positionName(depth, deepest, nginxDepth)
        entry.basis = 'position in the chain'
        // Who stands beside a known nginx is called so, too, unless something shows that it is none.
        if (entry.role === 'nginx' && entry.software !== null) entry.role = 'proxy'
        if (depth === 1 && entry.software === null && this.passing.has(place)) entry.role = 'lb'
        if (entry.role === 'nginx' && this.passing.has(place)) entry.role = 'proxy'
      } else if (deepest >= 2 && entry.proxy !== null && entry.software === null) {
        // It only calls, and stands before what would be nginx.
        entry.role = 'lb'
        entry.basis = entry.proxy
      } else if (entry.proxy !== null) {
        entry.role = 'proxy'
        entry.basis = entry.proxy
      }
    }
  }

  /** Position of the first nginx, by its headers; null: none is known. */
  private depthOfNginx(places: ReadonlySet<string>): number | null {
    let found: number | null = null
    for (const place of places) {
      const { software } = this.entryOf(place)
      const depth = this.depthOf(place)
      if (software !== null && NGINX_FAMILY.has(software) && depth >= 1 && (found === null || depth < found))
        found = depth
    }
    return found
  }
}
