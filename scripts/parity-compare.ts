/** Compares what we see in a capture with what the references say of it. */
import { COMPLETE_SYN } from '../src/flow/completeness.js'
import { MARK_BITS } from '../src/flow/marks.js'
import { connState } from '../src/flow/conn-state.js'
import { historyText } from '../src/flow/history.js'
import { KNOWN_DIFFERENCES } from './parity-differences.js'
import { endOf, type Observation } from './parity-observe.js'
import { REFERENCE_MARKS, type Fields, type FrameTruth } from './parity-truth.js'

/** One thing compared over many frames, streams or connections. */
export interface Tally {
  equal: number
  /** Set by us only, or (where there is no yes and no) different. */
  ours: number
  theirs: number
  /** Differences that the list of known differences does not explain. */
  unexplained: number
  firstOurs: string | null
  firstTheirs: string | null
}

/** Tallies by what is compared: `stream`, each mark, `close` …; they add up over captures. */
export class Tallies {
  readonly byField = new Map<string, Tally>()

  of(field: string): Tally {
    let tally = this.byField.get(field)
    if (tally === undefined) {
      tally = { equal: 0, ours: 0, theirs: 0, unexplained: 0, firstOurs: null, firstTheirs: null }
      this.byField.set(field, tally)
    }
    return tally
  }

  equal(field: string): void {
    this.of(field).equal++
  }

  /** `known`: the difference needs no entry in the list of known ones. */
  differ(
    field: string,
    who: 'ours' | 'theirs',
    name: string,
    frame: number | null,
    note: string,
    known = false,
  ): void {
    const tally = this.of(field)
    tally[who]++
    const where = `${name}${frame === null ? '' : ` frame ${frame}`}${note === '' ? '' : `: ${note}`}`
    if (who === 'ours') tally.firstOurs ??= where
    else tally.firstTheirs ??= where
    if (!known && !isKnown(field, name, frame)) tally.unexplained++
  }
}

function isKnown(field: string, name: string, frame: number | null): boolean {
  return KNOWN_DIFFERENCES.some(
    (known) =>
      name.endsWith(known.file) &&
      (known.field === null || known.field === field || field === 'all marks') &&
      (known.frames === null || (frame !== null && known.frames.includes(frame))),
  )
}

/** Streams, marks and groups of the frames. Returns our flow for each of their streams. */
export function compareFrames(
  name: string,
  truth: readonly FrameTruth[],
  seen: Observation,
  into: Tallies,
): Map<number, number> {
  const flowOf = new Map<number, number>()
  for (const frame of truth) {
    if (frame.quoted || frame.stream === null) continue
    const ours = seen.frames.get(frame.frame)
    if (ours === undefined) {
      into.differ('stream', 'theirs', name, frame.frame, 'not decoded')
      continue
    }
    if (!flowOf.has(frame.stream)) flowOf.set(frame.stream, ours.stream)
    const note = `${ours.stream}, theirs ${frame.stream}`
    if (ours.stream === frame.stream) into.equal('stream')
    else into.differ('stream', 'ours', name, frame.frame, note)
    if (flowOf.get(frame.stream) === ours.stream) into.equal('group')
    else into.differ('group', 'ours', name, frame.frame, note)
    compareMarks(name, frame, ours.marks, into)
  }
  return flowOf
}

function compareMarks(name: string, truth: FrameTruth, marks: number, into: Tallies): void {
  if (marks === truth.marks) into.equal('all marks')
  else into.differ('all marks', 'ours', name, truth.frame, '')
  for (const mark of REFERENCE_MARKS) {
    const ours = (marks & MARK_BITS[mark]) !== 0
    const theirs = (truth.marks & MARK_BITS[mark]) !== 0
    if (ours && theirs) into.equal(mark)
    else if (ours !== theirs) into.differ(mark, ours ? 'ours' : 'theirs', name, truth.frame, '')
  }
}

