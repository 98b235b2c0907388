import type { FlowReport, LadderRow } from '../result.js'
import type { Leg } from './legs.js'
import { SHORTEST_SILENCE } from './policy.js'

/** One or several ladder rows of one flow that are drawn as one arrow. */
export interface Step {
  readonly kind: 'handshake' | 'tls-handshake' | 'segments'
  readonly leg: Leg
  /** The ladder rows folded into this step, in capture order. */
  readonly rows: readonly LadderRow[]
  readonly first: LadderRow
  readonly time: number
  readonly lastTime: number
  readonly frame: number
  readonly lastFrame: number
  readonly segments: number
  readonly payloadBytes: number
  /** Ladder rows of this flow that facts had left out just before this step. */
  readonly omittedBefore: number
  /** The same just after it, at the end of the ladder. */
  readonly omittedAfter: number
}

/** Marks that do not change what a segment is in the picture. */
const SILENT_MARKS = new Set([
  'window_full',
  'duplicate_capture',
  'out_of_order',
  'lost_segment',
  'ack_lost_segment',
])

/** Marks that a reader has to see. */
export function loudMarks(row: LadderRow): readonly string[] {
  return row.marks.filter((mark) => !SILENT_MARKS.has(mark))
}

/** An acknowledgement and nothing else. */
export function isBareAck(row: LadderRow): boolean {
  return (
    row.payloadBytes === 0 &&
    !/[SFR]/.test(row.flags) &&
    loudMarks(row).every((mark) => mark === 'duplicate_ack' || mark === 'window_update') &&
    row.label === null
  )
}

/**
 * The frame that this segment had not seen, where that says something. Acknowledgements trail behind data all the time;
 * only data, a close, or a row that is evidence tells by it what its sender did not know.
 */
export function crossedFrame(row: LadderRow): number | null {
  return isBareAck(row) && row.part === null ? null : row.crosses
}

/** New payload, as opposed to probes and repeats. */
export function carriesData(row: LadderRow): boolean {
  return row.payloadBytes > 0 && !row.marks.some((mark) => /retransmission|keep_alive|probe/.test(mark))
}

/** Rows of another leg: what decided that flow's own verdict is not at stake here, only what proves the one that is told. */
function asCompany(flow: FlowReport, focus: FlowReport): LadderRow[] {
  const proof = focus.verdict.evidence.map((each) => each.frame)
  return flow.ladder.map((row) => {
    // Only the ends of a run are known to be its own: frames of other flows lie in between.
    const isProof = proof.includes(row.frame) || proof.includes(row.lastFrame)
    return { ...row, crosses: null, part: isProof ? 'evidence' : null }
  })
}

/** The steps of one flow: the handshake as one, runs of data as one. */
function stepsOf(leg: Leg, focus: FlowReport): Step[] {
  const ladder = leg.flow === focus ? leg.flow.ladder : asCompany(leg.flow, focus)
  const gaps = gapsOf(leg.flow)
  const steps: Step[] = []
  let i = 0
  while (i < ladder.length) {
    const [opened, secured] = [handshakeEnd(ladder, i), tlsHandshakeEnd(ladder, i, gaps)]
    const end = Math.max(opened, secured, runEnd(ladder, i, gaps), i + 1)
    const kind = opened > i ? 'handshake' : secured > i ? 'tls-handshake' : 'segments'
    steps.push(
      step(
        kind,
        leg,
        ladder.slice(i, end),
        gaps.get(i) ?? 0,
        end === ladder.length ? (gaps.get(end) ?? 0) : 0,
      ),
    )
    i = end
  }
  return steps
}

function step(
  kind: Step['kind'],
  leg: Leg,
  rows: readonly LadderRow[],
  omittedBefore: number,
  omittedAfter: number,
): Step {
  const first = rows[0] as LadderRow
  const own = kind === 'segments' ? rows.filter((row) => row.from === first.from) : rows
  return {
    kind,
    leg,
    rows,
    first,
    time: first.time,
    lastTime: Math.max(...rows.map((row) => row.lastTime)),
    frame: first.frame,
    lastFrame: Math.max(...own.map((row) => row.lastFrame)),
    segments: own.reduce((sum, row) => sum + row.segments, 0),
    payloadBytes: own.reduce((sum, row) => sum + row.payloadBytes, 0),
    omittedBefore,
    omittedAfter,
  }
}

