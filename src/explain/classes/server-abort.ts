import { CLIENT_HELLO, FLOW, opened, request } from '../ladder.js'
import type { ClassPage } from '../page.js'

/** The server closed while it owed a response or the rest of one. */
export const serverAbortPage: ClassPage = {
  code: 'server-abort',
  title: 'server abort',
  meaning: 'The server closed while it owed a response or the rest of one, and no timer explains the moment.',
  variants: [
    {
      name: null,
      meaning: 'The server reset the connection with the request unread or unanswered.',
      example: `${FLOW}
${opened()}
a > P. ${request('/')}
a < .
+0.002 a < R.`,
    },
    {
      name: null,
      meaning: 'The server closed in the middle of a response: fewer bytes came than were announced.',
      example: `${FLOW}
${opened()}
a > P. ${request('/report')}
a < P. 'HTTP/1.1 200 OK\\r\\nContent-Length: 5000\\r\\n\\r\\nbegin'
a > .
+0.2 a < F.
a > F.
a < .`,
    },
    {
      name: 'tls-handshake',
      meaning:
        'The server broke off the TLS handshake with an alert (version, ciphers, name, certificate), or did not answer it with TLS at all.',
      example: `${FLOW}
${opened()}
a > P. ${CLIENT_HELLO}
a < P. '\\x15\\x03\\x03\\x00\\x02\\x02\\x28'
a < F.
a > F.
a < .`,
    },
  ],
  why: 'The worker crashed, was killed (out of memory, worker timeout, deploy), or an exception closed the socket before the response was whole.',
  confirm: [
    {
      by: 'filter',
      what: 'tcp.stream == N && (http || tcp.flags.fin == 1 || tcp.flags.reset == 1)',
      shows: 'the server’s FIN or RST with the response missing or short',
    },
    {
      by: 'log',
      what: 'nginx error log: upstream prematurely closed connection, or recv() failed (104: Connection reset by peer)',
      shows: 'the proxy saw the same; 502 (HAProxy: SH or SD, Envoy: UC)',
    },
    {
      by: 'command',
      what: 'journalctl -k --grep "Out of memory|segfault"',
      shows: 'on the server: why a worker died in that second',
    },
  ],
  notThis: [
    { code: 'idle-timeout', tell: 'other flows ended after the same time, or a setting of the server fits' },
    {
      code: 'keepalive-race',
      tell: 'the request came on a reused connection and the close does not acknowledge it',
    },
    { code: 'middlebox-reset', tell: 'the RST has another TTL or form than the server’s own segments' },
  ],
  fix: [
    'look in the server’s log at this second for a crash, a kill or an exception',
    'drain before stopping: finish what is being served, then close',
    'a close in the middle of an upload is often an early answer: read the request to its end before closing',
  ],
  sources: ['RFC 9112, 8 Handling Incomplete Messages and 9.6 Tear-down'],
}
