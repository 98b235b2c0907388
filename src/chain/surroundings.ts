import type { FlowFacts } from '../facts/flow-facts.js'
import type { LegLink, Surroundings } from '../facts/leg-facts.js'
import { GapClusters, noteCloses } from './clusters.js'
import { Departures } from './departures.js'
import { FlowSurroundings, type ChainKnowledge } from './flow-surroundings.js'
import { leakerKey } from './half-closed.js'
import { Horizon } from './horizon.js'
import { Hosts } from './hosts.js'
import { linkAll } from './link-all.js'
import { Meetings } from './meetings.js'
import { ChainMemory, serverName } from './memory.js'
import { append } from './lists.js'
import { memoryPolicy } from './policy.js'
import { allRequests } from './sent-index.js'
import { findShutdowns, idleSilence } from './shutdowns.js'
import { PoolShuts } from './pool-shuts.js'
import { proxyHosts } from './proxy-hosts.js'
import { findRefusals } from './refusals.js'
import { Repeats } from './repeats.js'
import { Retries } from './retries.js'
import { findStops } from './stops.js'
import type { SettledLeg } from './settled-legs.js'
import { Roles, type RoleRule } from './roles.js'
import { ServingSoftware } from './software.js'

const NO_TWINS: readonly number[] = []

/** Everything the chain floor learnt: links, roles, and per flow what surrounds it. */
export class Chain {
  readonly hosts = new Hosts()
  readonly links: readonly LegLink[]
  readonly roles: Roles
  private readonly downstreams = new Map<number, LegLink[]>()
  private readonly upstreams = new Map<number, LegLink[]>()
  private readonly known: ChainKnowledge
  private readonly twinsOf = new Map<number, number[]>()
  private readonly byStream: ReadonlyMap<number, FlowFacts>
  private readonly serving: ServingSoftware

  /**
   * `twins`: each later flow with the earliest that is the same connection, seen elsewhere (see natTwins). `memory`: what earlier flows
   * have told. `clockOf`: captures with the same number have clocks that agree. `horizon`:
   * requests that are looked at.
   */
  constructor(
    flows: readonly FlowFacts[],
    rules: readonly RoleRule[],
    private readonly twins: ReadonlyMap<number, number> = new Map(),
    private readonly memory = new ChainMemory(),
    clockOf: (capture: number) => number = () => 0,
    horizon = new Horizon(),
  ) {
    for (const flow of flows) memory.owners.add(flow)
    memory.owners.join(this.hosts)
    for (const [serves, calls] of memory.proxies) this.hosts.join(serves, calls)
    const sent = allRequests(flows, horizon)
    const proxies = proxyHosts(flows, sent, this.hosts, memory.owners)
    for (const [serves, calls] of proxies) this.hosts.join(serves, calls)
    memory.noteProxies(proxies)
    this.links = linkAll(flows, sent, this.hosts, twins, clockOf, horizon)
    this.serving = new ServingSoftware(flows, this.links, memory, horizon)
    this.roles = new Roles(this.meetings(flows), this.serving, this.hosts, rules)
    this.byStream = new Map(twins.size === 0 ? [] : flows.map((flow) => [flow.stream, flow]))
    for (const link of this.links) {
      append(this.downstreams, link.upstream.stream, link)
      append(this.upstreams, link.downstream.stream, link)
    }
    for (const [later, first] of twins) append(this.twinsOf, first, later)
    const retries = new Retries(this.links, (stream) => this.twinStreams(stream))
    this.known = {
      hosts: this.hosts,
      roles: this.roles,
      clusters: new GapClusters(flows, memory),
      repeats: new Repeats(flows, memory.gaps),
      departures: new Departures(flows, this.hosts),
      shutdowns: findShutdowns(flows, memory.silences, ({ server }) =>
        this.serving.of(server.ip, server.port),
      ),
      refusals: findRefusals(flows),
      stops: findStops(this.links, flows, this.hosts),
      poolShuts: new PoolShuts(flows, memory.gaps),
      downstreams: this.downstreams,
      upstreams: this.upstreams,
      halfClosed: halfClosedBy(flows, memory.halfClosed),
      lossy: flows.some(lacksFrames),
      bothWays: flows.some((flow) => !flow.oneDirection),
      retryOf: (link) => retries.after(link),
      twinsOf: (stream) => this.twinStreams(stream).flatMap((twin) => this.byStream.get(twin) ?? []),
    }
  }

  /** Has the memory keep what is to be known of these flows when they are gone. */
  remember(flows: readonly FlowFacts[]): void {
    const { memory } = this
    const settled = new Meetings()
    for (const flow of flows) {
      const answered = flow.sides.server.segments > 0 && !isHalfOpen(flow)
      if (answered || memory.meetings.all.length + settled.all.length < memoryPolicy.meetingsUnanswered)
        settled.add(flow, this.twins.has(flow.stream))
      else memory.meetings.forgotten++
      noteCloses(flow, memory, memoryPolicy.leastGapNs)
      const silence = idleSilence(flow)
      if (silence !== null) memory.silences.add(serverName(flow), silence)
      const leaker = leakerKey(flow)
      if (leaker !== null) memory.noteHalfClosed(leaker)
    }
    memory.settledLegs.settle(this.links, new Set(flows.map((flow) => flow.stream)))
    memory.meetings.addAll(settled)
    memory.noteServing(this.serving)
  }

  private meetings(flows: readonly FlowFacts[]): Meetings {
    const meetings = new Meetings()
    meetings.addAll(this.memory.meetings)
    for (const flow of flows) meetings.add(flow, this.twins.has(flow.stream))
    return meetings
  }

  /** The other flows that are the same connection, seen at another place or beyond a NAT. */
  twinStreams(stream: number): readonly number[] {
    if (this.twins.size === 0) return NO_TWINS
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

  /** What surrounds one flow. */
  around(flow: FlowFacts): Surroundings {
    return new FlowSurroundings(this.known, flow)
  }
}

/** How many flows each end leaks; `before`: of flows that are gone. */
function halfClosedBy(
  flows: readonly FlowFacts[],
  before: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const leaked = new Map(before)
  for (const flow of flows) {
    const leaker = leakerKey(flow)
    if (leaker !== null) leaked.set(leaker, (leaked.get(leaker) ?? 0) + 1)
  }
  return leaked
}

/** A handshake that was not completed: a flood makes one with every SYN that is answered. */
function isHalfOpen({ establishedNs, lateStart, close, conversation }: FlowFacts): boolean {
  return establishedNs === null && !lateStart && close.first === null && conversation === null
}

/** Frames of it were captured before and after the hole: it is none of a capture that sees one way only, or began late. */
function lacksFrames({ sides: { client, server }, oneDirection, lateStart }: FlowFacts): boolean {
  return !oneDirection && !lateStart && client.missingBytes + server.missingBytes > 0
}
