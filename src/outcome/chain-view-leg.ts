import type { Endpoint, Verdict } from '../result.js'
import { mayEndInRest } from '../facts/last-words.js'
import { cameAfterClose, isOther, resetBy, wasReset } from './chain-view-end.js'
import type { Carried, TracedLeg } from './chain-view-tree.js'
import { isUsual } from './usual-value.js'

/** A leg of one request with its verdict and the names of its ends. */
export interface JudgedLeg extends TracedLeg {
  readonly verdict: Verdict
  readonly client: Endpoint
  readonly server: Endpoint
  /** How sentences call the ends: `nginx`, `the client`, `10.0.0.3:8000`. */
  readonly names: { readonly client: string; readonly server: string }
  /** What the ends run, words of the timeout knowledge base; null: nothing tells. */
  readonly software: { readonly client: string | null; readonly server: string | null }
  /** The verdict is about this request. */
  readonly concerned: boolean
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
  if (wasReset(leg))
    return resetBy(leg) === 'client' ? `${names.client} cancelled it` : `${names.server} reset the stream`
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
      return `idle timeout of ${closerName(leg)}${settingText(leg)}`
    case 'keepalive-race':
      return `keep-alive race: ${names.server} closed while the request was on its way`
    case 'half-open-zombie':
      return `half-open zombie${verdict.variant === null ? '' : ` (${verdict.variant})`}`
    case 'client-abort':
      if (verdict.variant !== 'propagated') return `${names.client} left${timerText(leg)}`
      return `${names.client} closed it because ${leftWord(verdict)}`
    case 'server-abort':
      if (cameAfterClose(leg))
        return `${names.server} had closed before this came: the rest of a request that it had answered, or another one`
      if (inAnswer(leg)) return `${names.server} closed in the middle of its answer`
      if (phaseOf(leg) === 'mid-request') return `${names.server} closed while the request was coming in`
      if (mayEndInRest(leg.flow))
        return `${names.server} closed while this came: the rest of a request that it had answered, or another one`
      return `${names.server} closed without an answer`
    case 'refused':
      return verdict.variant === 'unreachable'
        ? `an ICMP error answered the SYN to ${names.server}`
        : `${names.server} refused the connection`
    case 'connect-timeout':
      return `${names.server} did not answer the SYN`
    case 'middlebox-reset':
      return 'reset by something between the ends'
    default:
      return verdict.class
  }
}

/** What the proxy's own client had done when the proxy closed the leg behind. */
function leftWord({ phase }: Verdict): string {
  if (phase === 'peer-not-reading') return 'its own client did not read'
  return phase === 'mid-request' ? 'its own client sent no more of the request' : 'it was left itself'
}

/** The server had begun its answer, whether the client read it or not. */
function inAnswer(leg: JudgedLeg): boolean {
  const phase = phaseOf(leg)
  return phase === 'mid-response' || (phase === 'peer-not-reading' && leg.exchange?.responseStart != null)
}

/** Of this request, where the verdict speaks of another one on the same connection. */
function phaseOf(leg: JudgedLeg): Verdict['phase'] {
  if (!isOther(leg)) return leg.verdict.phase
  return leg.exchange?.responseStart === null ? 'awaiting-response' : 'mid-response'
}

function closerName({ verdict, names }: JudgedLeg): string {
  return verdict.closer === 'server' ? names.server : names.client
}

/** The setting that fired. Of software that nothing tells only one that everybody has at this value. */
function settingText({ verdict, software }: JudgedLeg): string {
  const setting = verdict.timer?.setting ?? null
  if (verdict.timer === null || setting === null) return ''
  const unknown = (verdict.closer === 'server' ? software.server : software.client) === null
  if (unknown && !isUsual(setting, verdict.timer.seconds)) return ` of ${verdict.timer.seconds} s`
  return `, ${verdict.certainty === 'certain' ? '' : 'likely '}${setting}`
}

function timerText(leg: JudgedLeg): string {
  const text = settingText(leg)
  return text.startsWith(' of ') ? `, perhaps by a timer${text}` : text
}
