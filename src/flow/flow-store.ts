import { CopyDetector } from './duplicates.js'
import { FlowColumns } from './flow-columns.js'
import { FlowTable } from './flow-table.js'
import { Ladder } from './ladder.js'
import type { PayloadSink } from './payload-sink.js'
import type { Reassembly, WaitingBudget } from './reassembly.js'
import { SideColumns } from './side-columns.js'
import { SocksNumbers } from './socks-numbers.js'
import { DEFAULT_RULES, type WiresharkRules } from './wireshark-rules.js'
import { ZeekSides } from './zeek-sides.js'

/** All state of the flow floor. */
export class FlowStore {
  readonly flows = new FlowColumns()
  readonly sides = new SideColumns(1024)
  readonly zeekSides = new ZeekSides()
  readonly ladder = new Ladder()
  readonly copies = new CopyDetector()
  readonly socks = new SocksNumbers()
  readonly table: FlowTable
  /** Only sides with missing bytes have an entry; key = flow * 2 + side. */
  readonly reassemblies = new Map<number, Reassembly>()
  /** What all reassemblies hold back together. */
  readonly waiting: WaitingBudget = { bytes: 0 }
  /** Segments set aside as copies, per capture. */
  readonly copiesOfCapture: number[] = []

  constructor(
    readonly sink: PayloadSink,
    seed: number,
    readonly rules: WiresharkRules = DEFAULT_RULES,
  ) {
    this.table = new FlowTable(this.flows, seed)
  }
}
