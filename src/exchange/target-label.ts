import type { Exchange } from './exchange.js'

/** Longest target that is shown. */
const MAX_SHOWN = 120
const HIDDEN = '…'
/** Letters and digits in a row that are too long and too mixed to be a word: keys, tokens, signatures. */
const KEY = /[\w~+=-]{24,}/g
/** An identifier, not a secret: it is what finds a request in the logs. */
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
/** Hyphenated words with a number among them (`2026-01-21-why-connections-end`) are a title. */
const WORDS = /^(?:\d+|[a-z]+)(?:[-_](?:\d+|[a-z]+))+$/i

/** A request in one line: `POST /v1/messages?…`. What a query says, and who logs in, is hidden unless asked for. */
export function requestLabel(exchange: Exchange, showSecrets: boolean): string {
  if (exchange.method === null) return exchange.target === null ? 'request' : shown(exchange, showSecrets)
  return exchange.target === null ? exchange.method : `${exchange.method} ${shown(exchange, showSecrets)}`
}

/** A response in one line: `504 Gateway Time-out`. */
export function responseLabel(exchange: Exchange): string {
  if (exchange.status === null) return 'response'
  if (exchange.reason) return `${exchange.status} ${exchange.reason}`
  const { grpcStatus } = exchange
  return grpcStatus === null ? String(exchange.status) : `${exchange.status}, grpc-status ${grpcStatus}`
}

function shown(exchange: Exchange, showSecrets: boolean): string {
  const whole = exchange.target ?? ''
  const target = showSecrets ? whole : masked(whole)
  if (target.length > MAX_SHOWN) return target.slice(0, MAX_SHOWN - 1) + HIDDEN
  return exchange.targetCut && !target.endsWith(HIDDEN) ? target + HIDDEN : target
}

/** The target without the values of its query, without what follows them, without userinfo and without keys in its path. */
function masked(target: string): string {
  const visible = withoutUser(target)
  const query = visible.search(/[?#;]/)
  return query < 0 ? withoutKeys(visible) : withoutKeys(visible.slice(0, query)) + visible[query] + HIDDEN
}

/** Some put their key into the path (`/bot123:AAF…/send`): its first four characters stay, to tell one from another. */
function withoutKeys(path: string): string {
  return path.replace(KEY, (word) => {
    const mixed = /\d/.test(word) && /[a-z]/i.test(word)
    return !mixed || UUID.test(word) || WORDS.test(word) ? word : word.slice(0, 4) + HIDDEN
  })
}

/** `http://user:password@host/` and `user:password@host:443`: whatever stands before the last @ of the authority is hidden. */
function withoutUser(target: string): string {
  if (target.startsWith('/')) return target
  const scheme = target.indexOf('://')
  const start = scheme < 0 ? 0 : scheme + 3
  const rest = target.slice(start).search(/[/?#]/)
  const end = rest < 0 ? target.length : start + rest
  const at = target.lastIndexOf('@', end - 1)
  return at < start ? target : target.slice(0, start) + HIDDEN + target.slice(at)
}
