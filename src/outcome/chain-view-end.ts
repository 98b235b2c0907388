import type { Side } from '../result.js'
import type { Carried } from './chain-view-tree.js'

/** What ended a request on one leg: the reset of its own stream, or else the first close of the connection. */
export interface LegEnd {
  readonly by: Side
  readonly ns: number
}

/** The stream of the request was reset before its response was whole, and before the connection was closed: not because of that. */
export function wasReset({ flow, exchange }: Carried): boolean {
  const reset = exchange?.reset ?? null
  if (reset === null || exchange?.responseComplete === true) return false
  return reset.point.timeNs <= (flow.close.first?.ns ?? Infinity)
}

/** The end that reset the HTTP/2 stream of this leg's request. */
export function resetBy({ flow, exchange }: Carried): Side {
  return exchange?.reset?.side === flow.clientIndex ? 'client' : 'server'
}

/** Null: nothing ended it as far as was seen. */
export function endOf(leg: Carried): LegEnd | null {
  const { flow, exchange } = leg
  if (wasReset(leg) && exchange?.reset != null) return { by: resetBy(leg), ns: exchange.reset.point.timeNs }
  return flow.close.first
}

/** The verdict on the connection speaks of another of its requests: streams of HTTP/2, pipelined ones. Not told of what cannot be read. */
export function isOther({ flow, exchange }: Carried): boolean {
  const { exchange: judged } = flow.standing
  return exchange !== null && exchange.method !== null && judged !== null && judged !== exchange
}

/**
 * What came to a server that had closed, of which nobody can read whether it is the rest of the request that was answered, or the next.
 */
export function cameAfterClose({ flow, exchange }: Carried): boolean {
  const { first } = flow.close
  const start = exchange?.requestStart ?? null
  if (start === null || exchange?.method !== null || first?.by !== 'server') return false
  return exchange.index > 0 && start.timeNs > first.ns
}
