import { neverArrived } from '../facts/arrivals.js'
import { PATH_FIX } from '../knowledge/fix-text.js'
import type { Side } from '../result.js'
import { unreachedRequest } from './met-close.js'
import type { Case } from './verdict-rule.js'
import { actor } from './wording.js'

/** What to do when the wait that ended was one for bytes that do not get through; null: it was not. `sender`: whose bytes. */
export function pathFix(c: Case, sender: Side): string[] | null {
  if (neverArrived(c.facts, sender) === null && unreachedRequest(c) === null) return null
  return [
    `${PATH_FIX} ${actor(c, sender)} sends does not get through (loss, or a path MTU below its segments: ping -M do -s 1472)`,
  ]
}
