/** What a finding says of the connections that belong to it besides its own: those that followed, those that ended for the same reason. */
import type { FindingPart } from '../result.js'
import { spanOf, type Part } from './finding-part.js'

/** Streams that a line lists by number. */
const MOST_STREAMS = 6

/** One line for each kind of connection that belongs to a finding besides its own. */
export function partLines(parts: readonly FindingPart[]): string[] {
  return parts.map(({ relation, count, client, server, streams, ...kind }) => {
    const what = `${kind.class.replaceAll('-', ' ')}${kind.variant === null ? '' : ` (${kind.variant})`}`
    const port = server.port === undefined ? '' : `:${server.port}`
    const shown = streams.slice(0, MOST_STREAMS).join(', ')
    const flows = `${streams.length === 1 ? 'flow' : 'flows'} ${shown}${count > Math.min(streams.length, MOST_STREAMS) ? ' …' : ''}`
    const lead =
      relation === 'consequence'
        ? `${count} ${count === 1 ? 'connection' : 'connections'} behind or before it ended because of ${count === 1 ? 'it' : 'these'}`
        : `part of the same outage: ${count} ${count === 1 ? 'connection' : 'connections'}`
    return `${lead}: ${what}, ${client.ip} → ${server.ip}${port}, ${flows}`
  })
}

/** Of flows to several servers: which, how many to each, and over how long. Empty: there is one server. */
export function serverLines(part: Part): string[] {
  const flows = new Map<string, number>()
  for (const { server } of part.flows) {
    const name = server.ip.includes(':') ? `[${server.ip}]:${server.port}` : `${server.ip}:${server.port}`
    flows.set(name, (flows.get(name) ?? 0) + 1)
  }
  if (flows.size < 2) return []
  const { from, to } = spanOf(part)
  const shown = [...flows].slice(0, MOST_STREAMS).map(([name, n]) => `${name} (${n})`)
  const hosts = new Set(part.flows.map(({ server }) => server.ip)).size
  const what = part.flows[0].verdict.class === 'shutdown' || hosts > 1 ? 'servers' : 'ports of this host'
  return [
    `${flows.size} ${what} within ${(to - from).toFixed(3)} s: ${shown.join(', ')}${flows.size > MOST_STREAMS ? ' …' : ''}`,
  ]
}
