/**
 * `npm run tshark-truth`: writes captures/<scenario>/tshark.tsv (and one for each capture of a pair), what tshark says of each TCP
 * stream: its first frame, and the frame, flag and sender of its first FIN or RST. The tests compare our answers with these files and
 * need no tshark themselves.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { besideCapture, capturePath, labelledCaptures, labelledPairs } from './score-captures.js'

interface Stream {
  readonly first: string
  readonly frames: number
  readonly close: string
}

const FIELDS = [
  'frame.number',
  'tcp.stream',
  'tcp.flags.fin',
  'tcp.flags.reset',
  'ip.src',
  'ipv6.src',
  'tcp.srcport',
  'icmp.type',
  'icmpv6.type',
]

function streamsOf(capture: string): Map<string, Stream> {
  const args = [
    '-n',
    '-r',
    capture,
    '-Y',
    'tcp',
    '-T',
    'fields',
    '-E',
    'occurrence=l',
    ...FIELDS.flatMap((field) => ['-e', field]),
  ]
  const streams = new Map<string, Stream>()
  for (const line of execFileSync('tshark', args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  }).split('\n')) {
    const [frame, stream, fin, reset, ip, ip6, port, icmp, icmp6] = line.split('\t')
    // A header quoted in an ICMP error is no segment of the flow.
    if (stream === undefined || stream === '' || icmp !== '' || icmp6 !== '') continue
    const flag = reset === '1' ? 'RST' : fin === '1' ? 'FIN' : ''
    const known = streams.get(stream)
    const close = known?.close || (flag === '' ? '' : `${flag}\t${frame}\t${ip !== '' ? ip : ip6}\t${port}`)
    streams.set(stream, { first: known?.first ?? frame, frames: (known?.frames ?? 0) + 1, close })
  }
  return streams
}

const root = process.argv[2] ?? 'captures'
for (const scenario of [...labelledCaptures(root), ...labelledPairs(root)]) {
  const rows = [...streamsOf(capturePath(root, scenario))]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([stream, { first, frames, close }]) => `${stream}\t${first}\t${frames}\t${close || '-\t-\t-\t-'}`)
  writeFileSync(
    besideCapture(root, scenario, 'tshark.tsv'),
    `stream\tfirstFrame\tframes\tflag\tframe\taddress\tport\n${rows.join('\n')}\n`,
  )
}
