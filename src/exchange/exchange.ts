import type { AppProtocol } from './app-protocol.js'

/** A point of one side's stream: when and in which frame it was captured, and its raw sequence number. */
export interface StreamPoint {
  readonly frame: number
  /** Nanoseconds since the epoch of the run. */
  readonly timeNs: number
  /** Sequence number of the byte; for an end, of the byte after the last one. */
  readonly seq: number
}

/** What a request head says that others say too, on this connection and elsewhere: one object for all that have the same. */
export interface RequestHead {
  readonly method: string | null
  /** HTTP version of the request times ten: 10, 11, 20. */
  readonly version: number | null
  readonly host: string | null
  readonly forwardedFor: string | null
  /** User-Agent of the request; at most 128 characters. A proxy passes on the one it got. */
  readonly userAgent: string | null
}

/** The same of a response head. */
export interface ResponseHead {
  readonly status: number | null
  readonly reason: string | null
  /** Server and Via headers of the response. */
  readonly server: string | null
  readonly via: string | null
  /** Software that wrote the response, told by the form of its head where there is no Server header; null: nothing tells. */
  readonly writer: 'haproxy' | 'node' | null
  /** `Keep-Alive: timeout=` of the response in seconds. */
  readonly keepAliveSeconds: number | null
}

/** One request and its response. Fields are null until observed, and stay null when they could not be read. */
export interface Exchange extends RequestHead, ResponseHead {
  /** 0-based position among the requests of this flow as far as they were seen. */
  readonly index: number
  /** Where the fields of the two heads stand. */
  requestHead: RequestHead
  responseHead: ResponseHead
  /** Request target as sent, at most 512 characters; not masked. */
  target: string | null
  /** `target` is only its beginning: longer than what is kept, or cut by the snaplen. */
  targetCut: boolean
  /** X-Request-Id, else traceparent; at most 128 characters. */
  requestId: string | null
  /** Target of the request that this one was made for, as a header of it says (X-Original-URI and the like); at most 512 characters, not masked. */
  originalTarget: string | null
  /** The request head has been seen to its end. */
  requestHeadWhole: boolean
  /** Declared request body length; null when chunked or absent. */
  requestBody: number | null
  /** The request asked for the connection to close after the response. */
  requestCloses: boolean
  /** It said so with `Connection: close`; HTTP/1.0 closes without a word too. */
  requestSaysClose: boolean
  /** All header names of the request were lower case (HAProxy writes HTTP/1 that way). */
  lowerCaseNames: boolean
  requestStart: StreamPoint | null
  /** Time of `requestStart`; infinite without one. */
  readonly requestStartNs: number
  /** Latest byte of the request so far (its own sequence number, not the one after it). */
  requestLast: StreamPoint | null
  /**
   * After its last byte; null while it is incomplete or when its end cannot be known.
   * When the end was not captured but proved by arithmetic, frame and time are those of the latest byte seen.
   */
  requestEnd: StreamPoint | null
  /** Time of `requestEnd`; infinite without one. */
  readonly requestEndNs: number
  /** null: framing was lost or never readable, completeness is not known. */
  requestComplete: boolean | null
  /** `Expect: 100-continue`: the client may keep the body back until it is asked for. */
  expectsContinue: boolean
  /** An interim 1xx response was seen. */
  continued: boolean
  /** `grpc-status` of an HTTP/2 response: 0 is success, 14 means that the server is unavailable. */
  grpcStatus: number | null
  /** The response announced that the connection will close after it. */
  responseCloses: boolean
  /** Declared response body length; null when chunked, ended by the close, or absent. */
  responseBody: number | null
  /** What tells the response's end; `frames` is HTTP/2. */
  responseFraming: 'none' | 'length' | 'chunked' | 'close' | 'frames' | 'unknown'
  eventStream: boolean
  /** Pauses between the segments of an event stream's body; null for other responses. */
  eventPauses: EventPauses | null
  responseStart: StreamPoint | null
  /** Time of `responseStart`; infinite without one. */
  readonly responseStartNs: number
  responseLast: StreamPoint | null
  /** After its last byte; null while incomplete, unknown, or ended only by the close (`responseFraming` `close`). */
  responseEnd: StreamPoint | null
  /** Time of `responseEnd`; infinite without one. */
  readonly responseEndNs: number
  /** null: not known. For `close` framing it stays false: the FIN decides, later. */
  responseComplete: boolean | null
  /** Payload bytes of the response seen so far, head included. */
  responseBytes: number
  /** HTTP/2: who ended the stream with RST_STREAM, and where. */
  reset: { readonly side: 0 | 1; readonly point: StreamPoint; readonly errorCode: number | null } | null
  /** HTTP/2: the server's GOAWAY says that it has not acted upon this stream, and will not (RFC 9113 6.8). */
  unprocessed: boolean
  /** The request that it was made for was found on another connection, which has been judged and is gone. A set of all such would be large. */
  legGone: boolean
  /** The same as `requestStart = { frame, timeNs, seq }`, or with `answers` `responseStart`; of `seq` the 32 lowest bits count. */
  began(answers: boolean, frame: number, timeNs: number, seq: number): void
  /** A byte of the request, or with `answers` of the response, was seen: the latest so far. */
  passed(answers: boolean, frame: number, timeNs: number, seq: number): void
  /** The same as `requestEnd = { frame, timeNs, seq }`, or with `answers` `responseEnd`. */
  ended(answers: boolean, frame: number, timeNs: number, seq: number): void
}

