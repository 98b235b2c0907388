/** Software that puts no Server header into its responses and can still be told by how it writes their heads. */

/** What of a response head tells its writer. */
export interface WrittenHead {
  readonly server: string | null
  readonly via: string | null
  readonly order: NameOrder
  readonly close: boolean
  readonly noCache: boolean
  readonly html: boolean
  readonly lowerCaseNames: boolean
  readonly keepAliveSeconds: number | null
}

/** Header names that the mark looks at, as bits. */
export const NAME_DATE = 1
export const NAME_CONNECTION = 2
export const NAME_KEEP_ALIVE = 4
export const NAME_LENGTH = 8
export const NAME_TYPE = 16
export const NAME_CACHE = 32
export const NAME_OTHER = 64

/** Which names a head has, and the one order that matters. */
export class NameOrder {
  /** The bits above. */
  names = 0
  /** Date, Connection and Keep-Alive stand one after the other. */
  datedKeepAlive = false
  private latest = 0
  private beforeLatest = 0

  note(bit: number): void {
    const follows = this.latest === NAME_CONNECTION && this.beforeLatest === NAME_DATE
    if (bit === NAME_KEEP_ALIVE && follows) this.datedKeepAlive = true
    this.names |= bit
    this.beforeLatest = this.latest
    this.latest = bit
  }

  clear(): void {
    this.names = this.latest = this.beforeLatest = 0
    this.datedKeepAlive = false
  }
}

const PAGE = NAME_LENGTH | NAME_TYPE | NAME_CACHE
/** Statuses for which Node's parser and its timers answer by themselves, with a bare `Connection: close`. */
const NODE_STATUSES: ReadonlySet<number> = new Set([400, 408, 431])
/** Statuses for which HAProxy has a built-in page (src/http.c, `http_err_msgs`). */
const HAPROXY_STATUSES: ReadonlySet<number> = new Set([
  400, 401, 403, 404, 405, 407, 408, 410, 413, 421, 422, 425, 429, 500, 501, 502, 503, 504,
])

/** Software word of the knowledge base; null: nothing special, or a Server header speaks for itself. */
export function writerOf(fields: WrittenHead, status: number): 'haproxy' | 'node' | null {
  const { order } = fields
  if (fields.server !== null || fields.via !== null) return null
  // HAProxy's own page: length, `no-cache` and HTML, and no Date: every web server that makes pages dates them.
  const page = order.names & ~NAME_CONNECTION
  if (page === PAGE && fields.noCache && fields.html && HAPROXY_STATUSES.has(status)) return 'haproxy'
  if (order.names === NAME_CONNECTION && fields.close && NODE_STATUSES.has(status)) return 'node'
  // Node ends its heads with Date, Connection and Keep-Alive, in this order; proxies that pass them on change case or order.
  return order.datedKeepAlive && !fields.lowerCaseNames && fields.keepAliveSeconds !== null ? 'node' : null
}
