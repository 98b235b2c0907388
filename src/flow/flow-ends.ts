import { COMPLETE_SYN, COMPLETE_SYN_ACK } from './completeness.js'
import { FLOW_QUOTED_ONLY } from './flow-columns.js'
import type { FlowLives, FlowStore } from './flow-store.js'
import { grown, nextCapacity } from './growable.js'
import * as limit from './policy.js'
import { SIDE_FIN_ACKED, SIDE_RST } from './side-columns.js'

/**
 * Why a flow ended: closed and then silent; its 4-tuple was used for a new connection; too many flows were held; the captures ended.
 */
export type FlowEnd = 'closed' | 'reused' | 'limit' | 'captures'

/**
 * Told when a flow has ended: its columns will not change any more, and gaps in its payload have been told to the sink. `flow` is the
 * slot of its columns (its stream number stands in `FlowColumns.stream`). The flow stays there until the listener, now or later, hands
 * the slot back with `FlowTracker.release`; limits count it until then.
 */
export type OnFlowEnd = (flow: number, why: FlowEnd) => void

/** The queues that a flow may wait in, in the order of their last sign of life when they entered. */
const NO_QUEUE = 0
const BEGUN = 1 /* only one end has spoken, or the other with a SYN-ACK and no more; others leave it when their turn comes */
const FINISHED = 2 /* both FINs acknowledged */
const RESET = 3 /* a RST was sent */
/** How long each of them waits. */
const QUIET_NS = [0, Infinity, limit.FINISHED_QUIET_NS, limit.RESET_QUIET_NS]
const LIVE_QUIET_NS = [0, Infinity, limit.LIVE_FINISHED_QUIET_NS, limit.LIVE_RESET_QUIET_NS]
const NONE = -1
const HALF_OPEN = COMPLETE_SYN | COMPLETE_SYN_ACK

/** Finds flows that are over, and ends others when there are too many. Queues are linked lists in columns: no search, no allocation. */
export class FlowEnds implements FlowLives {
  /** Time at which the next closed flow may have been silent for long enough. */
  dueNs = Infinity
  private queue = new Uint8Array(1024)
  private before = new Int32Array(1024)
  private after = new Int32Array(1024)
  private sinceNs = new Float64Array(1024)
  private readonly heads = new Int32Array(4).fill(NONE)
  private readonly tails = new Int32Array(4).fill(NONE)
  private begun = 0
  /** Where the last search for a silent flow stopped. */
  private hand = 0
  private readonly quietNs: readonly number[]

  /** `live`: somebody waits to be told. */
  constructor(
    private readonly store: FlowStore,
    private readonly onEnd: OnFlowEnd,
    live = false,
  ) {
    this.quietNs = live ? LIVE_QUIET_NS : QUIET_NS
  }

  /** A flow has begun; if others have to make room for it, they do before the next segment. `nowNs`: time of its first segment. */
  began(flow: number, nowNs: number): void {
    if (flow >= this.queue.length) this.reserve(flow)
    this.append(flow, BEGUN, nowNs)
    if (this.begun > limit.MOST_ONE_SIDED || this.store.flows.held > limit.PATIENT_FLOWS)
      this.dueNs = -Infinity
  }

  /** The other end has spoken, too. */
  answered(flow: number): void {
    if (this.queue[flow] === BEGUN && !this.isHalfOpen(flow)) this.remove(flow)
  }

  /** Nothing but a handshake that was not completed: as much as a flood makes of a connection. */
  private isHalfOpen(flow: number): boolean {
    const { flows, sides } = this.store
    return sides.segments[flow * 2 + 1] === 0 || (flows.completeness[flow] & ~HALF_OPEN) === 0
  }

  /** A FIN, a RST or an acknowledgement after one: is the connection over? */
  noteClose(flow: number, nowNs: number): void {
    const waits = this.queue[flow]
    if (waits === RESET) return
    const { state } = this.store.sides
    const first = state[flow * 2]
    const second = state[flow * 2 + 1]
    if ((first | second) & SIDE_RST) this.move(flow, RESET, nowNs)
    else if (waits !== FINISHED && first & second & SIDE_FIN_ACKED) this.move(flow, FINISHED, nowNs)
  }

  /** Ends closed flows that have been silent for long enough at `nowNs`, and makes room. */
  sweep(nowNs: number): void {
    this.makeRoom(nowNs)
    this.dueNs = Infinity
    for (const queue of [FINISHED, RESET]) {
      const quiet = this.quietNs[queue]
      this.endQuiet(queue, nowNs, quiet, Infinity)
      const head = this.heads[queue]
      if (head !== NONE) this.dueNs = Math.min(this.dueNs, this.sinceNs[head] + quiet)
    }
  }

