import type { Exchange } from '../exchange/exchange.js'
import { ByLeg } from '../facts/by-leg.js'
import type { CloseFact, FlowFacts } from '../facts/flow-facts.js'
import type { Surroundings } from '../facts/leg-facts.js'
import type { UserTimeout } from '../knowledge/types.js'
import type { InferredTimer, LegOrder, Phase, Side, Verdict, VerdictClass } from '../result.js'
import { inferTimers } from './infer.js'
import { legOrder } from './leg-order.js'
import { LegRecord } from './leg-record.js'
import { timerPolicy } from './policy.js'

/** Ends that are no decision of the side that closed: somebody else's, or the whole process went. */
const TELLS_NO_TIMER: ReadonlySet<VerdictClass> = new Set([
  'middlebox-reset',
  'shutdown',
  'refused',
  'connect-timeout',
])

const NONE: readonly number[] = []

/**
 * Reads the timers off a capture: takes flow after flow with its verdict, keeps a bounded record of each leg, and says at the end
 * which timers the closes show and whether their order is safe.
 */
export class TimerLedger {
  private readonly legs = new ByLeg<LegRecord>()
  private fromNs = Infinity
  private toNs = -Infinity
  /** Connections of legs that were too many to be remembered. */
  forgotten = 0

  constructor(private readonly timeouts: readonly UserTimeout[]) {}

  /** There was traffic in this time, whatever it tells. */
  noteSpan(startNs: number, endNs: number): void {
    this.fromNs = Math.min(this.fromNs, startNs)
    this.toNs = Math.max(this.toNs, endNs)
  }

  /** Adds one flow. A connection that was captured at two places is to be added once. */
  add(facts: FlowFacts, around: Surroundings, verdict: Verdict): void {
    this.noteSpan(facts.startNs, facts.endNs)
    if (neverUsed(facts, verdict)) return
    const leg = this.legOf(facts, around)
    leg.connections++
    leg.noteClient(facts.client.ip)
    leg.noteRoundTrip(facts.rttNs)
    noteUse(leg, facts)
    if (verdict.class === 'keepalive-race') leg.races++
    noteClose(leg, facts, verdict)
  }

  /** Timers with most closes first; each leg on which connections are reused or closed when idle. */
  finish(): { timers: InferredTimer[]; legs: LegOrder[] } {
    const hours = Math.max(0, this.toNs - this.fromNs) / 3600e9
    const timers: InferredTimer[] = []
    const orders: LegOrder[] = []
    for (const leg of this.legs.all) {
      const found = inferTimers(leg, this.timeouts)
      timers.push(...found)
      const order = legOrder(leg, found, this.timeouts, hours)
      if (order !== null) orders.push(order)
    }
    timers.sort((a, b) => b.closes - a.closes)
    orders.sort((a, b) => b.connections - a.connections)
    return { timers, legs: orders }
  }

  private legOf(facts: FlowFacts, around: Surroundings): LegRecord {
    const who = around.clientIsProxy === null ? 'clients' : facts.client.ip
    let leg = this.legs.get(who, facts.server)
    if (leg === undefined) {
      if (this.legs.all.length >= timerPolicy.legs) this.forgetSmallest()
      leg = new LegRecord(facts, around)
      this.legs.add(who, facts.server, leg)
    } else leg.learn(around)
    return leg
  }

  /** A crawl makes a leg of every server it calls; timers show where many connections end. */
  private forgetSmallest(): void {
    for (const { connections } of this.legs.halve((leg) => leg.connections)) this.forgotten += connections
  }
}

/** Nobody answered, or the handshake was all there was: scans make a leg of every port. */
function neverUsed({ establishedNs, conversation, lateStart }: FlowFacts, verdict: Verdict): boolean {
  if (verdict.class === 'refused' || verdict.class === 'connect-timeout') return true
  return establishedNs === null && conversation === null && !lateStart
}

/** Requests, the idle gaps before them, and what the server announced. */
function noteUse(leg: LegRecord, facts: FlowFacts): void {
  const { conversation, establishedNs } = facts
  if (conversation === null) return
  leg.mostRequests = Math.max(leg.mostRequests, conversation.count)
  leg.reuses += Math.max(0, conversation.count - 1)
  let declared: Set<number> | null = null
  let before: Exchange | null = null
  for (const exchange of conversation.exchanges) {
    if (exchange.keepAliveSeconds !== null) (declared ??= new Set()).add(exchange.keepAliveSeconds)
    const ended = before === null ? Infinity : endNs(before)
    if (before !== null && ended !== Infinity) {
      if (establishedNs !== null) leg.latestKeptAgeNs = Math.max(leg.latestKeptAgeNs, ended - establishedNs)
      const { requestStartNs: start } = exchange
      const follows = exchange.index === before.index + 1 && start !== Infinity && start >= ended
      if (follows && exchange.responseStartNs !== Infinity) leg.reuseGaps.add(start - ended)
    }
    before = exchange
  }
  for (const seconds of declared ?? NONE) leg.declared.set(seconds, (leg.declared.get(seconds) ?? 0) + 1)
}

