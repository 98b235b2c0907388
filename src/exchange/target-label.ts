import type { Exchange } from './exchange.js'
import { MAX_SHOWN } from './policy.js'

const HIDDEN = '…'
/** Letters and digits in a row that are too long and too mixed to be a word: keys, tokens, signatures. */
const KEY = /[\w~+=-]{24,}/g
/** An identifier, not a secret: it is what finds a request in the logs. */
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
/** Hyphenated words with a number among them (`2026-01-21-why-connections-end`) are a title. */
const WORDS = /^(?:\d+|[a-z]+)(?:[-_](?:\d+|[a-z]+))+$/i
/** What is given a name in a path (`/reset/token=…`, `/x,key=…`) is as secret as in a query. */
const VALUE = /(=|%3d)[^/]+/gi
/** Where a query, a fragment or parameters begin, also those of a request whose client escaped (once or again) or forgot the question mark. */
const QUERY = /[?#;&]|%(?:25)*3f/i
/**
 * Who logs in, before the @ of an authority: at the start of what is no path, behind `//`, and behind a scheme written carelessly; also
 * where a client escaped the signs.
 */
const USER = /(^(?![/\\])|:?(?:[/\\]|%2f){2}|:(?:[/\\]|%2f))[^/\\?#]+(?:@|%40)/gi
/** The same, cut before its @: `user:pass`, but no host with its port. */
const USER_CUT = /(^(?![/\\])|:?[/\\]{2}|:[/\\])[^/\\?#@:[\]]*:(?!\d*$)[^/\\?#@]*$/

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
  const target = showSecrets ? whole : masked(whole, exchange.targetCut)
  if (target.length > MAX_SHOWN) return target.slice(0, MAX_SHOWN - 1) + HIDDEN
  return exchange.targetCut && !target.endsWith(HIDDEN) ? target + HIDDEN : target
}

/** The target without the values of its query, without what follows them, without userinfo and without keys in its path. */
function masked(target: string, isCut: boolean): string {
  const { path, query } = parted(target, isCut)
  return query === '' ? path : path + query + HIDDEN
}

/** The path of a request for a sentence: what `requestLabel` masks is masked or left out, whatever was asked for. Empty: not known. */
export function pathLabel({ target, targetCut }: Pick<Exchange, 'target' | 'targetCut'>): string {
  return target === null ? '' : parted(target, targetCut).path
}

/** A target in its path, without secrets, and the sign that begins what is hidden whole; empty where nothing is. */
function parted(target: string, isCut: boolean): { readonly path: string; readonly query: string } {
  const visible = withoutUser(target, isCut)
  const query = visible.search(QUERY)
  return query < 0
    ? { path: withoutKeys(visible), query: '' }
    : { path: withoutKeys(visible.slice(0, query)), query: visible[query] }
}

/** Some put their key into the path (`/bot123:AAF…/send`): its first four characters stay, to tell one from another. */
function withoutKeys(path: string): string {
  return path.replace(VALUE, `$1${HIDDEN}`).replace(KEY, (word) => {
    const mixed = /\d/.test(word) && /[a-z]/i.test(word)
    return !mixed || UUID.test(word) || WORDS.test(word) ? word : word.slice(0, 4) + HIDDEN
  })
}

/** `http://user:password@host/`, also within a path, and `user:password@host:443`: what stands before the last @ of an authority is hidden. */
function withoutUser(target: string, isCut: boolean): string {
  const named = target.replace(USER, `$1${HIDDEN}@`)
  // Its @ may stand where nobody looked.
  return isCut ? named.replace(USER_CUT, `$1${HIDDEN}`) : named
}
