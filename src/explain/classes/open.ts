import { answered, FLOW, laterOn } from '../ladder.js'
import type { ClassPage } from '../page.js'

/** Still alive at the end of the capture. */
export const openPage: ClassPage = {
  code: 'open',
  title: 'open',
  meaning:
    'The connection was still alive, or may have been, when the capture ended. An unanswered request is told with its age.',
  variants: [
    {
      name: null,
      meaning: 'Idle between requests until the end.',
      example: `${FLOW}
${answered()}
${laterOn('30')}`,
    },
    { name: null, meaning: 'A SYN at the very end.', example: `${FLOW}\na > S` },
  ],
  why: 'The capture ended first.',
  confirm: [
    {
      by: 'filter',
      what: 'tcp.stream == N && (tcp.flags.fin == 1 || tcp.flags.reset == 1)',
      shows: 'nothing: no side closed',
    },
    { by: 'command', what: 'ss -tno', shows: 'on either host: whether it is still there' },
  ],
  notThis: [{ code: 'half-open-zombie', tell: 'segments or probes were repeated and nobody answered' }],
  fix: ['nothing to fix; capture for longer than the longest timer in question'],
  sources: ['RFC 9293, 3.3.2 State Machine Overview'],
}
