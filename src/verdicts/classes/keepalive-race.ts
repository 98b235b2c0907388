import type { Exchange } from '../../exchange/exchange.js'
import { policy } from '../policy.js'
import { beginningLost, closeMissesRequest, unansweredRequest, unreachedRequest } from '../met-close.js'
import { limit } from '../sureness.js'
import { check, type Case, type Reading, type Rule } from '../verdict-rule.js'
import { closeWord } from '../wording.js'
import { announcedClose } from './keepalive-race-announced.js'
import { common } from './keepalive-race-common.js'
import { raceRuling } from './keepalive-race-ruling.js'
import {
  fitsKeepAlive,
  layLong,
  longApart,
  lostClose,
  mayHaveKnown,
  staleLimit,
  staleNs,
  unreadLimit,
} from './keepalive-race-signs.js'

/** A request on a reused connection met a server that had decided to close it. */
export const keepaliveRace: Rule = {
  code: 'keepalive-race',
  title: 'keep-alive race',
  readings: (c) => {
    const request = unansweredRequest(c)
    return [crossing(c, request), staleReuse(c, request), announcedClose(c, request), inBuffer(c, request)]
  },
}

function crossing(c: Case, request: Exchange | null): Reading {
  const { facts } = c
  const { first } = facts.close
  const stale = staleNs(c, request)
  return {
    variant: first?.flag === 'RST' ? 'rst-crossing' : 'fin-crossing',
    checks: [
      ...common(c, request),
      check(
        'the close acknowledges no byte of the request',
        request !== null && closeMissesRequest(c, request),
        'the server had received the request before it closed',
      ),
      check(
        'the request was still on its way when the server closed',
        unreachedRequest(c) === null,
        'the request had been sent long before, and never reached the server',
      ),
      check(
        'the close was still on its way',
        !lostClose(c, request),
        'the FIN was repeated without an answer long before: the client never got it',
      ),
      check(
        'the client did not yet know of the close',
        stale === null || stale <= staleLimit(c),
        'its own host had acknowledged the FIN before',
      ),
    ],
    ruling: () =>
      raceRuling(c, request, 'crossing', [
        limit('likely', LATE, beginningLost(c)),
        limit('likely', 'the close may have been lost: no path is as long', longApart(c, request)),
        unreadLimit(c),
        limit(
          'likely',
          'its host may have known of the FIN: the request is the first to acknowledge it',
          mayHaveKnown(c, request),
        ),
      ]),
  }
}

const LATE = 'requests before this one are not in the capture'

function staleReuse(c: Case, request: Exchange | null): Reading {
  const stale = staleNs(c, request)
  return {
    variant: 'stale-reuse',
    checks: [
      ...common(c, request),
      check(
        'the close acknowledges no byte of the request',
        request !== null && closeMissesRequest(c, request),
        'the server had received the request before it closed',
      ),
      check(
        'the client sent it well after its own host had acknowledged the FIN',
        stale !== null && stale > staleLimit(c),
        'it was sent before the FIN was known',
      ),
    ],
    ruling: () =>
      raceRuling(c, request, 'stale', [
        limit('likely', LATE, beginningLost(c)),
        unreadLimit(c),
        limit(
          'likely',
          'the round trip that decides whether the client could know was not measured',
          c.facts.rttNs.client === null || c.facts.rttNs.server === null,
        ),
      ]),
  }
}

function inBuffer(c: Case, request: Exchange | null): Reading {
  const { facts } = c
  const { first } = facts.close
  const missed = request !== null && closeMissesRequest(c, request)
  const idle = facts.idleBeforeCloseNs
  const unread = first !== null && (first.form === 'abort' || facts.sides.server.rst !== null)
  return {
    variant: 'in-buffer',
    checks: [
      ...common(c, request),
      check(
        "the server's kernel had acknowledged the request",
        !missed,
        'the close acknowledges no byte of it',
      ),
      check(
        'the request came just before the close',
        !layLong(c, request),
        'the server had the request for so long that it must have read it',
      ),
      check(
        'the server closed without reading it',
        unread,
        `${closeWord(facts)} does not show that the request was unread`,
      ),
      check(
        "the idle time before fits the server's keep-alive timer",
        fitsKeepAlive(c, idle),
        'no timer of this server is known to have this length',
      ),
    ],
    ruling: () =>
      raceRuling(c, request, 'in-buffer', [
        limit('likely', 'that the server did not read it rests on the fit of its timer'),
        limit(
          'possible',
          'too few connections of this server ended after the same idle time',
          c.around.likeIdle < policy.clusterFlows,
        ),
      ]),
  }
}
