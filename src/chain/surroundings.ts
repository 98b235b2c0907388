import type { FlowFacts } from '../facts/flow-facts.js'
import type { LegLink, Surroundings } from '../facts/leg-facts.js'
import { GapClusters, noteCloses } from './clusters.js'
import { Departures } from './departures.js'
import { Hosts } from './hosts.js'
import { linkAll } from './link-all.js'
import { Meetings } from './meetings.js'
import { ChainMemory, serverName } from './memory.js'
import { memoryPolicy } from './policy.js'
import { allRequests } from './sent-index.js'
import { findShutdowns, idleSilence, type Shutdowns } from './shutdowns.js'
import { proxyHosts } from './proxy-hosts.js'
import type { SettledLeg } from './settled-legs.js'
import { PROXY_SOFTWARE } from './role-names.js'
import { Roles, type RoleRule } from './roles.js'
import { openingSoftware, ServingSoftware, softwareOfRole } from './software.js'

/** Everything the chain floor learnt: links, roles, and per flow what surrounds it. */
export class Chain {
  readonly hosts = new Hosts()
  readonly links: readonly LegLink[]
  readonly roles: Roles
  readonly clusters: GapClusters
  private readonly downstreams = new Map<number, LegLink[]>()
  private readonly upstreams = new Map<number, LegLink[]>()
  private readonly shutdowns: Shutdowns
  private readonly departures: Departures
  private readonly lossy: boolean
  private readonly bothWays: boolean
  private readonly twinsOf = new Map<number, number[]>()
  private readonly byStream: ReadonlyMap<number, FlowFacts>
  private readonly halfClosed: Map<string, number>
  private readonly serving: ServingSoftware

  /**
   * `twins`: each later flow with the earliest that is the same connection, seen elsewhere (see natTwins). `memory`: what earlier flows
   * have told. `clockOf`: captures with the same number have clocks that agree.
   */
  constructor(
    flows: readonly FlowFacts[],
    rules: readonly RoleRule[],
    private readonly twins: ReadonlyMap<number, number> = new Map(),
    private readonly memory = new ChainMemory(),
    clockOf: (capture: number) => number = () => 0,
  ) {
    for (const flow of flows) memory.owners.add(flow)
    memory.owners.join(this.hosts)
    for (const [serves, calls] of memory.proxies) this.hosts.join(serves, calls)
    const sent = allRequests(flows)
    const proxies = proxyHosts(flows, sent, this.hosts, memory.owners)
    for (const [serves, calls] of proxies) this.hosts.join(serves, calls)
    memory.noteProxies(proxies)
    this.links = linkAll(flows, sent, this.hosts, twins, clockOf)
    this.serving = new ServingSoftware(flows, this.links, memory.serving)
    this.roles = new Roles(this.meetings(flows), this.serving, this.hosts, rules)
    this.clusters = new GapClusters(flows, memory)
    this.shutdowns = findShutdowns(flows, memory.silences)
    this.departures = new Departures(flows, this.hosts)
    this.lossy = flows.some(lacksFrames)
    this.byStream = new Map(twins.size === 0 ? [] : flows.map((flow) => [flow.stream, flow]))
    this.bothWays = flows.some((flow) => !flow.oneDirection)
    this.halfClosed = new Map(memory.halfClosed)
    for (const link of this.links) {
      append(this.downstreams, link.upstream.stream, link)
      append(this.upstreams, link.downstream.stream, link)
    }
    for (const [later, first] of twins) {
      this.twinsOf.set(first, [...(this.twinsOf.get(first) ?? []), later])
    }
    for (const flow of flows) {
      const leaker = leakerKey(flow)
      if (leaker !== null) this.halfClosed.set(leaker, (this.halfClosed.get(leaker) ?? 0) + 1)
    }
  }

  /** Has the memory keep what is to be known of these flows when they are gone. */
  remember(flows: readonly FlowFacts[]): void {
    const { memory } = this
    const settled = new Meetings()
    for (const flow of flows) {
      const answered = flow.sides.server.segments > 0
      if (answered || memory.meetings.all.length + settled.all.length < memoryPolicy.meetingsUnanswered)
        settled.add(flow, this.twins.has(flow.stream))
      noteCloses(flow, memory, memoryPolicy.leastGapNs)
      const silence = idleSilence(flow)
      if (silence !== null) memory.silences.add(serverName(flow), silence)
      const leaker = leakerKey(flow)
      if (leaker !== null) memory.noteHalfClosed(leaker)
    }
    memory.settledLegs.settle(this.links, new Set(flows.map((flow) => flow.stream)))
    memory.meetings.addAll(settled)
    memory.noteServing(this.serving.byEnd)
  }

  private meetings(flows: readonly FlowFacts[]): Meetings {
    const meetings = new Meetings()
    meetings.addAll(this.memory.meetings)
    for (const flow of flows) meetings.add(flow, this.twins.has(flow.stream))
    return meetings
  }