/** How long an event stream was silent between its segments. */
export interface EventPauses {
  count: number
  shortestNs: number
  longestNs: number
  /** Every `stride`-th pause in order, nanoseconds: enough of them to find the middle one. */
  sample: number[]
  stride: number
}

/** From here on a status is an error (RFC 9110 15.5): of the client, then of the server. */
export const FIRST_ERROR_STATUS = 400
/** From here on the server says that it failed (RFC 9110 15.6). */
export const FIRST_SERVER_ERROR = 500
/** The server gave up waiting for the rest of a request (RFC 9110 15.5.9); a proxy, for its own server (15.6.5). */
export const REQUEST_TIMEOUT = 408
export const GATEWAY_TIMEOUT = 504

/** A final response for which no request was seen. */
export interface Orphan {
  readonly status: number | null
  readonly start: StreamPoint
  /** Its response half: framing, end, headers. The request half is empty. */
  readonly response: Exchange
}

/** A TLS alert record, or a record that looks like one. */
export interface TlsAlert {
  readonly side: 0 | 1
  readonly start: StreamPoint
  readonly end: StreamPoint
  /** End of the record before it on its side, alerts left out; null: none was seen. */
  readonly after: StreamPoint | null
  /** false: encrypted as in TLS 1.3, told by its length only. */
  readonly certain: boolean
  /** Level and description (RFC 8446 6); null: encrypted, or not captured. */
  readonly plain: { readonly level: number; readonly description: number } | null
}

/** Frames in which the parts of a TLS connection begin, for those who show it; null: not seen. */
export interface TlsFrames {
  clientHello: number | null
  serverHello: number | null
  /** The server's first session tickets, of TLS 1.3. */
  tickets: number | null
  /** The first application data of either side: the handshake lies before it. */
  data: number | null
}

/** Words with which a server ends a connection because its client was silent, by who says them; `text`: a reply of SMTP, FTP, IMAP or POP3. */
export type FarewellWords = 'mysql' | 'postgresql' | 'postgresql-transaction' | 'text'

/** The first GOAWAY frame of an HTTP/2 connection. */
export interface GoAway {
  readonly side: 0 | 1
  readonly point: StreamPoint
  /** Latest stream that its sender may have acted upon; null when that was not captured. */
  readonly lastStream: number | null
  /** Error code, 0 for an orderly end. */
  readonly errorCode: number | null
}

/** What one flow said, as far as its payload could be read. */
export interface Conversation {
  protocol: 'http1' | 'http2' | 'tls' | 'opaque'
  /** Side (0 or 1) that sends the requests; null when nothing tells. */
  clientSide: 0 | 1 | null
  /** Side whose payload opens exchanges: `clientSide`, while that is null the side that opened the flow as far as the handshake or the ports tell. */
  requestSide: 0 | 1
  /** What told `clientSide`. */
  clientBasis: 'request' | 'response' | 'tls-hello' | null
  /** Requests seen; `exchanges` keeps the first and the latest of them only when there are very many. */
  count: number
  exchanges: Exchange[]
  /** Final responses without a request (a 408 on an idle connection), in order. */
  orphans: readonly Orphan[]
  /** Upgraded (101) or CONNECTed: from here on the bytes mean nothing to us. */
  tunnel: StreamPoint | null
  /** Requests or responses could not be followed to their ends somewhere (gap, snaplen, late start). */
  framingLost: boolean
  tlsAlerts: readonly TlsAlert[]
  /** TLS handshake finished on both sides, as far as the records tell. */
  tlsEstablished: boolean
  tlsVersion: string | null
  /** null: not TLS. */
  tlsFrames: TlsFrames | null
  /** The server's answer to the ClientHello, where it is no TLS; null: it was TLS, or none was seen. */
  plainAnswer: { readonly start: StreamPoint; readonly http: boolean } | null
  /** What a client of TLS 1.3 gave when it was asked for a certificate, told by lengths; null: it was not asked, or that cannot be told. */
  clientCertificate: 'none' | 'some' | null
  /** Where the server began to say something inside TLS before any request; null: it did not. */
  unasked: StreamPoint | null
  /** Other bytes came before the ClientHello (STARTTLS and the like): what is spoken inside is hardly HTTP. */
  startTls: boolean
  /** Of a protocol that is not read: the client's latest message is one that wants no answer (a syslog line, a SIP response). */
  wantsNoAnswer: boolean
  /** Of a protocol that is not read: its latest turn of the client begins a request in this one. Null: in none that is known. */
  appProtocol: AppProtocol | null
  /** Of a protocol that is not read: the server's latest words, where they say that it gives up waiting for its client; null: others. */
  farewell: { readonly start: StreamPoint; readonly words: FarewellWords } | null
  /** Inside TLS: all that the client has said so far may be HTTP/2's preface alone, or one with a request; nothing tells which. */
  mayHaveAsked: boolean
  /** Inside TLS: the client's last record has not come to its end, so that it stopped in the middle of what it was sending. */
  recordCut: boolean
  serverName: string | null
  alpn: string | null
  goAway: GoAway | null
}
