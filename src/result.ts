/**
 * The border between analysis and everything that shows it: types (and the order of severities), no imports, plain serialisable data.
 * Field names of `Report` and below are the JSON contract (`pcap-why/report/1`): they are added to, never changed.
 * "Not observed" is null. Times are seconds since `captures[0].start` as seen at the capture point, unless said otherwise.
 */

/** The end that opened the connection (sent the SYN), and the other one. */
export type Side = 'client' | 'server'

/** The class words; one file each in src/verdicts. */
export type VerdictClass =
  | 'idle-timeout'
  | 'keepalive-race'
  | 'half-open-zombie'
  | 'client-abort'
  | 'server-abort'
  | 'middlebox-reset'
  | 'shutdown'
  | 'refused'
  | 'connect-timeout'
  | 'clean'
  | 'open'
  | 'unclassified'

/** `problem`: somebody lost a request, a response or a resource. `latent`: harmless here, will hurt. */
export type Severity = 'problem' | 'latent' | 'ok'

/** Severities from worst to best. */
export const SEVERITY_ORDER: Readonly<Record<Severity, number>> = { problem: 0, latent: 1, ok: 2 }

/** `certain` follows from the packets; `likely` rests on a timer match or a cluster; `possible`: other readings remain. */
export type Certainty = 'certain' | 'likely' | 'possible'

/** State of the exchange when the flow ended. */
export type Phase =
  | 'connecting'
  | 'awaiting-request'
  | 'mid-request'
  | 'awaiting-response'
  | 'mid-response'
  | 'peer-not-reading'
  | 'between-requests'
  | 'tunnel'
  | 'closing'

/** What was outstanding at the first close, as the closer knew it. */
export type Owed = 'nothing' | 'response' | 'rest-of-response' | 'rest-of-request' | 'unknown'

/** How a RST was made, read from its header (Linux forms); `unknown` for any other stack's. */
export type RstForm = 'stateless' | 'refused' | 'abort' | 'unknown'

/** How client and server of a flow were told apart. */
export type ClientBasis = 'syn' | 'syn-ack' | 'request' | 'tls-hello' | 'port' | 'unknown'

/** One end of a flow or one host of the chain. */
export interface Endpoint {
  readonly ip: string
  readonly port: number
  /** `client`, `lb`, `nginx`, `proxy`, `upstream` or the user's own word; null when nothing tells. */
  readonly role: string | null
  /**
   * Software whose timers act at this end, as a word of the knowledge base (`nginx`, `uvicorn`, `curl`), told by headers, by the form of
   * a response or by the user's role; null or absent: not known, so that a timer's settings are ranked by role and value only.
   */
  readonly software?: string | null
}

/** A host named in a finding: the client side has no single port. */
export interface FindingHost {
  readonly ip: string
  readonly port?: number
  readonly role: string | null
}

/** A frame by the number that Wireshark shows. */
export interface FramePlace {
  /** 1-based, in its file. */
  readonly frame: number
  /** That file, as an index into `captures`. Absent: the one that the flow or the leg names as its `capture`. */
  readonly capture?: number
}

/** One FIN or RST that ended a side. */
export interface CloseEvent extends FramePlace {
  readonly by: Side
  readonly flag: 'FIN' | 'RST'
  /** null for a FIN. */
  readonly rstForm: RstForm | null
  readonly time: number
}

/** How the flow ended, in facts. */
export interface Close {
  readonly first: CloseEvent | null
  readonly second: CloseEvent | null
  readonly lastData: (FramePlace & { readonly by: Side; readonly time: number }) | null
  /** First close minus last payload in seconds; null if either is missing. */
  readonly silence: number | null
  readonly owed: Owed
  readonly phase: Phase | null
}

/** The timer that explains a close. */
export interface Timer {
  /** The value that fired as measured or as configured, in seconds. */
  readonly seconds: number
  /** Best candidate as `component.setting`; null when only the value is known. */
  readonly setting: string | null
  /** All settings that could have fired, best first. */
  readonly candidates: readonly string[]
  /** Nothing tells the software, and `setting` has this value nowhere by itself: it is an example of what could have fired. Absent: more than that. */
  readonly guessed?: true
}

/** One frame, or a short range of frames, that proves a sentence. */
export interface Evidence extends FramePlace {
  readonly text: string
}

