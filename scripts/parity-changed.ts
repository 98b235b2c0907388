/**
 * `npm run parity:changed -- <folder> [--count 100] [--seed 1] [--kinds drop,repeat] [--found <folder>]`: takes captures of a folder, changes each at
 * random (packets lost, doubled, overtaken, cut, sent again later, bytes flipped), and asks the installed tshark (4.0) for streams and marks.
 * Files that are told otherwise are kept. Exit status 1 when there are any. It finds what no capture at hand shows.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { MARK_BITS } from '../src/flow/marks.js'
import { Random } from './fuzz/random.js'
import { observe } from './parity-observe.js'
import { REFERENCE_MARKS } from './parity-truth.js'

/** Larger captures take long and show little more. */
const LARGEST = 600_000
const FIELDS = ['frame.number', 'frame.protocols', 'tcp.stream', ...REFERENCE_MARKS.map((mark) => `tcp.analysis.${mark}`)] // prettier-ignore

/** A record of a classic pcap file: its header of 16 bytes (little endian), and the frame. */
interface Packet {
  readonly head: Uint8Array
  readonly bytes: Uint8Array
}

const KINDS: Readonly<Record<string, (packets: Packet[], random: Random) => Packet[]>> = {
  drop: (packets, random) => packets.filter(() => random.below(50) > 0),
  double: (packets, random) =>
    packets.flatMap((packet) => (random.below(40) > 0 ? [packet] : [packet, packet])),
  overtake: (packets, random) => {
    const mixed = [...packets]
    for (let i = 0; i + 1 < mixed.length; i++) {
      if (random.below(40) > 0) continue
      const [late] = mixed.splice(i, 1)
      if (late !== undefined) mixed.splice(i + 1 + random.below(4), 0, late)
    }
    // The clock goes on: times stay with their places.
    return mixed.map(({ bytes, head }, i) => ({ bytes, head: withTime(head, packets[i]?.head ?? head) }))
  },
  late: (packets, random) => packets.slice(random.below(packets.length)),
  repeat: (packets) => [...packets, ...packets],
  cut: (packets, random) =>
    packets.map(({ head, bytes }) =>
      sized(head, random.below(10) > 0 ? bytes : bytes.subarray(0, 1 + random.below(bytes.length))),
    ),
  flip: (packets, random) =>
    packets.map(({ head, bytes }) => {
      if (random.below(25) > 0) return { head, bytes }
      const flipped = bytes.slice()
      flipped[random.below(Math.min(bytes.length, 90))] = random.of([0, 1, 255, random.below(256)])
      return { head, bytes: flipped }
    }),
}

function withTime(head: Uint8Array, other: Uint8Array): Uint8Array {
  const both = head.slice()
  both.set(other.subarray(0, 8))
  return both
}

function sized(head: Uint8Array, bytes: Uint8Array): Packet {
  const other = head.slice()
  new DataView(other.buffer).setUint32(8, bytes.length, true)
  return { head: other, bytes }
}

function readPackets(file: Uint8Array): Packet[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  const packets: Packet[] = []
  for (let at = 24; at + 16 <= file.length;) {
    const end = at + 16 + view.getUint32(at + 8, true)
    if (end > file.length) break
    packets.push({ head: file.slice(at, at + 16), bytes: file.slice(at + 16, end) })
    at = end
  }
  return packets
}

/** First difference as text; null: the installed tshark says what we say. Counts the frames that were compared. */
async function difference(path: string, count: (frames: number) => void): Promise<string | null> {
  const args = ['-r', path, '-n', '-Y', 'tcp', '-T', 'fields', '-E', 'occurrence=l', ...FIELDS.flatMap((field) => ['-e', field])] // prettier-ignore
  const text = execFileSync('tshark', args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 2 ** 28,
  }).toString()
  const rows = text.split('\n').slice(0, -1).map((line) => line.split('\t')) // prettier-ignore
  const segments = rows.filter(
    ([, protocols, stream]) => stream !== '' && !/:icmp(v6)?:.*tcp/.test(protocols ?? ''),
  )
  count(segments.length)
  const seen = segments.length === 0 ? null : await observe(path, '4.0')
  for (const [frame, , stream, ...marks] of segments) {
    const ours = seen?.frames.get(Number(frame))
    const theirs = REFERENCE_MARKS.reduce((sum, mark, n) => (marks[n] ? sum | MARK_BITS[mark] : sum), 0)
    if (ours?.stream === Number(stream) && ours.marks === theirs) continue
    const told = (bits: number): string => REFERENCE_MARKS.filter((mark) => bits & MARK_BITS[mark]).join(',')
    const we = ours === undefined ? 'no segment' : `stream ${ours.stream} ${told(ours.marks)}`
    return `frame ${frame}: ${we}; tshark: stream ${stream} ${told(theirs)}`
  }
  return null
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    kinds: { type: 'string', default: Object.keys(KINDS).join(',') },
    found: { type: 'string', default: 'parity-found' },
  },
})
const folder = positionals[0]
if (folder === undefined) {
  console.error(
    'npm run parity:changed -- <folder> [--count 100] [--seed 1] [--kinds drop,repeat] [--found <folder>]',
  )
  process.exit(2)
}
const random = new Random(Number(values.seed))
const work = mkdtempSync(join(tmpdir(), 'pcap-why-'))
const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && !/\.(md|tsv)$/.test(entry.name)) // prettier-ignore
let [captures, frames, wrong] = [0, 0, 0]
for (let n = 0; n < Number(values.count); n++) {
  const { name } = random.of(names)
  const kind = random.of(values.kinds.split(','))
  const [plain, changed] = [join(work, 'plain.pcap'), join(work, 'changed.pcap')]
  try {
    execFileSync('editcap', ['-F', 'nsecpcap', join(folder, name), plain], { stdio: 'ignore' })
  } catch {
    continue // Several link types, or no capture that it reads.
  }
  const file = new Uint8Array(readFileSync(plain))
  if (file.length > LARGEST) continue
  const packets = (KINDS[kind] ?? ((same) => same))(readPackets(file), random)
  writeFileSync(
    changed,
    Buffer.concat([file.subarray(0, 24), ...packets.flatMap(({ head, bytes }) => [head, bytes])]),
  )
  const told = await difference(changed, (more) => (frames += more)).catch((error: unknown) => String(error))
  captures++
  if (told === null) continue
  wrong++
  mkdirSync(values.found, { recursive: true })
  writeFileSync(join(values.found, `${kind}-${basename(name)}`), readFileSync(changed))
  console.log(`${kind} ${name}: ${told}`)
}
rmSync(work, { recursive: true })
console.log(`${captures} changed captures, ${frames} segments, ${wrong} captures told otherwise`)
process.exitCode = wrong > 0 ? 1 : 0
