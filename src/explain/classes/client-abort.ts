import { CLIENT_HELLO, FLOW, opened, request, SERVER_HELLO } from '../ladder.js'
import type { ClassPage } from '../page.js'

/** The client closed while owed a response, or in the middle of its own request. */
export const clientAbortPage: ClassPage = {
  code: 'client-abort',
  title: 'client abort',
  meaning:
    'The client closed while it was owed a response or the rest of one, or in the middle of its own request.',
  variants: [
    {
      name: null,
      meaning: 'The client itself left: a user, a timeout of its library, a process that ended.',
      example: `${FLOW}
${opened()}
a > P. ${request('/slow')}
a < .
+2.345 a > R.`,
    },
    {
      name: 'propagated',
      meaning:
        'A proxy closed its upstream leg because its own client had left, or took nothing any more; the cause is that client’s flow.',
      example: `flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
${FLOW}
${opened('d')}
d > P. ${request('/slow', 'X-Request-Id: 7\\r\\n')}
d < .
+0.0005 a > S
a < S.
a > .
a > P. ${request('/slow', 'X-Request-Id: 7\\r\\n')}
a < .
3.0 d > F.
+0.00006 a > F.
d < F.
d > .`,
    },
    {
      name: 'tls-handshake',
      meaning:
        'The client broke off the TLS handshake with an alert: most often it does not accept the certificate.',
      example: `${FLOW}
${opened()}
a > P. ${CLIENT_HELLO}
a < P. ${SERVER_HELLO}
a > P. '\\x15\\x03\\x03\\x00\\x02\\x02\\x30'
a > F.
a < F.
a > .`,
    },
  ],
  why: 'The response took longer than somebody in front was willing to wait, or nobody wanted it any more.',
  confirm: [
    {
      by: 'filter',
      what: 'tcp.stream == N && (http || tcp.flags.fin == 1 || tcp.flags.reset == 1)',
      shows: 'the client’s FIN or RST before the response is whole',
    },
    {
      by: 'log',
      what: 'nginx access log: status 499; HAProxy: CH or CD; Envoy: flag DC',
      shows: 'the proxy saw its client leave',
    },
  ],
  notThis: [
    {
      code: 'idle-timeout',
      tell: 'the client is a proxy whose own timer ran out: it answers its client with a 504 in the same moment',
    },
    {
      code: 'clean',
      tell: 'a FIN only closed the client’s own direction and the whole response came afterwards; or a proxy only asked for a status about another request (nginx: auth_request)',
    },
  ],
  fix: [
    'find the first leg that ended: the one without a cause of its own',
    'make the response faster, or the timeout of whoever gave up longer than the longest legitimate response',
    'let the server notice: stop work that nobody waits for',
    'where the FIN was answered by a RST without ACK, no response would have come: find who dropped the connection without a word (HAProxy: silent-drop; a fail-over; a firewall that forgot it)',
  ],
  sources: [
    'RFC 9293, 3.6 Closing a Connection: half-closed connections',
    'nginx: ngx_http_request.h, NGX_HTTP_CLIENT_CLOSED_REQUEST (499)',
  ],
}