/**
 * Whether the server can have read the request that got no whole response, as ACK numbers prove: `not-sent` no connection came about;
 * `unread` no byte of it was acknowledged before the close; `incomplete` only part of it was sent; `read` the response had begun;
 * `unknown` its host had taken it, its program may or may not have.
 */
export type PendingRequest = 'not-sent' | 'unread' | 'incomplete' | 'read' | 'unknown'

/** What findings need of a verdict's words, so that nobody has to read it off them: not part of the JSON. */
export interface VerdictTold {
  /** The span that the summary tells, to the millisecond; absent: it tells none, or one shorter than a second. */
  readonly seconds?: number
  /** The remark that counts connections that ended alike, and how many there were when the flow was judged. Absent: there is none. */
  readonly alike?: { readonly flows: number; readonly remark: string }
  /** What kind of advice the first line of `fix` is, where flows of one class are mended in different ways. */
  readonly advice?: string
  /** What to say instead if the server, which gave no answer here, answered others meanwhile. Absent: it is not said to be silent. */
  readonly ifThere?: { readonly summary: string; readonly fix: readonly string[] }
}

/** Why a flow ended. */
export interface Verdict {
  readonly class: VerdictClass
  readonly variant: string | null
  readonly severity: Severity
  readonly certainty: Certainty
  readonly phase: Phase | null
  readonly closer: Side | 'middlebox' | 'none'
  readonly timer: Timer | null
  /** The flow whose end led to this one; null when this flow is itself the cause or the cause was not seen. */
  readonly causeStream: number | null
  /** What became of the request that was pending: decides whether a retry is safe. Null or absent: none was pending, or it cannot be told. */
  readonly pendingRequest?: PendingRequest | null
  /** The end that is gone, of a connection that the other end still holds. Absent: none is. */
  readonly gone?: Side
  /** One sentence: actor, verb, measured numbers. */
  readonly summary: string
  readonly evidence: readonly Evidence[]
  /** Every rejected class with its first failing check. */
  readonly notThis: readonly { readonly class: VerdictClass; readonly because: string }[]
  readonly fix: readonly string[]
  /** What is worth knowing and changes nothing: harmless RSTs, what could not be seen. */
  readonly remarks: readonly string[]
  /** Absent: nothing. Not part of the JSON. */
  readonly told?: VerdictTold
}

/** Another leg of the chain that carried the same exchange(s). */
export interface FlowLink {
  readonly stream: number
  readonly relation: 'downstream' | 'upstream' | 'retry' | 'nat-twin'
  readonly certainty: Certainty
  /** Only for `nat-twin`: the addresses and ports of the connection there, and the capture (index into `captures`). */
  readonly as?: {
    readonly client: { readonly ip: string; readonly port: number }
    readonly server: { readonly ip: string; readonly port: number }
    readonly capture: number
  }
}

/** One arrow of the ladder: a segment, or a run of like segments. */
export interface LadderRow extends FramePlace {
  readonly stream: number
  /** Last frame of the run; equals `frame` for a single segment. */
  readonly lastFrame: number
  /** Files of `lastFrame`, `crosses` and `answers`, as `capture` is that of `frame`. */
  readonly lastCapture?: number
  readonly crossesCapture?: number
  readonly answersCapture?: number
  /** When the segment was captured, seconds since captures[0].start. */
  readonly time: number
  readonly lastTime: number
  readonly from: Side
  /**
   * The row is an ICMP error that quotes a segment of the other end, and no segment: the address it came from, which may be a host between the
   * two; null: not kept. Absent: a segment. Its `flags` are empty, its `segments` 0; of like errors only the first is a row.
   */
  readonly icmpFrom?: string | null
  /** tcpdump style: `S`, `S.`, `.`, `P.`, `F.`, `R`, `R.`; of the first segment of a run. */
  readonly flags: string
  /** Relative sequence and acknowledgement number of the first segment; null when no base is known. */
  readonly seq: number | null
  readonly ack: number | null
  /** Segments in the run. */
  readonly segments: number
  /** Payload of the run, in bytes as on the wire. */
  readonly payloadBytes: number
  /** What starts here, in the words of the protocol and already masked: `POST /v1/messages`, `504 Gateway Time-out`. */
  readonly label: string | null
  /** What begins here: a message, or inside TLS a turn of one side. */
  readonly message: 'request' | 'response' | null
  /** What the row is of TLS, as far as the records tell without keys; absent: not TLS, no payload, or not told. */
  readonly tls?: 'handshake' | 'data' | 'alert'
  /** Status of the response that starts here; null otherwise. */
  readonly status: number | null
  /** tshark's words: retransmission, keep_alive, zero_window, zero_window_probe … */
  readonly marks: readonly string[]
  /** First frame of the other direction that this segment had not seen although it was captured earlier; null: none. */
  readonly crosses: number | null
  /** Frame that provoked this RST; null or absent: not a RST, or nothing seen provoked it. */
  readonly answers?: number | null
  /** Part the row plays in the verdict: the deciding close, evidence, or none. */
  readonly part: 'deciding' | 'evidence' | null
}

