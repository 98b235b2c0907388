import { readCaptures } from '../capture/read-captures.js'
import { RunClock } from '../capture/run-clock.js'
import type { ByteSource } from '../capture/source.js'
import { FlowTracker } from '../flow/tracker.js'
import type { WiresharkRules } from '../flow/wireshark-rules.js'
import { SegmentLines } from './segment-lines.js'

/** Names of the columns of a segment's line. */
export const SEGMENT_COLUMNS = [
  ...['frame', 'time', 'stream', 'side', 'flags', 'seq', 'ack', 'payload', 'window', 'marks'],
] as const

/** What a caller may choose about the list. */
export interface ListSegmentsOptions {
  /** A last column `file`: the number of the source, from 1, in which the frame has its number. */
  readonly withFile?: boolean
  /** Whose rules number streams and set marks; by default those of today's Wireshark. */
  readonly rules?: WiresharkRules
  /** Told after each read: bytes of all sources so far, and in all (null: nobody knows). */
  readonly onProgress?: (bytesRead: number, totalBytes: number | null) => void
  /** Set to have the list end early. */
  readonly signal?: { readonly aborted: boolean }
}

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
    withoutLadder: true,
    ...(options.rules && { rules: options.rules }),
  })
  const columns = options.withFile === true ? [...SEGMENT_COLUMNS, 'file'] : SEGMENT_COLUMNS
  onLines(`${columns.join('\t')}\n`)
  await readCaptures(
    sources,
    (batch, from, to, capture, vantage) => {
      if (options.withFile === true) lines.fileIs(capture + 1)
      tracker.process(batch, from, to, capture, vantage)
      onLines(lines.take())
    },
    {
      clock,
      ...(options.onProgress && { onProgress: options.onProgress }),
      ...(options.signal && { signal: options.signal }),
    },
  )
}
