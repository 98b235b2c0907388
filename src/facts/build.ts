import type { Conversation } from '../exchange/exchange.js'
import {
  FLOW_CLOSED,
  FLOW_HANDSHAKE_ACK,
  FLOW_PAYLOAD_CUT,
  FLOW_REUSED_PORTS,
  FLOW_SYN,
  FLOW_SYN_ACK,
} from '../flow/flow-columns.js'
import { historyText } from '../flow/history.js'
import type { ClientBasis } from '../result.js'
import { closesOf, idleBeforeClose, NO_CLOSES, serverLeftAt, type Closes } from './closes.js'
import type { FlowFacts, Moment, SideFacts, Standing } from './flow-facts.js'
import { inUse, knowledgeOf } from './knowledge.js'
import { endpointOf, type FactSources } from './fact-sources.js'
import { icmpErrorsOf } from './icmp-facts.js'
import { lastShutOf } from './last-shut.js'
import { lastSignOfCloser } from './last-sign.js'
import { metRequestAck } from './met-request.js'
import { partingOf } from './parting.js'
import { clientOf } from './roles.js'
import { roundTrips } from './round-trips.js'
import { SideView } from './side-view.js'
import { standingOf } from './standing.js'
import { lastDataOf, silenceOf, timerGapOf } from './timing.js'

/** All facts of one flow; those that take reckoning are reckoned when they are first asked for. */
export function flowFacts(sources: FactSources, flow: number): FlowFacts {
  return new FlowView(sources, flow)
}

/** Good for as long as the flow is held in its columns and nothing is added to it. */
class FlowView implements FlowFacts {
  readonly stream: number
  readonly capture: number
  readonly vantage: number
  readonly family: 4 | 6
  readonly client: FlowFacts['client']
  readonly server: FlowFacts['server']
  readonly clientBasis: ClientBasis
  readonly clientIndex: 0 | 1
  readonly startNs: number
  readonly endNs: number
  readonly frames: number
  readonly sides: { readonly client: SideFacts; readonly server: SideFacts }
  readonly close: Closes
  readonly conversation: Conversation | null
  readonly lateStart: boolean
  readonly captureEndNs: number
  private readonly state: number
  private standingKept: Standing | null = null
  private gapKept: number | null | undefined = undefined
  private idleKept: number | null | undefined = undefined
  private lastDataKept: FlowFacts['lastData'] | undefined = undefined

  constructor(
    private readonly sources: FactSources,
    readonly row: number,
  ) {
    const { flows, sides } = sources.store
    const conversation = sources.conversationOf(row)
    const { index, basis } = clientOf(flows, sides, row, conversation)
    this.state = flows.state[row]
    const closed = (this.state & FLOW_CLOSED) !== 0
    this.stream = flows.stream[row]
    this.capture = flows.capture[row]
    this.vantage = flows.vantage[row]
    this.family = flows.family[row] === 6 ? 6 : 4
    this.client = endpointOf(sources, row, index)
    this.server = endpointOf(sources, row, index === 0 ? 1 : 0)
    this.clientBasis = basis
    this.clientIndex = index
    this.startNs = flows.firstNs[row]
    this.endNs = flows.lastNs[row]
    this.frames = flows.frames[row]
    this.sides = {
      client: new SideView(sides, row * 2 + index, closed),
      server: new SideView(sides, row * 2 + 1 - index, closed),
    }
    this.close = closed ? closesOf(this.sides) : NO_CLOSES
    this.conversation = conversation
    this.lateStart = (this.state & (FLOW_SYN | FLOW_SYN_ACK)) === 0
    this.captureEndNs = sources.captureEndOf(this.capture, this.endNs)
  }

  get clockSetBack(): boolean {
    return this.sources.setBackWithin?.(this) ?? false
  }

  get firstFrame(): number {
    return this.sources.store.flows.firstFrame[this.row]
  }

