import { servesTunnel } from '../chain/tunnel-legs.js'
import type { LegLink } from '../facts/leg-facts.js'
import { serverTookLeave } from '../facts/last-words.js'
import type { Phase, VerdictClass } from '../result.js'
import { seqDelta } from '../flow/sequence.js'
import { policy } from './policy.js'
import { downstreamOf, upstreamOf } from './signs.js'
import type { Case } from './verdict-rule.js'

/** Phases that turn-taking only suggests: who spoke last does not tell whether he had finished. */
const SUGGESTED: ReadonlySet<Phase | null> = new Set([
  'awaiting-response',
  'mid-request',
  'mid-response',
  'between-requests',
])

/** Classes whose phase is part of what they say. */
const PHASE_IS_MEANT: ReadonlySet<VerdictClass> = new Set(['keepalive-race', 'shutdown'])

/** The phase that a verdict of this class tells, of the one that its ruling gives. */
export function toldPhase(c: Case, code: VerdictClass, phase: Phase | null): Phase | null {
  return phase !== c.facts.standing.phase || PHASE_IS_MEANT.has(code) ? phase : readPhase(c)
}

/**
 * The phase as far as it can be read. Where no message boundary can, something else has to show that a message had come to its end:
 * the leg behind, which carried the same exchange; a close_notify of the server; or bytes in flight, which show that one had not.
 * Null: nothing does.
 */
export function readPhase(c: Case): Phase | null {
  const { phase, framed } = c.facts.standing
  if (framed || !SUGGESTED.has(phase)) return phase
  if (inRecord(c)) return 'mid-request'
  return phaseBehind(c) ?? (isShown(c, phase) ? phase : null)
}

/** What the leg behind shows of the same exchange; null: it is not in the capture, or not readable either. */
function phaseBehind(c: Case): Phase | null {
  const link = upstreamOf(c)
  if (link === null || link.certainty === 'possible' || link.upstreamExchange === null) return null
  const { responseComplete, responseFraming, responseStart, requestComplete } = link.upstreamExchange
  if (c.facts.standing.phase === 'awaiting-response')
    return requestComplete === true ? 'awaiting-response' : null
  if (responseStart === null || responseComplete === null) return null
  if (responseFraming === 'close') return endedByClose(link) ? 'between-requests' : null
  return responseComplete ? 'between-requests' : 'mid-response'
}

/** A response without a length ends with the server's FIN. */
function endedByClose({ upstream: { close } }: LegLink): boolean {
  return close.first?.by === 'server' && close.first.flag === 'FIN'
}

/**
 * The phase for the choice of a class: as it stood, unless the leg behind shows that a response that nobody can read here had not ended, or
 * a proxy closed what it had opened for a tunnel: it does not know what goes through that.
 */
export function phaseOf(c: Case): Phase | null {
  const { phase, framed } = c.facts.standing
  const before = c.facts.close.first?.by === 'client' ? downstreamOf(c) : null
  if (before !== null && servesTunnel(before)) return 'tunnel'
  const unread = !framed && phase === 'between-requests'
  return unread && phaseBehind(c) === 'mid-response' ? 'mid-response' : phase
}

/**
 * That the last response had come to its end is only suggested, by the close_notify: nginx and HAProxy say it, too, when they cut a response
 * short (seen: both, after a timer on the leg behind).
 */
export function restsOnCloseNotify(c: Case): boolean {
  const { framed, phase } = c.facts.standing
  return !framed && phase === 'between-requests' && phaseBehind(c) === null
}

/** The client had stopped in the middle of a TLS record of what it was sending. */
export function inRecord({ facts: { conversation, standing } }: Case): boolean {
  return conversation?.recordCut === true && standing.phase === 'awaiting-response'
}

/** A client that closed, of which it cannot be read whether it had finished its request and waited, or not. */
export function mayHaveHalted(c: Case): boolean {
  const { close, standing } = c.facts
  return close.first?.by === 'client' && standing.phase === 'awaiting-response' && readPhase(c) === null
}

function isShown(c: Case, phase: Phase | null): boolean {
  const { facts } = c
  const { first } = facts.close
  switch (phase) {
    case 'between-requests':
      // The end of an answer can be read where nothing else of it can (FastCGI).
      if (facts.standing.exchange?.responseComplete === true) return true
      // The first record of a late capture may belong to the handshake.
      return serverTookLeave(facts.conversation) && !(facts.lateStart && facts.standing.exchange?.index === 0)
    case 'mid-response':
      return true
    case 'awaiting-response':
      return first?.by === 'client' && sentAtOnce(c)
    default:
      return false
  }
}

/**
 * The client had sent all of it in one go and then only waited: an upload that is still coming in does not pause for so long. What is longer
 * than a head may be an upload that came to a halt, however fast its beginning was sent.
 */
function sentAtOnce({ facts }: Case): boolean {
  const { first } = facts.close
  const { exchange } = facts.standing
  // A ClientHello can be read: it ends with its record.
  if (exchange === null) return facts.conversation?.protocol === 'tls'
  if (first === null || exchange.requestStart === null || exchange.requestLast === null) return false
  const sending = exchange.requestLast.timeNs - exchange.requestStart.timeNs
  const bytes = seqDelta(exchange.requestLast.seq, exchange.requestStart.seq) + 1
  if (bytes > policy.oneGoBytes) return false
  return sending < first.ns - exchange.requestLast.timeNs && sending < policy.oneGoNs
}