/** When a response was over; where its end cannot be read, its latest byte. Infinite: not known. */
function endNs(exchange: Exchange): number {
  const { responseEndNs } = exchange
  if (responseEndNs !== Infinity || exchange.responseComplete !== null) return responseEndNs
  return exchange.responseLast?.timeNs ?? Infinity
}

function noteClose(leg: LegRecord, facts: FlowFacts, verdict: Verdict): void {
  const { first } = facts.close
  const phase = verdict.phase ?? facts.standing.phase
  if (first === null || phase === null || phase === 'connecting' || phase === 'closing') return
  if (first.form === 'stateless' || TELLS_NO_TIMER.has(verdict.class)) return
  // A zombie is buried when its holder finds out; only a timer that a verdict names was waited for.
  if (verdict.class === 'half-open-zombie' && verdict.timer === null) return
  // The end of another leg explains it: that leg's timer is the one to name.
  if (verdict.causeStream !== null || verdict.variant === 'propagated') return
  const leftNs = phase === 'between-requests' ? serverLeftNs(facts, first) : null
  const by: Side = leftNs === null ? first.by : 'server'
  if (phase === 'between-requests' && agreedOn(facts.standing.exchange, by, first)) return
  const head = phase === 'mid-request' && facts.standing.exchange?.requestHeadWhole !== true
  const closes = leg.closesTo(by, head ? 'awaiting-request' : phase)
  if (!closes.takesNext()) return
  closes.add({
    stream: facts.stream,
    closeNs: leftNs ?? first.ns,
    phase,
    gapNs: gapNs(facts, by, phase, leftNs),
    // A server's timer for a body counts from its last byte; the age of the connection is an accident.
    ageNs:
      facts.establishedNs === null || (by === 'server' && phase === 'mid-request' && !head)
        ? null
        : (leftNs ?? first.ns) - facts.establishedNs,
    requests: facts.lateStart ? null : (facts.conversation?.count ?? null),
    byTimer: verdict.class === 'idle-timeout' || verdict.timer !== null,
    timer: verdict.timer,
  })
}

/** A request that met the close ended the silence, but not the idleness that the server's timer had counted. */
function gapNs(facts: FlowFacts, by: Side, phase: Phase, leftNs: number | null): number | null {
  if (by === 'client' || phase !== 'between-requests') return facts.timerGapNs
  if (facts.idleBeforeCloseNs !== null || leftNs === null) return facts.idleBeforeCloseNs ?? facts.timerGapNs
  const ends = (facts.conversation?.exchanges ?? []).map(endNs)
  const last = Math.max(...ends.filter((end) => end <= leftNs))
  return Number.isFinite(last) ? leftNs - last : null
}

/**
 * When a server that closed an idle connection had decided to: a TLS server says goodbye (close_notify), its client answers with a FIN,
 * and the server's own FIN may never come. Null: the server did not decide first.
 */
function serverLeftNs(facts: FlowFacts, first: CloseFact): number | null {
  const { conversation, serverLeft } = facts
  if (serverLeft !== null || first.by === 'server' || conversation === null) return serverLeft?.ns ?? null
  const goodbye = conversation.tlsAlerts.find(({ side, start }) => {
    const before = first.ns - start.timeNs
    return side !== conversation.clientSide && before >= 0 && before <= timerPolicy.goodbyeNs
  })
  return goodbye?.start.timeNs ?? null
}

/** The headers had said before that this side would close after this response: it only keeps its word, at once. */
function agreedOn(exchange: Exchange | null, by: Side, first: CloseFact): boolean {
  if (exchange === null) return false
  const { requestCloses, responseCloses, responseFraming } = exchange
  const agreed =
    by === 'server' ? requestCloses || responseFraming === 'close' : requestCloses || responseCloses
  // Of an end that is not known it is believed.
  return agreed && first.ns - endNs(exchange) < timerPolicy.promptNs
}
