import type { FlowReport } from '../result.js'
import type { Leg } from './legs.js'
import { RETRY_LEAD, SAME_MOMENT, SHORTEST_SILENCE } from './policy.js'

/** Times between which a leg's rows belong to the story of the flow that is told. */
export interface LegWindow {
  readonly from: number
  readonly to: number
}

/** When a leg, idle for a while after the end of the story, closes: another story. Data that comes late belongs to this one. */
function lateGoodbye(leg: Leg, focus: FlowReport): number {
  const { ladder } = leg.flow
  const late = ladder.find((row, index) => {
    const before = ladder[index - 1]
    if (before === undefined || row.time <= focus.end + SAME_MOMENT) return false
    return row.payloadBytes === 0 && row.time - before.lastTime >= SHORTEST_SILENCE
  })
  return late?.time ?? Infinity
}

/**
 * Other legs live longer than the exchange that links them: a client goes on with its next request, a pooled connection
 * served others before. Their rows count from the request that led here to the first request that came after the end.
 */
export function legWindow(leg: Leg, focus: FlowReport): LegWindow {
  if (leg.flow === focus) return { from: -Infinity, to: Infinity }
  const requests = leg.flow.ladder.filter((row) => row.message === 'request').map((row) => row.time)
  const next =
    requests.find((time) => time > focus.end + SAME_MOMENT && time > (requests[0] as number)) ?? Infinity
  const to = Math.min(next, lateGoodbye(leg, focus))
  if (leg.retry) return { from: (focus.close.first?.time ?? focus.end) - RETRY_LEAD, to }
  const before = requests.filter((time) => time <= focus.start + SAME_MOMENT)
  // The leg's first request brings its handshake along.
  return { from: before.length > 1 ? (before.at(-1) as number) : -Infinity, to }
}
