import type { ChainMemory } from '../chain/memory.js'
import { Chain } from '../chain/surroundings.js'
import { requestLabel, responseLabel } from '../exchange/target-label.js'
import type { FactSources } from '../facts/fact-sources.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import { timelineOf, type MessageLabels } from '../facts/timeline.js'
import { natTwins } from '../flow/nat-twins.js'
import { ChainView } from '../outcome/chain-view.js'
import { flowReport } from '../outcome/flow-report.js'
import { linkedStreams } from '../outcome/linked.js'
import type { FlowReport, LadderRow, Verdict } from '../result.js'
import { judge } from '../verdicts/judge.js'
import type { Case } from '../verdicts/verdict-rule.js'
import type { AnalyzeOptions } from './analyze-options.js'
import type { CaptureSpans } from './capture-spans.js'
import { flowsOfRound } from './flows-of-round.js'
import type { FramePlaces } from './frame-places.js'

/** Flows looked at together: their facts, how they belong together, and what can be said of each. */
export class Round {
  /** In the order of their streams. */
  readonly flows: readonly FlowFacts[]
  readonly chain: Chain
  private byStreamKept: ReadonlyMap<number, FlowFacts> | null = null
  private readonly labels: MessageLabels

  /**
   * @param rows flows that are judged, by their rows in the columns
   * @param beside flows that are looked at beside them, as far as they may be their legs or tell something of their closes
   * @param startNs time that counts as 0
   * @param memory what earlier rounds have told
   */
  constructor(
    private readonly sources: FactSources,
    rows: readonly number[],
    beside: readonly number[],
    private readonly options: AnalyzeOptions,
    private readonly startNs: number,
    memory: ChainMemory,
    private readonly spans: CaptureSpans,
    private readonly places: FramePlaces,
  ) {
    const { flows, horizon } = flowsOfRound(sources, rows, beside, memory)
    this.flows = flows
    this.chain = new Chain(
      this.flows,
      options.roles ?? [],
      natTwins(
        sources.store,
        flows.map(({ row }) => row),
      ),
      memory,
      (capture) => spans.clockOf(capture),
      horizon,
    )
    const showSecrets = options.showSecrets === true
    this.labels = { request: (exchange) => requestLabel(exchange, showSecrets), response: responseLabel }
  }

  /** Made when first asked for: where all is well nobody asks. */
  private get byStream(): ReadonlyMap<number, FlowFacts> {
    return (this.byStreamKept ??= new Map(this.flows.map((flow) => [flow.stream, flow])))
  }

  caseOf(facts: FlowFacts): Case {
    return { facts, around: this.chain.around(facts), timeouts: this.options.timeouts ?? [] }
  }

  /** The report without its ladder. */
  brief(c: Case, verdict: Verdict): FlowReport {
    return this.report(c, verdict, [])
  }

  /** The whole report. */
  whole(c: Case, verdict: Verdict): FlowReport {
    return this.report(c, verdict, timelineOf(this.sources.store, c.facts, this.labels, this.startNs))
  }

  /** Gathers failed requests of this round. */
  requests(): ChainView {
    return new ChainView({
      chain: this.chain,
      flowOf: (stream) => this.byStream.get(stream),
      verdictOf: (facts) => judge(this.caseOf(facts)),
      label: this.labels.request,
      startNs: this.startNs,
      placeOf: this.places.of,
    })
  }

  /** Flows linked to these, directly or over a few legs, that are not among them; by stream number. */
  linkedTo(reports: readonly FlowReport[]): FlowFacts[] {
    return linkedStreams(reports, this.chain, this.byStream)
  }

  private report(c: Case, verdict: Verdict, ladder: readonly LadderRow[]): FlowReport {
    const ladderGaps = ladder.length === 0 ? [] : this.sources.store.ladder.gaps(c.facts.row)
    const { chain, startNs } = this
    const placeOf = this.places.of
    const flowOf = (stream: number): FlowFacts | undefined => this.byStream.get(stream)
    return this.spans.named(
      flowReport({ ...c, verdict, chain, ladder, ladderGaps, startNs, flowOf, placeOf }),
      startNs,
    )
  }
}
