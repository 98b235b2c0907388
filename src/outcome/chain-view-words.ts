import type { Endpoint, Side, Verdict } from '../result.js'
import type { Carried, TracedLeg } from './chain-view-tree.js'

/** A leg of one request with its verdict and the names of its ends. */
export interface JudgedLeg extends TracedLeg {
  readonly verdict: Verdict
  readonly client: Endpoint
  readonly server: Endpoint
  /** How sentences call the ends: `nginx`, `the client`, `10.0.0.3:8000`. */
  readonly names: { readonly client: string; readonly server: string }
  /** The verdict is about this request. */
  readonly concerned: boolean
}

/** What became of one request, as its sentence tells it. */
export interface Outcome {
  readonly legs: readonly JudgedLeg[]
  /** The leg that began it; null: not seen, or not one of these legs. */
  readonly cause: JudgedLeg | null
  /** Streams of the leg that began it: its own, and those of the same connection seen elsewhere. */
  readonly sameAsCause: readonly number[]
  /** Verdict on the flow that began it, also when that carried another request; null: none seen. */
  readonly reason: Verdict | null
}

const GATEWAY_STATUSES: ReadonlySet<number> = new Set([502, 503, 504])

/** Whether a proxy writes this status when the leg behind it fails. */
export function isGatewayStatus(status: number | null): boolean {
  return status !== null && GATEWAY_STATUSES.has(status)
}

/** What happened on one leg, in a few words. */
export function legText(leg: JudgedLeg, behind: readonly Carried[]): string {
  const { exchange, names } = leg
  if (leg.concerned) return troubleText(leg)
  if (exchange === null) return 'it was opened and carried no request'
  if (exchange.reset !== null) return `${names[resetBy(leg)]} reset the stream`
  if (exchange.responseStart === null) {
    if (leg.verdict.class === 'open') return 'no answer until the end of the capture'
    return 'no answer was seen'
  }
  if (isGatewayStatus(exchange.status)) {
    if (behind.length === 0) return `${names.server} answered`
    const passedOn = behind.some((one) => one.exchange?.status === exchange.status)
    return passedOn
      ? `${names.server} passed the answer on`
      : `${names.server} answered for the leg behind it`
  }
  return exchange.responseComplete === true ? 'answered' : 'answered; the end of the answer cannot be told'
}

function troubleText(leg: JudgedLeg): string {
  const { verdict, names } = leg
  switch (verdict.class) {
    case 'idle-timeout':
      return `idle timeout of ${closerName(leg)}${settingText(verdict)}`
    case 'keepalive-race':
      return `keep-alive race: ${names.server} closed while the request was on its way`
    case 'half-open-zombie':
      return `half-open zombie${verdict.variant === null ? '' : ` (${verdict.variant})`}`
    case 'client-abort':
      if (verdict.variant !== 'propagated') return `${names.client} left${settingText(verdict)}`
      return `${names.client} closed it because it was left itself`
    case 'server-abort':
      if (verdict.phase === 'mid-response') return `${names.server} closed in the middle of its answer`
      if (verdict.phase === 'mid-request') return `${names.server} closed while the request was coming in`
      return `${names.server} closed without an answer`
    case 'refused':
      return `${names.server} refused the connection`
    case 'connect-timeout':
      return `${names.server} did not answer the SYN`
    case 'middlebox-reset':
      return 'reset by something between the ends'
    default:
      return verdict.class
  }
}

function closerName({ verdict, names }: JudgedLeg): string {
  return verdict.closer === 'server' ? names.server : names.client
}

function settingText(verdict: Verdict): string {
  const setting = verdict.timer?.setting ?? null
  return setting === null ? '' : `, ${verdict.certainty === 'certain' ? '' : 'likely '}${setting}`
}

/** The end that reset the HTTP/2 stream of this leg's request. */
export function resetBy({ flow, exchange }: JudgedLeg): Side {
  return exchange?.reset?.side === flow.clientIndex ? 'client' : 'server'
}

/** What an engineer would write of the request: who ended it and why, what that meant to the client, what followed on the other legs. */
export function requestSentence(outcome: Outcome): string {
  const { reason } = outcome
  const parts = [reason === null ? withoutReason(outcome) : reason.summary.replace(/\.$/, '')]
  const said = (text: string): boolean => parts[0].includes(text)
  const again = sentAgain(outcome)
  if (again !== null && !/sent (it )?again/.test(parts[0])) parts.push(again)
  const got = leftEarly(outcome) === null ? statusText(outcome) : null
  if (reason !== null && got !== null && ((outcome.cause?.depth ?? 2) > 1 || !said(got.status)))
    parts.push(got.text)
  parts.push(...earlierTries(outcome), ...followers(outcome), ...doubts(outcome))
  const text = parts.join('; ')
  return `${/^(nginx|uvicorn|gunicorn)\b/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1)}.`
}

/** The sentence when no flow's end explains it. */
function withoutReason({ legs }: Outcome): string {
  const [outermost] = legs
  const { exchange, names, flow } = outermost
  if (exchange === null) return `no request was sent on flow ${flow.stream}`
  const reset = legs.find((leg) => leg.exchange !== null && leg.exchange.reset !== null)
  if (reset !== undefined)
    return `${reset.names[resetBy(reset)]} reset the stream of this request on flow ${reset.flow.stream}`
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

function statusText({ legs: [outermost] }: Outcome): { status: string; text: string } | null {
  const status = outermost.exchange?.status ?? null
  if (status === null || status < 500) return null
  return { status: String(status), text: `${outermost.names.client} got ${status}${waited(outermost)}` }
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
  const left = cause?.flow.close.first ?? null
  if (cause === null || left === null) return []
  const told = legs.flatMap((leg) => {
    const { first } = leg.flow.close
    if (leg === cause || !leg.concerned || first === null) return []
    const then = first.ns >= left.ns ? `, ${span(first.ns - left.ns)} later` : ''
    const { client } = leg.names
    if (leg.verdict.variant === 'propagated' && sameAsCause.includes(leg.verdict.causeStream ?? -1))
      return [
        then === ''
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

/** `60.004 s`, `12.3 ms`. */
function span(ns: number): string {
  const seconds = ns / 1e9
  if (Math.abs(seconds) >= 1) return `${seconds.toFixed(3)} s`
  const ms = seconds * 1e3
  return `${Math.abs(ms) >= 10 ? ms.toFixed(0) : ms.toFixed(2)} ms`
}
