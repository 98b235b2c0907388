import { span } from '../facts/span-text.js'
import { sentence } from '../knowledge/sentence.js'
import type { Verdict } from '../result.js'
import { endOf, isOther, resetBy, wasReset } from './chain-view-end.js'
import { isGatewayStatus, type JudgedLeg } from './chain-view-leg.js'
import { linePolicy } from './policy.js'

/** What became of one request, as its sentence tells it. */
export interface Outcome {
  readonly legs: readonly JudgedLeg[]
  /** The request as it is called, masked; null: it was not readable. */
  readonly request: string | null
  /** The leg that began it; null: not seen, or not one of these legs. */
  readonly cause: JudgedLeg | null
  /** Streams of the leg that began it: its own, and those of the same connection seen elsewhere. */
  readonly sameAsCause: readonly number[]
  /** Verdict on the flow that began it, also when that carried another request; null: none seen. */
  readonly reason: Verdict | null
}

/** What an engineer would write of the request: who ended it and why, what that meant to the client, what followed on the other legs. */
export function requestSentence(outcome: Outcome): string {
  const { reason } = outcome
  const parts = [reason === null ? withoutReason(outcome) : reasonText(outcome, reason)]
  const again = sentAgain(outcome)
  if (again !== null && !/sent (it )?again/.test(parts[0])) parts.push(again)
  const got = leftEarly(outcome) === null ? statusText(outcome) : null
  if (
    reason !== null &&
    got !== null &&
    ((outcome.cause?.depth ?? 2) > 1 || !namesStatus(parts[0], got.status))
  )
    parts.push(got.text)
  parts.push(...earlierTries(outcome), ...followers(outcome), ...doubts(outcome))
  return sentence(parts.join('; '))
}

/** Whether a sentence names this status: not as part of a time, a port, a count of bytes or the number of a flow. */
export function namesStatus(text: string, status: number): boolean {
  return new RegExp(`(?<![\\d.:]|flow )${status}(?!\\d|\\.\\d| m?s\\b| bytes)`).test(text)
}

/** The verdict's sentence, and how far this request had come where that speaks of another one on the same connection. */
function reasonText({ cause, request }: Outcome, reason: Verdict): string {
  const text = reason.summary.replace(/\.$/, '')
  if (cause === null || cause.verdict !== reason || !cause.concerned || !isOther(cause)) return text
  const told = `${request ?? 'this request'} had ${progress(cause)} when flow ${cause.flow.stream} ended`
  return `${told}: ${text.startsWith('The ') ? `the ${text.slice(4)}` : text}`
}

function progress({ exchange }: JudgedLeg): string {
  const bytes = exchange?.responseBytes ?? 0
  return bytes === 0 ? 'no byte of a response' : `${bytes} ${bytes === 1 ? 'byte' : 'bytes'} of its response`
}

/** The client or the server gave up on one stream, and the connection went on. */
function resetText(leg: JudgedLeg, request: string | null): string {
  const { exchange, names, flow } = leg
  const end = endOf(leg)
  const start = exchange?.requestStart ?? null
  const name = request ?? `the request on flow ${flow.stream}`
  const after = end === null || start === null ? '' : ` ${span(end.ns - start.timeNs)} after it began`
  const done = `${after}, with ${progress(leg)}`
  return resetBy(leg) === 'client'
    ? `${names.client} cancelled ${name} (RST_STREAM)${done}`
    : `${names.server} reset the stream of ${name} (RST_STREAM)${done}`
}

/** The sentence when no flow's end explains it. */
function withoutReason({ legs, cause, request }: Outcome): string {
  const [outermost] = legs
  const { exchange, names, flow } = outermost
  if (exchange === null) return `no request was sent on flow ${flow.stream}`
  const reset = cause !== null && wasReset(cause) ? cause : legs.find(wasReset)
  if (reset !== undefined) return resetText(reset, request)
  if (exchange.responseStart === null) return `no answer of ${names.server} was seen`
  const answered = `${names.server} answered ${exchange.status ?? ''}`.trimEnd() + waited(outermost)
  if (!isGatewayStatus(exchange.status)) return answered
  const deepest = legs[legs.length - 1]
  if (legs.length === 1) return `${answered}; no leg behind it was seen for this request`
  if (deepest.exchange?.status !== exchange.status)
    return `${answered}; why ${deepest.names.server} did not serve it was not seen`
  const maker = `${deepest.names.server} answered ${exchange.status}${waited(deepest)}`
  return `${maker}, which ${names.server} passed on; no leg behind ${deepest.names.server} was seen for this request`
}

