import type { FlowReport } from '../result.js'
import type { Item } from './items.js'
import { filesOf, framesOf } from './files.js'
import { inertText } from './inert-text.js'
import { hostName, type Leg, type Legs } from './legs.js'
import { crossedFrame, type Step } from './steps.js'
import { silenceRow } from './silence-row.js'
import type { ArrowRow, OmittedRow, StoryOptions, StoryRow } from './story.js'
import { counted, decimalsFor, duration } from './units.js'
import { isForged, type LegNames } from './labels.js'
import { crossings, longSilences, SHORTEST_SILENCE } from './policy.js'
import { lookOf } from './words.js'

/** The chosen items as rows with words, clocks and lifelines. */
export function ladderRows(
  items: readonly Item[],
  legs: Legs,
  focus: FlowReport,
  options: StoryOptions,
): StoryRow[] {
  const shown = items.flatMap((item) => (item.kind === 'step' ? [item.step] : []))
  const start = shown[0]?.time ?? 0
  const decimals = decimalsFor(shown.map((step) => step.time - start))
  const manyFiles = filesOf(legs.legs.map((leg) => leg.flow)).length > 1
  const longest = longestSilences(items)
  const own = legs.legs.find((each) => each.flow === focus) as Leg
  const rows: StoryRow[] = []
  const begun = new Set<number>()
  for (const item of items) {
    if (item.kind === 'omitted') rows.push(omittedRow(item))
    else if (item.kind === 'silence') {
      rows.push(silenceRow(items, item, own, longest.has(item)))
    } else {
      const { leg } = item.step
      const note = leg.retry && !begun.has(leg.flow.stream) ? `flow ${leg.flow.stream}: ` : ''
      begun.add(leg.flow.stream)
      const clock = (time: number) => (time - start).toFixed(decimals)
      const row = arrowRow(item.step, legs, clock, crossingOf(item.step, rows), manyFiles, options)
      const label = inContext(row, rows)
      rows.push({ ...row, label: `${note}${label}` })
    }
  }
  return rows
}

/** A label in the light of the rows before it: a window that stays shut, and the probes that ask for it. */
function inContext(row: ArrowRow, rows: readonly StoryRow[]): string {
  const latest = (from: number): ArrowRow | undefined =>
    rows.findLast(
      (each): each is ArrowRow => each.kind === 'arrow' && each.stream === row.stream && each.from === from,
    )
  if (row.head === 'bar' && latest(row.from)?.head === 'bar') {
    return row.label.replace('window 0: not reading', 'window still 0')
  }
  // Linux asks a receiver without room with the same segment as a peer that may be gone.
  if (row.line === 'dotted' && latest(row.to)?.head === 'bar') {
    return row.label.replace('keep-alive probe', 'window probe')
  }
  return row.label
}

/** The longest silences, unless one dwarfs the others; of equal ones the last, which is nearest to the end. */
function longestSilences(items: readonly Item[]): ReadonlySet<Item> {
  const silences = items.flatMap((item, index) => (item.kind === 'silence' ? [{ item, index }] : []))
  silences.sort((a, b) => b.item.seconds - a.item.seconds || b.index - a.index)
  const least = longSilences.share * (silences[0]?.item.seconds ?? 0)
  return new Set(
    silences.slice(0, longSilences.most).flatMap(({ item }) => (item.seconds >= least ? [item] : [])),
  )
}

/**
 * The row of the segment that this step crossed on its way, when an X can be drawn: near enough, and nothing else
 * between the same two hosts in between that the slanted lines would run through.
 */
function crossingOf(step: Step, rows: readonly StoryRow[]): number | null {
  const crosses = crossedFrame(step.first)
  if (crosses === null) return null
  const { leg } = step
  const at = rows.findIndex(
    (row) =>
      row.kind === 'arrow' &&
      row.stream === leg.flow.stream &&
      row.from === (step.first.from === 'client' ? leg.server : leg.client) &&
      row.frame <= crosses &&
      crosses <= row.lastFrame &&
      row.crosses === null &&
      step.time - row.lastTime < crossings.widest,
  )
  const isClear = rows
    .slice(at + 1)
    .every((row) => row.kind === 'arrow' && (row.crosses === at || Math.min(row.from, row.to) !== leg.client))
  const others = rows.filter((row) => row.kind === 'arrow' && row.crosses === at).length
  return at >= 0 && isClear && others < crossings.most ? at : null
}

function arrowRow(
  step: Step,
  legs: Legs,
  clock: (time: number) => string,
  crosses: number | null,
  manyFiles: boolean,
  options: StoryOptions,
): ArrowRow {
  const { leg, first } = step
  const names: LegNames = {
    client: hostName(legs, leg.client),
    server: hostName(legs, leg.server),
    manyFiles,
  }
  const look = lookOf(step, names)
  const outward = first.from === 'client'
  const numbers = options.sequenceNumbers === true ? `  ${sequenceNumbers(step)}` : ''
  return {
    kind: 'arrow',
    stream: leg.flow.stream,
    time: step.time,
    lastTime: step.lastTime,
    clock: clock(step.time),
    untilClock: step.lastTime - step.time >= SHORTEST_SILENCE ? clock(step.lastTime) : null,
    from: outward ? leg.client : leg.server,
    to: outward ? leg.server : leg.client,
    ink: look.ink,
    head: look.head,
    line: look.line,
    strong: look.strong,
    fromBetween:
      isForged(step) || (first.icmpFrom !== undefined && first.icmpFrom !== leg.flow[first.from].ip),
    label: `${look.label}${numbers}`,
    size: look.size,
    frames: framesOf(step, manyFiles),
    frame: step.frame,
    lastFrame: step.lastFrame,
    detail: detailOf(step),
    part: first.part,
    crosses,
  }
}

function sequenceNumbers(step: Step): string {
  const { seq, ack } = step.first
  return [seq === null ? '' : `seq ${seq}`, ack === null ? '' : `ack ${ack}`]
    .filter((part) => part !== '')
    .join(' ')
}

function detailOf(step: Step): string {
  const { first } = step
  const marks = first.marks.length > 0 ? ` · ${first.marks.join(', ')}` : ''
  const span = step.lastTime > step.time ? ` over ${duration(step.lastTime - step.time)}` : ''
  const size =
    step.payloadBytes > 0 ? ` · ${counted(step.segments, 'segment')}, ${step.payloadBytes} bytes${span}` : ''
  const numbers = sequenceNumbers(step)
  return inertText(
    `flow ${step.leg.flow.stream}${first.flags === '' ? '' : ` · flags ${first.flags}`}${numbers === '' ? '' : ` · ${numbers}`}${size}${marks}`,
  )
}

function omittedRow(item: Extract<Item, { kind: 'omitted' }>): OmittedRow {
  const rows = item.steps.length + item.unseen
  const inside = (test: (step: Step) => boolean) => item.steps.filter(test).length
  const parts = [
    [inside((step) => step.first.message === 'request'), 'request'],
    [inside((step) => step.first.marks.some((mark) => mark.includes('retransmission'))), 'retransmission'],
    [inside((step) => step.first.marks.includes('keep_alive')), 'keep-alive probe'],
  ] as const
  const known = parts.filter(([amount]) => amount > 0).map(([amount, noun]) => counted(amount, noun))
  const within = item.seconds > 0 ? [duration(item.seconds)] : []
  return {
    kind: 'omitted',
    rows,
    label: [`${counted(rows, 'row')} left out`, ...known, ...within].join(' · '),
  }
}
