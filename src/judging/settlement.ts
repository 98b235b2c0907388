import type { CapturesRead } from '../capture/read-captures.js'
import { ChainMemory } from '../chain/memory.js'
import type { AddressTable } from '../decode/addresses.js'
import type { SegmentBatch } from '../decode/segments.js'
import { Conversations } from '../exchange/conversations.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import { clientOf } from '../facts/roles.js'
import { FlowTracker } from '../flow/tracker.js'
import type { Report } from '../result.js'
import { AddressTexts } from './address-texts.js'
import type { AnalyzeOptions } from './analyze-options.js'
import { Books } from './books.js'
import type { CaptureSpans } from './capture-spans.js'
import type { FramePlaces } from './frame-places.js'
import { lastRounds } from './last-rounds.js'
import { withoutLoneSyns } from './lone-syns.js'
import { OpenBeside } from './open-beside.js'
import { judgingPolicy } from './policy.js'
import { Round } from './round.js'

/**
 * Follows the flows of a run and settles those that have ended, many together: facts, links, verdicts, then only what is kept of them.
 * A run with few flows is settled in one round at its end, with all of it known.
 */
export class Settlement {
  private readonly conversations = new Conversations((row) => this.openerOf(row))
  private readonly tracker: FlowTracker
  private readonly books: Books
  private readonly memory = new ChainMemory()
  private readonly openBeside: OpenBeside
  private readonly texts: AddressTexts
  private ended: number[] = []
  /** How many of them wait for a leg that has not ended. */
  private waiting = 0
  private roundNs = -Infinity
  /** Time of the last segment. */
  private latestNs = -Infinity

  constructor(
    addresses: AddressTable,
    private readonly spans: CaptureSpans,
    private readonly places: FramePlaces,
    private readonly options: AnalyzeOptions,
    private readonly startNs: number,
    seed: number,
  ) {
    this.tracker = new FlowTracker(this.conversations, seed, {
      onFlowEnd: (row) => this.ended.push(row),
      live: options.onFlow !== undefined,
    })
    this.openBeside = new OpenBeside(this.tracker.store, this.memory, (row) => this.conversations.of(row))
    this.texts = new AddressTexts(addresses)
    this.books = new Books(this.tracker.store, options, startNs, places)
  }

  private openerOf(row: number): 0 | 1 {
    const { flows, sides } = this.tracker.store
    return clientOf(flows, sides, row, null).index
  }

  /** Takes segments, as the reader hands them on. */
  process(batch: SegmentBatch, from: number, to: number, capture: number, vantage: number): void {
    this.tracker.process(batch, from, to, capture, vantage)
    const nowNs = (this.latestNs = batch.timeNs[to - 1])
    this.spans.note(capture, vantage, batch.timeNs[from], nowNs)
    if (this.isDue(nowNs)) this.settle(nowNs)
  }

  /** Nothing has come for so long after the last segment: what was closed before need not wait for more to be told. */
  quiet(forNs: number): void {
    const nowNs = this.latestNs + forNs
    this.tracker.ends?.sweep(nowNs)
    if (this.isDue(nowNs)) this.settle(nowNs)
  }

  /** The captures are over: settles what is left, and reports. Null: no connection was seen. */
  finish(read: CapturesRead): Omit<Report, 'schema' | 'version'> | null {
    if (this.tracker.store.streams === 0) return null
    this.tracker.finish()
    read.captures.forEach((capture, index) => this.spans.noteEnd(index, capture))
    const { copiesOfCapture } = this.tracker.store
    const { meetings, settledLegs } = this.memory
    let last: Round | null = null
    let clientsForgotten = 0
    const left = this.ended.length > 2 * judgingPolicy.flowsTogether ? this.withoutLoneSyns([]) : this.ended
    for (const { rows, beside } of lastRounds(this.tracker.store.flows, left)) {
      // Those of the last round are among the hosts.
      clientsForgotten = meetings.forgotten
      last = this.round(rows, beside)
      this.settleRows(last, rows)
    }
    const roles = (last as Round).chain.roles
    const forgotten = { legsForgotten: settledLegs.forgotten, clientsForgotten }
    const report = this.books.close(read, copiesOfCapture, roles, forgotten)
    const captures = report.captures.map((capture, index) => {
      const clock = this.spans.clockWords(index)
      return clock === null ? capture : { ...capture, notSeen: [...capture.notSeen, clock] }
    })
    return { ...report, captures, chain: roles.chain() }
  }

