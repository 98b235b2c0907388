import { seqDelta } from '../../flow/sequence.js'
import type { Evidence } from '../../result.js'
import { policy } from '../policy.js'
import type { Case } from '../verdict-rule.js'
import { actor } from '../wording.js'

/** A server that had no connection any more when its client gave up waiting, and how that is told. */
export interface Dropped {
  readonly text: string
  readonly evidence: Evidence
  readonly remark: string
  readonly fix: string
}

/**
 * The server's host had acknowledged the request, and answered the FIN of the client, who waited for the response, with the RST of a host
 * that has no such connection, without a FIN or RST before: it had dropped it without a word. Null: nothing shows that.
 */
export function droppedBefore(c: Case): Dropped | null {
  const { close, standing, sides, timerGapNs } = c.facts
  const { rst, fin, ackAtClose } = sides.server
  const asked = standing.exchange?.requestEnd ?? null
  if (close.first?.by !== 'client' || close.first.flag !== 'FIN' || standing.owed !== 'response') return null
  if (rst?.form !== 'stateless' || rst.triggerFrame !== close.first.frame || fin !== null) return null
  if (asked === null || ackAtClose === null || seqDelta(ackAtClose, asked.seq) < 0) return null
  if (c.around.lossy || (timerGapNs ?? 0) < policy.forgottenSilenceNs) return null
  const server = actor(c, 'server')
  return {
    text: `; ${server} had dropped the connection without a word before`,
    evidence: {
      frame: rst.frame,
      text: 'the FIN is answered by a RST without ACK: the host of the server has no such connection',
    },
    remark: `${server} had acknowledged the request and sent neither FIN nor RST, and yet had no connection any more when the client left: no response would have come (HAProxy's silent-drop does that; so does a fail-over, or a box on the path that forgot the connection)`,
    fix: `find out why ${server} dropped the connection without a word (HAProxy: a silent-drop rule; a fail-over; a firewall or NAT that forgot it)`,
  }
}
