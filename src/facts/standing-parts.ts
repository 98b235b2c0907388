import type { Exchange, StreamPoint } from '../exchange/exchange.js'
import { seqDelta } from '../flow/sequence.js'
import type { Owed, Phase } from '../result.js'
import type { Standing } from './flow-facts.js'

/**
 * What the closer knew: how far into each stream. null: no limit (everything captured before the close counts).
 * For a server that closed, requests count as far as its ACKs cover them, responses as far as it sent them; for a client the
 * other way round; without a close, or with one that nobody answered, both count as delivered only when acknowledged.
 */
export interface Knowledge {
  readonly requestsTo: number | null
  readonly responsesTo: number | null
  readonly closer: 'client' | 'server' | null
  readonly closeFlag: 'FIN' | 'RST' | null
  readonly closeNs: number | null
  readonly established: boolean
  readonly lateStart: boolean
  /** How far the capture is known to lack bytes of each stream; null: nothing is missing. */
  readonly requestsMissingTo: number | null
  readonly responsesMissingTo: number | null
  /** Only one side's segments were captured: what the other said and knew cannot be seen. */
  readonly oneDirection: boolean
  /** The one that was not captured is the client's. */
  readonly clientUnseen: boolean
  /** Not a byte came from the server. */
  readonly serverSilent: boolean
  /** Payload was cut by the snaplen: a protocol that cannot be read may be one that is well known. */
  readonly payloadCut: boolean
  /** The close is a client's reset of abort form, or more of the response came after it: it was cut off. */
  readonly cutOff: boolean
  /** The side keeps its receive window at zero. */
  readonly clientWindowShut: boolean
  readonly serverWindowShut: boolean
}

/** A standing without a goodbye. */
export function standing(
  owed: Owed,
  phase: Phase | null,
  exchange: Exchange | null,
  framed: boolean,
): Standing {
  return { owed, phase, exchange, framed, goodbyeFrame: null, goodbyeStatus: null, goodbyeWords: null }
}

/** Whether the point lies within what was known of its stream; `strictly`: at least one byte after it too. */
export function reached(point: StreamPoint | null, limit: number | null, strictly: boolean): boolean {
  if (point === null) return false
  if (limit === null) return true
  const past = seqDelta(limit, point.seq)
  return strictly ? past > 0 : past >= 0
}
