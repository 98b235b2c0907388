/** What the capture is known to lack at the end of a connection. */
import type { SideFacts } from '../facts/flow-facts.js'
import { isBefore } from '../facts/moment-order.js'
import { seqDelta } from '../flow/sequence.js'
import type { Side } from '../result.js'
import type { Case } from './verdict-rule.js'

/** The side whose latest bytes before the close the capture lacks, so that nobody knows when it last spoke; null: none. */
export function lastWordsLost({ sides }: Case['facts']): Side | null {
  const lost = ({ missingTo, sentAtClose, unseenFin }: SideFacts): boolean =>
    missingTo !== null && sentAtClose !== null && unseenFin === null && seqDelta(sentAtClose, missingTo) <= 0
  if (lost(sides.client)) return 'client'
  return lost(sides.server) ? 'server' : null
}

/**
 * The server reset the connection and then once more, although nothing of the client came in between or was on its way: that answers a
 * segment which the capture lacks.
 */
export function answeredUnseen({ close, sides, rttNs }: Case['facts']): boolean {
  const { first } = close
  const { client, server } = sides
  if (first?.by !== 'server' || server.rst === null) return false
  const last = client.lastSegment
  const underWay = last !== null && rttNs.server !== null && last.ns + rttNs.server > first.ns
  const later = last !== null && (underWay || isBefore(first, last))
  return !later && (first.flag === 'RST' ? server.rst.count > 1 : server.rst.form === 'stateless')
}