/** One TCP connection, judged. */
export interface FlowReport {
  readonly capture: number
  /** Later files of a rotation in which frames of it are numbered that are shown, and from when on (seconds since captures[0].start). */
  readonly later?: readonly { readonly capture: number; readonly from: number }[]
  readonly stream: number
  readonly client: Endpoint
  readonly server: Endpoint
  readonly clientBasis: ClientBasis
  /** The end on whose host the capture was taken, read from the direction of its packets; null: not told, or between the two. */
  readonly seenAt?: Side | null
  readonly start: number
  readonly end: number
  /** Until when it could have gone on and been seen: the end of its capture, of a rotation that of the last file, or where the capture paused. */
  readonly watchedUntil?: number
  readonly frames: number
  readonly payloadBytes: { readonly client: number; readonly server: number }
  readonly completeness: number
  readonly history: string
  /** Requests begun on this flow; null when its payload could not be read. */
  readonly exchanges: number | null
  readonly close: Close
  readonly verdict: Verdict
  /** Since when the server has left a segment of the client unanswered, seconds; null: it has not. Not part of the JSON. */
  readonly unansweredSince?: number | null
  /** Pauses between the events of the latest `text/event-stream` response, in seconds; null or absent: no such response, or it never paused. */
  readonly events?: {
    readonly intervals: number
    readonly median: number
    readonly longest: number
  } | null
  /** What its TLS said in the clear; null or absent: it is not TLS. `established`: both sides had finished the handshake, as far as the records tell. */
  readonly tls?: {
    readonly version: string | null
    /** The name that the client asked for (SNI). */
    readonly serverName: string | null
    readonly established: boolean
  } | null
  /** What a failure here meant one leg further down: the status the client got, the flow that served the retry. Null: not seen. */
  readonly consequence?: { readonly status: number | null; readonly retryStream: number | null } | null
  readonly links: readonly FlowLink[]
  /** The ladder of this flow, bounded; empty when it was not kept (clean flows without `--flow`). */
  readonly ladder: readonly LadderRow[]
  /** Rows that were left out of the ladder's middle. */
  readonly ladderOmitted: number
  /** Where they were left out: `rows` of them stood just before `ladder[before]` (its length: after the last row). */
  readonly ladderGaps?: readonly { readonly before: number; readonly rows: number }[]
}

/** Spread of a measured quantity over the flows of a finding. */
export interface Spread {
  readonly min: number
  readonly median: number
  readonly max: number
}

/** Like flows with one cause. */
export interface Finding {
  readonly class: VerdictClass
  readonly variant: string | null
  readonly severity: Severity
  readonly certainty: Certainty
  /** One sentence: actor, verb, measured numbers. */
  readonly title: string
  /** Lines that follow the title: likely setting, consequence on other legs. */
  readonly detail: readonly string[]
  /** The one of them that tells the setting; null or absent: none does. Not part of the JSON. */
  readonly timerLine?: string | null
  readonly count: number
  readonly phase: Phase | null
  readonly closer: Side | 'middlebox' | 'none'
  readonly client: FindingHost
  readonly server: FindingHost
  readonly silenceSeconds: Spread | null
  readonly timer: Timer | null
  readonly streams: readonly number[]
  /** How many of `count` flows are too many to be listed: they are in no `streams` and not among the flows. Absent: none. */
  readonly notListed?: number
  /** Stream of the clearest flow, the one that is drawn. */
  readonly example: number
  /** What the logs of the chain say of it: nginx's error log line, HAProxy's termination code, Envoy's flag. */
  readonly logWords?: readonly { readonly component: string; readonly text: string }[]
  readonly fix: readonly string[]
  /** What else belongs to the same incident and is no finding of its own. Absent: nothing. */
  readonly parts?: readonly FindingPart[]
}

