import { CopyDetector } from './duplicates.js'
import { FlowColumns } from './flow-columns.js'
import { FlowTable } from './flow-table.js'
import { Ladder } from './ladder.js'
import type { Reassembly } from './reassembly.js'
import { SideColumns } from './side-columns.js'

/** Receives payload in sequence order. The exchange floor implements it; the flow floor knows nothing of its meaning. */
export interface PayloadSink {
  /**
   * New payload of one side, in order. `length` is the length on the wire, of which `captured` bytes stand at `at`.
   * Returns whether a message (request or response) begins in it.
   */
  payload(
    flow: number,
    side: number,
    bytes: Uint8Array,
    at: number,
    captured: number,
    length: number,
    seq: number,
    frame: number,
    timeNs: number,
  ): boolean
  /** `length` bytes of the side's stream will never be seen. */
  gap(flow: number, side: number, length: number): void
}

/** All state of the flow floor. */
export class FlowStore {
  readonly flows = new FlowColumns()
  readonly sides = new SideColumns(1024)
  readonly ladder = new Ladder()
  readonly copies = new CopyDetector()
  readonly table: FlowTable
  /** Only sides with missing bytes have an entry; key = flow * 2 + side. */
  readonly reassemblies = new Map<number, Reassembly>()
  /** Segments set aside as copies, per capture. */
  readonly copiesOfCapture: number[] = []

  constructor(
    readonly sink: PayloadSink,
    seed: number,
  ) {
    this.table = new FlowTable(this.flows, seed)
  }
}
