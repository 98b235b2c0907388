import { GATEWAY_TIMEOUT } from '../exchange/exchange.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import type { LegLink, ShutdownFacts } from '../facts/leg-facts.js'
import type { Hosts } from './hosts.js'
import { append } from './lists.js'
import { closeNs, differing, inMoments, shutdownAt, type ShutdownMoment } from './moments.js'
import { shutdownPolicy } from './policy.js'
import { idleSilence } from './shutdowns.js'

/** First status by which a server says that it failed. */
const SERVER_ERRORS = 500

/** A request that a proxy left without the rest of an answer when it closed both of its legs, or told its client so. */
interface CutBoth {
  readonly link: LegLink
  /** Status that its client got; null: none. */
  readonly told: number | null
  readonly ns: number
  /** How long the proxy had heard nothing on the leg behind. */
  readonly waitedNs: number
}

/**
 * Flows, by stream, that a proxy closed because its process ended: both legs of several requests in one moment, each after another wait
 * (a timer would not fire for all at once), and the idle connections of its clients that ended in that moment. So, too, the legs behind of
 * several requests whose clients it told of a failure in that moment.
 */
export function findStops(
  links: readonly LegLink[],
  flows: readonly FlowFacts[],
  hosts: Hosts,
): ReadonlyMap<number, ShutdownFacts> {
  const byHost = new Map<string, CutBoth[]>()
  for (const link of links) {
    const cut = cutBoth(link) ?? cutAndTold(link)
    if (cut !== null) append(byHost, hosts.of(link.upstream.client.ip), cut)
  }
  const legs = new Map<number, ShutdownFacts>()
  const moments = new Map<string, ShutdownMoment[]>()
  for (const [host, cuts] of byHost) {
    for (const { moment, group } of stopsOf(cuts)) {
      append(moments, host, moment)
      for (const { link, told } of group) {
        legs.set(link.upstream.stream, moment.facts)
        if (told === null) legs.set(link.downstream.stream, moment.facts)
      }
    }
  }
  if (moments.size > 0) noteIdle(flows, hosts, legs, moments)
  return legs
}

/** Both legs of the request were closed by the proxy between them in one moment, and its client had not got its answer. */
function cutBoth(link: LegLink): CutBoth | null {
  const { downstream, downstreamExchange, upstream, upstreamExchange } = link
  const [down, up] = [downstream.close.first, upstream.close.first]
  if (link.certainty === 'possible' || down?.by !== 'server' || up?.by !== 'client') return null
  if (Math.abs(down.ns - up.ns) > shutdownPolicy.bothLegsNs || upstream.timerGapNs === null) return null
  const { owed, exchange } = downstream.standing
  const unanswered = owed === 'response' || owed === 'rest-of-response'
  if (!unanswered || exchange !== downstreamExchange || upstreamExchange?.responseComplete === true)
    return null
  return { link, told: null, ns: up.ns, waitedNs: upstream.timerGapNs }
}

/** The proxy closed the leg behind and told its client of a failure in that moment, but of none of its timers (504). */
function cutAndTold(link: LegLink): CutBoth | null {
  const { certainty, downstreamExchange, upstream, upstreamExchange } = link
  const up = upstream.close.first
  const { status, responseStartNs } = downstreamExchange
  if (certainty === 'possible' || up?.by !== 'client' || upstream.timerGapNs === null) return null
  if (upstreamExchange === null || upstreamExchange.status !== null || upstream.standing.owed !== 'response')
    return null
  if (status === null || status < SERVER_ERRORS || status === GATEWAY_TIMEOUT) return null
  if (Math.abs(responseStartNs - up.ns) > shutdownPolicy.bothLegsNs) return null
  return { link, told: status, ns: up.ns, waitedNs: upstream.timerGapNs }
}

/** Moments in which several requests were cut in the same way although they had waited for different times. */
function stopsOf(cuts: CutBoth[]): { moment: ShutdownMoment; group: CutBoth[] }[] {
  const found: { moment: ShutdownMoment; group: CutBoth[] }[] = []
  const groups = inMoments(cuts, ({ ns }) => ns).flatMap((group) =>
    [...new Set(group.map(({ told }) => told))].map((told) => group.filter((cut) => cut.told === told)),
  )
  for (const group of groups) {
    const flows = new Set(group.map(({ link }) => link.downstream.stream)).size
    const apart = differing(
      group.map(({ ns }) => ns),
      group.map(({ waitedNs }) => waitedNs),
    )
    if (flows >= shutdownPolicy.leastCut && apart !== null)
      found.push({
        moment: { ns: group[0].ns, facts: { flows, ...apart, unanswered: true, ...toldOf(group) } },
        group,
      })
  }
  return found
}

function toldOf([{ told }]: readonly CutBoth[]): Pick<ShutdownFacts, 'told'> {
  return told === null ? {} : { told }
}

/** Idle connections that the stopping hosts served, and that ended in the same moment. */
function noteIdle(
  flows: readonly FlowFacts[],
  hosts: Hosts,
  legs: Map<number, ShutdownFacts>,
  moments: ReadonlyMap<string, readonly ShutdownMoment[]>,
): void {
  for (const flow of flows) {
    const list = moments.get(hosts.of(flow.server.ip))
    if (list === undefined || idleSilence(flow) === null) continue
    const facts = shutdownAt(list, closeNs(flow))
    if (facts !== null) legs.set(flow.stream, facts)
  }
}
