/**
 * What a proxy writes in its own log for the event a verdict names, so that a finding can be searched for there.
 * nginx: src/http/ngx_http_upstream.c and ngx_http_request.c. HAProxy: doc/configuration.txt, "Session state at
 * disconnection". Envoy: access log, response flags.
 */
import type { Phase, Side, Verdict, VerdictClass } from '../result.js'
import { connectError } from './connect-errors.js'

/** The same event in the words of three logs. null: that log says nothing about it. */
export interface LogWords {
  /** nginx's error log; lines about clients need `error_log … info`. */
  readonly nginxError: string | null
  /** Status in nginx's access log; 200: already sent, only the byte count shows that the body is short. */
  readonly nginxStatus: number | null
  /** First two letters of HAProxy's termination state: who ended it, and in what state. */
  readonly haproxy: string | null
  /** Envoy's response flag. */
  readonly envoy: string | null
}

/** What has to be known of a verdict to put it into a log's words. */
export interface LogEvent extends Pick<Verdict, 'class' | 'variant' | 'phase' | 'closer' | 'told'> {
  /** The end of this flow that is the proxy whose log is read: `client` on its upstream leg. */
  readonly proxy: Side
  readonly ipv6: boolean
}

interface Row {
  readonly classes: readonly VerdictClass[]
  readonly proxy: Side
  /** Omitted: any. */
  readonly closers?: readonly Verdict['closer'][]
  readonly phases?: readonly Phase[]
  readonly variants?: readonly string[]
  readonly words: LogWords
}

function words(
  nginxStatus: number | null,
  nginxError: string | null,
  haproxy: string | null,
  envoy: string | null,
): LogWords {
  return { nginxError, nginxStatus, haproxy, envoy }
}

const timedOut = 'upstream timed out (110: Connection timed out)'
const premature = 'upstream prematurely closed connection'
const reset = 'recv() failed (104: Connection reset by peer)'
const clientTimedOut = 'client timed out (110: Connection timed out)'
const clientGone = 'epoll_wait() reported that client prematurely closed connection'
const clientGoneWaiting = `${clientGone}, so upstream connection is closed too while reading response header from upstream`

const nothing = words(null, null, null, null)
const lostBeforeResponse = words(502, `${premature} while reading response header from upstream`, 'SH', 'UC')
const lostInResponse = words(200, `${premature} while reading upstream`, 'SD', 'UC')
const resetBeforeResponse = words(502, `${reset} while reading response header from upstream`, 'SH', 'UC')
const resetInResponse = words(200, `${reset} while reading upstream`, 'SD', 'UC')
const leftWaiting = words(499, clientGoneWaiting, 'CH', 'DC')
const leftReading = words(200, `${clientGone} while reading upstream`, 'CD', 'DC')
const leftSending = words(400, 'client prematurely closed connection', 'CR', 'DC')

/** The proxy is the client of the flow: its leg to the server. First row that applies wins. */
const upstream: readonly Row[] = [
  {
    classes: ['server-abort', 'client-abort'],
    proxy: 'client',
    variants: ['tls-handshake'],
    words: words(502, 'SSL_do_handshake() failed', 'SC', 'UF'),
  },
  {
    classes: ['connect-timeout'],
    proxy: 'client',
    words: words(504, `${timedOut} while connecting to upstream`, 'sC', 'UF'),
  },
  // A pooled connection that closes idle fails nobody: no log has a line for it.
  {
    classes: ['idle-timeout', 'shutdown'],
    proxy: 'client',
    phases: ['between-requests', 'closing'],
    words: nothing,
  },
  {
    classes: ['idle-timeout'],
    proxy: 'client',
    closers: ['client'],
    phases: ['awaiting-response'],
    words: words(504, `${timedOut} while reading response header from upstream`, 'sH', 'UT'),
  },
  {
    classes: ['idle-timeout'],
    proxy: 'client',
    closers: ['client'],
    phases: ['mid-request', 'peer-not-reading'],
    words: words(504, `${timedOut} while sending request to upstream`, 'sH', 'SI'),
  },
  {
    classes: ['idle-timeout'],
    proxy: 'client',
    closers: ['client'],
    phases: ['mid-response'],
    words: words(200, `${timedOut} while reading upstream`, 'sD', 'SI'),
  },
  {
    classes: ['idle-timeout'],
    proxy: 'client',
    closers: ['client'],
    phases: ['tunnel'],
    words: words(101, `${timedOut} while proxying upgraded connection`, 'sD', 'SI'),
  },
  {
    classes: ['keepalive-race'],
    proxy: 'client',
    variants: ['rst-crossing', 'in-buffer'],
    words: resetBeforeResponse,
  },
  { classes: ['keepalive-race'], proxy: 'client', words: lostBeforeResponse },
  { classes: ['client-abort'], proxy: 'client', phases: ['mid-response', 'tunnel'], words: leftReading },
  { classes: ['client-abort'], proxy: 'client', phases: ['mid-request'], words: leftSending },
  { classes: ['client-abort'], proxy: 'client', words: leftWaiting },
  // Half-closed and left open: nothing has failed yet.
  { classes: ['half-open-zombie'], proxy: 'client', variants: ['half-closed'], words: nothing },
  { classes: ['half-open-zombie'], proxy: 'client', variants: ['forgotten'], words: resetBeforeResponse },
  {
    classes: ['half-open-zombie'],
    proxy: 'client',
    variants: ['not-reading'],
    words: words(504, `${timedOut} while sending request to upstream`, 'sH', 'SI'),
  },
  {
    classes: ['half-open-zombie'],
    proxy: 'client',
    phases: ['awaiting-response', 'mid-request'],
    words: words(504, `${timedOut} while reading response header from upstream`, 'sH', 'UT'),
  },
  {
    classes: ['middlebox-reset'],
    proxy: 'client',
    phases: ['mid-response', 'tunnel'],
    words: resetInResponse,
  },
  {
    classes: ['middlebox-reset'],
    proxy: 'client',
    phases: ['awaiting-response', 'mid-request'],
    words: resetBeforeResponse,
  },
  {
    classes: ['server-abort', 'idle-timeout', 'shutdown'],
    proxy: 'client',
    phases: ['mid-response', 'tunnel'],
    words: lostInResponse,
  },
  {
    classes: ['server-abort', 'idle-timeout', 'shutdown'],
    proxy: 'client',
    phases: ['awaiting-response', 'mid-request'],
    words: lostBeforeResponse,
  },
]

