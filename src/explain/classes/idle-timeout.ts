import { answered, FLOW, opened, request } from '../ladder.js'
import type { ClassPage } from '../page.js'

/** One side closed because a timer ran out. */
export const idleTimeoutPage: ClassPage = {
  code: 'idle-timeout',
  title: 'idle-timeout cut',
  meaning:
    'One side closed the connection because a timer of its own ran out: it had waited too long for a request, for a response, for more of either, or for the peer to read.',
  variants: [
    {
      name: null,
      meaning: 'A proxy gives up on a request after its read timeout.',
      example: `${FLOW}
${opened()}
a > P. 'GET /slow HTTP/1.0\\r\\nHost: shop.test\\r\\nConnection: close\\r\\n\\r\\n'
a < .
+60.000 a > F.
a < F.
a > .`,
    },
    {
      name: null,
      meaning:
        'A server closes a pooled connection of a proxy after its keep-alive timeout: harmless here, latent, for a request that is sent in that moment is lost.',
      example: `${FLOW}
${answered('a', '0.0', '', 'X-Forwarded-For: 10.0.0.1\\r\\n')}
+5.001 a < F.
a > F.
a < .`,
    },
    {
      name: null,
      meaning: 'A server closes a connection on which no request ever came.',
      example: `${FLOW}
${opened()}
+60.000 a < F.
a > F.
a < .`,
    },
    {
      name: null,
      meaning: 'An idle WebSocket is cut: neither end had sent anything for as long as the proxy allows.',
      example: `${FLOW}
${opened()}
a > P. ${request('/live', 'Connection: Upgrade\\r\\nUpgrade: websocket\\r\\n')}
a < P. 'HTTP/1.1 101 Switching Protocols\\r\\nServer: nginx\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n\\r\\n'
+0.1 a < P. 'x'
a > .
+60.000 a < F.
a > F.
a < .`,
    },
  ],
  why: 'Servers, proxies, load balancers and client libraries all run timers, each by phase: for the head of a request, its body, the response, idleness between requests, a reader that does not read. The one with the smallest value acts first, whatever the others are set to.',
  confirm: [
    {
      by: 'filter',
      what: 'tcp.stream == N && (tcp.len > 0 || tcp.flags.fin == 1 || tcp.flags.reset == 1)',
      shows: 'the last payload and the close; tcp.time_delta of the close is the timer',
    },
    {
      by: 'filter',
      what: 'tcp.flags.fin == 1 && tcp.time_delta > 1',
      shows: 'other closes after a silence: one timer gives the same length again and again',
    },
    {
      by: 'log',
      what: 'nginx error log: upstream timed out (110: Connection timed out) while reading response header from upstream',
      shows:
        'nginx was the side that gave up; its client got 504 (HAProxy: termination state sH, Envoy: flag UT)',
    },
    {
      by: 'command',
      what: 'pcap-why timers capture.pcap',
      shows: 'the timers of each host and how steadily they fire',
    },
  ],
  notThis: [
    {
      code: 'client-abort',
      tell: 'the client behind the proxy left first; then the upstream close follows it within milliseconds',
    },
    {
      code: 'server-abort',
      tell: 'no other flow ended after the same time, no default of the closer fits, and the server still owed a response',
    },
    {
      code: 'shutdown',
      tell: 'many connections closed in one moment after silences of very different length',
    },
    { code: 'keepalive-race', tell: 'a request met the close' },
  ],
  fix: [
    'make the timer that fired longer than the longest wait that is legitimate, in every hop that has one',
    'or shorten the wait: answer faster, stream, send a comment or ping more often than the timer',
    'on pooled connections let the side that reuses them give up first',
  ],
  sources: ['pcap-why explain <setting>: each setting names the source of its default and behaviour'],
}
