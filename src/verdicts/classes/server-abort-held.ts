import type { ShutWindow } from '../../facts/flow-facts.js'
import type { Evidence } from '../../result.js'
import { policy } from '../policy.js'
import type { Case } from '../verdict-rule.js'
import { actor, span } from '../wording.js'

/** Why such a close proves no abort. */
export const SEND_TIMER =
  'a send timeout that ran out while the client did not read leaves no packet of its own: the FIN waits behind what was not read'

/**
 * The client had not read for so long that timers run out, and the FIN came with what stood in the server's buffer when it read again: when
 * the server decided to close cannot be seen. Null: no such time before the close.
 */
export function heldBack({ facts }: Case): ShutWindow | null {
  const { first } = facts.close
  const shut = facts.lastShut
  if (first?.by !== 'server' || first.flag !== 'FIN' || shut === null) return null
  const longEnough = shut.until.ns - shut.since.ns >= policy.promptCloseNs
  return longEnough && first.ns - shut.until.ns <= policy.drainedWithinNs ? shut : null
}

export function heldText(c: Case, held: ShutWindow | null): string {
  if (held === null) return ''
  return `; its FIN came behind what ${actor(c, 'client')} had not read for ${span(held.until.ns - held.since.ns)}`
}

export function heldEvidence(held: ShutWindow | null): Evidence[] {
  if (held === null) return []
  return [
    { frame: held.since.frame, text: 'window 0 by the client: it does not read' },
    { frame: held.until.frame, text: 'the client reads again' },
  ]
}

export function heldFix(c: Case): string {
  return `find out why ${actor(c, 'client')} did not read; in the log of ${actor(c, 'server')} see whether a send timeout ran out in that time (nginx: "client timed out … while sending to client"), or whether it crashed`
}
