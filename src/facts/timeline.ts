import type { Exchange } from '../exchange/exchange.js'
import { ACK, FIN, PSH, RST, SYN } from '../decode/segments.js'
import type { FlowStore } from '../flow/flow-store.js'
import {
  MARK_KEEP_ALIVE,
  MARK_LOST_SEGMENT,
  MARK_OUT_OF_ORDER,
  MARK_RETRANSMISSION,
  MARK_ZERO_WINDOW,
  MARK_ZERO_WINDOW_PROBE,
  ROW_SIDE,
} from '../flow/ladder.js'
import { seqDelta } from '../flow/sequence.js'
import type { LadderRow, Side } from '../result.js'
import type { FlowFacts } from './flow-facts.js'

/** Texts for the rows where messages begin; the exchange floor writes them, already masked. */
export interface MessageLabels {
  readonly request: (exchange: Exchange) => string
  readonly response: (exchange: Exchange) => string
}

const MARK_WORDS: readonly (readonly [number, string])[] = [
  [MARK_RETRANSMISSION, 'retransmission'],
  [MARK_KEEP_ALIVE, 'keep_alive'],
  [MARK_ZERO_WINDOW, 'zero_window'],
  [MARK_ZERO_WINDOW_PROBE, 'zero_window_probe'],
  [MARK_OUT_OF_ORDER, 'out_of_order'],
  [MARK_LOST_SEGMENT, 'lost_segment'],
]

interface Begin {
  readonly label: string
  readonly message: 'request' | 'response'
  readonly status: number | null
}

/** The ladder of a flow as rows of the Result; `startNs` is the time that counts as 0. */
export function timelineOf(
  store: FlowStore,
  facts: FlowFacts,
  labels: MessageLabels,
  startNs: number,
): LadderRow[] {
  const { ladder } = store
  const begins = beginnings(facts, labels)
  const bases = [baseOf(store, facts, 0), baseOf(store, facts, 1)]
  const rows: LadderRow[] = []
  for (const at of ladder.rowsOf(facts.row)) {
    const meta = ladder.rows.meta(at)
    const index = meta & ROW_SIDE ? 1 : 0
    const from: Side = index === facts.clientIndex ? 'client' : 'server'
    const begin = begins.get(ladder.rows.frame(at))
    const mine = begin !== undefined && (begin.message === 'request') === (from === 'client') ? begin : null
    rows.push({
      stream: facts.stream,
      frame: ladder.rows.frame(at),
      lastFrame: ladder.rows.lastFrame(at),
      time: (ladder.rows.timeNs(at) - startNs) / 1e9,
      lastTime: (ladder.rows.lastNs(at) - startNs) / 1e9,
      from,
      flags: flagsText(meta),
      seq: seqDelta(ladder.rows.seq(at), bases[index]),
      ack: meta & ACK ? seqDelta(ladder.rows.ack(at), bases[1 - index]) : null,
      segments: ladder.rows.segments(at),
      payloadBytes: ladder.rows.payload(at),
      label: mine?.label ?? null,
      message: mine?.message ?? null,
      status: mine?.status ?? null,
      marks: MARK_WORDS.filter(([bit]) => meta & bit).map(([, word]) => word),
      crosses: null,
      part: null,
    })
  }
  return withAnswers(withCrossings(rows), facts)
}

function baseOf(store: FlowStore, facts: FlowFacts, index: 0 | 1): number {
  return store.sides.baseSeq[facts.row * 2 + index]
}

/** Flags as tcpdump writes them. */
function flagsText(meta: number): string {
  const letters = `${meta & FIN ? 'F' : ''}${meta & SYN ? 'S' : ''}${meta & RST ? 'R' : ''}${meta & PSH ? 'P' : ''}`
  return `${letters}${meta & ACK ? '.' : ''}`
}

function beginnings(facts: FlowFacts, labels: MessageLabels): Map<number, Begin> {
  const begins = new Map<number, Begin>()
  for (const exchange of facts.conversation?.exchanges ?? []) {
    const { requestStart, responseStart } = exchange
    if (requestStart !== null && exchange.method !== null) {
      begins.set(requestStart.frame, { label: labels.request(exchange), message: 'request', status: null })
    }
    if (responseStart !== null && exchange.status !== null) {
      begins.set(responseStart.frame, {
        label: labels.response(exchange),
        message: 'response',
        status: exchange.status,
      })
    }
  }
  for (const orphan of facts.conversation?.orphans ?? []) {
    begins.set(orphan.start.frame, {
      label: labels.response(orphan.response),
      message: 'response',
      status: orphan.status,
    })
  }
  return begins
}

/** Marks the segments that had not seen an earlier one of the other side: the two crossed on the wire. */
function withCrossings(rows: readonly LadderRow[]): LadderRow[] {
  const sent: Record<Side, LadderRow[]> = { client: [], server: [] }
  return rows.map((row) => {
    const other = sent[row.from === 'client' ? 'server' : 'client']
    sent[row.from].push(row)
    const speaks = row.payloadBytes > 0 || row.flags.includes('F')
    if (!speaks || row.ack === null || row.flags.includes('R')) return row
    const ack = row.ack
    const missed = other.find(
      (one) =>
        one.seq !== null &&
        occupies(one) &&
        one.seq + one.payloadBytes > ack - (one.flags.includes('F') ? 1 : 0) &&
        row.time - one.time < 0.5,
    )
    return missed === undefined || missed.marks.length > 0 ? row : { ...row, crosses: missed.frame }
  })
}

function occupies(row: LadderRow): boolean {
  return row.segments === 1 && (row.payloadBytes > 0 || row.flags.includes('F'))
}

/**
 * Names the frame that provoked each RST without ACK: it carries the ACK number of what it answers. That segment called for an
 * answer (data or FIN), came earlier, and the RST's side had not acknowledged it. Each provokes one RST; none where no row fits.
 */
function withAnswers(rows: readonly LadderRow[], facts: FlowFacts): LadderRow[] {
  const taken = new Set<number>()
  return rows.map((row, index) => {
    if (!row.flags.includes('R') || row.segments > 1) return row
    const known = facts.sides[row.from].rst
    const answers =
      known?.frame === row.frame && known.triggerFrame !== null
        ? known.triggerFrame
        : provokedBy(rows.slice(0, index), row, taken)
    if (answers !== null) taken.add(answers)
    return answers === null ? row : { ...row, answers }
  })
}

function provokedBy(before: readonly LadderRow[], rst: LadderRow, taken: ReadonlySet<number>): number | null {
  // With ACK it is no answer to a segment of a connection that is unknown.
  if (rst.flags.includes('.') || rst.seq === null) return null
  const acked = Math.max(0, ...before.map((row) => (row.from === rst.from ? (row.ack ?? 0) : 0)))
  const found = before.find(
    (row) =>
      row.from !== rst.from &&
      row.ack === rst.seq &&
      row.seq !== null &&
      occupies(row) &&
      row.seq + row.payloadBytes + (row.flags.includes('F') ? 1 : 0) > acked &&
      !taken.has(row.frame),
  )
  return found?.frame ?? null
}
