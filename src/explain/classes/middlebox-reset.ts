import { FLOW, opened, request } from '../ladder.js'
import type { ClassPage } from '../page.js'

/** Somebody on the path closed the connection in another's name. */
export const middleboxResetPage: ClassPage = {
  code: 'middlebox-reset',
  title: 'middlebox reset',
  meaning:
    'A RST that the host named as its sender did not send: a firewall, an intrusion prevention system or a load balancer made it.',
  variants: [
    {
      name: null,
      meaning: 'A RST that nothing provoked, with another TTL than its apparent sender’s other segments.',
      example: `${FLOW}
${opened()}
a > P. ${request('/word')}
a < .
+5 a < R ttl 60`,
    },
    {
      name: null,
      meaning:
        'RSTs to both ends at once, both with a foreign TTL: latent between requests, for the next one is lost.',
      example: `${FLOW}
${opened()}
a > P. ${request('/first')}
+0.001 a < P. 'HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok'
a > .
+300 a < R. ttl 60
a > R. ttl 60`,
    },
  ],
  why: 'Boxes on the path end connections by policy (a filtered word or host), by their idle limit, or when they lose state in a fail-over.',
  confirm: [
    {
      by: 'filter',
      what: 'tcp.stream == N && ip.src == <sender>',
      shows:
        'ip.ttl (ipv6.hlim) of the RST against that of the sender’s other segments, tcp.window_size_value and time stamps too',
    },
    {
      by: 'command',
      what: "tcpdump -ni any 'tcp[tcpflags] & tcp-rst != 0'",
      shows: 'run on the apparent sender: a forged RST never leaves it',
    },
  ],
  notThis: [
    { code: 'half-open-zombie', tell: 'the RST answers a segment that came just before (forgotten)' },
    { code: 'server-abort', tell: 'TTL, form and time stamps are those of the server' },
  ],
  fix: [
    'find the box: compare captures of both ends, then its log at that second',
    'for idle limits: keep-alive probes, or a pool that closes, sooner than the box does',
    'for filters: an exception, or TLS where a plain word was matched',
  ],
  sources: [
    'Weaver, Sommer, Paxson: Detecting Forged TCP Reset Packets (NDSS 2009)',
    'RFC 9293, 3.5.2 Reset Generation',
  ],
}
