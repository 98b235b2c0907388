import { clean } from './classes/clean.js'
import { clientAbort } from './classes/client-abort.js'
import { connectTimeout } from './classes/connect-timeout.js'
import { halfOpenZombie } from './classes/half-open-zombie.js'
import { idleTimeout } from './classes/idle-timeout.js'
import { keepaliveRace } from './classes/keepalive-race.js'
import { middleboxReset } from './classes/middlebox-reset.js'
import { open } from './classes/open.js'
import { refused } from './classes/refused.js'
import { serverAbort } from './classes/server-abort.js'
import { shutdown } from './classes/shutdown.js'
import { unclassified } from './classes/unclassified.js'
import type { Rule } from './verdict-rule.js'

/**
 * All classes in order of precedence: the first whose checks all hold is the verdict. Provoked RSTs (zombie, race) come before
 * forged ones, whole-server events before single timers, timers before aborts, and what needs no explanation last.
 */
export const rules: readonly Rule[] = [
  refused,
  connectTimeout,
  keepaliveRace,
  halfOpenZombie,
  middleboxReset,
  shutdown,
  idleTimeout,
  clientAbort,
  clean,
  serverAbort,
  open,
  unclassified,
]
