import { readCaptures } from './capture/read-captures.js'
import { RunClock } from './capture/run-clock.js'
import type { ByteSource } from './capture/source.js'
import { MARK_BITS, marksText } from './flow/marks.js'
import { SegmentMarks } from './flow/segment-marks.js'
import { SegmentSides } from './flow/segment-sides.js'
import type { SegmentWatcher } from './flow/segment-watcher.js'
import { FlowTracker } from './flow/tracker.js'
import type { WiresharkRules } from './flow/wireshark-rules.js'

/** Names of the columns of a segment's line. */
export const SEGMENT_COLUMNS = [
  ...['frame', 'time', 'stream', 'side', 'flags', 'seq', 'ack', 'payload', 'window', 'marks'],
] as const

export interface ListSegmentsOptions {
  /** Whose rules number streams and set marks; by default those of today's Wireshark. */
  readonly rules?: WiresharkRules
  readonly onProgress?: (bytesRead: number, totalBytes: number | null) => void
  readonly signal?: { readonly aborted: boolean }
}

/** tcpdump's letters for the flag bits, from the lowest on; the ninth is the accurate-ECN bit. */
const FLAG_LETTERS = ['F', 'S', 'R', 'P', '.', 'U', 'E', 'W', 'e']
const FLAG_TEXTS = Array.from(
  { length: 512 },
  (_, bits) => FLAG_LETTERS.filter((_letter, bit) => bits & (1 << bit)).join('') || 'none',
)
const DUPLICATE = marksText(MARK_BITS.duplicate_capture)

/**
 * Lists every TCP segment of the captures as a line of tab-separated text, in the order they were recorded, with a first line that
 * names the columns. `onLines` gets whole lines, and no more of them at a time than one read of a source brings.
 * Throws CaptureError when a capture can't be read.
 */
export async function listSegments(
  sources: readonly ByteSource[],
  onLines: (text: string) => void,
  options: ListSegmentsOptions = {},
): Promise<void> {
  const clock = new RunClock()
  const lines = new SegmentLines(clock, options.rules)
  const sink = { payload: () => false, gap: () => {} }
  const seed = globalThis.crypto.getRandomValues(new Uint32Array(1))[0]
  const tracker = new FlowTracker(sink, seed, {
    watcher: lines,
    ...(options.rules && { rules: options.rules }),
  })
  onLines(`${SEGMENT_COLUMNS.join('\t')}\n`)
  await readCaptures(
    sources,
    (batch, from, to, capture) => {
      tracker.process(batch, from, to, capture)
      onLines(lines.take())
    },
    {
      clock,
      ...(options.onProgress && { onProgress: options.onProgress }),
      ...(options.signal && { signal: options.signal }),
    },
  )
}

/** Writes a line for each segment that the tracker sees. */
class SegmentLines implements SegmentWatcher {
  private readonly marks: SegmentMarks
  private readonly sides = new SegmentSides()
  private text = ''
  /** The run's epoch: whole seconds since 1970, and nanoseconds. */
  private epochSeconds: number | null = null
  private epochNs = 0

  constructor(
    private readonly clock: RunClock,
    rules: WiresharkRules | undefined,
  ) {
    this.marks = new SegmentMarks(rules)
  }

  segment(...[batch, row, flow, side, reused, copy]: Parameters<SegmentWatcher['segment']>): void {
    const client = this.sides.isClient(batch, row, flow, side)
    const marks = copy ? DUPLICATE : marksText(this.marks.mark(batch, row, flow, side, reused))
    this.text += `${batch.frame[row]}\t${this.time(batch.timeNs[row])}\t${flow}\t${client ? 'client' : 'server'}\t${
      FLAG_TEXTS[batch.flags[row] & 0x1ff]
    }\t${batch.seq[row]}\t${batch.ack[row]}\t${batch.payloadLength[row]}\t${batch.window[row]}\t${marks}\n`
  }

  /** The lines since the last call. */
  take(): string {
    const { text } = this
    this.text = ''
    return text
  }

  /** Seconds since 1970 with nine decimals; more than 104 days from the run's first frame they are exact to the microsecond only. */
  private time(timeNs: number): string {
    if (this.epochSeconds === null) {
      this.epochSeconds = Number(this.clock.epochNs / 1_000_000_000n)
      this.epochNs = Number(this.clock.epochNs % 1_000_000_000n)
    }
    const sinceEpochSecond = this.epochNs + timeNs
    const seconds = Math.floor(sinceEpochSecond / 1e9)
    let rest = Math.round(sinceEpochSecond - seconds * 1e9)
    if (Math.abs(timeNs) > Number.MAX_SAFE_INTEGER)
      rest = Math.min(Math.round(rest / 1000) * 1000, 999_999_000)
    return `${this.epochSeconds + seconds}.${String(rest).padStart(9, '0')}`
  }
}
