import type { FlowFacts } from '../facts/flow-facts.js'
import type { ShutdownFacts } from '../facts/leg-facts.js'
import { closerKey } from './clusters.js'
import { append } from './lists.js'
import type { NumbersOf } from './memory.js'
import { shutdownPolicy } from './policy.js'
import { noteMoments } from './shutdowns.js'

/**
 * Idle connections that one client address closed in one moment, whichever servers they went to, although they had been silent for
 * different times: its pool was shut, or its program ended. Not those whose silence this client shows at another moment, too.
 */
export class PoolShuts {
  private kept: ReadonlyMap<number, ShutdownFacts> | null = null

  /** `before`: gaps of closes by closing end, of flows that are gone. */
  constructor(
    private readonly flows: readonly FlowFacts[],
    private readonly before: NumbersOf,
  ) {}

  /** What this flow was closed with; null: it is none of those. */
  of(flow: FlowFacts): ShutdownFacts | null {
    return isIdleLeave(flow) ? ((this.kept ??= this.found()).get(flow.stream) ?? null) : null
  }

  private found(): ReadonlyMap<number, ShutdownFacts> {
    const byClient = new Map<string, FlowFacts[]>()
    for (const flow of this.flows) {
      if (!isIdleLeave(flow)) continue
      const key = closerKey(flow)
      if (key !== null) append(byClient, key, flow)
    }
    const found = new Map<number, ShutdownFacts>()
    for (const [key, list] of byClient)
      if (list.length >= shutdownPolicy.leastFlows)
        noteMoments(list, { found, pairs: new Set() }, this.before.of(key))
    return found
  }
}

/** Its client closed it after a silence in which nothing was under way. */
function isIdleLeave(flow: FlowFacts): boolean {
  const { first } = flow.close
  if (first?.by !== 'client' || flow.standing.phase !== 'between-requests') return false
  const silence = flow.silenceNs
  return silence !== null && silence >= shutdownPolicy.leastSilenceNs
}
