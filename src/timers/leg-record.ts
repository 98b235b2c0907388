import type { FlowFacts } from '../facts/flow-facts.js'
import type { Surroundings } from '../facts/leg-facts.js'
import type { Phase, Side } from '../result.js'
import { CloseSamples } from './close-samples.js'
import { GapClasses } from './gap-classes.js'
import { timerPolicy } from './policy.js'

/** One end of a leg: a host, or all end clients of a server together. */
export interface LegEnd {
  readonly ip: string
  /** null for the client end: it has no single port. */
  readonly port: number | null
  readonly role: string | null
  /** Software word of the knowledge base; null: unknown. */
  readonly software: string | null
}

/** What the connections of one leg tell about its timers, in memory that does not grow with them. */
export class LegRecord {
  private serverEnd: LegEnd
  /** Known to be a proxy: it keeps a pool of connections and reuses them. */
  readonly clientIsProxy: boolean
  /** Software whose timers act on the client end: a proxy's, or the library that opens the connections. Null: unknown. */
  private callerSoftware: string | null
  private firstClient: LegEnd
  private readonly clientIps = new Set<string>()
  /** Closes by side and phase; an unfinished request head belongs to awaiting-request. */
  private readonly groups = new Map<string, CloseSamples>()
  connections = 0
  /** Requests on connections that had served one before; `reuseGaps` holds those of which the gap is known and that were answered. */
  reuses = 0
  readonly reuseGaps = new GapClasses()
  races = 0
  /** Most requests any connection carried, and the highest age at which one was kept after a response and used again. */
  mostRequests = 0
  latestKeptAgeNs = 0
  /** Seconds the server announced, with the number of connections that heard them. */
  readonly declared = new Map<number, number>()
  private roundTripsNs = 0
  private roundTrips = 0

  constructor(facts: FlowFacts, around: Surroundings) {
    this.clientIsProxy = around.clientIsProxy !== null
    this.callerSoftware = around.callerSoftware
    this.firstClient = {
      ip: facts.client.ip,
      port: null,
      role: around.clientRole,
      software: around.clientSoftware,
    }
    this.serverEnd = { ...facts.server, role: around.serverRole, software: around.serverSoftware }
  }

  /** Roles and software show in the course of a capture: what was unknown at the first connection may be known at a later one. */
  learn(around: Surroundings): void {
    this.callerSoftware ??= around.callerSoftware
    this.firstClient = known(this.firstClient, around.clientRole, around.clientSoftware)
    this.serverEnd = known(this.serverEnd, around.serverRole, around.serverSoftware)
  }

  /** The serving end, with what is known of it by now. */
  get server(): LegEnd {
    return this.serverEnd
  }

  /** Many clients have one line; their number is counted up to a point. */
  get client(): LegEnd {
    const many = this.clientIps.size
    return many > 1 ? { ...this.firstClient, ip: `${many} hosts` } : this.firstClient
  }

  /** Nanoseconds to the server and back, the mean over the connections; null: no handshake was seen. */
  get roundTripNs(): number | null {
    return this.roundTrips === 0 ? null : this.roundTripsNs / this.roundTrips
  }

  /** Software whose timers act on this end; null: unknown. A role tells none: `nginx` may only be a place in the chain. */
  softwareOf(by: Side): string | null {
    return by === 'client' ? this.callerSoftware : this.server.software
  }

  /** Counts a client address. */
  noteClient(ip: string): void {
    if (this.clientIps.size < timerPolicy.clientsCounted) this.clientIps.add(ip)
  }

  /** Counts the round trips of a handshake, nanoseconds; null: not seen. */
  noteRoundTrip({ client, server }: FlowFacts['rttNs']): void {
    if (client === null && server === null) return
    this.roundTripsNs += (client ?? 0) + (server ?? 0)
    this.roundTrips++
  }

  /**
   * Where closes of one side are kept. `group`: the phase, or for a request head that was not finished the one before it: one timer
   * watches both.
   */
  closesTo(by: Side, group: Phase): CloseSamples {
    const key = groupKey(by, group)
    const known = this.groups.get(key)
    if (known !== undefined) return known
    const fresh = new CloseSamples()
    this.groups.set(key, fresh)
    return fresh
  }

  /** Closes of one side in one phase group. */
  closes(by: Side, group: Phase): CloseSamples | null {
    return this.groups.get(groupKey(by, group)) ?? null
  }

  /** The sides and phases in which something closed. */
  *closed(): Generator<{ by: Side; closes: CloseSamples }> {
    for (const [key, closes] of this.groups)
      yield { by: key.startsWith('client') ? 'client' : 'server', closes }
  }
}

const KEYS = { client: new Map<Phase, string>(), server: new Map<Phase, string>() }

/** Name of a group; made once, since it is asked for with every close. */
function groupKey(by: Side, group: Phase): string {
  const known = KEYS[by].get(group)
  if (known !== undefined) return known
  const key = `${by} ${group}`
  KEYS[by].set(group, key)
  return key
}

/** The end with what was not known of it before; itself when that is nothing. */
function known(end: LegEnd, role: string | null, software: string | null): LegEnd {
  const news = (end.role === null && role !== null) || (end.software === null && software !== null)
  return news ? { ...end, role: end.role ?? role, software: end.software ?? software } : end
}
