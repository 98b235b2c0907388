import type { FlowFacts } from '../facts/flow-facts.js'
import type { LegLink } from '../facts/leg-facts.js'
import type { Hosts } from './hosts.js'
import { append } from './lists.js'
import { firstIndex } from './ordered.js'
import { legPolicy } from './policy.js'
import type { Sent } from './sent.js'
import { isOneConnection, type Twins } from './twins.js'

/** The leg behind was opened for a tunnel (CONNECT), and what goes through it has begun. */
export function servesTunnel({ downstream, upstream, upstreamExchange, certainty }: LegLink): boolean {
  if (certainty === 'possible' || upstreamExchange !== null || upstream.conversation === null) return false
  return downstream.conversation?.tunnel != null
}

/**
 * Links a tunnel (CONNECT) with the connection that the proxy opened for it: to the port that was asked for, and where that stands as an
 * address to that, after the request came in and before it was granted. Of several the one that carried as many bytes.
 */
export function linkTunnels(
  flows: readonly FlowFacts[],
  sent: readonly Sent[],
  hosts: Hosts,
  twins: Twins,
): LegLink[] {
  const tunnels = new Set(flows.filter(({ conversation }) => conversation?.tunnel != null))
  if (tunnels.size === 0) return []
  const asked = sent.filter(
    ({ flow, exchange }) => tunnels.has(flow) && exchange.method === 'CONNECT' && !exchange.targetCut,
  )
  const opened = openedBy(flows, hosts)
  const taken = new Set<FlowFacts>()
  const links: LegLink[] = []
  for (const one of asked) {
    const [, host = '', port = ''] = /^(.*):(\d{1,5})$/.exec(one.exchange.target ?? '') ?? []
    const list = opened.get(`${hosts.of(one.flow.server.ip)} ${port}`) ?? []
    const fits = between(list, one.startNs, one.exchange.responseStartNs).filter(
      (flow) => !taken.has(flow) && isMeant(flow, host) && !isOneConnection(flow, one.flow, twins),
    )
    if (fits.length === 0) continue
    const alike = fits.filter((flow) => carriedAsMuch(one, flow))
    const [upstream, ...others] = fits.length === 1 || alike.length === 0 ? fits : alike
    const alone = others.every((other) => isOneConnection(other, upstream, twins))
    taken.add(upstream)
    links.push({
      downstream: one.flow,
      downstreamExchange: one.exchange,
      upstream,
      upstreamExchange: null,
      basis: 'content',
      certainty: alone ? 'likely' : 'possible',
    })
  }
  return links
}

/** Connections by the host that opened them and the port that they were opened to, in the order of their SYNs. */
function openedBy(flows: readonly FlowFacts[], hosts: Hosts): Map<string, FlowFacts[]> {
  const opened = new Map<string, FlowFacts[]>()
  for (const flow of flows)
    if (flow.syn !== null) append(opened, `${hosts.of(flow.client.ip)} ${flow.server.port}`, flow)
  for (const list of opened.values()) list.sort((a, b) => synNs(a) - synNs(b))
  return opened
}

function synNs({ syn }: FlowFacts): number {
  return syn?.ns ?? Infinity
}

/** Those that were opened between the two times; at most the policy's number of them. */
function between(list: readonly FlowFacts[], fromNs: number, toNs: number): FlowFacts[] {
  const first = firstIndex(list.length, (at) => synNs(list[at]) >= fromNs - legPolicy.orderSlackNs)
  const found = list.slice(first, first + legPolicy.likeCandidates)
  return found.filter((flow) => synNs(flow) <= toNs + legPolicy.orderSlackNs)
}

/** The address that was asked for, or any where a name was, unless the client asked for another one inside. */
function isMeant({ server, conversation }: FlowFacts, host: string): boolean {
  const address = /^\[(.*)\]$/.exec(host)?.[1] ?? (/^[\d.]+$/.test(host) ? host : null)
  if (address !== null) return address === server.ip
  const name = conversation?.serverName ?? null
  return name === null || name.toLowerCase() === host.toLowerCase()
}

/** What went through the tunnel is what this connection carried. */
function carriedAsMuch({ flow, exchange }: Sent, { sides }: FlowFacts): boolean {
  if (exchange.requestStart === null || exchange.requestEnd === null) return false
  const head = (exchange.requestEnd.seq - exchange.requestStart.seq) >>> 0
  const granted = exchange.responseBytes
  return (
    flow.sides.client.payloadBytes - head === sides.client.payloadBytes &&
    flow.sides.server.payloadBytes - granted === sides.server.payloadBytes
  )
}