  /** Ends a flow whose 4-tuple begins a new connection; the table is told by whoever puts that there. */
  superseded(flow: number): void {
    this.leave(flow)
    this.tell(flow, 'reused')
  }

  /** Ends everything, in the order of stream numbers: the captures are over. */
  endAll(): void {
    const { flows } = this.store
    const open: number[] = []
    for (let flow = 0; flow < flows.count; flow++) if (flows.isOpen(flow)) open.push(flow)
    open.sort((a, b) => flows.stream[a] - flows.stream[b])
    for (const flow of open) this.end(flow, 'captures')
  }

  private end(flow: number, why: FlowEnd): void {
    const { store } = this
    this.leave(flow)
    if (why === 'limit') store.limits.endedOpen++
    store.table.end(flow)
    this.tell(flow, why)
  }

  private tell(flow: number, why: FlowEnd): void {
    const { store } = this
    store.flushGaps(flow)
    store.flows.noteEnd(flow)
    if (store.flows.state[flow] & FLOW_QUOTED_ONLY) store.release(flow)
    else this.onEnd(flow, why)
  }

  /** Ends flows at the head of a queue, at most `most`; one that spoke after it had entered goes to the end of the queue instead. */
  private endQuiet(queue: number, nowNs: number, quietNs: number, most: number): void {
    const { lastNs } = this.store.flows
    for (let ended = 0; ended < most;) {
      const flow = this.heads[queue]
      if (flow === NONE || this.sinceNs[flow] + quietNs > nowNs) return
      if (lastNs[flow] + quietNs > nowNs) this.move(flow, queue, lastNs[flow])
      else {
        this.end(flow, 'closed')
        ended++
      }
    }
  }

  private makeRoom(nowNs: number): void {
    const { flows } = this.store
    while (this.begun > limit.MOST_ONE_SIDED) {
      const oldest = this.heads[BEGUN]
      if (this.isHalfOpen(oldest)) this.end(oldest, 'limit')
      else this.remove(oldest)
    }
    if (flows.held > limit.PATIENT_FLOWS) {
      this.endQuiet(FINISHED, nowNs, limit.HASTY_QUIET_NS, 2)
      this.endQuiet(RESET, nowNs, limit.HASTY_QUIET_NS, 2)
    }
    if (flows.held <= limit.MOST_FLOWS) return
    const silent = this.silentFlow()
    if (silent !== NONE) this.end(silent, 'limit')
  }

  /** Of the next few flows the one that has been silent longest. */
  private silentFlow(): number {
    const { flows } = this.store
    let found = NONE
    for (let seen = 0; seen < limit.SILENCE_SAMPLE; seen++) {
      this.hand = (this.hand + 1) % flows.count
      const flow = this.hand
      if (!flows.isOpen(flow)) continue
      if (found === NONE || flows.lastNs[flow] < flows.lastNs[found]) found = flow
    }
    return found
  }

  private move(flow: number, queue: number, sinceNs: number): void {
    this.leave(flow)
    this.append(flow, queue, sinceNs)
    const due = sinceNs + this.quietNs[queue]
    if (due < this.dueNs) this.dueNs = due
  }

  private append(flow: number, queue: number, sinceNs: number): void {
    const tail = this.tails[queue]
    this.queue[flow] = queue
    this.sinceNs[flow] = sinceNs
    this.before[flow] = tail
    this.after[flow] = NONE
    if (tail === NONE) this.heads[queue] = flow
    else this.after[tail] = flow
    this.tails[queue] = flow
    if (queue === BEGUN) this.begun++
  }

  private leave(flow: number): void {
    if (this.queue[flow] !== NO_QUEUE) this.remove(flow)
  }

  private remove(flow: number): void {
    const queue = this.queue[flow]
    const before = this.before[flow]
    const after = this.after[flow]
    if (before === NONE) this.heads[queue] = after
    else this.after[before] = after
    if (after === NONE) this.tails[queue] = before
    else this.before[after] = before
    this.queue[flow] = NO_QUEUE
    if (queue === BEGUN) this.begun--
  }

  private reserve(flow: number): void {
    const length = Math.max(nextCapacity(this.queue.length), flow + 1)
    this.queue = grown(this.queue, length)
    this.before = grown(this.before, length)
    this.after = grown(this.after, length)
    this.sinceNs = grown(this.sinceNs, length)
  }
}
