import type { VerdictCase } from '../../helpers/verdict-of.js'
import { cases as clientAbort } from './client-abort.js'
import { connectTimeout, refused, unreachable } from './connecting.js'
import { cases as halfClose } from './half-close.js'
import { cases as halfOpenZombie } from './half-open-zombie.js'
import { cases as http2Ends } from './http2-ends.js'
import { cases as idleTimeout } from './idle-timeout.js'
import { cases as keepaliveRace } from './keepalive-race.js'
import { cases as middleboxReset } from './middlebox-reset.js'
import { cases as neverArrived } from './never-arrived.js'
import { clean, open, unclassified } from './quiet-ends.js'
import { cases as serverAbort } from './server-abort.js'
import { cases as shutdown } from './shutdown.js'
import { cases as tlsHandshake } from './tls-handshake.js'

/** Every ladder of the verdict tests: the ground on which the laws are tried. */
export const allCases: readonly VerdictCase[] = [
  ...refused,
  ...unreachable,
  ...connectTimeout,
  ...keepaliveRace,
  ...halfOpenZombie,
  ...middleboxReset,
  ...shutdown,
  ...idleTimeout,
  ...clientAbort,
  ...clean,
  ...serverAbort,
  ...open,
  ...unclassified,
  ...halfClose,
  ...http2Ends,
  ...tlsHandshake,
  ...neverArrived,
]
