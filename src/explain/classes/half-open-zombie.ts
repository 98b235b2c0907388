import { answered, FLOW, laterOn, opened, request } from '../ladder.js'
import type { ClassPage } from '../page.js'

/** One side is gone while the other still holds the connection. */
export const halfOpenZombiePage: ClassPage = {
  code: 'half-open-zombie',
  title: 'half-open zombie',
  meaning:
    'One side is gone or no longer takes part, while the other still holds the connection and its resources.',
  variants: [
    {
      name: 'vanished',
      meaning:
        'What one side sends is repeated and never answered: the peer’s host, or the path to it, is gone. Where that host answers other connections meanwhile, only this one is dead, and the report says so.',
      example: `${FLOW}
${answered()}
1.0 a > P. ${request('/next')}
1.2 a > P. again
1.6 a > P. again
2.4 a > P. again
4.0 a > P. again
7.2 a > P. again
${laterOn('30')}`,
    },
    {
      name: 'forgotten',
      meaning:
        'After a silence a RST without ACK answers a segment: the peer, or a NAT or firewall before it, has no such connection and never closed it.',
      example: `${FLOW}
${answered()}
+30 a > P. ${request('/next')}
a < R`,
    },
    {
      name: 'half-closed',
      meaning:
        'One side’s FIN is acknowledged with nothing owed, and the other never closes: its program leaks the socket (CLOSE_WAIT).',
      example: `${FLOW}
${answered()}
1.0 a > F.
a < .
${laterOn('61.1')}`,
    },
    {
      name: 'not-reading',
      meaning: 'A receive window went to zero and never opened again; only probes are sent.',
      example: `${FLOW}
${opened()}
a > P. ${request('/big')}
a < . 'HTTP/1.1 200 OK\\r\\nContent-Length: 9000\\r\\n\\r\\nx'
a < P. len 1400
a > . win 0
0.3 a < . probe
a > . win 0
0.9 a < . probe
a > . win 0
2.1 a < . probe
a > . win 0
${laterOn('6')}`,
    },
    {
      name: 'probed-dead',
      meaning: 'Keep-alive probes went unanswered and the prober gave up.',
      example: `${FLOW}
${answered()}
60 a > . probe
70 a > R.`,
    },
  ],
  why: 'Hosts lose power, containers are killed with their network, NATs and firewalls drop idle entries, programs forget to close. TCP says nothing by itself: without traffic or probes nobody notices.',
  confirm: [
    {
      by: 'filter',
      what: 'tcp.stream == N && (tcp.analysis.retransmission || tcp.analysis.keep_alive || tcp.analysis.zero_window || tcp.flags.reset == 1)',
      shows: 'the copies, probes or zero windows, and that nothing comes back',
    },
    {
      by: 'command',
      what: 'ss -tnoi state established',
      shows: 'on the holding host: timer:(on,…) with growing backoff',
    },
    { by: 'command', what: 'ss -tnp state close-wait', shows: 'half-closed: the program that leaks' },
  ],
  notThis: [
    {
      code: 'open',
      tell: 'merely silent until the end of the capture: nothing was sent that needed an answer',
    },
    { code: 'keepalive-race', tell: 'the server had sent its FIN before the RST' },
    { code: 'middlebox-reset', tell: 'the RST answers no segment' },
  ],
  fix: [
    'let TCP probe idle connections: nginx listen … so_keepalive=30s:10s:3, proxy_socket_keepalive on; HAProxy option clitcpka, option srvtcpka',
    'probe, or close, more often than the idle limit of every NAT and firewall on the path',
    'half-closed: close the socket when a read returns 0 bytes',
    'not reading: bound what the program queues, and give sending a timeout (nginx send_timeout with reset_timedout_connection on)',
  ],
  sources: [
    'RFC 9293, 3.5.1 Half-Open Connections and 3.8.4 Keep-Alives',
    'RFC 5382 (NAT behaviour for TCP), REQ-5',
  ],
}
