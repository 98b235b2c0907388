import { FLOW } from '../ladder.js'
import type { ClassPage } from '../page.js'

/** Not enough was seen. */
export const unclassifiedPage: ClassPage = {
  code: 'unclassified',
  title: 'unclassified',
  meaning:
    'Not enough of the connection is in the capture to say why it ended; the report says what is missing. Never a guess.',
  variants: [{ name: null, meaning: 'Only a RST was seen.', example: `${FLOW}\na < R.` }],
  why: 'The capture began after everything but the close, shows one direction only, or the payload cannot be read.',
  confirm: [{ by: 'filter', what: 'tcp.stream == N', shows: 'what there is' }],
  notThis: [{ code: 'clean', tell: 'enough is there to see that nothing was owed' }],
  fix: [
    'capture from before the connections begin, both directions, whole packets: tcpdump -i any -s 0 -w out.pcap',
    'capture where the traffic is readable: behind the TLS termination',
  ],
  sources: ['pcap-why’s own rule: what is missing is said, nothing is guessed'],
}