  private isDue(nowNs: number): boolean {
    const ready = this.ended.length - this.waiting
    if (ready >= judgingPolicy.flowsTogether) return true
    if (!this.options.onFlow || ready === 0) return false
    const since = nowNs - this.roundNs
    if (since < judgingPolicy.roundsApartNs) return false
    return (
      since >= judgingPolicy.roundsAtLeastNs ||
      ready >= judgingPolicy.liveShare * this.tracker.store.flows.held
    )
  }

  private settle(nowNs: number): void {
    this.roundNs = nowNs
    const beside = this.openBeside.rows(this.ended)
    const rows = this.withoutLoneSyns(beside)
    const round = this.round(rows, beside)
    const kept = this.waitingFor(round, rows)
    this.ended = kept.size === 0 ? [] : rows.filter((row) => kept.has(row))
    this.waiting = kept.size
    this.settleRows(round, kept.size === 0 ? rows : rows.filter((row) => !kept.has(row)))
  }

  /** Flows that have ended and are to be looked at; SYNs of a flood are counted and gone. */
  private withoutLoneSyns(beside: readonly number[]): readonly number[] {
    const { memory } = this
    if (memory.meetings.all.length < judgingPolicy.loneSynsFrom || !this.books.countsOpenOnly)
      return this.ended
    const { others, lone } = withoutLoneSyns(this.tracker.store, this.ended, beside, {
      captureEndOf: (capture, ns) => this.spans.captureEndOf(capture, ns),
      isProxy: (family, address) =>
        memory.proxies.length > 0 &&
        memory.proxies.some((pair) => pair.includes(this.texts.of(family, address))),
    })
    if (lone.length === 0) return this.ended
    memory.meetings.forgotten += lone.length
    this.books.counts.addLoneSyns(lone, (family, address) => this.texts.of(family, address))
    for (const row of lone) this.tracker.release(row)
    return others
  }

  private round(rows: readonly number[], beside: readonly number[]): Round {
    const sources = {
      store: this.tracker.store,
      conversationOf: (flow: number) => this.conversations.of(flow),
      addressText: (family: number, address: number) => this.texts.of(family, address),
      captureEndOf: (capture: number, ns: number) => this.spans.captureEndOf(capture, ns),
      setBackWithin: (flow: FlowFacts) => this.spans.setBackWithin(flow),
      frameName: this.places.name,
    }
    return new Round(sources, rows, beside, this.options, this.startNs, this.memory, this.spans, this.places)
  }

  private settleRows(round: Round, rows: readonly number[]): void {
    let { flows } = round
    if (flows.length > rows.length) {
      const settled = new Set(rows)
      flows = flows.filter(({ row }) => settled.has(row))
    }
    this.books.settle(round, flows)
    round.chain.remember(flows)
    for (const row of rows) this.tracker.release(row)
  }

  /** Ended flows whose exchange is still under way on an open leg: how that one ends may depend on them, and the other way round. */
  private waitingFor(round: Round, rows: readonly number[]): ReadonlySet<number> {
    const kept = new Set<number>()
    if (round.chain.links.length === 0) return kept
    const ended = new Set(rows)
    const note = (open: FlowFacts, other: FlowFacts): void => {
      if (!ended.has(open.row) && ended.has(other.row)) kept.add(other.row)
    }
    for (const { downstream, downstreamExchange, upstream, upstreamExchange } of round.chain.links) {
      if (upstreamExchange === null || upstreamExchange === lastOf(upstream)) note(upstream, downstream)
      if (downstreamExchange === lastOf(downstream)) note(downstream, upstream)
    }
    if (kept.size <= judgingPolicy.flowsWaiting) return kept
    this.books.legsNotAwaited += kept.size
    return new Set()
  }
}

function lastOf(flow: FlowFacts): unknown {
  return flow.conversation?.exchanges.at(-1) ?? null
}
