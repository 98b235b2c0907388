import type { FlowFacts } from '../facts/flow-facts.js'
import { announcedPolicy } from './policy.js'

/** What a server said of its keep-alive timer: `Keep-Alive: timeout=`. */
export interface Announced {
  readonly seconds: number
  /** Frame in which the response that said it begins; null: not seen. */
  readonly frame: number | null
}

/** The server's latest word on this connection; null: it gave none. */
export function announcedKeepAlive({ conversation }: FlowFacts): Announced | null {
  const exchanges = conversation?.exchanges ?? []
  for (let i = exchanges.length - 1; i >= 0; i--) {
    const { keepAliveSeconds, responseStart } = exchanges[i]
    if (keepAliveSeconds !== null && keepAliveSeconds > 0)
      return { seconds: keepAliveSeconds, frame: responseStart?.frame ?? null }
  }
  return null
}

/** Whether an idle time before the server's close is the one announced. */
export function fitsAnnounced(seconds: number, idleNs: number): boolean {
  const off = idleNs - seconds * 1e9
  return off >= -announcedPolicy.earlyNs && off <= announcedPolicy.lateNs
}
