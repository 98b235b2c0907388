import type { CaptureFacts } from './capture/capture-facts.js'
import { readCaptures } from './capture/read-captures.js'
import type { ByteSource } from './capture/source.js'
import type { RoleRule } from './chain/roles.js'
import { Chain } from './chain/surroundings.js'
import { CaptureError } from './errors.js'
import { Conversations } from './exchange/conversations.js'
import { requestLabel, responseLabel } from './exchange/target-label.js'
import { flowFacts } from './facts/build.js'
import type { FlowFacts } from './facts/flow-facts.js'
import { silencesOf } from './facts/silences.js'
import { timelineOf, type MessageLabels } from './facts/timeline.js'
import { FLOW_QUOTED_ONLY } from './flow/flow-columns.js'
import { natTwins } from './flow/nat-twins.js'
import { FlowTracker } from './flow/tracker.js'
import type { UserTimeout } from './knowledge/types.js'
import { captureSummary } from './outcome/capture-summary.js'
import { ChainView } from './outcome/chain-view.js'
import { ExposureLedger } from './outcome/exposure.js'
import { findingsOf } from './outcome/findings.js'
import { flowReport } from './outcome/flow-report.js'
import { linkedStreams } from './outcome/linked.js'
import { OverviewList } from './outcome/overview.js'
import { Tally } from './outcome/tally.js'
import type { FlowReport, Report, Verdict } from './result.js'
import { TimerLedger } from './timers/ledger.js'
import { judge } from './verdicts/judge.js'
import type { Case } from './verdicts/verdict-rule.js'
import { version } from './version.js'

/** What the user can ask of an analysis. */
export interface AnalyzeOptions {
  /** Report every flow, not only those with severity problem or latent. */
  readonly all?: boolean
  /** A flow to report whatever its severity. */
  readonly flow?: number | null
  /** Fill `Report.overview`: every flow in short. */
  readonly overview?: boolean
  readonly roles?: readonly RoleRule[]
  /** Only flows that match are judged. */
  readonly filter?: ((flow: Pick<FlowFacts, 'client' | 'server'>) => boolean) | null
  readonly timeouts?: readonly UserTimeout[]
  /** Leave query values in labels. */
  readonly showSecrets?: boolean
  readonly onProgress?: (bytesRead: number, totalBytes: number | null) => void
  readonly signal?: { readonly aborted: boolean }
}

/** Reads captures and says why each of their connections ended. Throws CaptureError when a capture cannot be read or holds no TCP. */
export async function analyze(sources: readonly ByteSource[], options: AnalyzeOptions = {}): Promise<Report> {
  const { store, read, all } = await readFlows(sources, options)
  const flows = byStream(all)
  const chain = new Chain(all, options.roles ?? [], natTwins(store))
  const startNs = read.captures[0]?.firstNs ?? 0
  const labels = labelsFor(options.showSecrets === true)
  const caseOf = (facts: FlowFacts): Case => ({
    facts,
    around: chain.around(facts),
    timeouts: options.timeouts ?? [],
  })
  const reportOf = (c: Case, verdict: Verdict): FlowReport => {
    const { stream } = c.facts
    const ladder = timelineOf(store, c.facts, labels, startNs)
    return flowReport({ ...c, verdict, chain, ladder, ladderGaps: store.ladder.gaps(stream), startNs })
  }

  // Flows that are neither shown nor linked to shown ones leave only a count, or a line in the overview.
  const tally = new Tally()
  const ledger = new TimerLedger(options.timeouts ?? [])
  const exposure = new ExposureLedger()
  const overview = options.overview === true ? new OverviewList(startNs) : null
  const requests = new ChainView({
    chain,
    flowOf: (stream) => flows.get(stream),
    verdictOf: (facts) => judge(caseOf(facts)),
    label: labels.request,
    startNs,
  })
  const shown: FlowReport[] = []
  for (const facts of all) {
    if (options.filter != null && !options.filter(facts)) continue
    const c = caseOf(facts)
    const verdict = judge(c)
    const twins = chain.twinStreams(facts.stream)
    tally.add(facts.stream, verdict, twins)
    requests.add(facts, verdict)
    if (twins.every((twin) => twin > facts.stream)) {
      ledger.add(facts, c.around, verdict)
      exposure.add(facts, c.around, verdict)
    }
    overview?.add(facts, verdict, silencesOf(store, facts))
    if (options.all === true || facts.stream === options.flow || verdict.severity !== 'ok')
      shown.push(reportOf(c, verdict))
  }
  const linked = linkedStreams(shown, chain, flows).map((facts) => {
    const c = caseOf(facts)
    return reportOf(c, judge(c))
  })
  const asked = options.flow == null ? undefined : flows.get(options.flow)
  const order = ledger.finish()
  return {
    schema: 'pcap-why/report/1',
    version,
    captures: read.captures.map((capture, index) =>
      captureSummary(capture, index, read.epochNs, store.copiesOfCapture[index] ?? 0, all),
    ),
    chain: chain.roles.chain(),
    summary: tally.summary(),
    findings: findingsOf(shown, order.legs),
    flows: shown,
    requests: requests.failed(),
    ...(asked !== undefined && { carried: requests.carriedBy(asked) }),
    ...order,
    exposure: exposure.exposure(read.captures.flatMap(spanOf)),
    linked,
    ...(overview !== null && { overview: overview.section(chain.roles) }),
  }
}

