import { answered, FLOW, opened, request, response } from '../ladder.js'
import type { ClassPage } from '../page.js'

/** An orderly end. */
export const cleanPage: ClassPage = {
  code: 'clean',
  title: 'clean',
  meaning:
    'An orderly end with nothing owed. A RST after a complete response is clean as well, with a remark.',
  variants: [
    {
      name: null,
      meaning: 'The client closes after its response.',
      example: `${FLOW}
${answered()}
+0.01 a > F.
a < F.
a > .`,
    },
    {
      name: null,
      meaning:
        'The client closes only its own direction, then receives the whole response: a half-close is no abort.',
      example: `${FLOW}
${opened()}
a > P. ${request('/slow')}
a > F.
+0.5 a < P. ${response()}
a < F.
a > .`,
    },
    {
      name: null,
      meaning: 'SYN, SYN-ACK, RST: a health check or a scan.',
      example: `${FLOW}\na > S\na < S.\na > R`,
    },
  ],
  why: 'Everything that was asked for was answered.',
  confirm: [
    {
      by: 'filter',
      what: 'tcp.stream == N && (http || tcp.flags.fin == 1 || tcp.flags.reset == 1)',
      shows: 'each request with its whole response before the first close',
    },
  ],
  notThis: [
    {
      code: 'client-abort',
      tell: 'the response was not whole when the client closed, and it did not take the rest',
    },
    { code: 'idle-timeout', tell: 'a silence of 1 s (server) or 4 s (client) or more lies before the close' },
  ],
  fix: ['nothing to fix'],
  sources: ['RFC 9293, 3.6 Closing a Connection'],
}
