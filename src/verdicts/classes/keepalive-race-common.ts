import type { Exchange } from '../../exchange/exchange.js'
import { isHeadLost } from '../../facts/standing.js'
import { beginningLost, exchangeBefore, looksLikeRequest } from '../met-close.js'
import { check, type Case, type Check } from '../verdict-rule.js'
import { mayBeRestOfUpload } from './keepalive-race-signs.js'

/** What holds of every variant: a server that decided to close, and a request on a reused connection that got no byte of a response. */
export function common(c: Case, request: Exchange | null): Check[] {
  const { facts } = c
  const { first } = facts.close
  const before = request === null ? null : exchangeBefore(c, request)
  const finished =
    before !== null &&
    before.responseComplete !== false &&
    (before.responseStart !== null || isHeadLost(before))
  const reused = finished || (request !== null && before === null && beginningLost(c))
  const provoked = first?.form === 'stateless' && facts.sides.server.rst?.triggerFrame !== null
  return [
    check(
      'the server decided to close first',
      facts.serverLeft !== null,
      first === null
        ? 'no side closed'
        : first.by === 'server'
          ? 'no byte was sent before it closed'
          : `the client closed first (frame ${facts.frameName(first.frame)})`,
    ),
    check(
      'the server closed of its own accord',
      !provoked,
      `its RST (frame ${facts.frameName(first?.frame)}) only answers frame ${facts.frameName(facts.sides.server.rst?.triggerFrame)}`,
    ),
    check('a request got no byte of a response', request !== null, 'every request was answered'),
    check(
      'the connection had carried a finished exchange before',
      reused,
      before === null
        ? 'it was the first request on this connection'
        : 'the answer to the request before it had not come to its end',
    ),
    check(
      'it is a request',
      request === null || looksLikeRequest(c, request),
      'it does not begin with a method, or is part of a TLS handshake',
    ),
    check(
      'it is no rest of an upload that was answered early',
      !mayBeRestOfUpload(c, request),
      'the server closed right after its response, and whether what came then is a new request cannot be read',
    ),
  ]
}
