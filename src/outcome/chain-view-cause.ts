import type { FlowFacts } from '../facts/flow-facts.js'
import type { Verdict } from '../result.js'
import { endOf, wasReset } from './chain-view-end.js'
import type { JudgedLeg } from './chain-view-leg.js'
import { chainViewPolicy } from './policy.js'

/** What began the failure of one request. */
export interface Cause {
  /** The leg; null: not seen, or not a leg of this request. */
  readonly leg: JudgedLeg | null
  readonly stream: number | null
  /** Null, too, where the request's own stream was reset: no verdict on a connection speaks of that. */
  readonly reason: Verdict | null
}

/** How flows and their verdicts are looked up. */
interface Judged {
  readonly flowOf: (stream: number) => FlowFacts | undefined
  readonly verdictOf: (facts: FlowFacts) => Verdict
  readonly chain: { readonly twinStreams: (stream: number) => readonly number[] }
}

/**
 * The flow that the verdicts of the failed legs lead back to. Where several tries failed on their own, the last before the answer decides:
 * the others had been made good. Without an answer, the first that closed does.
 */
export function causeOf(legs: readonly JudgedLeg[], judged: Judged): Cause {
  const failed = (leg: JudgedLeg): boolean => leg.concerned || wasReset(leg)
  const origins = legs.flatMap((leg) => (failed(leg) ? [originOf(leg, legs, judged)] : []))
  const left = endOf(legs[0])
  const leftNs = left?.by === 'client' && failed(legs[0]) ? left.ns : Infinity
  const answerNs = legs[0].exchange?.responseStart?.timeNs ?? null
  // What a client gets that has already closed is no answer any more.
  const answered = answerNs !== null && answerNs <= leftNs ? answerNs : null
  const closedNs = ({ leg }: Cause): number => (leg === null ? null : endOf(leg))?.ns ?? -Infinity
  const inTime = origins.filter(
    (one) => answered === null || closedNs(one) <= answered + chainViewPolicy.answeredBeforeNs,
  )
  const ordered = (inTime.length > 0 ? inTime : origins).sort((a, b) => closedNs(a) - closedNs(b))
  const chosen = inTime.length > 0 && answered !== null ? ordered[ordered.length - 1] : ordered[0]
  return chosen ?? { leg: null, stream: null, reason: null }
}

function originOf(leg: JudgedLeg, legs: readonly JudgedLeg[], judged: Judged): Cause {
  if (wasReset(leg)) return { leg, stream: leg.flow.stream, reason: null }
  let stream = leg.flow.stream
  let reason = leg.verdict
  for (let step = 0; step < chainViewPolicy.stepsToCause && reason.causeStream !== null; step++) {
    const flow = judged.flowOf(reason.causeStream)
    if (flow === undefined) break
    stream = flow.stream
    reason = judged.verdictOf(flow)
  }
  const same = [stream, ...judged.chain.twinStreams(stream)]
  const begun = legs.find((one) => same.includes(one.flow.stream)) ?? null
  return { leg: begun, stream, reason: begun !== null && wasReset(begun) ? null : reason }
}
