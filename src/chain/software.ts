/** Which software serves at each end and which opens each flow, as heads tell it. */
import type { Conversation, Exchange, ResponseHead } from '../exchange/exchange.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import type { LegLink } from '../facts/leg-facts.js'
import { componentWord, entriesOf, softwareComponents } from '../knowledge/look-up.js'
import type { Horizon } from './horizon.js'
import { append } from './lists.js'
import { NGINX_FAMILY, PROXY_SOFTWARE } from './role-names.js'

/** An address with its port, as key. */
function endKey(ip: string, port: number): string {
  return `${ip}:${port}`
}

/** Software that a role names (`--role haproxy=…`); null: `client`, `app` and the like are anybody's. */
export function softwareOfRole(role: string): string | null {
  return role === 'app' ? null : componentWord(role)
}

/** Server and Via headers, and the form of responses without one, by address and port: two servers on one machine are two pieces of software. */
export class ServingSoftware {
  /** Words by address and port. */
  readonly byEnd: Map<string, string>
  /** Ends that pass the Server header of what is behind them on as it is: nginx puts its own name there. */
  readonly passing: Set<string>
  /** Ends with a response of this round that tells no software. */
  private readonly silent = new Set<string>()

  /** `before`: what flows that are gone have told; `horizon`: whether a response was passed on is known only where all legs are looked at. */
  constructor(
    flows: readonly FlowFacts[],
    links: readonly LegLink[],
    before: {
      readonly serving: ReadonlyMap<string, string>
      readonly passing: ReadonlySet<string>
    } = NOTHING,
    private readonly horizon: Pick<Horizon, 'isWhole'> = { isWhole: () => true },
  ) {
    this.byEnd = new Map(before.serving)
    this.passing = new Set(before.passing)
    let behind: ReadonlyMap<Exchange, readonly Exchange[]> | null = null
    const of = (response: Exchange): readonly Exchange[] =>
      (behind ??= responsesBehind(links)).get(response) ?? []
    const writers = new Map<string, string>()
    for (const flow of flows) this.note(flow, of, writers)
    for (const [end, writer] of writers) if (!this.byEnd.has(end)) this.byEnd.set(end, writer)
  }

  /** The first word that a response's headers tell of an end, unless it has one; `writers` gets the first that the form of one tells. */
  private note(
    flow: FlowFacts,
    behindOf: (response: Exchange) => readonly Exchange[],
    writers: Map<string, string>,
  ): void {
    // Bytes that nobody can read tell no software.
    if (flow.conversation === null || flow.conversation.protocol === 'opaque') return
    const key = endKey(flow.server.ip, flow.server.port)
    if (this.byEnd.has(key)) return
    let silent: ResponseHead | null = null
    for (const response of responsesOf(flow.conversation)) {
      // Most responses tell nothing, whatever stands behind them, and most have the head of the one before.
      if (response.responseHead === silent) continue
      if (!mayTell(response)) {
        silent = response.responseHead
        if (response.status !== null) this.silent.add(key)
        continue
      }
      if (!this.horizon.isWhole(response)) continue
      const behind = behindOf(response)
      if (behind.some((up) => isPassedOn(response, up) && !isNginx(up))) this.passing.add(key)
      const word = wordByHeaders(response, behind)
      if (word !== null) {
        this.byEnd.set(key, word)
        return
      }
      const writer = writers.has(key) ? null : writerOf(response, behind)
      if (writer !== null) writers.set(key, writer)
    }
  }

  /** Software word of the knowledge base; null: nothing told it. */
  of(ip: string, port: number): string | null {
    return this.byEnd.size === 0 ? null : (this.byEnd.get(endKey(ip, port)) ?? null)
  }

  /** Whether an end passes the Server header of what is behind it on. */
  passesOn(ip: string, port: number): boolean {
    return this.passing.size > 0 && this.passing.has(endKey(ip, port))
  }

  /** Whether something answers there that does not say what it is, as what says so on another port of that host would. */
  answersUnnamed(ip: string, port: number): boolean {
    return this.silent.has(endKey(ip, port)) && this.of(ip, port) === null
  }
}

const NOTHING = { serving: new Map<string, string>(), passing: new Set<string>() }

