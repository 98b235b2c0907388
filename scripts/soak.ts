/**
 * `npm run soak`: a day of traffic through a pipe, replayed as fast as it goes, to see that memory stays flat: a small capture again and
 * again, each time later and with other sequence numbers. Prints the resident memory as it goes on; exit status 1 when it has grown.
 * Build first (`npm run build`). Linux: memory is read from /proc.
 *
 *   --hours N       hours of traffic (24)
 *   --capture PATH  what is replayed: pcap, little-endian, LINUX_SLL2 or EN10MB (captures/incident-502/capture.pcap)
 *   --slow N        the reader of the output waits N ms after each block it reads (0)
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Replay } from './soak/replay.js'

const { values: options } = parseArgs({
  options: {
    hours: { type: 'string', default: '24' },
    capture: { type: 'string', default: 'captures/incident-502/capture.pcap' },
    slow: { type: 'string', default: '0' },
  },
})

/** Memory may differ by this much between the first quarter of the run and its end: the heap is not swept at every moment. */
const LARGER_BY = 1.25
const AND_BY_MB = 16
const SAMPLES = 24

const root = fileURLToPath(new URL('..', import.meta.url))
const replay = new Replay(readFileSync(options.capture))
const rounds = Math.max(1, Math.ceil((Number(options.hours) * 3600) / replay.seconds))

function residentMb(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(line?.[1] ?? 0) / 1024
}

const child = spawn(process.execPath, [`${root}bin/pcap-why.js`, '-', '--ndjson'], {
  stdio: ['pipe', 'pipe', 'inherit'],
})
let lines = 0
let summary = ''
child.stdout.on('data', (block: Buffer) => {
  for (const byte of block) if (byte === 10) lines++
  summary = (summary + block.toString('latin1')).slice(-200_000)
  if (Number(options.slow) === 0) return
  child.stdout.pause()
  setTimeout(() => child.stdout.resume(), Number(options.slow))
})

async function send(bytes: Uint8Array): Promise<void> {
  if (!child.stdin.write(bytes)) await once(child.stdin, 'drain')
}

const samples: number[] = []
const begun = performance.now()
await send(replay.header)
for (let round = 0; round < rounds; round++) {
  await send(replay.round(round))
  if (round % Math.ceil(rounds / SAMPLES) !== 0 || child.pid === undefined) continue
  samples.push(residentMb(child.pid))
  const frames = ((round + 1) * replay.frames) / 1e6
  const hours = ((round + 1) * replay.seconds) / 3600
  console.log(
    `${hours.toFixed(1).padStart(6)} h  ${frames.toFixed(2).padStart(7)} M frames  ${samples[samples.length - 1].toFixed(0).padStart(5)} MB  ${lines} lines`,
  )
}
child.stdin.end()
const [status] = (await once(child, 'close')) as [number]
const early = Math.max(...samples.slice(0, Math.ceil(samples.length / 4)))
const late = Math.max(...samples.slice(Math.floor((samples.length * 3) / 4)))
const flat = late <= early * LARGER_BY + AND_BY_MB
const last = summary.trimEnd().split('\n').at(-1) ?? ''
const { flows } = (last === '' ? {} : JSON.parse(last)) as { flows?: number }
console.log(
  `${rounds} rounds, ${((rounds * replay.frames) / 1e6).toFixed(2)} M frames, ${flows ?? '?'} flows, ${lines} lines in ${((performance.now() - begun) / 1000).toFixed(0)} s`,
)
console.log(
  `${early.toFixed(0)} MB in the first quarter, ${late.toFixed(0)} MB in the last: ${flat ? 'flat' : 'it grows'}`,
)
process.exitCode = flat && status === 0 && flows !== undefined ? 0 : 1
