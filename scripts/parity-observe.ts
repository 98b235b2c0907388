/** What we see in a capture, in the shape that the references have. */
import { openSource } from '../src/capture/file-source.js'
import { readCaptures } from '../src/capture/read-captures.js'
import type { AddressTable } from '../src/decode/addresses.js'
import type { FlowStore } from '../src/flow/flow-store.js'
import { SegmentMarks } from '../src/flow/segment-marks.js'
import { FlowTracker } from '../src/flow/tracker.js'
import type { WiresharkRules } from '../src/flow/wireshark-rules.js'

/** Stream and marks of one frame: those of its innermost header. */
export interface FrameSeen {
  readonly stream: number
  readonly marks: number
}

export interface Observation {
  readonly frames: ReadonlyMap<number, FrameSeen>
  readonly store: FlowStore
  readonly addresses: AddressTable
}

/** Follows a capture as the references do: copies of packets are taken for segments. Throws CaptureError. */
export async function observe(path: string, rules: WiresharkRules): Promise<Observation> {
  const frames = new Map<number, FrameSeen>()
  const marker = new SegmentMarks(rules)
  const tracker = new FlowTracker({ payload: () => false, gap: () => {} }, 1, {
    rules,
    keepCopies: true,
    watcher: {
      segment: (batch, row, flow, side, reused) => {
        const marks = marker.mark(batch, row, flow, side, reused)
        frames.set(batch.frame[row], { stream: flow, marks })
      },
    },
  })
  const read = await readCaptures([openSource(path)], (batch, from, to, capture) =>
    tracker.process(batch, from, to, capture),
  )
  tracker.finish()
  return { frames, store: tracker.store, addresses: read.addresses }
}

/** `address:port` of a flow's side, as in the corpus. */
export function endOf(seen: Observation, flow: number, side: number): string {
  const { flows } = seen.store
  const family = flows.family[flow] === 6 ? 6 : 4
  const text = seen.addresses.text(family, side === 0 ? flows.address0[flow] : flows.address1[flow])
  const port = side === 0 ? flows.port0[flow] : flows.port1[flow]
  return family === 6 ? `[${text}]:${port}` : `${text}:${port}`
}
