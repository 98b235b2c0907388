import type { FlowFacts } from '../facts/flow-facts.js'
import type { GapCluster, LegLink, ShutdownFacts, SteadyIdle, Surroundings } from '../facts/leg-facts.js'
import type { Side } from '../result.js'
import type { GapClusters } from './clusters.js'
import type { Departures } from './departures.js'
import { leakerKey } from './half-closed.js'
import type { Hosts } from './hosts.js'
import { PROXY_SOFTWARE } from './role-names.js'
import type { PoolShuts } from './pool-shuts.js'
import type { Repeats } from './repeats.js'
import type { Refusals } from './refusals.js'
import type { HostRole, Roles } from './roles.js'
import { stoppingAt, type Shutdowns } from './shutdowns.js'
import { openingSoftware, softwareOfRole } from './software.js'

/** What a chain knows of all its flows, as far as their surroundings are made of it. */
export interface ChainKnowledge {
  readonly hosts: Hosts
  readonly roles: Roles
  readonly clusters: GapClusters
  readonly repeats: Repeats
  readonly departures: Departures
  readonly shutdowns: Shutdowns
  /** Flows that a proxy closed because its process ended. */
  readonly stops: ReadonlyMap<number, ShutdownFacts>
  /** What servers closed shortly before they refused connections. */
  readonly refusals: Refusals
  readonly poolShuts: PoolShuts
  /** Links by the stream of their upstream leg, and of their downstream leg. */
  readonly downstreams: ReadonlyMap<number, readonly LegLink[]>
  readonly upstreams: ReadonlyMap<number, readonly LegLink[]>
  /** Half-closed flows by the end that leaks them (`leakerKey`). */
  readonly halfClosed: ReadonlyMap<string, number>
  readonly lossy: boolean
  readonly bothWays: boolean
  readonly retryOf: (link: LegLink) => LegLink | null
  readonly twinsOf: (stream: number) => readonly FlowFacts[]
}

const NO_LINKS: readonly LegLink[] = []

/** What surrounds one flow, looked up when it is asked for: of most flows that is little. */
export class FlowSurroundings implements Surroundings {
  readonly downstreams: readonly LegLink[]
  readonly upstreams: readonly LegLink[]
  private readonly client: Readonly<HostRole>
  private readonly server: Readonly<HostRole>
  private callerKept: string | null | undefined = undefined

  constructor(
    private readonly known: ChainKnowledge,
    private readonly flow: FlowFacts,
  ) {
    this.client = known.roles.of(flow.client.ip, flow.client.port)
    this.server = known.roles.of(flow.server.ip, flow.server.port)
    this.downstreams = known.downstreams.get(flow.stream) ?? NO_LINKS
    this.upstreams = known.upstreams.get(flow.stream) ?? NO_LINKS
  }

  get retryOf(): Surroundings['retryOf'] {
    return this.known.retryOf
  }

  get clientIsProxy(): string | null {
    return (
      this.client.proxy ?? (this.downstreams.length > 0 ? 'its requests came in on another connection' : null)
    )
  }

  get serverIsProxy(): string | null {
    return this.server.proxy
  }

  get clientRole(): string | null {
    return this.client.role
  }

  get serverRole(): string | null {
    return this.server.role
  }

  get clientSoftware(): string | null {
    return this.client.software
  }

  get serverSoftware(): string | null {
    return this.server.software
  }

  get callerSoftware(): string | null {
    return this.callerKept === undefined ? (this.callerKept = this.caller()) : this.callerKept
  }

  get shutdown(): ShutdownFacts | null {
    const { shutdowns, refusals } = this.known
    const { stream } = this.flow
    return shutdowns.idle.get(stream) ?? refusals.stopped.get(stream) ?? this.stop('server')
  }

  get callerStopping(): ShutdownFacts | null {
    const { first } = this.flow.close
    const stop = this.stop('client')
    if (stop !== null) return stop
    if (first?.by !== 'client' || this.known.shutdowns.moments.size === 0) return null
    return stoppingAt(this.known.shutdowns, (ip) => this.known.hosts.same(ip, this.flow.client.ip), first.ns)
  }

  get poolShut(): ShutdownFacts | null {
    return this.known.poolShuts.of(this.flow)
  }

  get soonerThan(): SteadyIdle | null {
    return this.known.clusters.soonerThan(this.flow)
  }

  get mayBeShutdown(): boolean {
    return this.known.shutdowns.pairs.has(this.flow.stream)
  }

  get refusedAfter(): number | null {
    return this.known.refusals.refusedAfter.get(this.flow.stream) ?? null
  }

  get cutByShutdown(): ShutdownFacts | null {
    return this.stop('server') ?? this.known.shutdowns.cut.get(this.flow.stream) ?? null
  }

  get cluster(): GapCluster {
    return this.known.clusters.of(this.flow, isLazy(this.flow, this.server.software))
  }

  waitsLike(leg: FlowFacts): number {
    return this.known.clusters.of(leg, false).flows
  }

  waitsAgain(leg: FlowFacts): boolean {
    return this.known.repeats.again(leg)
  }

  get likeIdle(): number {
    return this.known.clusters.likeIdle(this.flow)
  }

  get departedBefore(): number | null {
    const { departures, upstreams } = this.known
    return departures.before(this.flow, (stream) => upstreams.has(stream))
  }

  get bothWays(): boolean {
    return this.known.bothWays
  }

  get lossy(): boolean {
    return this.known.lossy
  }

  get elsewhere(): readonly FlowFacts[] {
    return this.known.twinsOf(this.flow.stream)
  }

  get likeHalfClosed(): number {
    const leaker = leakerKey(this.flow)
    return leaker === null ? 0 : (this.known.halfClosed.get(leaker) ?? 0)
  }

  /** The end of the proxy's process that closed this flow at that side; null: none did. */
  private stop(by: Side): ShutdownFacts | null {
    const stop = this.known.stops.get(this.flow.stream)
    return stop !== undefined && this.flow.close.first?.by === by ? stop : null
  }

  private caller(): string | null {
    const { client, server } = this
    const serverIsProxy =
      this.upstreams.length > 0 ||
      server.proxy !== null ||
      (server.software !== null && PROXY_SOFTWARE.has(server.software))
    return openingSoftware(this.flow, this.downstreams, {
      given: client.basis === 'given' && client.role !== null ? softwareOfRole(client.role) : null,
      hostSoftware: client.software,
      senderIsProxy: client.proxy !== null,
      serverIsProxy,
    })
  }
}

/** Closed by nginx, or by who knows whom: its client-side timers fire early. */
function isLazy(flow: FlowFacts, software: string | null): boolean {
  return flow.close.first?.by === 'server' && (software === null || software === 'nginx')
}