/** The proxy is the server of the flow: its leg to the client. */
const downstream: readonly Row[] = [
  {
    classes: ['server-abort', 'client-abort'],
    proxy: 'server',
    variants: ['tls-handshake'],
    words: words(null, 'SSL_do_handshake() failed', null, null),
  },
  // nginx has no access-log line for a connection that sent nothing.
  {
    classes: ['idle-timeout'],
    proxy: 'server',
    closers: ['server'],
    phases: ['awaiting-request'],
    words: words(null, `${clientTimedOut} while waiting for request`, 'cR', null),
  },
  {
    classes: ['idle-timeout'],
    proxy: 'server',
    closers: ['server'],
    phases: ['mid-request'],
    words: words(408, clientTimedOut, 'cR', 'SI'),
  },
  {
    classes: ['idle-timeout'],
    proxy: 'server',
    closers: ['server'],
    phases: ['peer-not-reading'],
    words: words(200, `${clientTimedOut} while sending to client`, 'cD', 'SI'),
  },
  {
    classes: ['half-open-zombie'],
    proxy: 'server',
    variants: ['not-reading', 'vanished'],
    phases: ['mid-response', 'peer-not-reading'],
    words: words(200, `${clientTimedOut} while sending to client`, 'cD', 'SI'),
  },
  {
    classes: ['client-abort', 'middlebox-reset'],
    proxy: 'server',
    phases: ['awaiting-response'],
    words: leftWaiting,
  },
  {
    classes: ['client-abort', 'middlebox-reset'],
    proxy: 'server',
    phases: ['mid-response', 'tunnel', 'peer-not-reading'],
    words: leftReading,
  },
  {
    classes: ['client-abort', 'middlebox-reset'],
    proxy: 'server',
    phases: ['mid-request'],
    words: leftSending,
  },
]

const rows: readonly Row[] = [...upstream, ...downstream]

/**
 * The words of other logs for a verdict.
 * @returns null when no log line is known for such an event; `LogWords` full of nulls when it is known that there is none
 */
export function wordsFor(event: LogEvent): LogWords | null {
  if (event.class === 'refused' && event.proxy === 'client') {
    const kind = event.variant === 'unreachable' ? (event.told?.advice ?? null) : null
    return words(
      502,
      `connect() failed (${connectError(kind, event.ipv6)}) while connecting to upstream`,
      'SC',
      'UF',
    )
  }
  return rows.find((row) => applies(row, event))?.words ?? null
}

function applies(row: Row, event: LogEvent): boolean {
  const allows = <T>(allowed: readonly T[] | undefined, value: T | null): boolean =>
    allowed === undefined || (value !== null && allowed.includes(value))
  return (
    row.proxy === event.proxy &&
    row.classes.includes(event.class) &&
    allows(row.closers, event.closer) &&
    allows(row.phases, event.phase) &&
    allows(row.variants, event.variant)
  )
}
