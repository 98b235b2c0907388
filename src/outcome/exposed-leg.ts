import type { Exchange } from '../exchange/exchange.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import type { Surroundings } from '../facts/leg-facts.js'
import type { LegExposure, Verdict } from '../result.js'
import { DurationCount } from './durations.js'

type Counts =
  | 'reuseGaps'
  | 'answered'
  | 'unanswered'
  | 'pending'
  | 'responses'
  | 'unfinished'
  | 'pauses'
  | 'arrivals'
  | 'tunnels'
  | 'ages'

/** What one leg did, added up flow by flow; bounded. */
export class ExposedLeg {
  private connections = 0
  private opened = 0
  private unconnected = 0
  private requests = 0
  private reuses = 0
  private readonly lasting: Record<Counts, DurationCount> = {
    reuseGaps: new DurationCount(),
    answered: new DurationCount(),
    unanswered: new DurationCount(),
    pending: new DurationCount(),
    responses: new DurationCount(),
    unfinished: new DurationCount(),
    pauses: new DurationCount(),
    arrivals: new DurationCount(),
    tunnels: new DurationCount(),
    ages: new DurationCount(),
  }
  private readonly idleCloses = { client: new DurationCount(), server: new DurationCount() }
  private readonly closesAnswered = { client: 0, server: 0 }
  private severalClients = false
  /** Has a flow that did not end well. */
  bad = false

  private readonly named: Pick<LegExposure, 'client' | 'server' | 'clientSoftware' | 'serverSoftware'>

  /** `first`: the flow that opened the leg, whose ends it is named by. Neither it nor `around` is kept: they hold all flows of their round. */
  constructor({ client, server }: FlowFacts, around: Surroundings) {
    this.named = {
      client: { ip: client.ip, role: around.clientRole },
      server: { ip: server.ip, port: server.port, role: around.serverRole },
      clientSoftware: around.callerSoftware ?? around.clientSoftware,
      serverSoftware: around.serverSoftware,
    }
  }

  /** Larger first when there are more legs than a report holds. */
  get weight(): number {
    return this.connections
  }

  /** Adds a flow of this leg. */
  add(facts: FlowFacts, verdict: Verdict): void {
    const { conversation, stream } = facts
    this.connections++
    if (facts.syn !== null) this.opened++
    const undecided = facts.close.first === null && verdict.class === 'open'
    if (undecided && facts.syn !== null && facts.standing.phase === 'connecting') this.unconnected++
    this.bad ||= verdict.severity !== 'ok'
    this.severalClients ||= facts.client.ip !== this.named.client.ip
    this.lasting.ages.add(facts.endNs - facts.startNs, stream)
    this.addClose(facts, verdict)
    if (conversation === null) return
    this.requests += conversation.count
    this.reuses += Math.max(0, conversation.count - 1)
    const endNs = facts.close.first?.ns ?? facts.captureEndNs
    if (conversation.tunnel !== null) this.lasting.tunnels.add(endNs - conversation.tunnel.timeNs, stream)
    let before: Exchange | null = null
    for (const exchange of conversation.exchanges) {
      this.addExchange(exchange, before, facts, endNs)
      before = exchange
    }
    if (undecided && before !== null && awaited(before))
      this.lasting.pending.add(endNs - sentNs(before), stream)
  }

  /** Adds a flow of which nothing is known but its SYN. */
  addLoneSyn(lastedNs: number, stream: number, client: () => string): void {
    this.connections++
    this.opened++
    this.unconnected++
    this.severalClients ||= client() !== this.named.client.ip
    this.lasting.ages.add(lastedNs, stream)
  }

  private addExchange(exchange: Exchange, before: Exchange | null, facts: FlowFacts, endNs: number): void {
    const { stream } = facts
    const { requestStartNs, requestEndNs, responseStartNs, responseEndNs } = exchange
    // What lasted from an infinite time on is less than nothing, and none of the durations.
    // What still comes after the close came too late.
    if (requestEndNs <= endNs)
      this.lasting.arrivals.add(
        requestEndNs - (exchange.index === 0 ? (facts.establishedNs ?? Infinity) : requestStartNs),
        stream,
      )
    if (responseStartNs === Infinity) {
      if (awaited(exchange)) this.lasting.unanswered.add(endNs - sentNs(exchange), stream)
      return
    }
    this.lasting.answered.add(responseStartNs - sentNs(exchange), stream)
    // A response that ends with its connection ends with the close.
    const ends = responseEndNs !== Infinity
    const whole = ends || exchange.responseFraming === 'close'
    const lasted = (ends ? responseEndNs : endNs) - responseStartNs
    this.lasting[whole ? 'responses' : 'unfinished'].add(lasted, stream)
    if (exchange.eventPauses !== null && exchange.eventPauses.count > 0)
      this.lasting.pauses.add(exchange.eventPauses.longestNs, stream)
    // Of a very long conversation only the first and the latest exchanges are known.
    if (requestStartNs === Infinity || before === null || before.index !== exchange.index - 1) return
    const { responseEndNs: answered } = before
    this.lasting.reuseGaps.add(
      requestStartNs - (answered === Infinity ? (before.responseLast?.timeNs ?? Infinity) : answered),
      stream,
    )
  }

  private addClose(facts: FlowFacts, verdict: Verdict): void {
    const { first, second } = facts.close
    if (first === null) return
    if (first.flag === 'FIN' && second !== null) this.closesAnswered[first.by]++
    const restart = verdict.class === 'shutdown' || verdict.class === 'middlebox-reset'
    const idle = facts.standing.phase === 'between-requests' || verdict.class === 'keepalive-race'
    if (restart || !idle) return
    const server = facts.serverLeft !== null
    const ns = server ? facts.idleBeforeCloseNs : facts.timerGapNs
    if (ns !== null) this.idleCloses[server ? 'server' : 'client'].add(ns, facts.stream)
  }

  /** The sums, as the Report has them. */
  exposure(): LegExposure {
    const { lasting, named } = this
    return {
      ...named,
      client: { ...named.client, ...(this.severalClients && { ip: 'several hosts' }) },
      connections: this.connections,
      opened: this.opened,
      unconnected: this.unconnected,
      requests: this.requests,
      reuses: this.reuses,
      reuseGaps: lasting.reuseGaps.durations(),
      answered: lasting.answered.durations(),
      unanswered: lasting.unanswered.durations(),
      pending: lasting.pending.durations(),
      responses: lasting.responses.durations(),
      unfinished: lasting.unfinished.durations(),
      pauses: lasting.pauses.durations(),
      arrivals: lasting.arrivals.durations(),
      tunnels: lasting.tunnels.durations(),
      idleCloses: {
        client: this.idleCloses.client.durations(),
        server: this.idleCloses.server.durations(),
      },
      closesAnswered: { client: this.closesAnswered.client, server: this.closesAnswered.server },
      ages: lasting.ages.durations(),
    }
  }
}

/** When a request had been sent; where its end cannot be read, its latest byte. Infinite: not known. */
function sentNs({ requestEndNs, requestLast }: Exchange): number {
  return requestEndNs === Infinity ? (requestLast?.timeNs ?? Infinity) : requestEndNs
}

/** Without a byte of an answer that is owed: half a request is owed none yet. */
function awaited({ requestComplete, responseStartNs }: Exchange): boolean {
  return responseStartNs === Infinity && requestComplete !== false
}
