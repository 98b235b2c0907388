/** What a finding says of the connections that belong to it besides its own: those that followed, those that ended for the same reason. */
import { endText, hostText } from '../facts/end-text.js'
import type { FindingHost, FindingPart } from '../result.js'
import type { Part } from './finding-part.js'
import { findingPolicy, linePolicy } from './policy.js'

/** One line for each kind of connection that belongs to a finding of `main` flows besides its own. */
export function partLines(parts: readonly FindingPart[], main: number): string[] {
  return parts.map(({ relation, count, client, server, streams, ...kind }) => {
    const what = `${kind.class.replaceAll('-', ' ')}${kind.variant === null ? '' : ` (${kind.variant})`}`
    const port = server.port === undefined ? '' : `:${server.port}`
    const shown = streams.slice(0, linePolicy.streams).join(', ')
    const flows = `${streams.length === 1 ? 'flow' : 'flows'} ${shown}${count > Math.min(streams.length, linePolicy.streams) ? ' …' : ''}`
    const hosts = `${named(client)} → ${named(server)}${port}`
    return relation === 'consequence'
      ? `because of ${main === 1 ? 'it' : 'these'} ${count === 1 ? 'another connection' : `${count} other connections`} ended: ${hosts}, ${what}, ${flows}`
      : `in the same outage: ${count} × ${what}, ${hosts}, ${flows}`
  })
}

/** Role first where one is known: `nginx 10.0.0.2`. */
function named({ ip, role }: FindingHost): string {
  return role === null ? hostText(ip) : `${role} ${hostText(ip)}`
}

/** Of flows to several servers: which, and how many to each. Empty: there is one server, or the title lists its ports. */
export function serverLines(part: Part): string[] {
  const isRestart = part.flows[0].verdict.class === 'shutdown'
  const flows = new Map<string, number>()
  for (const { server } of part.flows) {
    const name = endText(server)
    flows.set(name, (flows.get(name) ?? 0) + 1)
  }
  if (flows.size < 2) return []
  // The sentence of closed ports of one host lists them.
  if (new Set(part.flows.map(({ server }) => server.ip)).size === 1 && !isRestart)
    return scanLines(part, flows.size)
  const shown = [...flows].slice(0, linePolicy.streams).map(([name, n]) => `${name} (${n})`)
  return [
    `servers, with connections of each: ${shown.join(', ')}${flows.size > linePolicy.streams ? ' …' : ''}`,
  ]
}

/** One host that asks each of many ports once. */
function scanLines({ flows, count }: Part, ports: number): string[] {
  const clients = new Set(flows.map(({ client }) => client.ip))
  const scan =
    flows[0].verdict.class === 'refused' &&
    clients.size === 1 &&
    count.flows === ports &&
    ports >= findingPolicy.scannedPorts
  return scan ? ['one host tried each of them once: a port scan looks like this'] : []
}
