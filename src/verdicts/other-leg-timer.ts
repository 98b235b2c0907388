/** The timer of a close on another leg of the proxy, which took this flow with it. */
import { servesTunnel } from '../chain/tunnel-legs.js'
import type { LegLink } from '../facts/leg-facts.js'
import { timerOf, type TimerAnswer } from './timer-match.js'
import type { Case } from './verdict-rule.js'

/** The timer with which this flow's server closed the leg behind it. */
export function timerOfLegBehind(c: Case, link: LegLink): TimerAnswer {
  const { close, standing, timerGapNs } = link.upstream
  const { cluster, retryOf, serverRole, serverSoftware, upstreams } = c.around
  const around = {
    cluster,
    retryOf,
    serverRole,
    serverSoftware,
    upstreams,
    clientSoftware: serverSoftware,
    callerSoftware: serverSoftware,
    clientRole: serverRole,
    clientIsProxy: 'it carries both legs',
    serverIsProxy: null,
    downstreams: [],
  }
  const flag = close.first?.flag ?? 'FIN'
  return timerOf(
    { ...c, facts: link.upstream, around },
    'client',
    servesTunnel(link) ? 'tunnel' : standing.phase,
    timerGapNs,
    flag,
  )
}

/** The timer with which this flow's client, a proxy, closed the leg before it. */
export function timerOfLegBefore(c: Case, link: LegLink): TimerAnswer {
  const { close, standing, timerGapNs } = link.downstream
  const { callerSoftware, clientIsProxy, clientRole, clientSoftware, cluster, retryOf } = c.around
  const around = {
    callerSoftware,
    clientIsProxy,
    clientRole,
    clientSoftware,
    cluster,
    retryOf,
    serverSoftware: clientSoftware,
    serverRole: clientRole,
    serverIsProxy: clientIsProxy,
    upstreams: [link],
    downstreams: [],
  }
  const flag = close.first?.flag ?? 'FIN'
  return timerOf({ ...c, facts: link.downstream, around }, 'server', standing.phase, timerGapNs, flag)
}
