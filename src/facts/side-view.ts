import {
  SIDE_ACKED,
  SIDE_AWAITING,
  SIDE_COVERED,
  SIDE_FIN,
  SIDE_FIN_ACKED,
  SIDE_INCOMING,
  SIDE_MISSING,
  SIDE_OUTGOING,
  SIDE_TTL_VARIES,
  SIDE_ZERO_WINDOW,
  type SideColumns,
} from '../flow/side-columns.js'
import type { FinFact, Moment, RstFact, SideFacts, Unanswered } from './flow-facts.js'
import { missingTo } from './missing.js'
import { rstFact } from './rst-fact.js'

/**
 * The facts of one side, read from its columns when asked for: most flows are asked for few of them. Good for as long as the flow is
 * held there and nothing is added to it.
 */
export class SideView implements SideFacts {
  private finKept: FinFact | null | undefined = undefined
  private rstKept: RstFact | null | undefined = undefined

  /**
   * @param i row of the side
   * @param closed the flow had a FIN or RST, so the moment of the first close counts
   */
  constructor(
    private readonly sides: SideColumns,
    private readonly i: number,
    private readonly closed: boolean,
  ) {}

  private get state(): number {
    return this.sides.state[this.i]
  }

  get segments(): number {
    return this.sides.segments[this.i]
  }

  get payloadBytes(): number {
    return this.sides.payloadBytes[this.i]
  }

  get retransmissions(): number {
    return this.sides.retransmissions[this.i]
  }

  get lastSegment(): Moment | null {
    return moment(this.sides.lastFrame[this.i], this.sides.lastNs[this.i])
  }

  get lastPayload(): Moment | null {
    return moment(this.sides.payloadFrame[this.i], this.sides.payloadNs[this.i])
  }

  get lastAsking(): Moment | null {
    return moment(this.sides.repeatLastFrame[this.i], this.sides.repeatLastNs[this.i])
  }

  get payloadBeforeClose(): Moment | null {
    const { sides, i } = this
    return this.closed ? moment(sides.closePayloadFrame[i], sides.closePayloadNs[i]) : this.lastPayload
  }

  get payloadCoveredNs(): number | null {
    const { sides, i, closed } = this
    const covered = closed ? sides.closeCoveredNs[i] : this.state & SIDE_COVERED ? sides.coveredNs[i] : NaN
    return Number.isNaN(covered) ? null : covered
  }

  get ackAtClose(): number | null {
    const { sides, i } = this
    if (!(this.state & SIDE_ACKED)) return null
    return this.closed ? sides.closeHighAck[i] : sides.highAck[i]
  }

  get sentAtClose(): number | null {
    const { sides, i } = this
    if (sides.segments[i] === 0) return null
    return this.closed ? sides.closeNextSeq[i] : sides.nextSeq[i]
  }

  get sentTo(): number | null {
    return this.sides.segments[this.i] === 0 ? null : this.sides.nextSeq[this.i]
  }

  get baseSeq(): number {
    return this.sides.baseSeq[this.i]
  }

  get fin(): FinFact | null {
    return (this.finKept ??= finFact(this.sides, this.i))
  }

  get unseenFin(): Moment | null {
    const { sides, i, state } = this
    if (state & SIDE_FIN || !(state & SIDE_MISSING) || sides.segments[i] === 0) return null
    const shown = moment(sides.finAckedFrame[i], sides.finAckedNs[i])
    return shown !== null && sides.payloadFrame[i] < shown.frame ? shown : null
  }

  get rst(): RstFact | null {
    return (this.rstKept ??= rstFact(this.sides, this.i))
  }

  get unanswered(): Unanswered | null {
    return unanswered(this.sides, this.i)
  }

  get probes(): SideFacts['probes'] {
    const { sides, i } = this
    const first = sides.probes[i] > 0 ? moment(sides.probeFirstFrame[i], sides.probeFirstNs[i]) : null
    return { unanswered: sides.probes[i], all: sides.probesAll[i], first }
  }

  get zeroWindowSince(): Moment | null {
    const { sides, i } = this
    return this.state & SIDE_ZERO_WINDOW ? moment(sides.zeroFrame[i], sides.zeroNs[i]) : null
  }

  get missingTo(): number | null {
    return missingTo(this.sides, this.i)
  }

  get lastAck(): number | null {
    return this.state & SIDE_ACKED ? this.sides.highAck[this.i] : null
  }

  get missingBytes(): number {
    return this.sides.ackedUnseen[this.i]
  }

  get lateBytes(): number {
    return this.sides.networkLossBytes[this.i]
  }

  get ttl(): number {
    return this.sides.ttl[this.i]
  }

  get ttlVaries(): boolean {
    return (this.state & SIDE_TTL_VARIES) !== 0
  }

  get synTtl(): number {
    return this.sides.synTtl[this.i]
  }

  get stampTicks(): number | null {
    const { synStamp, finStamp } = this.sides.origin
    const [from, to] = [synStamp[this.i], finStamp[this.i]]
    return from === 0 || to === 0 ? null : (to - from) >>> 0
  }

  get outgoing(): boolean {
    return (this.state & SIDE_OUTGOING) !== 0
  }

  get incoming(): boolean {
    return (this.state & SIDE_INCOMING) !== 0
  }
}

function moment(frame: number, ns: number): Moment | null {
  return frame === 0 ? null : { frame, ns }
}

function finFact(sides: SideColumns, i: number): FinFact | null {
  if (!(sides.state[i] & SIDE_FIN)) return null
  return {
    frame: sides.finFrame[i],
    ns: sides.finNs[i],
    seq: sides.finSeq[i],
    ack: sides.finAck[i],
    repeats: sides.finRepeats[i],
    acked: sides.state[i] & SIDE_FIN_ACKED ? moment(sides.finAckedFrame[i], sides.finAckedNs[i]) : null,
  }
}

function unanswered(sides: SideColumns, i: number): Unanswered | null {
  if (!(sides.state[i] & SIDE_AWAITING)) return null
  const since = moment(sides.awaitedFrame[i], sides.awaitedNs[i])
  const last = moment(sides.repeatLastFrame[i], sides.repeatLastNs[i])
  if (since === null || last === null) return null
  return {
    since,
    repeats: sides.repeats[i],
    firstRepeat: sides.repeats[i] > 0 ? moment(sides.repeatFirstFrame[i], sides.repeatFirstNs[i]) : null,
    last,
    longestWaitNs: sides.repeatMaxGapNs[i],
  }
}