/** Connections that belong to a finding without being like its own. */
export interface FindingPart {
  /** `consequence`: they ended because the finding's own did; `same-outage`: their server was gone at the same time. */
  readonly relation: 'consequence' | 'same-outage'
  readonly class: VerdictClass
  readonly variant: string | null
  readonly severity: Severity
  readonly count: number
  readonly client: FindingHost
  readonly server: FindingHost
  readonly streams: readonly number[]
  /** How many of `count` are in no `streams`, because they were too many. Absent: none. */
  readonly notListed?: number
}

/** One capture file as read. */
export interface CaptureSummary {
  readonly file: string
  readonly format: string
  readonly linkTypes: readonly string[]
  readonly frames: number
  readonly bytes: number
  /** ISO 8601 with nanoseconds, UTC; null when the capture holds no frame. */
  readonly start: string | null
  readonly seconds: number
  /** The file ends in the middle of a record. */
  readonly truncated: boolean
  /** Frames that were not TCP over IP, by reason. */
  readonly notDecoded: Readonly<Record<string, number>>
  /** Copies of a packet set aside (`-i any`, bridges, mirrors). */
  readonly duplicates: number
  /** What this capture could not show, as sentences. */
  readonly notSeen: readonly string[]
}

/** One host of the chain with the ground for its role. */
export interface ChainHost {
  readonly role: string
  readonly ips: readonly string[]
  readonly ports: readonly number[]
  /** How many hosts stand behind this line (clients are many). */
  readonly hosts: number
  /** Server software as its headers say it, null when unknown. */
  readonly software: string | null
  readonly basis: string
}

/**
 * A timer read off the closes of a capture: how steadily one side of one leg gives up in one phase.
 * Ages count from the first packet of the flow, silences from its last payload byte.
 */
export interface InferredTimer {
  readonly client: FindingHost
  readonly server: FindingHost
  /** The end of the leg that gives up. */
  readonly by: Side
  readonly phase: Phase
  readonly kind: 'silence' | 'age' | 'requests'
  /** Median of the closes it explains: seconds for a silence or an age, a count for requests. */
  readonly value: number
  /** Smallest and largest of them, in the same unit. */
  readonly min: number
  readonly max: number
  /** Closes by this side in this phase that it explains, and all there are; 0 of them: it was only declared. */
  readonly closes: number
  readonly of: number
  /** Settings that fit, best first, as `component.setting`; empty when none is known. */
  readonly settings: readonly string[]
  /**
   * `configured`: the user's own value fits; `declared`: the server announced it (`Keep-Alive: timeout=`), and its closes, if any, fit;
   * `steady`: several closes agree; `single`: one close, so only a guess at a setting.
   */
  readonly basis: 'configured' | 'declared' | 'steady' | 'single'
  /** Seconds that the server announced in `Keep-Alive: timeout=`; null: it announced none, or this timer is another. */
  readonly declaredSeconds: number | null
  /** There were more closes than are kept: `closes` and `of` count an even sample of them. */
  readonly sampled: boolean
  /** Streams of the closes it explains, at most the policy's number of them. */
  readonly streams: readonly number[]
  /** One sentence: actor, verb, measured numbers. */
  readonly summary: string
}

/** Whether the side of a leg that reuses connections gives up idle ones before the other side does. */
export interface LegOrder {
  readonly client: FindingHost
  readonly server: FindingHost
  /** Idle seconds after which each side closes; null: it never did while idle, and nothing else tells. */
  readonly clientSeconds: number | null
  readonly serverSeconds: number | null
  /**
   * What tells them: closes in this capture, the server's `Keep-Alive: timeout=`, the user's settings, or (words only, it judges nothing)
   * the default of the software; null: nothing.
   */
  readonly clientBasis: 'seen' | 'configured' | 'default' | null
  readonly serverBasis: 'seen' | 'declared' | 'configured' | null
  /** Longest idle gap after which the leg was used again with success: no idle timer of either side is shorter. Null: never reused. */
  readonly longestReuseSeconds: number | null
  readonly order: 'safe' | 'unsafe' | 'unknown'
  readonly because: string
  readonly connections: number
  /** Requests sent on a connection that had served one before. */
  readonly reuses: number
  /** Idle closes the reusing side began, and those the serving side began. */
  readonly clientCloses: number
  readonly serverCloses: number
  /** Reuses that began within a second of the serving side's timer and went well. */
  readonly nearMisses: number
  /** Keep-alive races seen on the leg. */
  readonly races: number
  /** Expected races an hour at the traffic seen; null: nothing to reckon it from. */
  readonly racesPerHour: number | null
  /** The same in words, without a full stop: reuses near the timer, races seen, races to expect. Null: nothing to say. */
  readonly risk: string | null
  readonly fix: readonly string[]
  /** `fix` says in words what to do, because no software is known whose configuration would have a line. Not part of the JSON. */
  readonly fixInWords?: true
}

