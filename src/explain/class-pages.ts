import type { VerdictClass } from '../result.js'
import { cleanPage } from './classes/clean.js'
import { clientAbortPage } from './classes/client-abort.js'
import { connectTimeoutPage } from './classes/connect-timeout.js'
import { halfOpenZombiePage } from './classes/half-open-zombie.js'
import { idleTimeoutPage } from './classes/idle-timeout.js'
import { keepaliveRacePage } from './classes/keepalive-race.js'
import { middleboxResetPage } from './classes/middlebox-reset.js'
import { openPage } from './classes/open.js'
import { refusedPage } from './classes/refused.js'
import { serverAbortPage } from './classes/server-abort.js'
import { shutdownPage } from './classes/shutdown.js'
import { unclassifiedPage } from './classes/unclassified.js'
import type { ClassPage } from './page.js'

/** The page of every class word; the compiler asks for a new one with each new word. */
export const classPages: Readonly<Record<VerdictClass, ClassPage>> = {
  'idle-timeout': idleTimeoutPage,
  'keepalive-race': keepaliveRacePage,
  'half-open-zombie': halfOpenZombiePage,
  'client-abort': clientAbortPage,
  'server-abort': serverAbortPage,
  'middlebox-reset': middleboxResetPage,
  shutdown: shutdownPage,
  refused: refusedPage,
  'connect-timeout': connectTimeoutPage,
  clean: cleanPage,
  open: openPage,
  unclassified: unclassifiedPage,
}
