import { CopyDetector } from './duplicates.js'
import { EndedFlows } from './ended-flows.js'
import { FlowColumns } from './flow-columns.js'
import { FlowTable } from './flow-table.js'
import { IcmpErrors } from './icmp-errors.js'
import { Ladder } from './ladder.js'
import { noLimits } from './limits.js'
import type { PayloadSink } from './payload-sink.js'
import { Paths } from './paths.js'
import type { Reassembly, WaitingBudget } from './reassembly.js'
import { SIDE_HOLES, SideColumns } from './side-columns.js'
import { DEFAULT_RULES, type WiresharkRules } from './wireshark-rules.js'
import { ZeekSides } from './zeek-sides.js'

/** Wants to know when flows begin (see flow-ends.ts). */
export interface FlowLives {
  /** A flow has begun with a segment captured at `nowNs`. */
  began(flow: number, nowNs: number): void
  /** A new connection begins on the flow's 4-tuple. */
  superseded(flow: number): void
}

/** All state of the flow floor. */
export class FlowStore {
  readonly flows = new FlowColumns()
  readonly sides = new SideColumns()
  readonly zeekSides = new ZeekSides()
  readonly ladder = new Ladder()
  readonly copies = new CopyDetector()
  readonly paths = new Paths(this.flows)
  readonly icmpErrors = new IcmpErrors()
  readonly ended: EndedFlows
  /** Null when no flow ends before the captures do. */
  ends: FlowLives | null = null
  readonly table: FlowTable
  /** Stream numbers given so far, those of rows that were given back included. */
  streams = 0
  /** Limits of this floor that were hit. */
  readonly limits = noLimits()
  /** Only sides with missing bytes have an entry; key = flow * 2 + side. */
  readonly reassemblies = new Map<number, Reassembly>()
  /** Sequence numbers of SYNs with a header that no stack would accept; key = flow * 2 + side. */
  readonly bogusSyns = new Map<number, number>()
  /** What all reassemblies hold back together. */
  readonly waiting: WaitingBudget = { bytes: 0, gapsGivenUp: 0 }
  /** Segments set aside as copies, per capture. */
  readonly copiesOfCapture: number[] = []

  constructor(
    readonly sink: PayloadSink,
    seed: number,
    readonly rules: WiresharkRules = DEFAULT_RULES,
  ) {
    this.ended = new EndedFlows(this.flows, this.sides, seed)
    this.table = new FlowTable(this.flows, this.ended, seed)
  }

  /** The flow's missing bytes will not come: what waits for them is handed on. */
  flushGaps(flow: number): void {
    for (let i = flow * 2; i <= flow * 2 + 1; i++) {
      if (!(this.sides.state[i] & SIDE_HOLES)) continue
      this.reassemblies.get(i)?.flush()
      this.reassemblies.delete(i)
    }
  }

  /** A segment of side `i` was another copy of one seen just before, at `place`. */
  noteCopy(i: number, place: number, ttl: number, capture: number): void {
    const { segments, lastFrame } = this.sides
    this.flows.copies[i >> 1]++
    this.paths.noteCopy(i, this.copies.firstPlace, place, segments[i], lastFrame[i], ttl)
    this.copiesOfCapture[capture] = (this.copiesOfCapture[capture] ?? 0) + 1
  }

  /**
   * Rows for a new flow, empty everywhere. They are emptied now, when they are needed anyway, and not when they were given back: by then
   * the cache has forgotten them, and all their columns would have to come from memory twice.
   */
  newRows(): number {
    const { flows, sides, zeekSides, ladder } = this
    const used = flows.count
    const flow = flows.add()
    sides.reserve(flow)
    zeekSides.reserve(flow)
    ladder.reserve(flow)
    if (flow >= used) return flow
    flows.clear(flow)
    sides.clear(flow)
    zeekSides.clear(flow)
    return flow
  }

  /** Gives the flow's rows back everywhere, for another flow to use. */
  release(flow: number): void {
    this.flushGaps(flow)
    this.paths.release(flow)
    this.icmpErrors.forget(flow)
    this.bogusSyns.delete(flow * 2)
    this.bogusSyns.delete(flow * 2 + 1)
    this.flows.release(flow)
    this.ladder.release(flow)
    this.sink.forget?.(flow)
  }
}