/** Reads the captures to their ends: every flow's state and facts. */
async function readFlows(
  sources: readonly ByteSource[],
  options: AnalyzeOptions,
): Promise<{
  readonly store: FlowTracker['store']
  readonly read: Awaited<ReturnType<typeof readCaptures>>
  readonly all: FlowFacts[]
}> {
  const conversations = new Conversations()
  const tracker = new FlowTracker(conversations, hashSeed())
  const read = await readCaptures(
    sources,
    (batch, from, to, capture, vantage) => tracker.process(batch, from, to, capture, vantage),
    {
      ...(options.onProgress && { onProgress: options.onProgress }),
      ...(options.signal && { signal: options.signal }),
    },
  )
  tracker.finish()
  const { store } = tracker
  if (store.flows.count === 0) throw withoutTcp(sources, read.captures)

  return { store, read, all: allFacts(store, conversations, read) }
}

/** The facts of every flow that had packets of its own. */
function allFacts(
  store: FlowTracker['store'],
  conversations: Conversations,
  read: Awaited<ReturnType<typeof readCaptures>>,
): FlowFacts[] {
  const sources = {
    store,
    conversationOf: (flow: number) => conversations.of(flow),
    addressText: (family: number, address: number) => read.addresses.text(family === 6 ? 6 : 4, address),
    captureEndNs: read.captures.map((capture) => capture.latestNs ?? 0),
  }
  const all: FlowFacts[] = []
  for (let flow = 0; flow < store.flows.count; flow++) {
    if (!(store.flows.state[flow] & FLOW_QUOTED_ONLY)) all.push(flowFacts(sources, flow))
  }
  return all
}

/** First and last moment of a capture; none when it holds no frame. */
function spanOf({ earliestNs, latestNs }: CaptureFacts): [number, number][] {
  return earliestNs === null || latestNs === null ? [] : [[earliestNs, latestNs]]
}

/** Texts of messages for the ladder, masked unless `showSecrets`. */
function labelsFor(showSecrets: boolean): MessageLabels {
  return { request: (exchange) => requestLabel(exchange, showSecrets), response: responseLabel }
}

function byStream(flows: readonly FlowFacts[]): ReadonlyMap<number, FlowFacts> {
  return new Map(flows.map((flow) => [flow.stream, flow]))
}

/** Seeded, so that nobody can write a capture whose flows all collide; the result does not depend on it. */
function hashSeed(): number {
  return globalThis.crypto.getRandomValues(new Uint32Array(1))[0]
}

function withoutTcp(sources: readonly ByteSource[], captures: readonly CaptureFacts[]): CaptureError {
  const frames = captures.reduce((sum, one) => sum + one.frames, 0)
  const path = sources[0]?.path ?? '-'
  return new CaptureError(`${path} holds ${frames} ${frames === 1 ? 'frame' : 'frames'} but no TCP`, {
    code: 'no-tcp',
    path,
    offset: null,
    hint: "capture with a filter that lets TCP through, for example tcpdump -i any -s 0 -w out.pcap 'tcp port 80 or tcp port 8000'",
  })
}
