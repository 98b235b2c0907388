import { FLOW, laterOn } from '../ladder.js'
import type { ClassPage } from '../page.js'

/** Nobody answers the SYN. */
export const connectTimeoutPage: ClassPage = {
  code: 'connect-timeout',
  title: 'connect timeout',
  meaning: 'The SYN was sent again and again and never answered.',
  variants: [
    {
      name: null,
      meaning: 'Linux repeats a SYN after 1, 3, 7, 15 … s; nothing comes back.',
      example: `${FLOW}
0.0 a > S
1.0 a > S again
3.0 a > S again
7.0 a > S again
${laterOn('12')}`,
    },
  ],
  why: 'The host is down, a firewall drops silently, the route is wrong, or the accept queue of the server is full.',
  confirm: [
    { by: 'filter', what: 'tcp.stream == N', shows: 'SYNs only, marked as retransmissions' },
    {
      by: 'command',
      what: 'nstat -az TcpExtListenDrops TcpExtListenOverflows',
      shows: 'on the server: a full accept queue',
    },
    {
      by: 'log',
      what: 'nginx error log: upstream timed out (110: Connection timed out) while connecting to upstream',
      shows: 'proxy_connect_timeout fired; 504 (HAProxy: sC, Envoy: UF)',
    },
  ],
  notThis: [
    { code: 'refused', tell: 'a RST came back' },
    { code: 'open', tell: 'the SYN is younger than 3 s at the end of the capture' },
  ],
  fix: [
    'find out what drops the packets: capture on the server; if the SYN arrives there, look at its firewall and listen queue',
    'give up sooner than the client does, so that another server can be tried: proxy_connect_timeout 3s;',
  ],
  sources: ['RFC 6298 and Linux net.ipv4.tcp_syn_retries'],
}
