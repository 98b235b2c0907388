import type { FlowFacts } from '../facts/flow-facts.js'
import type { ShutdownFacts } from '../facts/leg-facts.js'
import { append } from './lists.js'
import { serverName } from './memory.js'
import { closeNs, differing } from './moments.js'
import { shutdownPolicy } from './policy.js'
import { idleSilence } from './shutdowns.js'

/** Idle connections, by stream, that their server closed shortly before it refused the next one, and had served nobody in between. */
export interface Refusals {
  /** Several that it closed in one moment after different silences: its program stopped. */
  readonly stopped: ReadonlyMap<number, ShutdownFacts>
  /** The others: nanoseconds from the close to the refusal. */
  readonly refusedAfter: ReadonlyMap<number, number>
}

/** Finds what servers closed when they stopped, from the SYNs that they refused afterwards. */
export function findRefusals(flows: readonly FlowFacts[]): Refusals {
  const stopped = new Map<number, ShutdownFacts>()
  const refusedAfter = new Map<number, number>()
  const refusals = new Map<string, number[]>()
  for (const flow of flows) {
    const { first } = flow.close
    if (first?.by === 'server' && first.form === 'refused') append(refusals, serverName(flow), first.ns)
  }
  if (refusals.size === 0) return { stopped, refusedAfter }
  const atServer = new Map<string, FlowFacts[]>()
  for (const flow of flows) if (refusals.has(serverName(flow))) append(atServer, serverName(flow), flow)
  for (const [server, times] of refusals) {
    const there = atServer.get(server) ?? []
    const refusedNs = times.reduce((a, b) => Math.min(a, b))
    const closes = lastClosed(there, refusedNs)
    const facts = together(closes)
    for (const flow of closes) {
      if (idleSilence(flow) === null) continue
      if (facts !== null) stopped.set(flow.stream, facts)
      else refusedAfter.set(flow.stream, refusedNs - closeNs(flow))
    }
  }
  return { stopped, refusedAfter }
}

/** What the server closed between requests, shortly before the refusal, after the last it said to anybody. */
function lastClosed(there: readonly FlowFacts[], refusedNs: number): FlowFacts[] {
  let saidNs = refusedNs - shutdownPolicy.refusedWithinNs
  for (const { synAck, sides } of there)
    for (const moment of [synAck, sides.server.lastPayload])
      if (moment !== null && moment.ns < refusedNs) saidNs = Math.max(saidNs, moment.ns)
  return there.filter((flow) => {
    const { first } = flow.close
    if (first?.by !== 'server' || first.ns < saidNs || first.ns > refusedNs) return false
    return flow.standing.phase === 'between-requests'
  })
}

/** Closes in one moment after silences that no one timer explains; null: they are not that. */
function together(closes: readonly FlowFacts[]): ShutdownFacts | null {
  const apart = differing(
    closes.map(closeNs),
    closes.map((flow) => flow.silenceNs ?? 0),
  )
  return apart !== null && apart.withinNs <= shutdownPolicy.oneMomentNs
    ? { flows: closes.length, ...apart }
    : null
}
