/** How often a run hit the limits of following connections (flow/limits.ts). */
export interface LimitsHit {
  readonly lateSegments: number
  readonly endedOpen: number
  readonly forgotten: number
  readonly gapsGivenUp: number
}

/** What was not looked at because memory is bounded, as sentences for `notSeen`; empty when no limit was hit. */
export function limitsHit({ lateSegments, endedOpen, forgotten, gapsGivenUp }: LimitsHit): string[] {
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
  return lines
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`
}