/** A frame of a leg, and when it was captured: seconds after the outermost leg saw the request begin. */
export interface LegMoment extends FramePlace {
  readonly after: number
}

/** One leg of a failed request, outermost first; times are seconds after the outermost leg saw the request begin. */
export interface RequestLeg {
  /** Frame numbers are those of this capture's file, unless they name another. */
  readonly capture: number
  readonly stream: number
  /** The same connection seen at other places, or on the other side of a NAT. */
  readonly alsoSeen: readonly number[]
  /** Legs between this one and the outermost; tries of one request have the same. */
  readonly depth: number
  readonly client: Endpoint
  readonly server: Endpoint
  /** The SYN, if the connection was opened for this request; null: it was there before, or the SYN was not seen. */
  readonly opened: LegMoment | null
  readonly request: LegMoment | null
  readonly answer:
    | (LegMoment & {
        readonly status: number | null
        /** It came to its end; null: its end cannot be told. */
        readonly complete: boolean | null
      })
    | null
  /** HTTP/2: the RST_STREAM that ended this request before its response was whole. Null or absent: none did. */
  readonly reset?: (LegMoment & { readonly by: Side }) | null
  /** First close of the connection; null: none seen, or it went on to carry other requests. */
  readonly close: (LegMoment & { readonly by: Side; readonly flag: 'FIN' | 'RST' }) | null
  /** Verdict on the connection as a whole: not about this request when `text` says that it was answered. */
  readonly class: VerdictClass
  readonly part: 'cause' | 'consequence' | 'retry' | 'other'
  /** How sure the link to the leg before it is; null for the first. */
  readonly certainty: Certainty | null
  /** What happened on this leg, in a few words. */
  readonly text: string
}

/**
 * One request that failed, followed through the chain. It failed when a leg that carried it, or was being opened for it, ended in a
 * problem while the request had no whole answer there (also when another try hid that from the client), when its stream was reset,
 * or when a proxy answered 502, 503 or 504 by itself. A request that still waits when the capture ends has not failed.
 */
export interface FailedRequest {
  /** `POST /v1/messages`, masked; null when it was not readable. */
  readonly request: string | null
  readonly capture: number
  /** When the outermost leg saw it begin, seconds since captures[0].start. */
  readonly time: number
  /** Status the outermost client got; null: none seen. */
  readonly status: number | null
  readonly legs: readonly RequestLeg[]
  /** Stream of the leg that caused the failure; null when not seen. */
  readonly causeStream: number | null
  /** What an engineer would write: one sentence. */
  readonly sentence: string
}

/** One flow in a few words, for pictures of the whole capture. */
export interface OverviewFlow {
  readonly capture: number
  readonly stream: number
  readonly client: Endpoint
  readonly server: Endpoint
  readonly start: number
  readonly end: number
  readonly frames: number
  /** Payload of both sides. */
  readonly payloadBytes: number
  readonly class: VerdictClass
  readonly variant: string | null
  readonly severity: Severity
  /** The first close; null: none seen. */
  readonly close: Pick<CloseEvent, 'by' | 'flag' | 'frame' | 'capture' | 'time'> | null
  /** As `Close.silence`. */
  readonly silence: number | null
  /** The longest stretches without a new byte up to the first close, as start and end; of at least a second. */
  readonly silences: readonly (readonly [from: number, to: number])[]
  /** The verdict's sentence. */
  readonly summary: string
}

/** Every flow in a few words, in stream order. */
export interface Overview {
  readonly flows: readonly OverviewFlow[]
  /** Flows beyond the most that are kept. */
  readonly left: number
}

/**
 * Durations counted in bins of two significant digits: the bin from 60 holds 60 s up to, but not including, 61 s.
 * Bounded whatever the capture's length; how many reached a limit is the sum over the bins that begin at or above it.
 */
