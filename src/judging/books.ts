import type { CapturesRead } from '../capture/read-captures.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import { silencesOf } from '../facts/silences.js'
import type { FlowStore } from '../flow/flow-store.js'
import type { CaptureFacts } from '../capture/capture-facts.js'
import { captureSummary } from '../outcome/capture-summary.js'
import type { ChainView } from '../outcome/chain-view.js'
import { FindingGroups } from '../outcome/finding-groups.js'
import { limitsHit, type LimitsHit } from '../outcome/limits-hit.js'
import { OverviewList } from '../outcome/overview.js'
import { listingPolicy, streamPolicy, type ListingLimits } from '../outcome/policy.js'
import type { FailedRequest, FlowReport, Report, Verdict } from '../result.js'
import { judge } from '../verdicts/judge.js'
import { plainVerdictOf } from '../verdicts/plain.js'
import type { Case } from '../verdicts/verdict-rule.js'
import type { AnalyzeOptions } from './analyze-options.js'
import { Counts } from './counts.js'
import type { FramePlaces } from './frame-places.js'
import type { Round } from './round.js'

/** What is kept of flows that have been judged: counts of all, reports of those that are shown. */
export class Books {
  readonly counts: Counts
  private readonly requests: FailedRequest[] = []
  private requestsNotListed = 0
  private carried: readonly FailedRequest[] | null = null
  private readonly groups: FindingGroups
  private readonly limits: ListingLimits
  private readonly overview: OverviewList | null
  private readonly shown: FlowReport[] = []
  private readonly linked = new Map<number, FlowReport>()
  /** Streams linked to shown flows and not judged yet. */
  private readonly wanted = new Set<number>()
  /** Flows without a finding of their own that were to be listed and were too many. */
  private othersNotListed = 0
  private linkedNotListed = 0
  /** Flows that were judged although a leg of theirs had not ended. */
  legsNotAwaited = 0

  constructor(
    private readonly store: FlowStore,
    private readonly options: AnalyzeOptions,
    startNs: number,
    places: FramePlaces,
  ) {
    this.overview = options.overview === true ? new OverviewList(startNs, places.of) : null
    this.counts = new Counts(store, options.timeouts ?? [])
    this.limits = this.passing ? streamPolicy : listingPolicy
    this.groups = new FindingGroups(this.limits, startNs)
  }

  /** Reports are handed on and not kept. */
  private get passing(): boolean {
    return this.options.onFlow !== undefined && this.options.keepFlows === false
  }

  /** Judges flows of a round and keeps what is to be kept of each; their rows may be given back then. */
  settle(round: Round, flows: readonly FlowFacts[]): void {
    const { options } = this
    const shown: FlowReport[] = []
    const unshown: FlowFacts[] = []
    const requests = round.requests()
    for (const facts of flows) {
      this.counts.cover(facts)
      this.groups.answers.add(facts)
      if (options.filter != null && !options.filter(facts)) continue
      const c = round.caseOf(facts)
      const verdict = this.verdictOf(c)
      const counted = !this.count(c, verdict, round.chain.twinStreams(facts.stream))
      requests.add(facts, verdict)
      const report = this.reportOf(round, c, verdict, counted)
      if (report === null) unshown.push(facts)
      else shown.push(report)
    }
    this.keepRequests(requests, flows)
    for (const report of shown) this.show(report)
    this.keepLinked(round, shown, flows, unshown)
  }

  /** Whether nobody wants to see flows that are open. */
  get countsOpenOnly(): boolean {
    const { all, filter, flow, overview, roles, timeouts } = this.options
    const none = (list: readonly unknown[] | undefined): boolean => (list?.length ?? 0) === 0
    return (
      all !== true && overview !== true && filter == null && flow == null && none(roles) && none(timeouts)
    )
  }