function waited({ exchange }: JudgedLeg): string {
  const { requestStart, responseStart } = exchange ?? { requestStart: null, responseStart: null }
  if (requestStart == null || responseStart == null) return ''
  return ` after ${span(responseStart.timeNs - requestStart.timeNs)}`
}

function statusText({ legs: [outermost] }: Outcome): { status: number; text: string } | null {
  const status = outermost.exchange?.status ?? null
  if (status === null || status < 500) return null
  return { status, text: `${outermost.names.client} got ${status}${waited(outermost)}` }
}

/** The try that hid the failure from the client. */
function sentAgain({ legs, cause }: Outcome): string | null {
  if (cause === null) return null
  const after = legs.slice(legs.indexOf(cause) + 1)
  const retry = after.find((leg) => leg.depth === cause.depth && leg.attempt > cause.attempt)
  if (retry === undefined || retry.concerned || retry.exchange?.responseComplete !== true) return null
  return `${retry.names.client} sent it again on flow ${retry.flow.stream}, which answered ${retry.exchange.status ?? ''}`.trimEnd()
}

function earlierTries({ legs, cause }: Outcome): string[] {
  if (cause === null) return []
  const failed = legs.filter(
    (leg) => leg.depth === cause.depth && leg.attempt < cause.attempt && leg.concerned,
  )
  if (failed.length === 0) return []
  const tries = failed.map((leg) => `flow ${leg.flow.stream}: ${leg.verdict.class}`).join(', ')
  return [`before that, ${failed.length === 1 ? 'a try' : `${failed.length} tries`} had failed (${tries})`]
}

/** How the other legs ended once the cause had: closed with it, or gone on by themselves. */
function followers({ legs, cause, sameAsCause }: Outcome): string[] {
  const left = cause === null ? null : endOf(cause)
  if (cause === null || left === null) return []
  const told = legs.flatMap((leg) => {
    const { first } = leg.flow.close
    if (leg === cause || !leg.concerned || first === null) return []
    const then = first.ns >= left.ns ? `, ${span(first.ns - left.ns)} later` : ''
    const { client } = leg.names
    const before = left.ns - first.ns
    if (leg.verdict.variant === 'propagated' && sameAsCause.includes(leg.verdict.causeStream ?? -1))
      return [
        before > linePolicy.withItNs
          ? `${client} had closed flow ${leg.flow.stream} ${span(before)} before`
          : then === ''
            ? `${client} closed flow ${leg.flow.stream} with it`
            : `${client} then closed flow ${leg.flow.stream}${then}`,
      ]
    const wentOn = leg.verdict.class === 'idle-timeout' && leg.depth > cause.depth && then !== ''
    return wentOn ? [`flow ${leg.flow.stream} went on until ${client} gave up on it${then}`] : []
  })
  const late = leftEarly({ legs, cause })
  return late === null ? told : [...told, late]
}

/** The client had left when its answer came; null: it had not, or none came. */
function leftEarly({ legs: [outermost], cause }: Pick<Outcome, 'legs' | 'cause'>): string | null {
  const left = outermost.flow.close.first
  const { responseStart = null, status = null } = outermost.exchange ?? {}
  if (cause !== outermost || left?.by !== 'client' || responseStart === null) return null
  if (responseStart.timeNs <= left.ns) return null
  return `${outermost.names.server} still sent ${status ?? 'an answer'}, ${span(responseStart.timeNs - left.ns)} after ${outermost.names.client} had closed`
}

function doubts({ legs, cause }: Outcome): string[] {
  if (cause?.certainty !== 'possible' || legs.length < 2) return []
  return [`that flow ${cause.flow.stream} was meant for this request is only possible`]
}