/** First close, SYN, SYN-ACK, and first FIN and RST of each side, of every conversation; its completeness too. */
export function compareConversations(
  name: string,
  rows: readonly Fields[],
  seen: Observation,
  flowOf: ReadonlyMap<number, number>,
  into: Tallies,
): void {
  const { flows, sides } = seen.store
  for (const row of rows) {
    const flow = flowOf.get(Number(row['tcp.stream']))
    if (flow === undefined) continue
    const check = (field: string, column: string, ours: string): void => {
      const theirs = row[column] ?? ''
      if (ours === theirs) into.equal(field)
      else into.differ(field, 'ours', name, null, `stream ${flow} ${column} ${ours}, theirs ${theirs}`)
    }
    const frame = (n: number): string => (n === 0 ? '' : String(n))
    const closed = flows.closeFrame[flow] > 0
    check('close frame', 'first_close_frame', frame(flows.closeFrame[flow]))
    check('close side', 'first_close_sender', closed ? endOf(seen, flow, flows.closeSide[flow]) : '')
    check('syn', 'first_syn_frame', frame(flows.synFrame[flow]))
    check('syn-ack', 'first_synack_frame', frame(flows.synAckFrame[flow]))
    const forward = flow * 2 + (endOf(seen, flow, 0) === row['fwd'] ? 0 : 1)
    check('fin', 'fin_fwd_first', frame(sides.finFrame[forward]))
    check('fin', 'fin_rev_first', frame(sides.finFrame[forward ^ 1]))
    check('rst', 'rst_fwd_first', frame(sides.rstFrame[forward]))
    check('rst', 'rst_rev_first', frame(sides.rstFrame[forward ^ 1]))
  }
}

/**
 * tcp.completeness of every stream. A missing SYN bit is the referee's: its FTP dissector creates the conversation of a data connection
 * when it is announced, so that the SYN does not begin it. Left out are streams of one segment and those on used ports: 4.0 does not count a stream's first
 * segment at once, and its second pass (which made the reference) forgets the SYN of a reused 4-tuple.
 */
export function compareCompleteness(
  name: string,
  truth: readonly FrameTruth[],
  seen: Observation,
  flowOf: ReadonlyMap<number, number>,
  into: Tallies,
): void {
  const last = new Map<number, { frames: number; completeness: number; reused: boolean }>()
  for (const { stream, completeness, marks, quoted } of truth) {
    if (stream === null || quoted) continue
    const before = last.get(stream)
    const reused = before?.reused === true || (marks & MARK_BITS.reused_ports) !== 0
    last.set(stream, { frames: (before?.frames ?? 0) + 1, completeness, reused })
  }
  for (const [stream, { frames, completeness, reused }] of last) {
    const flow = flowOf.get(stream)
    if (flow === undefined || frames === 1 || reused) continue
    const ours = seen.store.flows.completeness[flow]
    if (ours === completeness) into.equal('completeness')
    else {
      const note = `stream ${flow} ${ours}, theirs ${completeness}`
      into.differ('completeness', 'ours', name, null, note, (ours & ~COMPLETE_SYN) === completeness)
    }
  }
}

/** Zeek's conn_state and history. A connection that Zeek sees in several of tshark's streams counts as equal when one of them is. */
export function compareZeek(
  name: string,
  rows: readonly Fields[],
  seen: Observation,
  flowOf: ReadonlyMap<number, number>,
  into: Tallies,
): void {
  const { flows, zeekSides } = seen.store
  for (const row of rows) {
    if (row['tshark_streams'] === '') continue
    const ours = row['tshark_streams'].split(/[,|]/).map((stream) => flowOf.get(Number(stream)) ?? -1)
    const known = ours.filter((flow) => flow >= 0)
    const compare = (field: string, texts: readonly string[]): void => {
      const theirs = row[field]
      // Some baselines leave a column out.
      if (theirs === '' || known.length === 0) return
      if (texts.includes(theirs)) into.equal(field)
      else
        into.differ(
          field,
          'ours',
          name,
          null,
          `stream ${row['tshark_streams']} ${texts.join(' ')}, theirs ${theirs}`,
        )
    }
    compare(
      'conn_state',
      known.map((flow) => connState(flows, zeekSides, flow)),
    )
    compare(
      'history',
      known.map((flow) => historyText(flows, flow)),
    )
  }
}
