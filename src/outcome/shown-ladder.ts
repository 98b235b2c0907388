/** The ladder of a flow as the Report shows it: with the ICMP errors about it, the rows marked on which the verdict rests, frames as their files number them. */
import type { FlowFacts } from '../facts/flow-facts.js'
import type { FlowReport, FramePlace, LadderRow, Verdict } from '../result.js'
import { withIcmpErrors } from './icmp-rows.js'
import { withTlsWords } from './tls-rows.js'

/** What a flow's ladder is made of. */
export interface LadderParts {
  readonly facts: FlowFacts
  readonly verdict: Verdict
  readonly ladder: readonly LadderRow[]
  readonly ladderGaps: readonly { readonly before: number; readonly rows: number }[]
  /** Time that counts as 0: the start of the first capture. */
  readonly startNs: number
}

/** The fields of a report that hold its ladder. */
export function shownLadder(
  { ladder, ladderGaps, facts, verdict, startNs }: LadderParts,
  at: (number: number) => FramePlace,
): Required<Pick<FlowReport, 'ladder' | 'ladderOmitted' | 'ladderGaps'>> {
  const all = withIcmpErrors(withTlsWords(ladder, facts), ladderGaps, facts, startNs)
  return {
    ladder: withParts(all.ladder, verdict, facts).map((row) => placed(row, at)),
    ladderOmitted: ladderGaps.reduce((sum, gap) => sum + gap.rows, 0),
    ladderGaps: all.ladderGaps,
  }
}

/** Marks the rows that the verdict rests on. */
function withParts(rows: readonly LadderRow[], verdict: Verdict, facts: FlowFacts): LadderRow[] {
  // Without a close, the first unanswered segment decides; the last sign of life stands before it.
  const decidingAtEnd = verdict.evidence[1]?.frame ?? verdict.evidence[0]?.frame
  const deciding = facts.close.first?.frame ?? decidingAtEnd
  const frames = new Set(verdict.evidence.map((each) => each.frame))
  return rows.map((row) => {
    const holds = (frame: number): boolean => row.frame === frame || row.lastFrame === frame
    if (deciding !== undefined && holds(deciding)) return { ...row, part: 'deciding' }
    return [...frames].some(holds) ? { ...row, part: 'evidence' } : row
  })
}

/** The row with its frames as they are numbered in their files. */
function placed(row: LadderRow, at: (number: number) => FramePlace): LadderRow {
  const [first, last] = [at(row.frame), at(row.lastFrame)]
  const [crossed, answered] = [row.crosses, row.answers ?? null].map((number) =>
    number === null ? null : at(number),
  )
  return {
    ...row,
    ...first,
    lastFrame: last.frame,
    ...(last.capture !== undefined && { lastCapture: last.capture }),
    ...(crossed && { crosses: crossed.frame }),
    ...(crossed?.capture !== undefined && { crossesCapture: crossed.capture }),
    ...(answered && { answers: answered.frame }),
    ...(answered?.capture !== undefined && { answersCapture: answered.capture }),
  }
}
