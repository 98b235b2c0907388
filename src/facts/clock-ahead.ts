import type { FlowFacts } from './flow-facts.js'
import { factsPolicy } from './policy.js'

/** What shows that the clock of a capture was set forward during a flow. */
export interface ClockAhead {
  /** From the handshake to the FINs by that clock, nanoseconds. */
  readonly shownNs: number
  /** How far the clock of each end went meanwhile, in ticks of its TCP timestamps. */
  readonly clientTicks: number
  readonly serverTicks: number
}

/**
 * Whether the clocks of both ends show that much less time went by than the capture's clock does: they went equally far, and at no rate that
 * such clocks have. One end alone proves nothing, for its clock may be odd. Null: they do not, or one end has no timestamps.
 */
export function clockAheadOf({ sides, close, syn, synAck }: FlowFacts): ClockAhead | null {
  const [clientTicks, serverTicks] = [sides.client.stampTicks, sides.server.stampTicks]
  const [clientFin, serverFin] = [sides.client.fin, sides.server.fin]
  if (clientTicks === null || serverTicks === null || clientFin === null || serverFin === null) return null
  if (syn === null || synAck === null || close.first === null) return null
  // A clock that stands still is none.
  if (clientTicks === 0 || serverTicks === 0) return null
  const client = clientFin.ns - syn.ns
  const server = serverFin.ns - synAck.ns
  if (Math.min(client, server) < factsPolicy.stampedLongNs) return null
  if (hasRate(clientTicks, client) || hasRate(serverTicks, server)) return null
  // Of closes that lie apart each end's clock went for its own time.
  const [one, other] = [clientTicks / client, serverTicks / server]
  const ticks = Math.max(clientTicks, serverTicks)
  const agree =
    Math.abs(one - other) * Math.max(client, server) <=
    ticks * factsPolicy.stampsAgree + factsPolicy.stampTicks
  return agree ? { shownNs: Math.max(client, server), clientTicks, serverTicks } : null
}

/** Whether a clock of a usual rate goes so far in that time, or one of a higher rate than any that is compared. */
function hasRate(ticks: number, ns: number): boolean {
  const { stampRates, stampSlack, seldomTicks } = factsPolicy
  const seconds = ns / 1e9
  const most = Math.max(...stampRates) * seconds
  return (
    ticks > most ||
    stampRates.some(
      (rate) =>
        Math.abs(ticks - rate * seconds) <= rate * seconds * stampSlack + (rate > seldomTicks ? 0 : 1),
    )
  )
}
