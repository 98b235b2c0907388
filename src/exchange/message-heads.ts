/** What requests, and responses, have in common with others: it is kept once for all that follow each other with the same. */
import type { RequestHead, ResponseHead } from './exchange.js'
import { HEADS_REMEMBERED } from './policy.js'

export const NO_REQUEST_HEAD: RequestHead = {
  method: null,
  version: null,
  host: null,
  forwardedFor: null,
  userAgent: null,
}
export const NO_RESPONSE_HEAD: ResponseHead = {
  status: null,
  reason: null,
  server: null,
  via: null,
  writer: null,
  keepAliveSeconds: null,
}

const requests = new Array<RequestHead>(HEADS_REMEMBERED).fill(NO_REQUEST_HEAD)
const responses = new Array<ResponseHead>(HEADS_REMEMBERED).fill(NO_RESPONSE_HEAD)

/** A head with these values: one that others have already, if it is at hand. */
export function requestHead(
  method: string | null,
  version: number | null,
  host: string | null,
  forwardedFor: string | null,
  userAgent: string | null,
): RequestHead {
  const slot = slotOf(method, host, userAgent, forwardedFor)
  const known = requests[slot]
  return known.method === method &&
    known.version === version &&
    known.host === host &&
    known.forwardedFor === forwardedFor &&
    known.userAgent === userAgent
    ? known
    : (requests[slot] = { method, version, host, forwardedFor, userAgent })
}

/** The same of a response. */
export function responseHead(
  status: number | null,
  reason: string | null,
  server: string | null,
  via: string | null,
  writer: ResponseHead['writer'],
  keepAliveSeconds: number | null,
): ResponseHead {
  const slot = (slotOf(reason, server, via, null) ^ (status ?? 0)) % HEADS_REMEMBERED
  const known = responses[slot]
  return known.status === status &&
    known.reason === reason &&
    known.server === server &&
    known.via === via &&
    known.writer === writer &&
    known.keepAliveSeconds === keepAliveSeconds
    ? known
    : (responses[slot] = { status, reason, server, via, writer, keepAliveSeconds })
}

/** By the lengths alone: what has the same ones is compared. */
function slotOf(a: string | null, b: string | null, c: string | null, d: string | null): number {
  return (length(a) + length(b) * 3 + length(c) * 7 + length(d) * 31) % HEADS_REMEMBERED
}

function length(text: string | null): number {
  return text === null ? 0 : text.length + 1
}
