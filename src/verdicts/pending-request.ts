/** What became of the request that was under way when a connection ended: whether the server can have read it, and so whether a retry is safe. */
import type { Exchange } from '../exchange/exchange.js'
import { seqDelta } from '../flow/sequence.js'
import type { PendingRequest, VerdictClass } from '../result.js'
import { mayBeRestOfUpload } from './classes/keepalive-race-signs.js'
import { closeMissesRequest, exchangeBefore, looksLikeRequest, unansweredRequest } from './met-close.js'
import { aftermath } from './signs.js'
import type { Case } from './verdict-rule.js'
import { requestWords } from './wording.js'

/** Classes of connections that ended in good order, or of whose end nothing is known. */
const NOTHING_LOST: ReadonlySet<VerdictClass> = new Set(['clean', 'open', 'unclassified', 'shutdown'])
const UNCONNECTED: ReadonlySet<VerdictClass> = new Set(['refused', 'connect-timeout'])
/** Methods that change nothing on the server (RFC 9110, 9.2.1): sending them again does no harm. */
const HARMLESS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** A request without a whole response, and what the packets prove of it. */
export interface Pending {
  readonly read: PendingRequest
  readonly request: Exchange | null
}

/** The request that a verdict of this kind is about; null: none was pending, or it cannot be told. */
export function pendingRequest(c: Case, code: VerdictClass, variant: string | null): Pending | null {
  if (NOTHING_LOST.has(code)) return null
  if (UNCONNECTED.has(code)) {
    const none = c.facts.sides.client.payloadBytes === 0 && c.facts.sides.client.missingTo === null
    return none ? { read: 'not-sent', request: null } : null
  }
  const met = metByClose(c, variant)
  if (met !== null) return { read: unread(c, met) ? 'unread' : 'unknown', request: met }
  const { owed, exchange, framed } = c.facts.standing
  if (exchange === null || exchange.requestStart === null) return null
  if (owed === 'rest-of-request') return framed ? { read: 'incomplete', request: exchange } : null
  if (owed === 'rest-of-response') return { read: 'read', request: exchange }
  if (owed !== 'response') return null
  if (c.facts.conversation?.recordCut === true) return { read: 'incomplete', request: exchange }
  const untouched = exchange.unprocessed || forgotten(c, variant, exchange)
  return { read: untouched ? 'unread' : 'unknown', request: exchange }
}

/** What a reader who has to decide about a retry should know; null: nothing that the method or another leg does not settle. */
export function retryRemark(c: Case, { read, request }: Pending): string | null {
  const { retry } = aftermath(c, request)
  const name = requestWords(request, 'the request')
  switch (read) {
    case 'not-sent':
      return 'no request was sent on it: the one that wanted this connection is safe to send again'
    case 'unread':
      if (request?.unprocessed === true)
        return `the server said that it had not acted upon ${name}: a retry is safe, even of a POST`
      return retry === null
        ? `the server never read ${name} (no byte of it was acknowledged before the close): a retry is safe, even of a POST`
        : `the server never read ${name} (no byte of it was acknowledged before the close): sending it again on flow ${retry} was safe`
    case 'incomplete':
      return null
    default:
      if (request?.method != null && HARMLESS.has(request.method)) return null
      return read === 'read'
        ? `the server had begun to answer ${name}: a retry runs it a second time`
        : `whether the server carried out ${name} cannot be seen in this connection: a retry is safe only if it may run twice`
  }
}

/** A request that was on its way to a server which had closed, first or after a close_notify; null: none. */
function metByClose(c: Case, variant: string | null): Exchange | null {
  const crossed = variant === 'fin-crossing' || variant === 'rst-crossing' || variant === 'stale-reuse'
  if (!crossed && c.facts.close.first?.by !== 'server') return null
  const request = unansweredRequest(c)
  // The head of an upload that was answered early has been read, whatever became of the rest.
  if (request === null || !looksLikeRequest(c, request) || mayBeRestOfUpload(c, request)) return null
  return closeMissesRequest(c, request) ? request : null
}

/**
 * Its close covers no byte of the request, nor does anything the server sent later: a host that goes on acknowledging has a program that may
 * go on reading (a half-close, nginx's lingering). And it is the request's beginning that met the close.
 */
function unread(c: Case, request: Exchange): boolean {
  const { facts } = c
  const start = request.requestStart
  if (start === null || acknowledged(c, start.seq)) return false
  const begun = request.method !== null || exchangeBefore(c, request) !== null || !facts.lateStart
  return begun && !facts.oneDirection
}

/** The RST of a stack without such a connection answers the request's first segment. */
function forgotten(c: Case, variant: string | null, request: Exchange): boolean {
  const { rst } = c.facts.sides.server
  const start = request.requestStart
  if (variant !== 'forgotten' || rst === null || start === null) return false
  const beginning = request.method !== null || !c.facts.lateStart
  const lost = c.around.lossy || c.facts.oneDirection
  return beginning && !lost && rst.triggerFrame === start.frame && !acknowledged(c, start.seq)
}

/** Whether the server's host ever acknowledged the byte at `seq`. */
function acknowledged({ facts }: Case, seq: number): boolean {
  const { lastAck } = facts.sides.server
  return lastAck !== null && seqDelta(lastAck, seq) > 0
}
