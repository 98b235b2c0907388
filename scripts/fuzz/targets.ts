/** What is fuzzed: each target takes any bytes and must come back, with nothing but CaptureError. */
import { analyze } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import { ladderText } from '../../src/diagram/ladder-text.js'
import { mermaidLadder } from '../../src/diagram/mermaid.js'
import { CaptureError } from '../../src/errors.js'
import { Conversations } from '../../src/exchange/conversations.js'
import { reportJson } from '../../src/report/json.js'
import { markdownReport } from '../../src/report/markdown/markdown-report.js'
import { terminalReport } from '../../src/report/terminal.js'
import { wireCapture } from './wire.js'

/** Control characters that no output for people may hold, line breaks and tabs apart. */
// eslint-disable-next-line no-control-regex
const OBEYED = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/

export interface Target {
  readonly name: string
  readonly run: (bytes: Uint8Array) => Promise<void>
}

/** Everything that a user can get out of a capture, the drawing of pictures apart. */
async function everything(bytes: Uint8Array): Promise<void> {
  try {
    const report = await analyze([new MemorySource(bytes, 'fuzz.pcap')], { all: true, overview: true })
    JSON.parse([...reportJson(report, { ladder: true })].join(''))
    const look = { width: 100, utf8: true, colour: false } as const
    const shown = [
      ...(await terminalReport(report, { ...look }, { quiet: false, all: true })),
      markdownReport(report),
      ...report.flows
        .slice(0, 3)
        .flatMap(({ stream, ladder }) =>
          ladder.length === 0
            ? []
            : [ladderText(report, stream, { width: 100 }), mermaidLadder(report, stream)],
        ),
    ].join('\n')
    const found = OBEYED.exec(shown)
    if (found !== null) throw new Error(`an output holds ${JSON.stringify(found[0])}`)
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error
    if (error.message.includes('\n')) throw new Error('a message has two lines', { cause: error })
  }
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
  { name: 'payload', run: payload },
]
