import { neverArrived } from '../facts/arrivals.js'
import type { Side } from '../result.js'
import { unreachedRequest } from './met-close.js'
import type { Case } from './verdict-rule.js'
import { actor } from './wording.js'

/** Kind of that advice: no longer timer would help. */
export const PATH_ADVICE = 'path'

/** What to do when the wait that ended was one for bytes that do not get through; null: it was not. `sender`: whose bytes. */
export function pathFix(c: Case, sender: Side): string[] | null {
  if (neverArrived(c.facts, sender) === null && unreachedRequest(c) === null) return null
  return [
    `find out why what ${actor(c, sender)} sends does not get through (loss, or a path MTU below its segments: ping -M do -s 1472)`,
  ]
}
