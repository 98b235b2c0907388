import type { ShutWindow } from '../../facts/flow-facts.js'
import type { Evidence } from '../../result.js'
import { policy } from '../policy.js'
import type { Case } from '../verdict-rule.js'
import { actor, span } from '../wording.js'

/** Why such closes prove no abort. */
const SEND_TIMER =
  'a send timeout that ran out while the client did not read leaves no packet of its own: the FIN waits behind what was not read'
const RESET_TIMER =
  'a send timeout that ran out looks the same (nginx: send_timeout, with reset_timedout_connection on)'

/** A time in which the client took nothing, up to the close or so shortly before it that the close had waited for its end. */
export interface Held extends ShutWindow {
  /** The close waited behind what was not read; else it came while the client still took nothing. */
  readonly behind: boolean
}

/**
 * The client had not read for so long that timers run out: the FIN came with what stood in the server's buffer when it read again, so that
 * when the server decided to close cannot be seen, or the close came while it did not read. Null: no such time before the close.
 */
export function heldBack({ facts }: Case): Held | null {
  const { first } = facts.close
  if (first?.by !== 'server') return null
  const since = facts.standing.phase === 'peer-not-reading' ? facts.sides.client.zeroWindowSince : null
  if (since !== null)
    return first.ns - since.ns >= policy.promptCloseNs ? { since, until: first, behind: false } : null
  const shut = facts.lastShut
  if (first.flag !== 'FIN' || shut === null) return null
  const longEnough = shut.until.ns - shut.since.ns >= policy.promptCloseNs
  return longEnough && first.ns - shut.until.ns <= policy.drainedWithinNs ? { ...shut, behind: true } : null
}

/** Why this one proves none. */
export function heldDoubt({ behind }: Held): string {
  return behind ? SEND_TIMER : RESET_TIMER
}

export function heldText(c: Case, held: Held | null): string {
  if (held === null) return ''
  const client = actor(c, 'client')
  const shut = span(held.until.ns - held.since.ns)
  return held.behind
    ? `; its FIN came behind what ${client} had not read for ${shut}`
    : `; ${client} had read nothing for ${shut}`
}

export function heldEvidence(held: Held | null): Evidence[] {
  if (held === null) return []
  const rows = [{ frame: held.since.frame, text: 'window 0 by the client: it does not read' }]
  return held.behind ? [...rows, { frame: held.until.frame, text: 'the client reads again' }] : rows
}

export function heldFix(c: Case): string {
  return `find out why ${actor(c, 'client')} did not read; in the log of ${actor(c, 'server')} see whether a send timeout ran out in that time (nginx: "client timed out … while sending to client"), or whether it crashed`
}
