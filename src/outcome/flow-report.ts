import type { Chain } from '../chain/surroundings.js'
import type { Surroundings } from '../facts/leg-facts.js'
import type { CloseFact, FlowFacts, Standing } from '../facts/flow-facts.js'
import { mayEndInRest, mayHaveMetClose } from '../facts/last-words.js'
import { eventIntervals } from '../facts/event-intervals.js'
import { pathRemarks } from './path-remarks.js'
import { shownLadder, type LadderParts } from './shown-ladder.js'
import { tlsOf } from './tls-rows.js'
import { withGuess } from './usual-value.js'
import type {
  CloseEvent,
  Endpoint,
  FlowLink,
  FlowReport,
  FramePlace,
  Owed,
  Phase,
  Verdict,
} from '../result.js'

/** Everything one flow's report is made of. */
export interface FlowReportParts extends LadderParts {
  readonly chain: Chain
  readonly around: Surroundings
  /** Other flows, by stream number. */
  readonly flowOf: (stream: number) => FlowFacts | undefined
  /** A frame, by its number in the run, as a report on a flow of the capture names it. */
  readonly placeOf: (capture: number, number: number) => FramePlace
}

/** One flow as the Result shows it. */
export function flowReport(parts: FlowReportParts): FlowReport {
  const { facts, verdict, chain, startNs } = parts
  const at = (number: number): FramePlace => parts.placeOf(facts.capture, number)
  const since = (ns: number): number => (ns - startNs) / 1e9
  const close = (fact: CloseFact | null): CloseEvent | null =>
    fact === null
      ? null
      : { by: fact.by, flag: fact.flag, rstForm: fact.form, ...at(fact.frame), time: since(fact.ns) }
  const { lastData, silenceNs, standing } = facts
  const sinceUnanswered = facts.sides.client.unanswered?.since.ns
  const software = { client: parts.around.callerSoftware, server: parts.around.serverSoftware }
  const told = withRemarks(
    withGuess(withoutGuessedPhase(verdict, standing), software),
    pathRemarks(facts, chain.twinStreams(facts.stream).length > 0),
  )
  return {
    capture: facts.capture,
    stream: facts.stream,
    client: endpoint(chain, facts.client, software.client),
    server: endpoint(chain, facts.server, software.server),
    clientBasis: facts.clientBasis,
    seenAt: seenAt(facts),
    start: since(facts.startNs),
    end: since(facts.endNs),
    watchedUntil: since(facts.captureEndNs),
    frames: facts.frames,
    payloadBytes: { client: facts.sides.client.payloadBytes, server: facts.sides.server.payloadBytes },
    completeness: facts.completeness,
    history: facts.history,
    exchanges: exchangesOf(facts),
    events: eventsOf(facts),
    tls: tlsOf(facts),
    close: {
      first: close(facts.close.first),
      second: close(facts.close.second),
      lastData:
        lastData === null ? null : { by: lastData.by, ...at(lastData.frame), time: since(lastData.ns) },
      silence: lastData === null || silenceNs === null ? null : silenceNs / 1e9,
      ...toldStanding(facts, verdict),
    },
    unansweredSince: sinceUnanswered === undefined ? null : since(sinceUnanswered),
    verdict: { ...told, evidence: told.evidence.map(({ frame, text }) => ({ ...at(frame), text })) },
    consequence: consequenceOf(parts.around),
    links: linksOf(chain, facts.stream, parts.around, parts.flowOf),
    ...shownLadder(parts, at),
  }
}

/**
 * What was owed is told only where message boundaries could be read: who spoke last tells no waiting for a response from waiting for the
 * rest of a request, and there the phase is what the verdict makes of it. Other phases stay as likely as the verdicts that rest on them.
 */
function toldStanding(facts: FlowFacts, verdict: Verdict): { owed: Owed; phase: Phase | null } {
  const { owed, phase, framed } = facts.standing
  const known = (framed || owed === 'nothing') && !mayHaveMetClose(facts)
  // Of a race the verdict tells the server's phase.
  const suggested = !framed && phase === 'awaiting-response' && verdict.class !== 'keepalive-race'
  return { owed: known ? owed : 'unknown', phase: suggested ? verdict.phase : phase }
}

