import { handshakeAlert, handshakeRuling } from '../handshake-alert.js'
import { check, type Case, type Reading } from '../verdict-rule.js'

/** The server ended the TLS handshake with an alert. */
export function serverBrokeHandshake(c: Case): Reading {
  const alert = handshakeAlert(c)
  const held = alert?.by === 'server' ? alert : null
  return {
    variant: 'tls-handshake',
    checks: [
      check(
        'a TLS handshake was broken off',
        alert !== null,
        'no TLS handshake was broken off with an alert',
      ),
      check('the server broke it off', held !== null, 'the other end broke off the TLS handshake'),
    ],
    ruling: () => handshakeRuling(c, held ?? { by: 'server', description: null, frame: 0, ns: 0 }),
  }
}
