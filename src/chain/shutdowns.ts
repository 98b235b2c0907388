import { shutdownPolicy } from './policy.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import type { ShutdownFacts } from '../facts/leg-facts.js'
import { serverName, type NumbersOf } from './memory.js'
import { append } from './lists.js'
import { closeNs, differing, inMoments, shutdownAt, type ShutdownMoment } from './moments.js'
import { pollSeconds } from '../knowledge/polls.js'
import { firstAtLeast } from './ordered.js'

/** What shutdowns explain, by stream: connections between requests, and those that were cut while something was owed. */
export interface Shutdowns {
  readonly idle: ReadonlyMap<number, ShutdownFacts>
  readonly cut: ReadonlyMap<number, ShutdownFacts>
  /** When the servers at each address were stopping, by the first close of each shutdown. */
  readonly moments: ReadonlyMap<string, readonly ShutdownMoment[]>
  /** Idle connections that ended like the others of a shutdown, but were only two. */
  readonly pairs: ReadonlySet<number>
}

/** Silence of a connection that its server closed between requests, or of a tunnel; null: it is none, or the silence is too short to tell. */
export function idleSilence(flow: FlowFacts): number | null {
  // In this order: how a flow stood takes reckoning.
  if (flow.close.first?.by !== 'server') return null
  if (flow.standing.phase !== 'between-requests' && flow.conversation?.tunnel == null) return null
  // Who says that it gave up waiting is not stopping.
  if (flow.standing.goodbyeWords !== null) return null
  const silence = flow.silenceNs
  return silence === null || silence < shutdownPolicy.leastSilenceNs ? null : silence
}

/**
 * Finds servers that closed several idle connections in one moment although they had been silent for different times.
 * `before`: silences of such closes by server, of flows that are gone; `softwareOf`: what serves a flow, as far as that is known.
 */
export function findShutdowns(
  flows: readonly FlowFacts[],
  before: NumbersOf,
  softwareOf: (flow: FlowFacts) => string | null = () => null,
): Shutdowns {
  const byServer = new Map<string, FlowFacts[]>()
  for (const flow of flows) {
    if (idleSilence(flow) === null) continue
    append(byServer, serverName(flow), flow)
  }
  const found = new Map<number, ShutdownFacts>()
  const pairs = new Set<number>()
  for (const [server, list] of byServer) {
    const pollNs = pollSeconds(softwareOf(list[0])) * 1e9
    noteMoments(list, { found, pairs }, before.of(server), pollNs)
  }
  const moments = new Map<string, ShutdownMoment[]>()
  for (const flow of found.size === 0 ? [] : flows) {
    const facts = found.get(flow.stream)
    if (facts !== undefined) append(moments, flow.server.ip, { ns: closeNs(flow), facts })
  }
  return { idle: found, cut: cutFlows(flows, byServer, found), moments, pairs }
}

/** The shutdown of a host, by its addresses, in the moment of a close; null: it was not stopping then. */
export function stoppingAt(
  { moments }: Pick<Shutdowns, 'moments'>,
  isOwn: (ip: string) => boolean,
  ns: number,
): ShutdownFacts | null {
  for (const [ip, list] of moments) {
    if (!isOwn(ip)) continue
    const facts = shutdownAt(list, ns)
    if (facts !== null) return facts
  }
  return null
}

/** Notes, of closes by one end (`before`: silences at other moments), those that came in one moment after different silences. */
export function noteMoments(
  closes: FlowFacts[],
  { found, pairs }: { readonly found: Map<number, ShutdownFacts>; readonly pairs: Set<number> },
  before: readonly number[],
  pollNs = 0,
): void {
  const moments = inMoments(closes, closeNs).map((group) => ({ group, facts: shutdownFacts(group, pollNs) }))
  const alone = moments.filter(({ facts }) => facts === null)
  for (const one of moments) {
    const { group, facts } = one
    if (facts === null) continue
    const all = silences(
      moments.filter((other) => other !== one),
      before,
    )
    // Of two restarts some silences are alike by chance; those of a timer come again for most.
    const most = 2 * group.filter((flow) => repeats(flow, all)).length >= group.length
    const elsewhere = most ? all : silences(alone, before)
    for (const flow of group) {
      if (repeats(flow, elsewhere)) continue
      if (group.length < shutdownPolicy.leastFlows) pairs.add(flow.stream)
      else found.set(flow.stream, facts)
    }
  }
}

/** Silences of closes in these moments and before, ascending. */
function silences(moments: readonly { group: readonly FlowFacts[] }[], before: readonly number[]): number[] {
  return moments
    .flatMap(({ group }) => group.map((flow) => flow.silenceNs ?? 0))
    .concat(before)
    .sort((a, b) => a - b)
}

/** Silences that differ by less than a look at the timers takes to come again are one timer's. */
function shutdownFacts(group: readonly FlowFacts[], pollNs: number): ShutdownFacts | null {
  const apart = differing(
    group.map(closeNs),
    group.map((flow) => flow.silenceNs ?? 0),
    pollNs,
  )
  return apart === null ? null : { flows: group.length, ...apart }
}

/** Whether the flow's silence is among the others' (ascending), within the spread of one timer. */
function repeats(flow: FlowFacts, others: readonly number[]): boolean {
  const silenceNs = flow.silenceNs ?? 0
  const nearest = others.at(firstAtLeast(others, silenceNs - shutdownPolicy.sameGapNs))
  return nearest !== undefined && nearest <= silenceNs + shutdownPolicy.sameGapNs
}

/** Flows that were owed something when their server closed them within one moment of such a group. */
function cutFlows(
  flows: readonly FlowFacts[],
  byServer: ReadonlyMap<string, readonly FlowFacts[]>,
  found: ReadonlyMap<number, ShutdownFacts>,
): Map<number, ShutdownFacts> {
  const cut = new Map<number, ShutdownFacts>()
  if (found.size === 0) return cut
  for (const flow of flows) {
    const { owed } = flow.standing
    if (flow.close.first?.by !== 'server' || owed === 'nothing' || owed === 'unknown') continue
    const others = byServer.get(serverName(flow)) ?? []
    const near = others.find(
      (other) =>
        found.has(other.stream) && Math.abs(closeNs(other) - closeNs(flow)) <= shutdownPolicy.oneMomentNs,
    )
    const facts = near === undefined ? undefined : found.get(near.stream)
    if (facts !== undefined) cut.set(flow.stream, facts)
  }
  return cut
}
