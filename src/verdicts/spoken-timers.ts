import type { Conversation } from '../exchange/exchange.js'
import type { TimerMatch } from '../knowledge/look-up.js'
import { actsOn } from '../knowledge/spoken.js'
import type { Side } from '../result.js'

/**
 * Those of the timers that belong to the protocol of the leg that `by` closed; where that cannot be read, all. nginx speaks HTTP/2 to servers
 * through grpc_pass (to others since 1.29.4 only), which has timers of its own: they come first.
 */
export function spoken(
  found: readonly TimerMatch[],
  by: Side,
  conversation: Pick<Conversation, 'protocol' | 'appProtocol'> | null,
): readonly TimerMatch[] {
  const { protocol, appProtocol = null } = conversation ?? {}
  if (by !== 'client') return found
  const language = protocol === 'http1' ? protocol : protocol === 'opaque' ? appProtocol : null
  if (language !== null) return found.filter(({ id }) => actsOn(id, language))
  if (protocol !== 'http2') return found
  const twin = /^nginx\.proxy_([a-z]+_timeout)/.exec(found[0]?.id ?? '')?.[1]
  const own = twin === undefined ? undefined : found.find(({ id }) => id === `nginx.grpc_${twin}`)
  return own === undefined ? found : [own, ...found.filter((one) => one !== own)]
}