  frameName(frame: number | null | undefined): string {
    return this.sources.frameName?.(this.capture, frame ?? 0) ?? String(frame)
  }

  get paths(): FlowFacts['paths'] {
    return this.sources.store.paths.ofBoth(this.row * 2 + this.clientIndex)
  }

  get completeness(): number {
    return this.sources.store.flows.completeness[this.row]
  }

  get history(): string {
    return historyText(this.sources.store.flows, this.row)
  }

  get syn(): FlowFacts['syn'] {
    const { flows } = this.sources.store
    const at = this.row
    if (!(this.state & FLOW_SYN)) return null
    const [frame, ns] = [flows.synFrame[at], flows.synNs[at]]
    return { frame, ns, repeats: flows.synRepeats[at], lastNs: flows.lastSynNs[at] }
  }

  get synAck(): FlowFacts['synAck'] {
    const { flows } = this.sources.store
    const at = this.row
    if (!(this.state & FLOW_SYN_ACK)) return null
    return { frame: flows.synAckFrame[at], ns: flows.synAckNs[at], repeats: flows.synAckRepeats[at] }
  }

  get establishedNs(): number | null {
    return this.state & FLOW_HANDSHAKE_ACK ? this.sources.store.flows.establishedNs(this.row) : null
  }

  get rttNs(): FlowFacts['rttNs'] {
    return roundTrips(this.sources.store.flows, this.row)
  }

  get lastSignOfCloser(): Moment | null {
    return lastSignOfCloser(this.sources.store, this)
  }

  get lastShut(): FlowFacts['lastShut'] {
    return lastShutOf(this.sources.store, this)
  }

  get parting(): FlowFacts['parting'] {
    return partingOf(this.sources.store, this)
  }

  get icmpErrors(): FlowFacts['icmpErrors'] {
    return icmpErrorsOf(this.sources, this)
  }

  get standing(): Standing {
    return (this.standingKept ??= this.reckonStanding())
  }

  get lastData(): FlowFacts['lastData'] {
    if (this.lastDataKept === undefined)
      this.lastDataKept =
        (this.standing.goodbyeWords === null ? null : this.parting?.before) ??
        lastDataOf(this.sides, this.close.first, this.conversation, this.standing)
    return this.lastDataKept
  }

  get silenceNs(): number | null {
    return silenceOf(this.close.first, this.lastData, this.handshakeNs)
  }

  get timerGapNs(): number | null {
    if (this.gapKept === undefined) this.gapKept = timerGapOf(this, this.handshakeNs)
    return this.gapKept
  }

  get serverLeft(): Moment | null {
    return serverLeftAt(this.close, this.conversation)
  }

  get idleBeforeCloseNs(): number | null {
    if (this.idleKept === undefined) this.idleKept = idleBeforeClose(this.serverLeft, this.conversation)
    return this.idleKept
  }

  get metRequestAck(): number | null {
    return metRequestAck(this.sources.store, this)
  }

  get oneDirection(): boolean {
    return this.sides.client.segments === 0 || this.sides.server.segments === 0
  }

  get payloadCut(): boolean {
    return (this.state & FLOW_PAYLOAD_CUT) !== 0
  }

  get reusedPorts(): boolean {
    return (this.state & FLOW_REUSED_PORTS) !== 0
  }

  private get handshakeNs(): number | null {
    const { flows } = this.sources.store
    if (this.state & FLOW_HANDSHAKE_ACK) return flows.establishedNs(this.row)
    return this.state & FLOW_SYN_ACK ? flows.synAckNs[this.row] : null
  }

  private reckonStanding(): Standing {
    const established = (this.state & FLOW_HANDSHAKE_ACK) !== 0 || this.lateStart || inUse(this.sides)
    return standingOf(
      this.conversation,
      knowledgeOf(this.sides, this.close.first, established, this.lateStart, this.payloadCut),
    )
  }
}
