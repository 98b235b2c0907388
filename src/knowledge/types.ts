/** Words of the timeout knowledge base: what one timer is, what is asked of the look-up, what it answers. */
import type { Phase } from '../result.js'

/** Coarse kind of the software that owns a timer. */
export type TimerRole =
  | 'reverse-proxy'
  | 'load-balancer'
  | 'cdn'
  | 'cache'
  | 'forward-proxy'
  | 'app-proxy'
  | 'api-gateway'
  | 'paas'
  | 'app-server'
  | 'client'
  | 'database'
  | 'middlebox'
  | 'kernel'
  | 'orchestrator'

/** A phase of a flow, or one of two moments that a flow alone does not show: inside the TLS handshake, process going down. */
export type TimerPhase = Phase | 'tls-handshake' | 'shutdown'

/** What the wire shows when the timer fires. SILENCE: no packet; HTTP-nnn: status written just before, or on the client leg. */
export type WireToken = 'FIN' | 'RST' | 'SILENCE' | `HTTP-${number}`

/** How far an entry was checked, best first; `recalled` was not checked at all and is only a hint. */
export type Verified =
  'source+experiment' | 'experiment' | 'source' | 'docs' | 'secondary' | 'field-report' | 'recalled'

/** What a timer watches; `work-in-progress` fires although both peers are healthy. */
export type Stall =
  | 'peer-silent'
  | 'peer-not-reading'
  | 'peer-not-acking'
  | 'no-traffic-either-way'
  | 'age'
  | 'work-in-progress'
  | 'not-applicable'

/** gap between two reads or writes, total time, age of the connection, retransmissions, number of requests, or no timer. */
export type TimerKind = 'gap' | 'total' | 'age' | 'retransmit' | 'count' | 'none'

/** Another value the same setting has in some version, distribution or form. */
export interface TimerVariant {
  /** Seconds; requests for a `count`. */
  readonly value: number
  readonly when: string
}

/** Seconds before and after the nominal value within which a measured close still belongs to the timer. */
export interface Tolerance {
  readonly early: number
  readonly late: number
}

/** One timeout setting of one component. */
export interface TimerEntry {
  /** Unique and stable, `component.setting`-like: `nginx.proxy_read_timeout`. */
  readonly id: string
  /** Machine word of the software, see components.ts. */
  readonly component: string
  readonly role: TimerRole
  /** Name of the setting as its users write it; in parentheses when it cannot be set. */
  readonly setting: string
  /** Seconds (requests for a `count`); null: none built in, switched off, or unbounded. */
  readonly default: number | null
  /** What has to be said about the default; null: nothing. */
  readonly note: string | null
  readonly variants: readonly TimerVariant[]
  /** Seconds that people configure, without the default. */
  readonly typical: readonly number[]
  /** Which leg of the component it ends; `none`: a delay or a modifier, never a close. */
  readonly closes: 'downstream' | 'upstream' | 'both' | 'none'
  /** TCP end that sends the first FIN or RST: accepting or opening end, a box between them, either, or none. */
  readonly closer: 'acceptor' | 'initiator' | 'middlebox' | 'either' | 'none'
  readonly phases: readonly TimerPhase[]
  /** Mid-request only: watches just the head or just the body; null: either, or no such timer. */
  readonly part: 'head' | 'body' | null
  readonly stall: Stall
  /** Close forms, the usual one first, and the status that goes with it. A status in first place is always written. */
  readonly wire: readonly WireToken[]
  /** Status the end client may see; 200: already sent, the body is cut short. */
  readonly clientStatus: readonly number[]
  /** What the wire shows, in a sentence or two; null: nothing beyond `wire`. */
  readonly detail: string | null
  readonly timer: TimerKind
  /** When its clock starts; null: what `timer` says. */
  readonly measuredFrom: string | null
  /** When a total time for the first request of a connection begins: at the accept, whenever its bytes come, or anew with its first byte; null: either may be. */
  readonly headFrom: 'accept' | 'first-byte' | null
  readonly tolerance: Tolerance
  /** Seconds that the implementation adds to the setting in some releases (Node's keep-alive buffer); null: none. */
  readonly adds: number | null
  /** No clock of its own: noticed at the next use of the connection, at any time after the value. */
  readonly lazy: boolean
  /** The line to write in the component's configuration. */
  readonly syntax: string
  readonly fix: string
  /** What tells this timer from others of equal value; null: nothing special. */
  readonly signature: string | null
  /** Files of public projects, documents, experiments. Never empty. */
  readonly source: readonly string[]
  readonly verified: Verified
  /** 3 usual suspect, 2 plausible, 1 rare or not checked. */
  readonly prior: 1 | 2 | 3
}

/** A timeout that the user says is configured, from `--timeouts`. */
export interface UserTimeout {
  readonly component: string
  readonly setting: string
  readonly seconds: number
}

/** One close, described for the look-up. "Not observed" is null. */
export interface TimerQuery {
  /** TCP end that closed first: the one that opened the connection, or the accepting one. */
  readonly closer: 'initiator' | 'acceptor'
  /** Form of that close; SILENCE: it left no packet. */
  readonly flag: 'FIN' | 'RST' | 'SILENCE'
  readonly phase: Phase
  /** Mid-request: whether the head of the request was still incomplete, or its body; null or omitted: not known. */
  readonly part?: 'head' | 'body' | null
  /** Timer gap on the closer's own clock since the last payload, in seconds. */
  readonly gapSeconds: number | null
  /** Seconds since the handshake (since the first SYN while connecting). */
  readonly ageSeconds: number | null
  /** Seconds since the first byte of the current request. */
  readonly requestAgeSeconds: number | null
  /** Requests served on the flow. */
  readonly requests: number | null
  /** Status of a goodbye or of the consequence on the client leg; null: none seen. */
  readonly status: number | null
  /** Software of the closer as its headers or the user say it, a word of components.ts; null: unknown. */
  readonly component: string | null
  /** Coarse role of the closer; only orders the answers. */
  readonly role: 'client' | 'lb' | 'proxy' | 'application' | null
  readonly user: readonly UserTimeout[]
  /** The closer had passed on a request of another's, as its X-Forwarded-For says; omitted: not known. */
  readonly passesOn?: boolean
}

/** Where the value of a match comes from, strongest first. */
export type MatchBasis = 'configured' | 'default' | 'variant' | 'typical' | 'unknown-value'

/** What of the query was compared with the value. */
export type Measured = 'gap' | 'age' | 'request-age' | 'count'

/** A timer that could have fired. */
export interface TimerMatch {
  readonly id: string
  readonly component: string
  readonly setting: string
  /** The value compared, in seconds (requests when `measured` is `count`); null when its value is not known. */
  readonly seconds: number | null
  readonly basis: MatchBasis
  /** The measured time lies within the timer's own tolerance of `seconds`. A `typical` value fits only if the component is known. */
  readonly fits: boolean
  /** Measured minus `seconds`; 0 when there is nothing to compare. */
  readonly off: number
  readonly measured: Measured
  /** As in the entry; 2 for a setting that only the user knows. */
  readonly prior: number
  /** As in the entry; `user` for a setting that only the user knows. */
  readonly verified: Verified | 'user'
  readonly fix: string
  readonly syntax: string
}