  /** What the books say of the whole run; the sections about captures and hosts are the caller's. */
  close(
    read: CapturesRead,
    copies: readonly number[],
    roles: Round['chain']['roles'],
    forgotten: Pick<LimitsHit, 'legsForgotten' | 'clientsForgotten'>,
  ): Omit<Report, 'schema' | 'version' | 'chain'> {
    const inOrder = (a: FlowReport, b: FlowReport): number => a.stream - b.stream
    const order = this.counts.ledger.finish()
    const notListed = this.groups.notListed + this.othersNotListed
    // Limits are those of the run; they stand with its first capture.
    const { legsNotAwaited, linkedNotListed, counts } = this
    const own = { ...forgotten, legsNotAwaited, linkedNotListed, untimed: counts.ledger.forgotten }
    const limits = limitsHit({ ...this.store.limits, ...this.groups.limitsHit, ...own })
    return {
      captures: read.captures.map((capture, index) =>
        captureSummary(
          capture,
          read.epochNs,
          copies[index] ?? 0,
          this.counts.coverageOf(index),
          index === 0 ? limits : [],
        ),
      ),
      summary: {
        ...this.counts.tally.summary(),
        ...(notListed > 0 && { notListed }),
        ...(this.requestsNotListed > 0 && { requestsNotListed: this.requestsNotListed }),
      },
      findings: this.groups.findings(order.legs),
      flows: this.groups.told(this.shown).sort(inOrder),
      requests: this.requests.sort((a, b) => a.time - b.time || a.legs[0].stream - b.legs[0].stream),
      ...(this.carried !== null && { carried: this.carried }),
      ...order,
      exposure: this.counts.exposure.exposure(read.captures.flatMap(spanOf)),
      linked: [...this.linked.values()].sort(inOrder),
      ...(this.overview !== null && { overview: this.overview.section(roles) }),
    }
  }

  /** Without texts for flows of which nothing but a count will be left. */
  private verdictOf(c: Case): Verdict {
    const { all, flow } = this.options
    const counted = all !== true && this.overview === null && c.facts.stream !== flow
    return (counted ? plainVerdictOf(c) : null) ?? judge(c)
  }

  /** Whether the same connection, seen elsewhere, was counted before. */
  private count(c: Case, verdict: Verdict, twins: readonly number[]): boolean {
    this.overview?.add(c.facts, verdict, silencesOf(this.store, c.facts))
    return this.counts.add(c, verdict, twins)
  }

  /** The report of a flow that is to be shown; null: it is not, or there are too many like it. */
  private reportOf(round: Round, c: Case, verdict: Verdict, counted: boolean): FlowReport | null {
    const { all, flow } = this.options
    const whole = (): FlowReport => (this.passing ? round.brief(c, verdict) : round.whole(c, verdict))
    const asked = c.facts.stream === flow
    if (verdict.severity !== 'ok' && counted) {
      return this.groups.add(round.brief(c, verdict), whole) ?? (asked || this.passing ? whole() : null)
    }
    const wanted = all === true || verdict.severity !== 'ok'
    if (asked || (wanted && this.passing)) return whole()
    if (!wanted) return null
    if (this.shown.length < listingPolicy.otherFlowsInAll) return whole()
    this.othersNotListed++
    return null
  }

  private show(report: FlowReport): void {
    this.wanted.delete(report.stream)
    this.linked.delete(report.stream)
    this.options.onFlow?.(report)
    if (!this.passing) this.shown.push(report)
  }

  /** Reports of flows linked to shown ones: now if they are being settled, or when they are. */
  private keepLinked(
    round: Round,
    shown: readonly FlowReport[],
    flows: readonly FlowFacts[],
    unshown: readonly FlowFacts[],
  ): void {
    if (this.passing || (shown.length === 0 && this.wanted.size === 0)) return
    const settled = new Set(flows)
    const keep = (facts: FlowFacts): void => {
      if (this.linked.size >= this.limits.linkedInAll) {
        this.linkedNotListed++
        return
      }
      const c = round.caseOf(facts)
      this.linked.set(facts.stream, round.whole(c, judge(c)))
    }
    for (const facts of unshown) if (this.wanted.delete(facts.stream)) keep(facts)
    for (const facts of round.linkedTo(shown)) {
      if (this.linked.has(facts.stream)) continue
      if (settled.has(facts)) keep(facts)
      else if (this.wanted.size < this.limits.linkedInAll) this.wanted.add(facts.stream)
      else if (!this.wanted.has(facts.stream)) this.linkedNotListed++
    }
  }

  /** Failed requests of the flows settled, and what the flow that was asked for carried. */
  private keepRequests(requests: ChainView, flows: readonly FlowFacts[]): void {
    for (const failed of requests.failed())
      if (this.requests.length < this.limits.requestsInAll) this.requests.push(failed)
      else this.requestsNotListed++
    const asked = flows.find((facts) => facts.stream === this.options.flow)
    if (asked !== undefined) this.carried = requests.carriedBy(asked)
  }
}

/** First and last moment of a capture; none when it holds no frame. */
function spanOf({ earliestNs, latestNs }: CaptureFacts): [number, number][] {
  return earliestNs === null || latestNs === null ? [] : [[earliestNs, latestNs]]
}
