import type { Certainty, Endpoint, FlowReport, Report } from '../result.js'
import { inertText } from './inert-text.js'
import { MOST_LEGS } from './policy.js'
import type { StoryHost } from './story.js'

/** A flow in the picture and the lifelines it runs between. */
export interface Leg {
  readonly flow: FlowReport
  readonly client: number
  readonly server: number
  /** The same exchange tried again on another connection between the same two hosts. */
  readonly retry: boolean
}

/** The flows of one picture and its lifelines, left to right along the chain. */
export interface Legs {
  readonly legs: readonly Leg[]
  readonly hosts: readonly StoryHost[]
}

/** The flow, the legs of its chain that carried the same exchange, and the retry that followed it. */
export function legsOf(report: Report, flow: FlowReport): Legs {
  const taken = new Set([flow.stream])
  const before = follow(report, flow, 'downstream', flow, taken)
  const after = follow(report, flow, 'upstream', flow, taken)
  const path = [...before.reverse(), flow, ...after]
  const legs: Leg[] = path.map((each, index) => ({
    flow: each,
    client: index,
    server: index + 1,
    retry: false,
  }))
  const retry = bestLinked(report, flow, 'retry', flow, taken)
  const own = legs.find((leg) => leg.flow === flow)
  // A retry runs between the same two hosts: another connection, the same lifelines.
  if (retry !== null && own !== undefined) legs.push({ ...own, flow: retry, retry: true })
  return { legs, hosts: path.length === 0 ? [] : hostsOf(report, path) }
}

/** A flow of the report, or one that it holds only because another is linked to it. */
export function flowOf(report: Report, stream: number): FlowReport | null {
  const isIt = (each: FlowReport) => each.stream === stream
  return report.flows.find(isIt) ?? report.linked?.find(isIt) ?? null
}

/** Goes from leg to leg in one direction. */
function follow(
  report: Report,
  from: FlowReport,
  relation: 'downstream' | 'upstream',
  example: FlowReport,
  taken: Set<number>,
): FlowReport[] {
  const path: FlowReport[] = []
  let current = from
  while (path.length < MOST_LEGS) {
    const next = bestLinked(report, current, relation, example, taken)
    if (next === null) break
    path.push(next)
    taken.add(next.stream)
    current = next
  }
  return path
}

/** Of several linked flows (a pooled connection serves many clients) the one that was there when the example ended. */
function bestLinked(
  report: Report,
  flow: FlowReport,
  relation: 'downstream' | 'upstream' | 'retry',
  example: FlowReport,
  taken: ReadonlySet<number>,
): FlowReport | null {
  const end = example.close.first?.time ?? example.end
  const cause = example.verdict.causeStream
  let best: FlowReport | null = null
  let bestScore = -Infinity
  for (const link of flow.links) {
    if (link.relation !== relation || taken.has(link.stream)) continue
    const other = flowOf(report, link.stream)
    if (other === null || other.ladder.length === 0) continue
    const score =
      (link.stream === cause ? 1000 : 0) +
      (other.start <= end && end <= other.end + 1 ? 100 : 0) +
      sureness(link.certainty) -
      Math.min(Math.abs(other.end - end), 9) / 10
    if (score > bestScore) {
      best = other
      bestScore = score
    }
  }
  return best
}

function sureness(certainty: Certainty): number {
  return { certain: 20, likely: 10, possible: 0 }[certainty]
}

/** One lifeline per host: the client of the first leg, then the server of each. */
function hostsOf(report: Report, path: readonly FlowReport[]): StoryHost[] {
  const first = path[0] as FlowReport
  const hosts = [host(report, first.client, 'client', null)]
  path.forEach((flow, index) => {
    const onward = path[index + 1]?.client ?? null
    hosts.push(host(report, flow.server, 'server', onward))
  })
  return hosts
}

/** A lifeline's head. `onward` is the end that the same host has on the next leg: shown when it is another address. */
function host(report: Report, end: Endpoint, fallback: string, onward: Endpoint | null): StoryHost {
  const role = end.role ?? onward?.role ?? null
  const same = report.chain.filter(
    (each) => each.ips.includes(end.ip) && (role === null || each.role === role),
  )
  const known = same.find((each) => each.software !== null) ?? same[0]
  const software = known?.software ?? ''
  const name = role ?? known?.role ?? (onward === null ? fallback : 'proxy')
  const adds = software !== '' && !software.toLowerCase().startsWith(name.toLowerCase())
  const addresses = [socketAddress(end.ip, end.port)]
  if (onward !== null && onward.ip !== end.ip) addresses.push(socketAddress(onward.ip, onward.port))
  return { name: inertText(adds ? `${name} · ${software}` : name), addresses: addresses.map(inertText) }
}

/** `10.0.0.2:80`, `[2001:db8::1]:443`. */
function socketAddress(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
}

/** A host's role without its software, for labels. */
export function hostName(legs: Legs, index: number): string {
  return (legs.hosts[index]?.name ?? '').replace(/ · .*$/, '')
}

/** `the client`, but `nginx`. */
export function article(name: string): string {
  return /^(client|server|proxy|upstream|lb|app)$/.test(name) ? `the ${name}` : name
}

/** The host on which the capture was taken, where all legs agree on it. */
export function vantageOf(legs: Legs): string {
  const ends = legs.legs.map(({ flow, client, server }) =>
    flow.seenAt == null ? null : flow.seenAt === 'client' ? client : server,
  )
  const [first] = ends
  if (first == null || ends.some((end) => end !== first)) return 'the capture point'
  return article(hostName(legs, first))
}