/** Two that are nginx both say so: which wrote the header cannot be told. */
function isNginx({ server }: Exchange): boolean {
  return server !== null && NGINX_FAMILY.has(softwareComponents(server) ?? '')
}

function responsesOf(conversation: Conversation): readonly Exchange[] {
  if (conversation.orphans.length === 0) return conversation.exchanges
  return [...conversation.exchanges, ...conversation.orphans.map((orphan) => orphan.response)]
}

/** Whether the head of a response tells software, as far as it is none that was passed on. */
function mayTell({ server, via, writer }: Exchange): boolean {
  return via !== null || writer !== null || (server !== null && softwareComponents(server) !== null)
}

/** What a proxy got from the servers behind it for each response that it gave. */
function responsesBehind(links: readonly LegLink[]): ReadonlyMap<Exchange, readonly Exchange[]> {
  const found = new Map<Exchange, Exchange[]>()
  for (const { downstreamExchange: down, upstreamExchange: up } of links) {
    if (up === null) continue
    append(found, down, up)
  }
  return found
}

/** The form of a response tells who wrote it, unless the server behind has the same. */
function writerOf(response: Exchange, behind: readonly Exchange[]): string | null {
  const passedOn = behind.some((up) => isPassedOn(response, up) || up.writer === response.writer)
  return passedOn ? null : response.writer
}

function isPassedOn(response: Exchange, up: Exchange): boolean {
  return up.server !== null && up.server === response.server
}

/**
 * Via names the proxies that a response came through, the last one the nearest. A proxy that writes it usually passes the Server header on
 * as it got it: where the two differ, and the leg behind was not seen, nobody knows whose they are.
 */
function wordByHeaders(response: Exchange, behind: readonly Exchange[]): string | null {
  const server =
    response.server === null || behind.some((up) => isPassedOn(response, up))
      ? null
      : softwareComponents(response.server)
  if (response.via === null || behind.some((up) => up.via === response.via)) return server
  // A comma may stand in a hop's remark.
  const word = softwareComponents(response.via.split(/,(?![^(]*\))/).at(-1) ?? '')
  if (server === null || word === server) return word
  return behind.length === 0 ? null : server
}

/**
 * Software that opened a flow and whose timers therefore end its waits: a proxy by its own marks, a client library by its User-Agent.
 * A proxy passes on the User-Agent it got, so that one counts only where the server is a proxy and the sender is none, or where the
 * request that came in carried another.
 * @param given what the user says it is
 * @param hostSoftware what the host's own responses or requests tell
 * @param senderIsProxy the opening host is known to be a proxy
 * @param serverIsProxy the host that was called is known to be one
 * @returns a software word of the knowledge base; null: nothing tells
 */
export function openingSoftware(
  flow: FlowFacts,
  downstreams: readonly LegLink[],
  known: {
    readonly given: string | null
    readonly hostSoftware: string | null
    readonly senderIsProxy: boolean
    readonly serverIsProxy: boolean
  },
): string | null {
  const { given, hostSoftware, senderIsProxy, serverIsProxy } = known
  if (given !== null) return given
  if (hostSoftware !== null && PROXY_SOFTWARE.has(hostSoftware)) return hostSoftware
  if (flow.conversation === null || flow.conversation.protocol === 'opaque') return null
  const own = new Set<string>()
  for (const exchange of flow.conversation.exchanges) {
    if (exchange.userAgent === null || exchange.forwardedFor !== null) continue
    const link = downstreams.find((one) => one.upstreamExchange === exchange)
    const itsOwn =
      link === undefined
        ? serverIsProxy && !senderIsProxy
        : link.certainty !== 'possible' && link.downstreamExchange.userAgent !== exchange.userAgent
    const word = itsOwn ? softwareComponents(exchange.userAgent) : null
    if (word !== null) own.add(word)
  }
  // Several libraries behind one connection: it is not theirs.
  const [word] = own
  return own.size === 1 && word !== undefined && hasOwnClientTimers(word) ? word : null
}

function hasOwnClientTimers(word: string): boolean {
  return entriesOf(word).some((timer) => timer.closer === 'initiator' || timer.closer === 'either')
}