export interface Durations {
  readonly count: number
  /** The longest of them in seconds, exactly, and a stream that shows it; null: there is none. */
  readonly longest: number | null
  readonly longestStream: number | null
  /** `[from, below, count]` in seconds, ascending; bins that hold nothing are left out. */
  readonly bins: readonly (readonly [from: number, below: number, count: number])[]
}

/**
 * How often one leg gave its failures an opportunity: what a comparison of two captures divides by.
 * A connection seen twice (other place, other side of a NAT) counts once. All durations are in seconds at the capture point.
 */
export interface LegExposure {
  readonly client: FindingHost
  readonly server: FindingHost
  /** Software words of the two ends (`nginx`, `uvicorn`); null: not known. */
  readonly clientSoftware: string | null
  readonly serverSoftware: string | null
  /** Connections, and those whose SYN was seen. */
  readonly connections: number
  readonly opened: number
  /** Those of which the capture ended before anybody had answered the SYN or given up on it. */
  readonly unconnected: number
  /** Requests begun, and those among them on a connection that had carried one before. */
  readonly requests: number
  readonly reuses: number
  /** Idle time before each reuse that got an answer: end of the last response → first byte of the request. */
  readonly reuseGaps: Durations
  /** End of the request → first byte of its response. */
  readonly answered: Durations
  /** The same of requests that got no byte of a response: end of the request → first close, or end of the capture. */
  readonly unanswered: Durations
  /** Those among them that could still have been answered: the capture ended while their connection was open and well. */
  readonly pending: Durations
  /** First → last byte of each response that came to its end. */
  readonly responses: Durations
  /** First byte → first close, or end of the capture, of each response that did not. */
  readonly unfinished: Durations
  /** Longest pause of each event stream. */
  readonly pauses: Durations
  /** How long each whole request took to arrive: the first from the handshake, later ones from their own first byte. */
  readonly arrivals: Durations
  /** Upgraded and CONNECTed connections: upgrade → first close, or end of the capture. */
  readonly tunnels: Durations
  /** Idle time after which each end closed first, nothing being owed; restarts left out. */
  readonly idleCloses: { readonly client: Durations; readonly server: Durations }
  /** Connections that this end closed first with a FIN and the other end closed too. */
  readonly closesAnswered: { readonly client: number; readonly server: number }
  /** First → last packet of each connection. */
  readonly ages: Durations
}

/** Opportunities for failures, leg by leg. */
export interface Exposure {
  /** Time that the captures cover together, seconds. */
  readonly seconds: number
  readonly legs: readonly LegExposure[]
  /** Legs that are not listed: more than a report can hold. */
  readonly legsOmitted: number
}

/** Everything pcap-why has to say about the captures of one run. */
export interface Report {
  readonly schema: 'pcap-why/report/1'
  readonly version: string
  readonly captures: readonly CaptureSummary[]
  readonly chain: readonly ChainHost[]
  readonly summary: {
    readonly flows: number
    readonly byClass: Readonly<Partial<Record<VerdictClass, number>>>
    readonly problems: number
    readonly latent: number
    /** Flows that belong among `flows` and are too many to be listed there. Absent: none. */
    readonly notListed?: number
    /** Failed requests that are too many to be told. Absent: none. */
    readonly requestsNotListed?: number
  }
  readonly findings: readonly Finding[]
  readonly flows: readonly FlowReport[]
  /** Each failed request with its legs, in time order; absent: not reckoned. */
  readonly requests?: readonly FailedRequest[]
  /** Requests of the flow that was asked for, whether they failed or not, the latest last: for the view of one flow, not part of the JSON. */
  readonly carried?: readonly FailedRequest[]
  /** Timers read off the closes, most closes first; absent: not reckoned. */
  readonly timers?: readonly InferredTimer[]
  /** Each reused leg with the order of its keep-alive timers; absent: not reckoned. */
  readonly legs?: readonly LegOrder[]
  /** Opportunities for failures, leg by leg; absent: not reckoned. */
  readonly exposure?: Exposure
  /** Flows not in `flows` that carried the same exchanges as some of them: for diagrams, not part of the JSON. */
  readonly linked?: readonly FlowReport[]
  /** All flows in short, only when asked for: for pictures, not part of the JSON. */
  readonly overview?: Overview
}
