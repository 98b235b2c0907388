import { FLOW } from '../ladder.js'
import type { ClassPage } from '../page.js'

/** Nothing listens. */
export const refusedPage: ClassPage = {
  code: 'refused',
  title: 'connection refused',
  meaning:
    'A RST answered the SYN: nothing listens on that address and port, or a rule rejects it. Or an ICMP error did.',
  variants: [
    { name: null, meaning: 'SYN, then a RST that acknowledges it.', example: `${FLOW}\na > S\na < R.` },
    {
      name: 'unreachable',
      meaning:
        'An ICMP error quotes the SYN: a router has no way to the host, or a firewall rejects it (iptables REJECT does so unless told otherwise). connect() fails with “No route to host” or “Connection refused”.',
      example: `${FLOW}\na > S\na < icmp 3/1 from 10.9.9.9`,
    },
  ],
  why: 'The server is not started yet, has crashed, listens on another address (127.0.0.1 only), or a firewall rejects with a RST.',
  confirm: [
    {
      by: 'filter',
      what: 'tcp.flags.reset == 1 && tcp.flags.ack == 1 && tcp.seq_raw == 0',
      shows: 'the RST that answers a SYN',
    },
    { by: 'filter', what: 'icmp.type == 3 && tcp', shows: 'the ICMP error that quotes a SYN' },
    { by: 'command', what: 'ss -tlnp', shows: 'on the server: what listens, and on which address' },
    {
      by: 'log',
      what: 'nginx error log: connect() failed (111: Connection refused) while connecting to upstream',
      shows: 'the proxy met it; 502 (HAProxy: SC, Envoy: UF)',
    },
  ],
  notThis: [
    { code: 'connect-timeout', tell: 'nothing answered at all' },
    { code: 'clean', tell: 'the client reset it after a SYN-ACK: a health check or a scan' },
  ],
  fix: [
    'start the server, or let it listen on the address that is called (0.0.0.0, ::)',
    'let the balancer check health before it sends traffic',
  ],
  sources: ['RFC 9293, 3.10.7.1 CLOSED STATE'],
}
