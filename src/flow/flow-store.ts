import { CopyDetector } from './duplicates.js'
import { FlowColumns } from './flow-columns.js'
import { FlowTable } from './flow-table.js'
import { Ladder } from './ladder.js'
import type { PayloadSink } from './payload-sink.js'
import type { Reassembly } from './reassembly.js'
import { SideColumns } from './side-columns.js'
import type { WiresharkRules } from './wireshark-rules.js'

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
    readonly rules: WiresharkRules = '4.4',
  ) {
    this.table = new FlowTable(this.flows, seed)
  }
}
