/** ICMP errors about a connection as rows of its ladder: they are no segments of it, and a SYN may have no other answer. */
import type { FlowFacts, IcmpErrorFact } from '../facts/flow-facts.js'
import { otherSide } from '../facts/flow-facts.js'
import type { LadderRow } from '../result.js'

type Gaps = readonly { readonly before: number; readonly rows: number }[]

/** The ladder with these rows in their places, and its gaps where they are then. `startNs` is the time that counts as 0. */
export function withIcmpErrors(
  ladder: readonly LadderRow[],
  gaps: Gaps,
  { icmpErrors, stream }: Pick<FlowFacts, 'icmpErrors' | 'stream'>,
  startNs: number,
): { ladder: readonly LadderRow[]; ladderGaps: Gaps } {
  if (icmpErrors.length === 0 || ladder.length === 0) return { ladder, ladderGaps: gaps }
  const rows = [...ladder]
  let ladderGaps = gaps
  for (const error of icmpErrors) {
    const row = rowOf(error, stream, startNs)
    const after = rows.findIndex(({ time }) => time > row.time)
    const at = after === -1 ? rows.length : after
    rows.splice(at, 0, row)
    ladderGaps = ladderGaps.map((gap) => (gap.before > at ? { ...gap, before: gap.before + 1 } : gap))
  }
  return { ladder: rows, ladderGaps }
}

function rowOf(
  { kind, to, frame, ns, from, mtu, count }: IcmpErrorFact,
  stream: number,
  startNs: number,
): LadderRow {
  const time = (ns - startNs) / 1e9
  const size = mtu === null ? '' : `, at most ${mtu} bytes`
  const often = count === 1 ? '' : `, first of ${count}`
  return {
    stream,
    frame,
    lastFrame: frame,
    time,
    lastTime: time,
    from: otherSide(to),
    icmpFrom: from,
    flags: '',
    seq: null,
    ack: null,
    segments: 0,
    payloadBytes: 0,
    label: `ICMP ${kind}${size}${often}`,
    message: null,
    status: null,
    marks: [],
    crosses: null,
    part: null,
  }
}
