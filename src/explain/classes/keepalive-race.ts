import { answered, FLOW, request } from '../ladder.js'
import type { ClassPage } from '../page.js'

const UVICORN = 'Server: uvicorn\\r\\n'

/** A request met the close of an idle connection. */
export const keepaliveRacePage: ClassPage = {
  code: 'keepalive-race',
  title: 'keep-alive race',
  meaning:
    'A request on a reused connection got no byte of a response because the server had decided to close the idle connection in that very moment.',
  variants: [
    {
      name: 'fin-crossing',
      meaning:
        'FIN and request crossed: the FIN acknowledges no byte of the request, so the server never read it. A retry is safe, even of a POST.',
      example: `${FLOW}
${answered()}
+5.000 a < F.
a > P. ${request('/next')} unseen
a < R
a > F.
a < R`,
    },
    {
      name: 'rst-crossing',
      meaning: 'The same with a RST in place of the FIN.',
      example: `${FLOW}
${answered()}
+5.000 a < R.
a > P. ${request('/next')} unseen
a < R`,
    },
    {
      name: 'in-buffer',
      meaning:
        'The kernel of the server had accepted the request; the program closed without reading it, at the moment of its keep-alive timer. Probably unread.',
      example: `${FLOW}
${answered('a', '0.0', UVICORN)}
+4.999 a > P. ${request('/next')}
a < .
+0.001 a < R.`,
    },
    {
      name: 'stale-reuse',
      meaning:
        'The client’s own host had acknowledged the FIN long before the request was sent: no race on the wire, the client did not look.',
      example: `${FLOW}
${answered()}
+5.000 a < F.
a > .
+0.025 a > P. ${request('/next')}
a < R`,
    },
    {
      name: 'announced-close',
      meaning:
        'The response before had said Connection: close; what the client sent behind it, pipelined or later, got no answer. The server acts on no such request (RFC 9112, 9.6).',
      example: `${FLOW}
a > S
a < S.
a > .
a > P. ${request('/one')}
a > P. ${request('/two')}
a < .
+0.010 a < P. 'HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: 2\\r\\n\\r\\nok'
a < F.
a > F.
a < .`,
    },
  ],
  why: 'The server’s keep-alive timeout is not longer than the idle timeout of the pool that reuses its connections. Sooner or later a request is sent within the one trip that the FIN needs.',
  confirm: [
    {
      by: 'filter',
      what: 'tcp.stream == N && (tcp.flags.fin == 1 || tcp.flags.reset == 1 || http.request)',
      shows:
        'the FIN’s tcp.ack is not above the tcp.seq of the request: it was sent before the request arrived',
    },
    {
      by: 'log',
      what: 'nginx error log: upstream prematurely closed connection while reading response header from upstream',
      shows:
        'the same at the proxy, with 502 (HAProxy: SH, Envoy: UC); without a word if it sent the request again',
    },
    {
      by: 'command',
      what: 'pcap-why timers capture.pcap',
      shows: 'the keep-alive timers of both sides of the leg and whether their order is safe',
    },
  ],
  notThis: [
    {
      code: 'server-abort',
      tell: 'it was the first request of the connection, or the close acknowledges the request',
    },
    { code: 'idle-timeout', tell: 'no request was on its way' },
    {
      code: 'half-open-zombie',
      tell: 'the server never sent a FIN: it, or a box before it, forgot the connection',
    },
  ],
  fix: [
    'let the side that reuses connections close idle ones first: its pool’s idle timeout shorter than the server’s keep-alive timeout',
    'nginx towards uvicorn: keepalive_timeout 4s; in the upstream block, or uvicorn --timeout-keep-alive 75',
    'let the client send a request again when the connection closed before any byte of a response',
  ],
  sources: [
    'RFC 9112, 9.3.1 Retrying Requests, 9.5 Failures and Timeouts and 9.6 Tear-down',
    'RFC 9293, 3.6 Closing a Connection',
  ],
}