/** Without message boundaries a verdict can be certain of the end, not of the exchange that it met. */
function withoutGuessedPhase(verdict: Verdict, { framed }: Standing): Verdict {
  const guessed = verdict.phase === 'between-requests' || verdict.phase === 'awaiting-response'
  return !framed && guessed && verdict.certainty === 'certain' ? { ...verdict, phase: null } : verdict
}

function withRemarks(verdict: Verdict, more: readonly string[]): Verdict {
  return more.length === 0 ? verdict : { ...verdict, remarks: [...verdict.remarks, ...more] }
}

/**
 * Requests begun; a head that never came to its end is none. Null where the payload cannot be read, or where what came last may be the
 * rest of a request that was answered early.
 */
function exchangesOf(facts: FlowFacts): number | null {
  const { conversation } = facts
  if (conversation === null) return 0
  if (conversation.protocol === 'opaque' || mayEndInRest(facts)) return null
  const last = conversation.exchanges[conversation.exchanges.length - 1]
  const readable = conversation.protocol === 'http1' && !facts.payloadCut && !conversation.framingLost
  const half =
    readable &&
    last !== undefined &&
    !last.requestHeadWhole &&
    last.requestStart !== null &&
    last.requestComplete === false
  return half ? conversation.count - 1 : conversation.count
}

function eventsOf({ conversation }: FlowFacts): NonNullable<FlowReport['events']> | null {
  const events = eventIntervals(conversation)
  if (events === null) return null
  return { intervals: events.count, median: events.medianNs / 1e9, longest: events.longestNs / 1e9 }
}

function endpoint(
  chain: Chain,
  end: { readonly ip: string; readonly port: number },
  software: string | null,
): Endpoint {
  return { ip: end.ip, port: end.port, role: chain.roles.of(end.ip, end.port).role, software }
}

/** Other legs of the same exchanges, each once, with the best certainty; `flowOf` gives the addresses of a twin. */
export function linksOf(
  chain: Chain,
  stream: number,
  around: Surroundings,
  flowOf: (stream: number) => FlowFacts | undefined = () => undefined,
): FlowLink[] {
  const links = new Map<string, FlowLink>()
  const add = (link: FlowLink): void => {
    const key = `${link.relation} ${link.stream}`
    const known = links.get(key)
    if (known === undefined || (known.certainty !== 'certain' && link.certainty === 'certain'))
      links.set(key, link)
  }
  for (const leg of chain.settledLegsOf(stream)) add({ ...leg })
  for (const link of around.downstreams) {
    add({ stream: link.downstream.stream, relation: 'downstream', certainty: link.certainty })
    const retry = around.retryOf(link)
    if (retry !== null && link.upstreamExchange?.responseStart == null)
      add({ stream: retry.upstream.stream, relation: 'retry', certainty: retry.certainty })
  }
  for (const twin of chain.twinStreams(stream)) {
    const there = flowOf(twin)
    const as = there && { client: there.client, server: there.server, capture: there.capture }
    add({ stream: twin, relation: 'nat-twin', certainty: 'certain', ...(as && { as }) })
  }
  for (const link of chain.upstreamsOf(stream))
    add({ stream: link.upstream.stream, relation: 'upstream', certainty: link.certainty })
  return [...links.values()]
}

/** What became of the last request that got no whole response here, as the leg towards the client shows it. */
function consequenceOf(around: Surroundings): NonNullable<FlowReport['consequence']> | null {
  const failed = around.downstreams.filter(
    (link) => link.upstreamExchange === null || link.upstreamExchange.responseComplete !== true,
  )
  const link = failed[failed.length - 1]
  if (link === undefined) return null
  return {
    status: link.downstreamExchange.status,
    retryStream: around.retryOf(link)?.upstream.stream ?? null,
  }
}

/** Where packets leave, there the capture was taken; a router sees those of both ends leave. */
function seenAt({ sides: { client, server } }: FlowFacts): NonNullable<FlowReport['seenAt']> | null {
  if (client.outgoing === server.outgoing) return null
  return client.outgoing ? 'client' : 'server'
}
