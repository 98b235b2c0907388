/** Which parts are one incident: a host that is gone or restarts is one finding, and so is a cause with all that followed from it. */
import type { FindingPart, FlowReport } from '../result.js'
import type { AnswersHeard } from './answers.js'
import { apartFromContested } from './contested.js'
import { callerOf, divided, hostsOf, joined, SEVERITY_ORDER, spanOf, type Part } from './finding-part.js'
import { findingPolicy } from './policy.js'

/** A finding: its own flows, and what belongs to it besides. */
export interface Incident {
  readonly main: Part
  readonly others: { readonly relation: FindingPart['relation']; readonly part: Part }[]
}

/** All parts as incidents; `answers` is what their servers said on other connections. */
export function incidentsOf(parts: readonly Part[], answers: AnswersHeard): Incident[] {
  const apart = parts.flatMap((part) => apartFromContested(part, answers))
  return withConsequences(outages(restarts(refusals(apart)), answers))
}

function classOf({ flows }: Part): string {
  const { verdict } = flows[0]
  return verdict.variant === 'vanished' ? 'vanished' : verdict.class
}

/** Parts, those that belong together joined: `together` is asked for each pair. */
function joinedWhere(parts: readonly Part[], together: (a: Part, b: Part) => boolean): Part[] {
  const left: Part[] = []
  for (const part of parts) {
    const at = left.findIndex((other) => together(other, part))
    if (at === -1) left.push(part)
    else left[at] = joined(left[at], part)
  }
  return left
}

/** A host where nothing listens on any of several ports is told once. */
function refusals(parts: readonly Part[]): Part[] {
  const sameHost = (a: Part, b: Part): boolean =>
    a.flows[0].server.ip === b.flows[0].server.ip && sameCaller(a, b)
  return joinedWhere(
    parts,
    (a, b) => classOf(a) === 'refused' && classOf(b) === 'refused' && sameHost(a, b) && sameVariant(a, b),
  )
}

function sameCaller(a: Part, b: Part): boolean {
  return callerOf(a.flows[0].client) === callerOf(b.flows[0].client)
}

function sameVariant(a: Part, b: Part): boolean {
  return a.flows[0].verdict.variant === b.flows[0].verdict.variant
}

/** Servers that stop one after another are one rolling restart; so are the two phases in which one of them may have been. */
function restarts(parts: readonly Part[]): Part[] {
  const next = (a: Part, b: Part): boolean => apart(a, b) <= findingPolicy.restartsApartSeconds
  return joinedWhere(
    [...parts].sort((a, b) => spanOf(a).from - spanOf(b).from),
    (a, b) => classOf(a) === 'shutdown' && classOf(b) === 'shutdown' && sameCaller(a, b) && next(a, b),
  )
}

function apart(a: Part, b: Part): number {
  const [x, y] = [spanOf(a), spanOf(b)]
  return Math.max(x.from - y.to, y.from - x.to, 0)
}

/** Ways in which connections to a dead host or a stopped program fail. */
const DOWN: ReadonlySet<string> = new Set(['refused', 'connect-timeout', 'vanished'])
/** Ways in which they end when it dies. */
const DYING: ReadonlySet<string> = new Set(['server-abort', 'shutdown'])

/** Whether both are what one host's death looks like: to this address, in one stretch of time in which it answered nobody. */
function sameOutage(a: Part, b: Part, answers: AnswersHeard): boolean {
  const [one, other] = [a.flows[0].server, b.flows[0].server]
  const kinds = [classOf(a), classOf(b)]
  if (a.contested === true || b.contested === true) return false
  if (one.ip !== other.ip || !kinds.every((kind) => DOWN.has(kind) || DYING.has(kind))) return false
  if (!kinds.some((kind) => DOWN.has(kind)) || !serverGone(a) || !serverGone(b)) return false
  // A program that stopped is its port's matter; a host that is gone takes all of its ports with it.
  const program = kinds.some((kind) => kind === 'refused' || DYING.has(kind))
  if (program && one.port !== other.port) return false
  const brief = [a, b].every((part) => {
    const { from, to } = spanOf(part)
    return !DYING.has(classOf(part)) || to - from <= findingPolicy.outageApartSeconds
  })
  return brief && apart(a, b) <= findingPolicy.outageApartSeconds && !answeredBetween(a, b, program, answers)
}

/** A program that served somebody between two of its failures was back; a host that did while it was silent on both was there. */
function answeredBetween(a: Part, b: Part, program: boolean, answers: AnswersHeard): boolean {
  const { ip, port } = a.flows[0].server
  const [x, y] = [spanOf(a), spanOf(b)]
  if (program) return answers.within(ip, port, Math.min(x.to, y.to), Math.max(x.from, y.from)) !== null
  const silentFrom = Math.max(x.from, y.from) + findingPolicy.stillSilentSeconds
  return answers.within(ip, null, silentFrom, Math.min(x.to, y.to)) !== null
}

