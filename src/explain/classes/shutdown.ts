import { answered } from '../ladder.js'
import type { ClassPage } from '../page.js'

const flow = (name: string, port: number): string => `flow ${name} 10.0.0.2:${port} > 10.0.0.3:8000 ts`
const ends = (name: string, at: string): string => `${at} ${name} < F.\n${name} > F.\n${name} < .`

/** A server closed its idle connections in one moment. */
export const shutdownPage: ClassPage = {
  code: 'shutdown',
  title: 'shutdown',
  meaning:
    'A server closed several idle connections in one moment, after silences of different length: it was restarted or deployed.',
  variants: [
    {
      name: null,
      meaning: 'Three connections, idle for 5, 10 and 20 s, end within 20 ms.',
      example: `${flow('a', 40101)}
${answered('a', '0.0')}
${ends('a', '20.0')}
${flow('b', 40102)}
${answered('b', '10.0')}
${ends('b', '20.010')}
${flow('c', 40103)}
${answered('c', '15.0')}
${ends('c', '20.020')}`,
    },
  ],
  why: 'A process that ends closes all its sockets; a graceful one closes the idle ones at once and the others after their responses.',
  confirm: [
    {
      by: 'filter',
      what: 'tcp.srcport == <port> && tcp.flags.fin == 1',
      shows: 'a burst of FINs in one moment, and refused connections until the new process listens',
    },
    { by: 'command', what: 'journalctl -u <service> --since …', shows: 'the restart in that second' },
  ],
  notThis: [
    { code: 'idle-timeout', tell: 'all silences are equally long' },
    { code: 'server-abort', tell: 'a response was owed: such flows name the shutdown as their cause' },
  ],
  fix: [
    'take the server out of the balancer’s rotation before it stops, and let it drain',
    'let clients send a request again when an idle connection closed under it',
  ],
  sources: ['nginx: Controlling nginx, QUIT', 'HAProxy management guide: soft stop'],
}
