import type { Exchange } from '../exchange/exchange.js'
import type { Certainty } from '../result.js'
import type { FlowFacts } from './flow-facts.js'

/** One exchange seen on two legs: the request that came in and the one that went out for it. */
export interface LegLink {
  readonly downstream: FlowFacts
  readonly downstreamExchange: Exchange
  readonly upstream: FlowFacts
  /** null: the upstream leg was only being opened for it and carried no request. */
  readonly upstreamExchange: Exchange | null
  readonly basis: 'request-id' | 'content' | 'time'
  readonly certainty: Certainty
}

/** Like closes elsewhere in the capture: the same closing host, side and phase group after the same gap. */
export interface GapCluster {
  /** Flows in the cluster, this one included; 1 when it stands alone. */
  readonly flows: number
  readonly spreadNs: number
  /** Middle of the gaps, or of the ages since the handshake when those agree better. */
  readonly medianNs: number
  readonly measured: 'gap' | 'age'
}

/** Idle connections that a server closed after the same time. */
export interface SteadyIdle {
  readonly flows: number
  readonly medianNs: number
}

/** Connections that one end closed in one moment. */
export interface ShutdownFacts {
  readonly flows: number
  /** From the first to the last of the closes. */
  readonly withinNs: number
  /** Longest minus shortest silence of those flows. */
  readonly silencesSpreadNs: number
  /** They were not idle: a proxy closed both legs of requests it had not answered. */
  readonly unanswered?: true
  /** Status that the proxy gave its clients instead of an answer; absent: none. */
  readonly told?: number
}

/** What the rest of the capture says about one flow. Filled by the chain floor, read by the verdicts. */
export interface Surroundings {
  /** Legs that this flow served: it is the upstream of each link. */
  readonly downstreams: readonly LegLink[]
  /** Legs that served this flow: it is the downstream of each link. */
  readonly upstreams: readonly LegLink[]
  /** The next leg on which the same downstream exchange was tried again; null: none. */
  readonly retryOf: (link: LegLink) => LegLink | null
  /** The client end is known to be a proxy, and what told it; null: it is not known to be one. */
  readonly clientIsProxy: string | null
  /** The same of the server end: it also opens connections. */
  readonly serverIsProxy: string | null
  readonly clientRole: string | null
  readonly serverRole: string | null
  /** Software words of the knowledge base; null: unknown. */
  readonly clientSoftware: string | null
  readonly serverSoftware: string | null
  /** Software whose own timers end the client's waits on this flow: a proxy's, or the library its User-Agent names. Null: unknown. */
  readonly callerSoftware: string | null
  readonly cluster: GapCluster
  /** How many flows that the closer of this other leg closed had waited as long, itself included. */
  readonly waitsLike: (leg: FlowFacts) => number
  /** Its closer closed another leg after the same wait at another moment, too: what began and ended together shows no timer. */
  readonly waitsAgain: (leg: FlowFacts) => boolean
  /** Connections that this flow's server closed first after the same idle time, this one included; 0 when it did not. */
  readonly likeIdle: number
  /** Other between-requests closes of this server in the same moment (restart); null: none. */
  readonly shutdown: ShutdownFacts | null
  /** The same for a flow that its server closed in that moment while it still owed something. */
  readonly cutByShutdown: ShutdownFacts | null
  /** This flow's client, a proxy, closed it in the moment in which it closed idle or unanswered connections of its own clients (restart); null: it did not. */
  readonly callerStopping: ShutdownFacts | null
  /** This flow's client address closed several idle connections in this moment, after different silences (its pool was shut, it ended); null: it did not. */
  readonly poolShut: ShutdownFacts | null
  /** How long this server lets others idle, all for the same time, where it closed this one much sooner; null: it did not, or shows no such timer. */
  readonly soonerThan: SteadyIdle | null
  /** Another idle connection of this server ended in the same moment after another silence: too few for a shutdown, but one looks like that. */
  readonly mayBeShutdown: boolean
  /** This flow's server refused the next connection so many nanoseconds after it had closed this idle one, and served nobody in between; null: it did not. */
  readonly refusedAfter: number | null
  /**
   * A connection that this flow's client host served, no leg of this flow as far as is known, was left by its client within a few
   * milliseconds before this flow's client closed. Its stream; null: none.
   */
  readonly departedBefore: number | null
  /** Some connection shows segments of both its sides: what is missing of another was not sent, or lost, but not captured one way only. */
  readonly bothWays: boolean
  /** The capture is known to have lost frames: somewhere bytes were acknowledged that it does not hold. */
  readonly lossy: boolean
  /** The same connection, captured at other places or beyond a NAT. */
  readonly elsewhere: readonly FlowFacts[]
  /** Half-closed flows that the same end leaks, this one included. */
  readonly likeHalfClosed: number
}
