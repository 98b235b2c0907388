import { MemorySource } from '../../src/capture/memory-source.js'
import { readCaptures } from '../../src/capture/read-captures.js'
import type { FlowStore } from '../../src/flow/flow-store.js'
import { historyText } from '../../src/flow/history.js'
import { marksText } from '../../src/flow/marks.js'
import { SegmentMarks } from '../../src/flow/segment-marks.js'
import { FlowTracker } from '../../src/flow/tracker.js'
import type { TrackerOptions } from '../../src/flow/tracker-options.js'
import { connState } from '../../src/flow/conn-state.js'
import { ladder, type LadderOptions } from './ladder.js'

/** What following the connections of a capture has brought. */
export interface Tracked {
  readonly store: FlowStore
  /** Per segment in order: its stream. */
  readonly streams: number[]
  /** Per segment in order: its marks as text; `copy` for a copy. */
  readonly marks: string[]
  /** Payload of each side (flow * 2 + side) in order, a character a byte; a gap as `[length]`. */
  readonly delivered: string[]
  /** History and conn_state of a flow. */
  readonly zeek: (flow?: number) => string
}

/** Follows the connections of captures, given as ladder texts or as bytes. */
export async function tracked(
  captures: string | readonly (string | Uint8Array)[],
  options: LadderOptions & Pick<TrackerOptions, 'rules' | 'keepCopies' | 'closely'> = {},
): Promise<Tracked> {
  const streams: number[] = []
  const marks: string[] = []
  const delivered: string[] = []
  const add = (i: number, text: string): void => void (delivered[i] = (delivered[i] ?? '') + text)
  const marker = new SegmentMarks(options.rules)
  const tracker = new FlowTracker(
    {
      payload: (flow, side, bytes, at, captured, length) => {
        add(flow * 2 + side, String.fromCharCode(...bytes.subarray(at, at + Math.min(captured, length))))
        return false
      },
      gap: (flow, side, length) => add(flow * 2 + side, `[${length}]`),
    },
    7,
    {
      ...(options.rules && { rules: options.rules }),
      keepCopies: options.keepCopies === true,
      closely: options.closely === true,
      watcher: {
        segment: (batch, row, flow, side, reused, copy) => {
          streams.push(flow)
          marks.push(copy ? 'copy' : marksText(marker.mark(batch, row, flow, side, reused)))
        },
      },
    },
  )
  const texts = typeof captures === 'string' ? [captures] : captures
  const sources = texts.map(
    (text) => new MemorySource(typeof text === 'string' ? ladder(text, options) : text),
  )
  await readCaptures(sources, (batch, from, to, capture, vantage) =>
    tracker.process(batch, from, to, capture, vantage),
  )
  tracker.finish()
  const { store } = tracker
  const zeek = (flow = 0): string =>
    `${historyText(store.flows, flow)} ${connState(store.flows, store.zeekSides, flow)}`
  return { store, streams, marks, delivered, zeek }
}

/** A connection between two hosts, opened; more lines follow. */
export const OPEN = `
flow a 10.0.0.2:40000 > 10.0.0.3:80
0     a > S
+0.01 a < S.
+0.01 a > .
`
