/** Which parts are one incident: a host that is gone or restarts is one finding, and so is a cause with all that followed from it. */
import { append } from '../chain/lists.js'
import type { FindingPart, FlowReport } from '../result.js'
import type { AnswersHeard } from './answers.js'
import { apartFromContested } from './contested.js'
import { callerOf, classOf, divided, hostsOf, joinedByKind, spanOf, type Part } from './finding-part.js'
import { outages } from './outages.js'
import { findingPolicy } from './policy.js'

/** A finding: its own flows, and what belongs to it besides. */
export interface Incident {
  readonly main: Part
  readonly others: { readonly relation: FindingPart['relation']; readonly part: Part }[]
}

/** All parts as incidents; `answers` is what their servers said on other connections. */
export function incidentsOf(parts: readonly Part[], answers: AnswersHeard): Incident[] {
  const apart = parts.flatMap((part) => apartFromContested(part, answers))
  return withConsequences(
    outages(restarts(refusals(apart)), answers).map(([main, ...rest]) => ({
      main,
      others: rest.map((part) => ({ relation: 'same-outage', part })),
    })),
  )
}

/** A host where nothing listens on any of several ports is told once. */
function refusals(parts: readonly Part[]): Part[] {
  return joinedByKind(parts, (part) => {
    const [{ client, server, verdict }] = part.flows
    if (classOf(part) !== 'refused') return null
    return [server.ip, callerOf(client), verdict.variant, verdict.told?.advice].join(' ')
  })
}

/** Servers that stop one after another are one rolling restart; so are the two phases in which one of them may have been. */
function restarts(parts: readonly Part[]): Part[] {
  const inOrder = parts
    .map((part) => ({ part, span: spanOf(part) }))
    .sort((a, b) => a.span.from - b.span.from)
  /** The last restart of each caller's servers, by a number of its own, and until when it went on. */
  const last = new Map<string, { readonly restart: number; to: number }>()
  const restartOf = new Map<Part, string>()
  for (const { part, span } of inOrder) {
    if (classOf(part) !== 'shutdown') continue
    const caller = callerOf(part.flows[0].client)
    let on = last.get(caller)
    if (on === undefined || span.from - on.to > findingPolicy.restartsApartSeconds)
      last.set(caller, (on = { restart: restartOf.size, to: span.to }))
    on.to = Math.max(on.to, span.to)
    restartOf.set(part, `${caller} ${on.restart}`)
  }
  return joinedByKind(
    inOrder.map(({ part }) => part),
    (part) => restartOf.get(part) ?? null,
  )
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
  const followed = new Map<Incident, Part[]>()
  for (const [cause, part] of followers) append(followed, rootOf(cause, causes), part)
  for (const [root, after] of followed) root.others.push(...consequences(after))
  return left
}

/** Like consequences of one incident are told in one line, whatever the waits that were cut and the ports. */
function consequences(parts: readonly Part[]): Incident['others'] {
  const kind = ({ flows: [{ verdict, client, server }] }: Part): string =>
    [verdict.class, verdict.variant, verdict.severity, client.role, server.ip].join(' ')
  return joinedByKind(parts, kind).map((part) => ({ relation: 'consequence', part }))
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
