import type { Chain } from '../chain/surroundings.js'
import type { Exchange } from '../exchange/exchange.js'
import { endText, roleText } from '../facts/end-text.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import { componentName } from '../knowledge/look-up.js'
import type { Endpoint, FailedRequest, FramePlace, LegMoment, RequestLeg, Verdict } from '../result.js'
import { resetBy, wasReset } from './chain-view-end.js'
import { isGatewayStatus, type JudgedLeg, legText } from './chain-view-leg.js'
import { requestSentence } from './chain-view-words.js'
import { causeOf } from './chain-view-cause.js'
import { type Carried, RequestTrees } from './chain-view-tree.js'
import { chainViewPolicy } from './policy.js'

/** What the chain view is made from. */
export interface ChainViewSources {
  readonly chain: Chain
  readonly flowOf: (stream: number) => FlowFacts | undefined
  readonly verdictOf: (facts: FlowFacts) => Verdict
  /** A request in one line, masked unless secrets are to be shown. */
  readonly label: (exchange: Exchange) => string
  /** Time that counts as 0: the start of the first capture. */
  readonly startNs: number
  /** A frame, by its number in the run, as a leg of the capture names it. */
  readonly placeOf: (capture: number, number: number) => FramePlace
}

/** Failed requests, each followed through its chain. Which requests have failed is said at `FailedRequest`. */
export class ChainView {
  private readonly suspects: Carried[] = []
  private treesKept: RequestTrees | null = null

  constructor(private readonly sources: ChainViewSources) {}

  /** Made when first asked for: where no request may have failed nobody asks. */
  private get trees(): RequestTrees {
    const { chain, flowOf } = this.sources
    return (this.treesKept ??= new RequestTrees(chain.links, (stream) => chain.twinStreams(stream), flowOf))
  }

  /** Notes the requests of a judged flow that may have failed. */
  add(flow: FlowFacts, verdict: Verdict): void {
    const exchanges = flow.conversation?.exchanges ?? []
    let cut = false
    for (const exchange of exchanges) {
      const concerned = isConcerned(flow, exchange, verdict)
      cut ||= concerned
      if (concerned || isGatewayStatus(exchange.status) || wasReset({ flow, exchange }))
        this.suspects.push({ flow, exchange })
    }
    // Opened for a request that it never carried.
    if (!cut && exchanges.length === 0 && verdict.severity === 'problem')
      this.suspects.push({ flow, exchange: null })
  }

  /** Every failed request once, in time order. */
  failed(): FailedRequest[] {
    const seen = new Set<Exchange>()
    const found: FailedRequest[] = []
    for (const suspect of this.suspects) {
      const outermost = this.trees.outermost(suspect)
      if (outermost.exchange === null || seen.has(outermost.exchange) || !this.hasFailed(suspect)) continue
      seen.add(outermost.exchange)
      found.push(this.follow(outermost))
    }
    return found.sort((a, b) => a.time - b.time || a.legs[0].stream - b.legs[0].stream)
  }

  /** The latest requests of one flow, whether they failed or not; failed ones first to be kept. */
  carriedBy(flow: FlowFacts): FailedRequest[] {
    const verdict = this.sources.verdictOf(flow)
    const exchanges = flow.conversation?.exchanges ?? []
    const failed = exchanges.filter((exchange) => isConcerned(flow, exchange, verdict))
    const chosen = failed.length > 0 ? failed : exchanges
    const latest: Carried[] = chosen.slice(-chainViewPolicy.carried).map((exchange) => ({ flow, exchange }))
    if (exchanges.length === 0) latest.push({ flow, exchange: null })
    return latest
      .map((carried) => this.trees.outermost(carried))
      .filter((carried) => carried.exchange !== null)
      .map((carried) => this.follow(carried))
  }

  /** A status of a gateway counts where it was made: the leg behind did not say the same. */
  private hasFailed(suspect: Carried): boolean {
    const { flow, exchange } = suspect
    if (exchange === null || wasReset(suspect)) return true
    if (isConcerned(flow, exchange, this.sources.verdictOf(flow))) return true
    const behind = this.trees.next(suspect)
    if (behind.some((one) => one.exchange?.status === exchange.status)) return false
    // An application may well answer 503 by itself; 502 and 504 are words of gateways only.
    const { proxy } = this.sources.chain.roles.of(flow.server.ip, flow.server.port)
    return exchange.status !== 503 || behind.length > 0 || proxy !== null
  }

