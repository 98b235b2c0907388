/** What a request in FastCGI or uwsgi says of the HTTP request that it was made from. */
import type { AppProtocol } from './app-protocol.js'
import type { Exchange } from './exchange.js'
import { requestHead } from './message-heads.js'
import { MAX_FIELD, MAX_HOST, MAX_METHOD, MAX_TARGET } from './policy.js'

type Variables = ReadonlyMap<string, string>

/** FastCGI: the first record (BEGIN_REQUEST) is 16 bytes long, PARAMS begins behind it. */
const BEGIN_RECORD = 16
const RECORD_HEADER = 8
const PARAMS = 4
const UWSGI_HEADER = 4
/** A length of FastCGI with this bit is one of four bytes. */
const LONG = 0x80

/** Notes method, target and headers, as far as the bytes in hand hold them: a long request goes on in the next segment. */
export function noteVariables(
  exchange: Exchange,
  protocol: AppProtocol,
  bytes: Uint8Array,
  at: number,
  end: number,
): void {
  const found = protocol === 'fastcgi' ? fastCgi(bytes, at + BEGIN_RECORD, end) : uwsgi(bytes, at, end)
  const method = found.get('REQUEST_METHOD') ?? null
  const target = found.get('REQUEST_URI') ?? ''
  // A method without a target tells no more than that there is a request.
  if (method === null || method === '' || method.length > MAX_METHOD || target === '') return
  exchange.requestHead = requestHead(
    method,
    null,
    short(found, 'HTTP_HOST', MAX_HOST),
    short(found, 'HTTP_X_FORWARDED_FOR', MAX_FIELD),
    short(found, 'HTTP_USER_AGENT', MAX_FIELD),
  )
  exchange.target = target.slice(0, MAX_TARGET)
  exchange.targetCut = target.length > MAX_TARGET
  exchange.requestId =
    short(found, 'HTTP_X_REQUEST_ID', MAX_FIELD) ?? short(found, 'HTTP_TRACEPARENT', MAX_FIELD)
  const length = found.get('CONTENT_LENGTH') ?? ''
  if (/^\d{1,15}$/.test(length)) exchange.requestBody = Number(length)
}

function short(found: Variables, name: string, most: number): string | null {
  const value = found.get(name) ?? ''
  return value === '' ? null : value.slice(0, most)
}

function fastCgi(bytes: Uint8Array, record: number, end: number): Variables {
  const found = new Map<string, string>()
  if (end - record < RECORD_HEADER || bytes[record + 1] !== PARAMS) return found
  const content = record + RECORD_HEADER
  const to = Math.min(end, content + ((bytes[record + 4] << 8) | bytes[record + 5]))
  for (let at = content; at < to;) {
    const name = lengthAt(bytes, at)
    const value = lengthAt(bytes, name.next)
    const [from, middle] = [value.next, value.next + name.length]
    at = middle + value.length
    if (at <= to) found.set(text(bytes, from, middle), text(bytes, middle, at))
  }
  return found
}

function lengthAt(bytes: Uint8Array, at: number): { readonly length: number; readonly next: number } {
  const first = bytes[at] ?? 0
  if (first < LONG) return { length: first, next: at + 1 }
  const [b = 0, c = 0, d = 0] = bytes.subarray(at + 1, at + 4)
  return { length: (first - LONG) * 0x1000000 + b * 0x10000 + c * 0x100 + d, next: at + 4 }
}

function uwsgi(bytes: Uint8Array, header: number, end: number): Variables {
  const found = new Map<string, string>()
  const to = Math.min(end, header + UWSGI_HEADER + ((bytes[header + 2] << 8) | bytes[header + 1]))
  for (let at = header + UWSGI_HEADER; at + 2 < to;) {
    const middle = at + 2 + ((bytes[at + 1] << 8) | bytes[at])
    if (middle + 2 > to) break
    const next = middle + 2 + ((bytes[middle + 1] << 8) | bytes[middle])
    if (next <= to) found.set(text(bytes, at + 2, middle), text(bytes, middle + 2, next))
    at = next
  }
  return found
}

function text(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, Math.min(to, from + MAX_TARGET + 1)))
}
