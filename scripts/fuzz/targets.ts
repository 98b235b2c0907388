/** What is fuzzed: each target takes any bytes and must come back, with nothing but CaptureError. */
import { analyze } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import { drawFlow } from '../../src/diagram/sequence-diagram.js'
import { CaptureError } from '../../src/errors.js'
import { Conversations } from '../../src/exchange/conversations.js'
import type { Report } from '../../src/result.js'
import { listSegments } from '../../src/segments/list-segments.js'
import { verifyAll, writeAll } from './outputs.js'
import { wireCapture } from './wire.js'

export interface Target {
  readonly name: string
  readonly run: (bytes: Uint8Array) => Promise<void>
}

/** What `work` gives; null when it refused the capture in one line. */
async function orRefused<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error
    if (error.message.includes('\n')) throw new Error('a message has two lines', { cause: error })
    return null
  }
}

function reportOf(...captures: readonly Uint8Array[]): Promise<Report | null> {
  const sources = captures.map((bytes, index) => new MemorySource(bytes, `fuzz-${index}.pcap`))
  return orRefused(analyze(sources, { all: true, overview: true }))
}

async function everything(bytes: Uint8Array): Promise<void> {
  const report = await reportOf(bytes)
  if (report !== null) await writeAll(report)
  const lines: string[] = []
  const source = new MemorySource(bytes, 'fuzz.pcap')
  await orRefused(
    listSegments([source], (text) => lines.push(text), { rules: bytes.length % 2 ? '4.0' : '4.4' }),
  )
  const listed = lines.join('').split('\n').slice(0, -1)
  const columns = new Set(listed.map((line) => line.split('\t').length))
  if (listed.length > 0 && columns.size !== 1) throw new Error(`lines of ${[...columns].join()} columns`)
}

/** Two captures made of one script, read as two places of one run, and held against each other as before and after. */
async function pair(bytes: Uint8Array): Promise<void> {
  const [whole, half] = [wireCapture(bytes), wireCapture(bytes.subarray(0, bytes.length >> 1))]
  const together = await reportOf(whole, half)
  if (together !== null) await writeAll(together)
  const [before, fresh] = [await reportOf(half), await reportOf(whole)]
  if (before !== null && fresh !== null) verifyAll(before, fresh)
}

/** Pictures, of the first connections. */
async function picture(bytes: Uint8Array): Promise<void> {
  const report = await reportOf(wireCapture(bytes))
  if (report === null) return
  const drawn = new Map<number, Promise<string>>()
  await writeAll(report, (stream) => {
    if (drawn.size < 2 && !drawn.has(stream))
      drawn.set(stream, drawFlow(report, stream, { sequenceNumbers: true }))
    return drawn.get(stream) ?? Promise.resolve('<svg xmlns="http://www.w3.org/2000/svg"/>')
  })
}

/** Step sizes of `payload` with a meaning of their own; any other is a number of bytes. */
const LARGE = 126
const GAP = 127

/**
 * The payload of one connection without any packet around it. Each step is a byte (sender, and 7 bits of size) and its bytes; a gap is
 * as long as the byte after it says.
 */
function payload(bytes: Uint8Array): Promise<void> {
  const conversations = new Conversations()
  const next = [1000, 5000]
  for (let at = 0, frame = 1; at + 1 < bytes.length; frame++) {
    const control = bytes[at] ?? 0
    const side = control & 1
    const size = control >> 1
    const lost = size === GAP ? 1 + (bytes[at + 1] ?? 0) : 0
    const length = Math.min(size === LARGE ? 2000 : size, bytes.length - at - 1)
    const seq = next[side] ?? 0
    if (lost > 0) conversations.gap(0, side, lost)
    else if (length > 0)
      conversations.payload(0, side, bytes, at + 1, length, length, seq, frame, frame * 1e6)
    next[side] = (seq + (lost || length)) >>> 0
    at += 1 + (lost > 0 ? 1 : length)
  }
  conversations.of(0)
  return Promise.resolve()
}

export const TARGETS: readonly Target[] = [
  { name: 'capture', run: everything },
  { name: 'wire', run: (bytes) => everything(wireCapture(bytes)) },
  { name: 'pair', run: pair },
  { name: 'picture', run: picture },
  { name: 'payload', run: payload },
]