/** Index after the handshake that starts at `at`; `at` when none does or when it is worth its own arrows. */
function handshakeEnd(ladder: readonly LadderRow[], at: number): number {
  const syn = ladder[at]
  const synAck = ladder[at + 1]
  const ack = ladder[at + 2]
  if (syn === undefined || synAck === undefined) return at
  const plain = (row: LadderRow) => loudMarks(row).length === 0 && row.part === null && row.segments === 1
  if (syn.flags !== 'S' || synAck.flags !== 'S.' || !plain(syn) || !plain(synAck)) return at
  if (synAck.time - syn.time >= SHORTEST_SILENCE) return at
  const complete = ack !== undefined && ack.from === syn.from && isBareAck(ack) && plain(ack)
  return complete && ack.time - syn.time < SHORTEST_SILENCE ? at + 3 : at + 2
}

/** Index after the TLS handshake of which both sides' parts are there, one without trouble; else `at`. Acknowledgements in between belong to it. */
function tlsHandshakeEnd(
  ladder: readonly LadderRow[],
  at: number,
  gaps: ReadonlyMap<number, number>,
): number {
  let end = at
  for (let i = at; i < ladder.length && (i === at || !gaps.has(i)); i++) {
    const row = ladder[i] as LadderRow
    const isPart = row.tls === 'handshake' && loudMarks(row).length === 0 && !/[SFR]/.test(row.flags)
    if (row.part !== null || !(isPart || (isBareAck(row) && i > at))) break
    if (i > at && row.time - (ladder[i - 1] as LadderRow).lastTime >= SHORTEST_SILENCE) break
    if (isPart) end = i + 1
  }
  const sides = new Set(ladder.slice(at, end).map((row) => (row.payloadBytes > 0 ? row.from : null)))
  return sides.has('client') && sides.has('server') ? end : at
}

/** Index after the run of data that starts at `at`; acknowledgements that come in between belong to it. */
function runEnd(ladder: readonly LadderRow[], at: number, gaps: ReadonlyMap<number, number>): number {
  const first = ladder[at] as LadderRow
  if (!isRunMember(first)) return at
  let end = at + 1
  let last = first.lastTime
  for (let i = at + 1; i < ladder.length && !gaps.has(i); i++) {
    const row = ladder[i] as LadderRow
    if (row.part !== null || row.time - last >= SHORTEST_SILENCE) break
    last = row.lastTime
    if (row.from !== first.from) {
      if (!isBareAck(row)) break
      continue
    }
    if (!isRunMember(row) || row.label !== null || row.message !== null || row.tls !== first.tls) break
    end = i + 1
  }
  return end
}

function isRunMember(row: LadderRow): boolean {
  return (
    carriesData(row) &&
    loudMarks(row).length === 0 &&
    !/[SFR]/.test(row.flags) &&
    crossedFrame(row) === null &&
    row.part === null
  )
}

/**
 * How many left-out rows stood before each row of a flow's ladder. When the analysis does not say, the widest step
 * in frame numbers is the place: rows that are missing take their frame numbers with them.
 */
function gapsOf(flow: FlowReport): ReadonlyMap<number, number> {
  if (flow.ladderGaps !== undefined) return new Map(flow.ladderGaps.map((gap) => [gap.before, gap.rows]))
  if (flow.ladderOmitted === 0) return new Map()
  let before = flow.ladder.length
  let widest = 0
  for (let i = 1; i < flow.ladder.length; i++) {
    const step = (flow.ladder[i] as LadderRow).frame - (flow.ladder[i - 1] as LadderRow).lastFrame
    if (step > widest) {
      widest = step
      before = i
    }
  }
  return new Map([[before, flow.ladderOmitted]])
}

/** The steps of all legs in time order; of the same moment, in frame order. */
export function mergedSteps(legs: readonly Leg[], focus: FlowReport): Step[] {
  return legs.flatMap((leg) => stepsOf(leg, focus)).sort((a, b) => a.time - b.time || a.frame - b.frame)
}