  /** The other flows that are the same connection, seen at another place or beyond a NAT. */
  twinStreams(stream: number): readonly number[] {
    const first = this.twins.get(stream) ?? stream
    return [first, ...(this.twinsOf.get(first) ?? [])].filter((other) => other !== stream)
  }

  /** Legs that served this flow, or its twins. */
  upstreamsOf(stream: number): readonly LegLink[] {
    return [stream, ...this.twinStreams(stream)].flatMap((one) => this.upstreams.get(one) ?? [])
  }

  /** Legs of this flow, or its twins, that were judged in earlier rounds. */
  settledLegsOf(stream: number): readonly SettledLeg[] {
    return [stream, ...this.twinStreams(stream)].flatMap((one) => this.memory.settledLegs.of(one))
  }

  private retryOf(link: LegLink): LegLink | null {
    const after = sentNs(link)
    const others = (this.upstreams.get(link.downstream.stream) ?? []).filter(
      (one) =>
        one.downstreamExchange === link.downstreamExchange &&
        one.upstream !== link.upstream &&
        !this.twinStreams(link.upstream.stream).includes(one.upstream.stream) &&
        sentNs(one) > after,
    )
    return others.sort((a, b) => sentNs(a) - sentNs(b))[0] ?? null
  }

  /** What surrounds one flow. */
  around(flow: FlowFacts): Surroundings {
    const { clusters, departures, halfClosed, upstreams: linked } = this
    const client = this.roles.of(flow.client.ip, flow.client.port)
    const server = this.roles.of(flow.server.ip, flow.server.port)
    const downstreams = this.downstreams.get(flow.stream) ?? []
    const upstreams = this.upstreams.get(flow.stream) ?? []
    const serverIsProxy =
      upstreams.length > 0 ||
      server.proxy !== null ||
      (server.software !== null && PROXY_SOFTWARE.has(server.software))
    return {
      downstreams,
      upstreams,
      retryOf: (link) => this.retryOf(link),
      clientIsProxy:
        client.proxy ?? (downstreams.length > 0 ? 'its requests came in on another connection' : null),
      serverIsProxy: server.proxy,
      clientRole: client.role,
      serverRole: server.role,
      clientSoftware: client.software,
      serverSoftware: server.software,
      callerSoftware: openingSoftware(flow, downstreams, {
        given: client.basis === 'given' && client.role !== null ? softwareOfRole(client.role) : null,
        hostSoftware: client.software,
        senderIsProxy: client.proxy !== null,
        serverIsProxy,
      }),
      shutdown: this.shutdowns.idle.get(flow.stream) ?? null,
      mayBeShutdown: this.shutdowns.pairs.has(flow.stream),
      cutByShutdown: this.shutdowns.cut.get(flow.stream) ?? null,
      // Most flows are judged without asking for likes.
      get cluster() {
        return clusters.of(flow, isLazy(flow, server.software))
      },
      get likeIdle() {
        return clusters.likeIdle(flow)
      },
      get departedBefore() {
        return departures.before(flow, (stream) => linked.has(stream))
      },
      bothWays: this.bothWays,
      lossy: this.lossy,
      elsewhere: this.twinStreams(flow.stream).flatMap((twin) => this.byStream.get(twin) ?? []),
      get likeHalfClosed() {
        const leaker = leakerKey(flow)
        return leaker === null ? 0 : (halfClosed.get(leaker) ?? 0)
      },
    }
  }
}

/** Closed by nginx, or by who knows whom: its client-side timers fire early. */
function isLazy(flow: FlowFacts, software: string | null): boolean {
  return flow.close.first?.by === 'server' && (software === null || software === 'nginx')
}

/** When the request went out on the upstream leg, or that leg began to be opened for it. */
function sentNs(link: LegLink): number {
  return link.upstreamExchange?.requestStart?.timeNs ?? link.upstream.startNs
}

function append(map: Map<number, LegLink[]>, stream: number, link: LegLink): void {
  const list = map.get(stream)
  if (list === undefined) map.set(stream, [link])
  else list.push(link)
}

/** The end that got a FIN, acknowledged it, and never closed its own side. */
function leakerKey(flow: FlowFacts): string | null {
  const { first, second } = flow.close
  if (first === null || first.flag !== 'FIN' || second !== null || flow.standing.owed !== 'nothing')
    return null
  return first.by === 'client' ? `${flow.server.ip}:${flow.server.port}` : flow.client.ip
}

/** Frames of it were captured before and after the hole: it is none of a capture that sees one way only, or began late. */
function lacksFrames({ sides: { client, server }, oneDirection, lateStart }: FlowFacts): boolean {
  return !oneDirection && !lateStart && client.missingBytes + server.missingBytes > 0
}
