import { linkingPolicy } from './policy.js'
import type { Conversation } from '../exchange/exchange.js'

/** The first requests of a connection, so many, that were answered whole; the latest of these answers began at `latestNs`. */
interface Answered {
  readonly count: number
  readonly latestNs: number
}

/**
 * Where in a long connection the requests begin that may have been open at a moment or later. Connections of a pool are looked at beside
 * others again and again, and most of what they carried was over long before.
 */
export class AnsweredRequests {
  private readonly known = new WeakMap<Conversation, Answered>()

  /** Index of an exchange: those before it were not open at `ns` or later. */
  firstOpenAt(conversation: Conversation, ns: number): number {
    const { exchanges, protocol, count } = conversation
    // Of very many some are no longer kept, and streams of HTTP/2 end in any order.
    if (exchanges.length < linkingPolicy.requestsToSkip || exchanges.length < count || protocol !== 'http1')
      return 0
    const known = this.known.get(conversation)
    if (known !== undefined && known.latestNs >= ns) return 0
    let at = known?.count ?? 0
    let latestNs = known?.latestNs ?? -Infinity
    for (; at < exchanges.length; at++) {
      const { requestComplete, responseComplete, responseStartNs } = exchanges[at]
      if (requestComplete !== true || responseComplete !== true) break
      if (responseStartNs >= ns - linkingPolicy.askedBackNs) break
      latestNs = Math.max(latestNs, responseStartNs)
    }
    if (at !== (known?.count ?? 0)) this.known.set(conversation, { count: at, latestNs })
    return at
  }
}