/** Of a connection whose client vanished the server is not to blame. */
function serverGone({ flows: [{ verdict }] }: Part): boolean {
  return verdict.variant !== 'vanished' || verdict.gone === 'server'
}

function outages(parts: readonly Part[], answers: AnswersHeard): Incident[] {
  const groups: Part[][] = []
  for (const part of parts) {
    const at = groups.find((group) => group.some((other) => sameOutage(other, part, answers)))
    if (at === undefined) groups.push([part])
    else at.push(part)
  }
  return groups.map((group) => {
    const kinds = joinedWhere(group, (a, b) => group.length > 1 && classOf(a) === classOf(b))
    const [main, ...rest] = kinds.sort(
      (a, b) =>
        SEVERITY_ORDER[a.flows[0].verdict.severity] - SEVERITY_ORDER[b.flows[0].verdict.severity] ||
        b.count.flows - a.count.flows,
    )
    return { main, others: rest.map((part) => ({ relation: 'same-outage' as const, part })) }
  })
}

/** Parts whose flows only followed stand with the incident of the flows that they followed. */
function withConsequences(incidents: readonly Incident[]): Incident[] {
  const home = new Map<number, Incident>()
  for (const incident of incidents)
    for (const part of [incident.main, ...incident.others.map((other) => other.part)])
      for (const { stream } of part.flows) home.set(stream, incident)
  const causes = new Map<Incident, Incident>()
  const left: Incident[] = []
  const followers: [Incident, Part][] = []
  for (const incident of incidents.flatMap((one) => byCause(one, home))) {
    const root = incident.others.length > 0 ? null : causeOf(incident.main, home)
    if (root === null || root === incident || leadsTo(root, incident, causes)) left.push(incident)
    else {
      causes.set(incident, root)
      followers.push([root, incident.main])
    }
  }
  for (const [root, part] of followers) addConsequence(rootOf(root, causes), part)
  return left
}

/** Like consequences of one incident are told in one line, whatever the waits that were cut and the ports. */
function addConsequence({ others }: Incident, part: Part): void {
  const kind = ({ flows: [{ verdict, client, server }] }: Part): string =>
    [verdict.class, verdict.variant, verdict.severity, client.role, server.ip].join(' ')
  const at = others.findIndex((one) => one.relation === 'consequence' && kind(one.part) === kind(part))
  if (at === -1) others.push({ relation: 'consequence', part })
  else others[at] = { relation: 'consequence', part: joined(others[at].part, part) }
}

/** Flows of one kind that followed several incidents: each stands with its own. */
function byCause(incident: Incident, home: Map<number, Incident>): Incident[] {
  if (incident.others.length > 0) return [incident]
  const causeOfFlow = ({ verdict }: FlowReport): Incident | undefined =>
    verdict.causeStream === null ? undefined : home.get(verdict.causeStream)
  // Something that they followed is in no finding: then all of it is told by itself.
  if (incident.main.flows.some((flow) => causeOfFlow(flow) === undefined)) return [incident]
  const parts = divided(incident.main, causeOfFlow)
  if (parts.length === 1) return [incident]
  return parts.map((main) => {
    const one: Incident = { main, others: [] }
    for (const { stream } of main.flows) home.set(stream, one)
    return one
  })
}

/** The incident that most of a part's flows followed, where all that are listed followed something; null: it has none, or not in a finding. */
function causeOf({ flows }: Part, home: ReadonlyMap<number, Incident>): Incident | null {
  const votes = new Map<Incident, number>()
  for (const { verdict } of flows) {
    if (verdict.causeStream === null) return null
    const cause = home.get(verdict.causeStream)
    if (cause !== undefined) votes.set(cause, (votes.get(cause) ?? 0) + 1)
  }
  const known = [...votes.values()].reduce((sum, n) => sum + n, 0)
  // What followed something that is in no finding stays one of its own.
  if (known < flows.length && ![...votes.keys()].some(({ main }) => main.count.flows > main.flows.length))
    return null
  return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
}

function rootOf(incident: Incident, causes: ReadonlyMap<Incident, Incident>): Incident {
  let at = incident
  for (let next = causes.get(at); next !== undefined; next = causes.get(at)) at = next
  return at
}

function leadsTo(from: Incident, to: Incident, causes: ReadonlyMap<Incident, Incident>): boolean {
  return rootOf(from, causes) === to
}

/** What belongs to an incident besides its main part, for the Report. */
export function partsOf({ others }: Incident): FindingPart[] {
  return others.map(({ relation, part }) => {
    const [example] = part.flows
    const { verdict } = example
    return {
      relation,
      class: verdict.class,
      variant: verdict.variant,
      severity: verdict.severity,
      count: part.count.flows,
      ...hostsOf(part, example),
      streams: part.flows.map(({ stream }) => stream),
      ...(part.count.flows > part.flows.length && { notListed: part.count.flows - part.flows.length }),
    }
  })
}
