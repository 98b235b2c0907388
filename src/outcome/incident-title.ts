/** The sentence of an incident that is more than flows like its example: a restart of several servers, closed ports, an outage of several kinds. */
import { append } from '../chain/lists.js'
import { endText } from '../facts/end-text.js'
import type { FlowReport, VerdictClass } from '../result.js'
import { counted } from './counted.js'
import { spanOf, type Part } from './finding-part.js'
import type { Incident } from './incidents.js'
import { findingPolicy, linePolicy } from './policy.js'

/** The sentence without a full stop; null: the example's own says it of all. */
export function incidentTitle({ main, others }: Incident): string | null {
  const outage = others.filter(({ relation }) => relation === 'same-outage').map(({ part }) => part)
  if (outage.length > 0) return outageTitle([main, ...outage])
  const { class: word } = main.flows[0].verdict
  if (word === 'shutdown') return restartTitle(main)
  return word === 'refused' ? closedPortsTitle(main) : null
}

/** `10.0.0.3:8000 (proxy)`, `10.0.0.3 (proxy)` for several ports of it. */
function serverName(flows: readonly FlowReport[]): string {
  const [{ server }] = flows
  const onePort = flows.every((flow) => flow.server.port === server.port)
  return `${onePort ? endText(server) : server.ip}${server.role === null ? '' : ` (${server.role})`}`
}

function seconds(value: number): string {
  return `${value.toFixed(3)} s`
}

/** Closes of one server in one burst. */
interface Burst {
  readonly from: number
  to: number
  flows: number
}

/** Bursts of closes, of each server apart. */
function burstsOf({ flows }: Part): { readonly bursts: readonly Burst[]; readonly servers: number } {
  const servers = new Map<string, number[]>()
  for (const { server, close, end } of flows) {
    append(servers, `${server.ip} ${server.port}`, close.first?.time ?? end)
  }
  const bursts = [...servers.values()].flatMap((times) => {
    const found: Burst[] = []
    for (const at of times.sort((a, b) => a - b)) {
      const last = found.at(-1)
      if (last === undefined || at - last.to > findingPolicy.restartBurstSeconds)
        found.push({ from: at, to: at, flows: 1 })
      else {
        last.to = at
        last.flows++
      }
    }
    return found
  })
  return { bursts, servers: servers.size }
}

function restartTitle(part: Part): string | null {
  const { bursts, servers } = burstsOf(part)
  if (bursts.length < 2) return null
  const counts = bursts.map(({ flows }) => flows)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  const each = least === most ? `${least}` : `${least} to ${most}`
  const longest = Math.max(...bursts.map(({ from, to }) => to - from))
  const { from, to } = spanOf(part)
  const who =
    servers > 1
      ? `${servers} servers were shut down one after another within ${seconds(to - from)}`
      : `${serverName(part.flows)} was shut down ${bursts.length} times within ${seconds(to - from)}`
  const how = longest === 0 ? 'in one moment' : `within ${brief(longest)}`
  return `${who}: each${servers > 1 ? '' : ' time it'} closed ${each} idle connections ${how}, however long they had been silent`
}

/** A span of milliseconds with the digits that mean something. */
function brief(value: number): string {
  return value >= 1 ? seconds(value) : `${(value * 1000).toFixed(value < 0.01 ? 2 : 0)} ms`
}

function closedPortsTitle(part: Part): string | null {
  const ports = [...new Set(part.flows.map(({ server }) => server.port))].sort((a, b) => a - b)
  if (ports.length < 2) return null
  const listed = ports.slice(0, linePolicy.ports).join(', ')
  const all = `${listed}${ports.length > linePolicy.ports ? ` … ${ports[ports.length - 1]}` : ''}`
  const { from, to } = spanOf(part)
  const where = `${counted(part.count.flows, 'connection')} to ${ports.length} ports`
  const { variant, told } = part.flows[0].verdict
  if (variant === 'unreachable')
    return `ICMP errors answered the SYNs of ${where} (${all}) of ${serverName(part.flows)} within ${seconds(to - from)}: ${told?.advice}`
  return `${serverName(part.flows)} refused ${where} (${all}) within ${seconds(to - from)}: nothing listens there`
}

/** What became of connections, as predicates of the server. */
const FATES: Partial<Record<VerdictClass, (count: number) => string>> = {
  'server-abort': (n) => `${counted(n, 'connection')} broke off before the whole response had come`,
  shutdown: (n) => `${counted(n, 'idle connection')} ${n === 1 ? 'was' : 'were'} closed`,
  refused: (n) => `${n} ${n === 1 ? 'was' : 'were'} refused`,
  'half-open-zombie': (n) => `${counted(n, 'connection')} got no answer any more`,
  'connect-timeout': (n) => `${n} could not be opened, their SYNs got no answer`,
}

function outageTitle(parts: readonly Part[]): string {
  const spans = parts.map(spanOf)
  const from = Math.min(...spans.map((span) => span.from))
  const to = Math.max(...spans.map((span) => span.to))
  const inOrder = [...parts].sort((a, b) => spanOf(a).from - spanOf(b).from)
  const fates = inOrder.flatMap(({ flows: [{ verdict }], count }) => {
    const fate = FATES[verdict.class]
    return fate === undefined ? [] : [fate(count.flows)]
  })
  const program = parts.some(({ flows: [{ verdict }] }) => verdict.class === 'refused')
  return `${serverName(parts.flatMap(({ flows }) => flows))} was ${program ? 'down' : 'gone'} from ${seconds(from)} on, for ${seconds(to - from)} or longer: ${fates.join(', ')}`
}
