import { counted } from './counted.js'

/** How often a run hit the limits of following connections (flow/limits.ts), of judging them and of listing them (policy.ts of either room). */
export interface LimitsHit {
  readonly lateSegments: number
  readonly endedOpen: number
  readonly forgotten: number
  readonly gapsGivenUp: number
  /** Flows judged although a leg of theirs had not ended (flowsWaiting). */
  readonly legsNotAwaited: number
  /** Links to legs judged in earlier rounds that were too many to be remembered (settledLegs of the chain's memory). */
  readonly legsForgotten: number
  /** Flows whose client is not remembered for the list of hosts and their roles (meetings of the chain's memory). */
  readonly clientsForgotten: number
  /** Flows linked to listed ones that are not listed beside them (linkedInAll). */
  readonly linkedNotListed: number
  /** Answers of servers that were too many to be remembered (answersKept). */
  readonly answersForgotten: number
  /** Connections of legs whose timers are not remembered (legs of the timers' policy). */
  readonly untimed: number
}

/** What was not looked at because memory is bounded, as sentences for `notSeen`; empty when no limit was hit. */
export function limitsHit(hit: LimitsHit): string[] {
  const { lateSegments, endedOpen, forgotten, gapsGivenUp, legsNotAwaited, legsForgotten, linkedNotListed } =
    hit
  const { answersForgotten, clientsForgotten, untimed } = hit
  const lines: string[] = []
  if (endedOpen > 0)
    lines.push(
      `what became of ${counted(endedOpen, 'connection')} later: too many were open at once, and those silent longest were judged before their end`,
    )
  if (lateSegments > 0)
    lines.push(
      `${counted(lateSegments, 'segment')} that came after ${lateSegments === 1 ? 'its' : 'their'} connection had been judged`,
    )
  if (gapsGivenUp > 0)
    lines.push(
      `payload in ${counted(gapsGivenUp, 'gap')} that had too much out-of-order payload waiting behind them`,
    )
  if (forgotten > 0)
    lines.push(
      `to which connection late segments belong, of the ${counted(forgotten, 'connection')} that ended first: they count as connections of their own`,
    )
  if (legsNotAwaited > 0)
    lines.push(
      `how the other legs of ${counted(legsNotAwaited, 'connection')} ended: too many were waiting for theirs, and these were judged without it`,
    )
  if (legsForgotten > 0)
    lines.push(
      `${counted(legsForgotten, 'link')} from connections that went on to legs that had been judged: too many to be remembered`,
    )
  if (clientsForgotten > 0)
    lines.push(
      `the clients of ${counted(clientsForgotten, 'connection')} among the hosts: too many to be remembered`,
    )
  if (linkedNotListed > 0)
    lines.push(
      `${counted(linkedNotListed, 'connection')} linked to those that are listed: too many to be listed beside them`,
    )
  if (answersForgotten > 0)
    lines.push(
      `${counted(answersForgotten, 'answer')} that servers gave first: too many to be remembered, so that one that is called gone then may have answered others`,
    )
  if (untimed > 0)
    lines.push(
      `which timers ended ${counted(untimed, 'connection')}, beyond what each shows by itself: too many pairs of a client and a server to be remembered`,
    )
  return lines
}
