/** Flows of one kind with one timer, before it is decided whether they are a finding of their own. */
import { append } from '../chain/lists.js'
import type { FindingHost, FlowReport } from '../result.js'
import { FindingCount } from './finding-tail.js'

/** Who calls a server, as a key: its address; the many clients of a front end are one caller. */
export function callerOf({ ip, role }: Pick<FindingHost, 'ip' | 'role'>): string {
  return role === 'client' || role === null ? 'clients' : ip
}

/** Flows that become a finding, or a part of one. */
export interface Part {
  /** Those listed, in the order of their streams; not empty. */
  flows: FlowReport[]
  /** The numbers of all. */
  count: FindingCount
  /** Its server answered other connections meanwhile: it was not gone. */
  readonly contested?: boolean
}

/** Splits a part by what `kind` says of its flows. Flows that are counted and not listed go with the largest of the new parts. */
export function divided<T>(part: Part, kind: (flow: FlowReport) => T): Part[] {
  const kinds = new Map<T, FlowReport[]>()
  for (const flow of part.flows) append(kinds, kind(flow), flow)
  if (kinds.size === 1) return [part]
  const left = part.count.flows - part.flows.length
  const groups = [...kinds.values()].sort((a, b) => b.length - a.length)
  return groups.map((flows, index) => {
    const count = new FindingCount()
    if (index === 0 && left > 0) {
      count.addAll(part.count)
      count.flows = flows.length + left
    } else for (const flow of flows) count.add(flow)
    return { flows, count }
  })
}

/** Parts of one kind as one. */
function joined(parts: readonly Part[]): Part {
  if (parts.length === 1) return parts[0]
  const count = new FindingCount()
  for (const part of parts) count.addAll(part.count)
  return { flows: parts.flatMap(({ flows }) => flows).sort((x, y) => x.stream - y.stream), count }
}

/** The class of a part's flows; a host that is gone apart from other forgotten connections. */
export function classOf({ flows }: Part): string {
  const { verdict } = flows[0]
  return verdict.variant === 'vanished' ? 'vanished' : verdict.class
}

/** Parts, those of one kind joined; null: of no kind. In the order of the first of each. */
export function joinedByKind(parts: readonly Part[], kindOf: (part: Part) => string | null): Part[] {
  const kinds = new Map<string | Part, Part[]>()
  for (const part of parts) append(kinds, kindOf(part) ?? part, part)
  return [...kinds.values()].map(joined)
}

/** The ends of a part's flows: an address where it is one, else how many hosts. */
export function hostsOf(part: Part, example: FlowReport): { client: FindingHost; server: FindingHost } {
  const { flows, count } = part
  const servers = new Set(flows.map((flow) => flow.server.ip))
  const ports = new Set(flows.map((flow) => flow.server.port))
  const oneServer = servers.size === 1
  return {
    client: {
      ip: count.clients.size === 1 ? example.client.ip : `${count.clients.size} hosts`,
      role: example.client.role,
    },
    server: {
      ip: oneServer ? example.server.ip : `${servers.size} hosts`,
      ...(oneServer && ports.size === 1 && { port: example.server.port }),
      role: example.server.role,
    },
  }
}

/** When the first of a part's flows failed and when the last did, seconds since the first capture's start. */
export function spanOf({ flows }: Part): { from: number; to: number } {
  const moments = flows.map(failedAt)
  return { from: Math.min(...moments.map(({ from }) => from)), to: Math.max(...moments.map(({ to }) => to)) }
}

/** A connection that was closed failed then; one that nobody answered did from its last sign of life on, or from its SYN. */
function failedAt({ close, start, end, verdict }: FlowReport): { from: number; to: number } {
  if (verdict.class === 'half-open-zombie') return { from: close.lastData?.time ?? start, to: end }
  if (verdict.class === 'connect-timeout') return { from: start, to: end }
  const at = close.first?.time ?? end
  return { from: at, to: at }
}