  private follow(outermost: Carried): FailedRequest {
    const { label, startNs } = this.sources
    const legs = this.trees.legsOf(outermost).map((leg): JudgedLeg => {
      const verdict = this.sources.verdictOf(leg.flow)
      const client = this.endpoint(leg.flow.client)
      const server = this.endpoint(leg.flow.server)
      const names = { client: this.nameOf(client), server: this.nameOf(server) }
      return {
        ...leg,
        verdict,
        client,
        server,
        names,
        software: { client: this.softwareOf(client), server: this.softwareOf(server) },
        concerned: isConcerned(leg.flow, leg.exchange, verdict),
      }
    })
    const { exchange, flow } = outermost
    const { leg: cause, stream, reason } = causeOf(legs, this.sources)
    const beganNs = exchange?.requestStart?.timeNs ?? flow.startNs
    const request = exchange === null || exchange.method === null ? null : label(exchange)
    return {
      request,
      capture: flow.capture,
      time: (beganNs - startNs) / 1e9,
      status: exchange?.status ?? null,
      legs: legs.map((leg) => this.legOf(leg, cause, beganNs)),
      causeStream: stream,
      sentence: requestSentence({
        legs,
        request,
        cause,
        reason,
        sameAsCause: stream === null ? [] : [stream, ...this.sources.chain.twinStreams(stream)],
      }),
    }
  }

  private legOf(leg: JudgedLeg, cause: JudgedLeg | null, beganNs: number): RequestLeg {
    const { flow, exchange } = leg
    const moment = (frame: number, ns: number): LegMoment => ({
      ...this.sources.placeOf(flow.capture, frame),
      after: (ns - beganNs) / 1e9,
    })
    const point = (at: { frame: number; timeNs: number } | null): LegMoment | null =>
      at === null ? null : moment(at.frame, at.timeNs)
    const request = point(exchange?.requestStart ?? null)
    const answer = point(exchange?.responseStart ?? null)
    const reset = point(exchange?.reset?.point ?? null)
    const { first } = flow.close
    const exchanges = flow.conversation?.exchanges ?? []
    const last = exchanges.length === 0 || exchanges[exchanges.length - 1] === exchange
    return {
      capture: flow.capture,
      stream: flow.stream,
      alsoSeen: this.sources.chain.twinStreams(flow.stream),
      depth: leg.depth,
      client: leg.client,
      server: leg.server,
      opened: flow.syn === null || flow.syn.ns < beganNs ? null : moment(flow.syn.frame, flow.syn.ns),
      request,
      answer:
        answer === null || exchange === null
          ? null
          : { ...answer, status: exchange.status, complete: exchange.responseComplete },
      reset: wasReset(leg) && reset !== null ? { by: resetBy(leg), ...reset } : null,
      close:
        first === null || !(last || leg.concerned)
          ? null
          : { by: first.by, flag: first.flag, ...moment(first.frame, first.ns) },
      class: leg.verdict.class,
      part: partOf(leg, cause),
      certainty: leg.certainty,
      text: legText(leg, this.trees.next(leg)),
    }
  }

  private endpoint(end: { readonly ip: string; readonly port: number }): Endpoint {
    return { ip: end.ip, port: end.port, role: this.sources.chain.roles.of(end.ip, end.port).role }
  }

  private softwareOf({ ip, port }: Endpoint): string | null {
    return this.sources.chain.roles.of(ip, port).software
  }

  private nameOf(end: Endpoint): string {
    const { role } = end
    if (role === null) return endText(end)
    const software = this.softwareOf(end)
    if (role === 'lb' && software !== null) return componentName(software)
    return roleText(role)
  }
}

function partOf(leg: JudgedLeg, cause: JudgedLeg | null): RequestLeg['part'] {
  if (leg === cause) return 'cause'
  if (leg.attempt > 0) return 'retry'
  const failed = leg.concerned || wasReset(leg)
  return failed || isGatewayStatus(leg.exchange?.status ?? null) ? 'consequence' : 'other'
}

/** Whether the flow's bad end is about this request: it got no whole answer, or became a tunnel that was cut. */
function isConcerned(flow: FlowFacts, exchange: Exchange | null, verdict: Verdict): boolean {
  const { standing } = flow
  if (verdict.severity !== 'problem') return false
  if (exchange === null) return true
  // It had ended before the connection did.
  if (wasReset({ flow, exchange })) return false
  // A RST that its named sender did not mind, because it never sent it.
  if (verdict.class === 'middlebox-reset' && exchange.responseComplete === true) return false
  if (exchange !== standing.exchange)
    return exchange.responseComplete === false && exchange.responseFraming !== 'close'
  if (standing.phase === 'tunnel' || (standing.owed !== 'nothing' && standing.owed !== 'unknown')) return true
  return (
    exchange.responseComplete !== true && standing.phase !== 'between-requests' && standing.phase !== null
  )
}
