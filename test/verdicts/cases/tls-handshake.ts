import { opens, type VerdictCase } from '../../helpers/verdict-of.js'
import { clientHello, join, record, serverHello } from '../../exchange/tls-words.js'

const written = (...parts: Uint8Array[]): string =>
  `'${[...join(...parts)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`
const alert = (level: number, description: number): string =>
  written(record(21, Uint8Array.of(level, description)))
const HELLO = `flow a 10.0.0.2:40122 > 10.0.0.3:443 ts
      ${opens('a')}
      a > P. ${written(clientHello('a.example', []))}
      a < .`

export const cases: readonly VerdictCase[] = [
  {
    name: 'the server breaks off the TLS handshake',
    ladder: `${HELLO}
      a < P. ${alert(2, 70)}
      a < F.
      a > F.
      a < .`,
    is: { a: 'server-abort/tls-handshake problem likely server awaiting-request' },
    says: /with the alert protocol_version \(70\)/,
  },
  {
    name: 'the client breaks off the TLS handshake',
    ladder: `${HELLO}
      a < P. ${written(serverHello(0x0303))}
      a > P. ${alert(2, 42)}
      a > R.`,
    is: { a: 'client-abort/tls-handshake problem likely client awaiting-request' },
    says: /with the alert bad_certificate \(42\)/,
  },
]
