import { readCaptures } from './capture/read-captures.js'
import type { ByteSource } from './capture/source.js'
import type { RoleRule } from './chain/roles.js'
import { Chain } from './chain/surroundings.js'
import { CaptureError } from './errors.js'
import { Conversations } from './exchange/conversations.js'
import { requestLabel, responseLabel } from './exchange/target-label.js'
import { flowFacts } from './facts/build.js'
import type { FlowFacts } from './facts/flow-facts.js'
import { timelineOf } from './facts/timeline.js'
import { FLOW_QUOTED_ONLY } from './flow/flow-columns.js'
import { FlowTracker } from './flow/tracker.js'
import type { UserTimeout } from './knowledge/types.js'
import { captureSummary } from './outcome/capture-summary.js'
import { findingsOf } from './outcome/findings.js'
import { flowReport } from './outcome/flow-report.js'
import type { FlowReport, Report, VerdictClass } from './result.js'
import { judge } from './verdicts/judge.js'
import { version } from './version.js'

/** What the user can ask of an analysis. */
export interface AnalyzeOptions {
  /** Report every flow, not only those with severity problem or latent. */
  readonly all?: boolean
  /** A flow to report whatever its severity. */
  readonly flow?: number | null
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
  const conversations = new Conversations()
  const tracker = new FlowTracker(conversations, hashSeed())
  const read = await readCaptures(
    sources,
    (batch, from, to, capture) => tracker.process(batch, from, to, capture),
    {
      ...(options.onProgress && { onProgress: options.onProgress }),
      ...(options.signal && { signal: options.signal }),
    },
  )
  tracker.finish()
  const { store } = tracker
  if (store.flows.count === 0)
    throw withoutTcp(
      sources,
      read.captures.reduce((sum, one) => sum + one.frames, 0),
    )

  const factSources = {
    store,
    conversationOf: (flow: number) => conversations.of(flow),
    addressText: (family: number, address: number) => read.addresses.text(family === 6 ? 6 : 4, address),
    captureEndNs: read.captures.map((capture) => capture.latestNs ?? 0),
  }
  const all: FlowFacts[] = []
  for (let flow = 0; flow < store.flows.count; flow++) {
    if (!(store.flows.state[flow] & FLOW_QUOTED_ONLY)) all.push(flowFacts(factSources, flow))
  }

  const chain = new Chain(all, options.roles ?? [])
  const startNs = read.captures[0]?.firstNs ?? 0
  const labels = {
    request: (exchange: Parameters<typeof requestLabel>[0]) =>
      requestLabel(exchange, options.showSecrets === true),
    response: responseLabel,
  }
  const judged = all
    .filter((facts) => options.filter == null || options.filter(facts))
    .map((facts): FlowReport => {
      const verdict = judge({ facts, around: chain.around(facts), timeouts: options.timeouts ?? [] })
      const ladder = timelineOf(store, facts, labels, startNs)
      return flowReport({
        facts,
        verdict,
        chain,
        ladder,
        ladderOmitted: store.ladder.omitted(facts.stream),
        startNs,
      })
    })

  const shown = judged.filter(
    (flow) => options.all === true || flow.stream === options.flow || flow.verdict.severity !== 'ok',
  )
  return {
    schema: 'pcap-why/report/1',
    version,
    captures: read.captures.map((capture, index) =>
      captureSummary(capture, index, read.epochNs, store.copiesOfCapture[index] ?? 0, all),
    ),
    chain: chain.roles.chain(),
    summary: summaryOf(judged),
    findings: findingsOf(judged),
    flows: shown,
    linked: linkedTo(shown, judged),
  }
}

function summaryOf(flows: readonly FlowReport[]): Report['summary'] {
  const byClass: Partial<Record<VerdictClass, number>> = {}
  for (const { verdict } of flows) byClass[verdict.class] = (byClass[verdict.class] ?? 0) + 1
  return {
    flows: flows.length,
    byClass,
    problems: flows.filter((flow) => flow.verdict.severity === 'problem').length,
    latent: flows.filter((flow) => flow.verdict.severity === 'latent').length,
  }
}

/** Flows that are linked to the shown ones, directly or through one more leg, and are not shown themselves. */
function linkedTo(shown: readonly FlowReport[], judged: readonly FlowReport[]): FlowReport[] {
  const byStream = new Map(judged.map((flow) => [flow.stream, flow]))
  const wanted = new Set<number>()
  const visit = (flow: FlowReport, legs: number): void => {
    for (const link of flow.links) {
      const other = byStream.get(link.stream)
      if (other === undefined || legs === 0) continue
      if (!wanted.has(other.stream)) {
        wanted.add(other.stream)
        visit(other, legs - 1)
      }
    }
  }
  for (const flow of shown) visit(flow, 4)
  for (const flow of shown) wanted.delete(flow.stream)
  return [...wanted].sort((a, b) => a - b).flatMap((stream) => byStream.get(stream) ?? [])
}

/** Seeded, so that nobody can write a capture whose flows all collide; the result does not depend on it. */
function hashSeed(): number {
  return globalThis.crypto.getRandomValues(new Uint32Array(1))[0]
}

function withoutTcp(sources: readonly ByteSource[], frames: number): CaptureError {
  const path = sources[0]?.path ?? '-'
  return new CaptureError(`${path} holds ${frames} frames but no TCP`, {
    code: 'no-tcp',
    path,
    offset: null,
    hint: "capture with a filter that lets TCP through, for example tcpdump -i any -s 0 -w out.pcap 'tcp port 80 or tcp port 8000'",
  })
}
