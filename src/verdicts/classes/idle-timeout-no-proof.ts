import { policy, seconds } from '../policy.js'
import type { TimerAnswer } from '../timer-match.js'
import type { Case } from '../verdict-rule.js'
import { span } from '../wording.js'

/** Why no timer explains the moment of a close: the settings asked, flows alike, and how long an idle connection would have had to be so. */
export function noProof({ facts, around }: Case, { best }: TimerAnswer): string {
  const { timerGapNs: gap, lastData } = facts
  const { first } = facts.close
  if (gap === null || first === null) return 'no silence before the close can be measured'
  const since = lastData === null ? 'the handshake' : `the last payload (${lastData.by})`
  const between = facts.standing.phase === 'between-requests'
  const least = seconds(first.by === 'client' ? policy.clientIdleNs : policy.serverIdleNs)
  const closed = `the ${first.by} closed ${span(gap)} after ${since}`
  const idle = idleText(between, seconds(gap), least)
  // No setting was asked about so short a wait.
  if (between && best === null && gap < policy.serverIdleNs) return `${closed}: ${idle}`
  const near = best === null ? 'no known setting of this side and phase' : `${best.id} does not fit`
  const fromSeconds = between ? least : seconds(policy.clusterLeastGapNs)
  const alike = `${alikeText(around.cluster.flows - 1)}${around.cluster.flows < policy.clusterFlows ? '' : `, which counts from ${fromSeconds} s on`}`
  return `${closed}: ${near}, ${alike}, and ${idle}`
}

function alikeText(others: number): string {
  if (others <= 0) return 'no other flow shows this gap'
  return others === 1 ? 'only 1 other shows this gap' : `${others} others show this gap`
}

function idleText(between: boolean, gap: number, least: number): string {
  if (!between) return 'it was not idle between requests'
  return gap < least
    ? `so short an idle time (under ${least} s) needs no timer`
    : 'a server that ends its response by closing needs no timer'
}
