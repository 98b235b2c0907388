/**
 * `npx tsx scripts/flow-speed.ts [frames]`: how fast connections are followed, without and with marks, on a capture made up in memory:
 * 10,000 HTTP-like connections at a time, interleaved, 600-byte segments, an ACK for every second one, one retransmission in 200.
 */
import { MemorySource } from '../src/capture/memory-source.js'
import { readCaptures } from '../src/capture/read-captures.js'
import { SegmentMarks } from '../src/flow/segment-marks.js'
import { FlowTracker } from '../src/flow/tracker.js'
import { listSegments } from '../src/segments/list-segments.js'

const FRAMES = Number(process.argv[2] ?? 3_000_000)
const FLOWS_AT_A_TIME = 10_000
const SEGMENTS_PER_FLOW = 60
const PAYLOAD = 546
const HEADERS = 14 + 20 + 20
const CAPTURED = HEADERS + 32

/** A pcap file of `frames` frames, cut to the headers and some payload. */
function madeUpCapture(frames: number): Uint8Array {
  const bytes = new Uint8Array(24 + frames * (16 + CAPTURED))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0xa1b2c3d4)
  view.setUint16(4, 2)
  view.setUint16(6, 4)
  view.setUint32(16, 65535)
  view.setUint32(20, 1)
  for (let n = 0; n < frames; n++) writeFrame(bytes, view, 24 + n * (16 + CAPTURED), n)
  return bytes
}

function writeFrame(bytes: Uint8Array, view: DataView, at: number, n: number): void {
  const round = Math.floor(n / FLOWS_AT_A_TIME)
  const step = round % SEGMENTS_PER_FLOW
  const flow = (n % FLOWS_AT_A_TIME) + Math.floor(round / SEGMENTS_PER_FLOW) * FLOWS_AT_A_TIME
  const last = SEGMENTS_PER_FLOW - 1
  const fromClient =
    step === 0 || step === 2 || step === 3 || (step > 3 && step % 3 === 0) || step === last - 1
  const payload = step > 2 && step < last - 2 && (step === 3 || !fromClient) ? PAYLOAD : 0
  const repeated = step % 200 === 7 ? PAYLOAD : 0
  const flags =
    step === 0 ? 2 : step === 1 ? 0x12 : step >= last - 2 && step < last ? 0x11 : payload ? 0x18 : 0x10
  const serverSegments = step <= 4 ? 0 : step - 4 - Math.floor(step / 3) + 1
  const [clientSeq, serverSeq] = [
    flow * 7919 + (step > 3 ? 1 + PAYLOAD : step > 0 ? 1 : 0),
    flow * 104_729 + (step > 1 ? 1 : 0),
  ]
  const sent = serverSeq + serverSegments * PAYLOAD - repeated
  const wire = HEADERS + payload
  view.setUint32(at, 1_700_000_000 + Math.floor(n / 500_000))
  view.setUint32(at + 4, (n * 2) % 1_000_000)
  // Records are of one size: what a short frame leaves free counts as padding.
  view.setUint32(at + 8, CAPTURED)
  view.setUint32(at + 12, Math.max(wire, CAPTURED))
  const ip = at + 16 + 14
  view.setUint16(ip - 2, 0x0800)
  bytes[ip] = 0x45
  view.setUint16(ip + 2, 40 + payload)
  view.setUint16(ip + 4, n & 0xffff)
  bytes[ip + 8] = 64
  bytes[ip + 9] = 6
  const [client, server] = [0x0a000000 + (flow % 50_000), 0xac100001 + (flow % 7)]
  view.setUint32(ip + 12, fromClient ? client : server)
  view.setUint32(ip + 16, fromClient ? server : client)
  const [clientPort, serverPort] = [32_768 + (flow % 28_000), 80]
  view.setUint16(ip + 20, fromClient ? clientPort : serverPort)
  view.setUint16(ip + 22, fromClient ? serverPort : clientPort)
  view.setUint32(ip + 24, fromClient ? clientSeq : sent)
  view.setUint32(ip + 28, step === 0 ? 0 : fromClient ? sent : clientSeq)
  view.setUint16(ip + 32, 0x5000 | flags)
  view.setUint16(ip + 34, 501)
}

async function time(what: string, run: () => Promise<void>): Promise<void> {
  const started = performance.now()
  await run()
  const seconds = (performance.now() - started) / 1000
  console.log(`${what.padEnd(36)} ${seconds.toFixed(2)} s  ${(FRAMES / seconds / 1e6).toFixed(2)} M frames/s`)
}

const capture = madeUpCapture(FRAMES)
const sink = { payload: () => false, gap: () => {} }
for (let round = 0; round < 2; round++) {
  await time('reading and decoding', async () => {
    await readCaptures([new MemorySource(capture)], () => {})
  })
  await time('and following connections', async () => {
    const tracker = new FlowTracker(sink, 1)
    await readCaptures([new MemorySource(capture)], (batch, from, to, capture) =>
      tracker.process(batch, from, to, capture),
    )
    tracker.finish()
  })
  await time('and marks', async () => {
    const marks = new SegmentMarks()
    const tracker = new FlowTracker(sink, 1, {
      watcher: {
        segment: (batch, row, flow, side, reused, copy) =>
          void (copy || marks.mark(batch, row, flow, side, reused)),
      },
    })
    await readCaptures([new MemorySource(capture)], (batch, from, to, capture) =>
      tracker.process(batch, from, to, capture),
    )
    tracker.finish()
  })
  await time('segments, as text', async () => {
    let characters = 0
    await listSegments([new MemorySource(capture)], (lines) => void (characters += lines.length))
    if (characters < FRAMES * 20) throw new Error('lines are missing')
  })
}
