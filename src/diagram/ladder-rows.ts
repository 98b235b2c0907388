import type { FlowReport } from '../result.js'
import { holdsFrame, lastDataTime, type Item } from './chosen-steps.js'
import { inertText } from './inert-text.js'
import type { Leg, Legs } from './legs.js'
import { carriesData, type Step } from './steps.js'
import type { ArrowRow, OmittedRow, SilenceRow, StoryOptions, StoryRow, StoryTimer } from './story.js'
import { counted, decimalsFor, duration, settingSeconds } from './units.js'
import { lookOf, type LegNames } from './words.js'

/** Crossings further apart than this are said on the label: a line that slants through a silence explains nothing. */
const WIDEST_CROSSING = 1

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
  const manyFiles = new Set(legs.legs.map((leg) => leg.flow.capture)).size > 1
  const longest = items
    .flatMap((item) => (item.kind === 'silence' ? [item.seconds] : []))
    .sort((a, b) => b - a)
  const rows: StoryRow[] = []
  for (const item of items) {
    if (item.kind === 'omitted') rows.push(omittedRow(item))
    else if (item.kind === 'silence') rows.push(silenceRow(item, focus, legs, longest))
    else {
      const clock = (item.step.time - start).toFixed(decimals)
      rows.push(arrowRow(item.step, legs, clock, crossingOf(item.step, rows), manyFiles, options))
    }
  }
  return rows
}

/** The row of the segment that this step crossed on its way, when it is near enough to be drawn. */
function crossingOf(step: Step, rows: readonly StoryRow[]): number | null {
  const { crosses } = step.first
  if (crosses === null) return null
  const at = rows.findIndex(
    (row) =>
      row.kind === 'arrow' &&
      row.stream === step.leg.flow.stream &&
      row.frame <= crosses &&
      crosses <= row.lastFrame &&
      step.time - row.lastTime < WIDEST_CROSSING,
  )
  return at < 0 || rows.slice(at).some((row) => row.kind !== 'arrow') ? null : at
}

function arrowRow(
  step: Step,
  legs: Legs,
  clock: string,
  crosses: number | null,
  manyFiles: boolean,
  options: StoryOptions,
): ArrowRow {
  const { leg, first } = step
  const names: LegNames = { client: hostName(legs, leg.client), server: hostName(legs, leg.server) }
  const look = lookOf(step, names)
  const outward = first.from === 'client'
  const numbers = options.sequenceNumbers === true ? `  ${sequenceNumbers(step)}` : ''
  return {
    kind: 'arrow',
    stream: leg.flow.stream,
    time: step.time,
    lastTime: step.lastTime,
    clock,
    from: outward ? leg.client : leg.server,
    to: outward ? leg.server : leg.client,
    ink: look.ink,
    head: look.head,
    line: look.line,
    strong: look.strong,
    label: `${look.label}${numbers}`,
    frames: framesOf(step, manyFiles),
    frame: step.frame,
    lastFrame: step.lastFrame,
    detail: detailOf(step),
    part: first.part,
    crosses,
  }
}

function hostName(legs: Legs, index: number): string {
  return (legs.hosts[index]?.name ?? '').replace(/ · .*$/, '')
}

/** `#4`, `#7–22`, and for a handshake with foreign frames in between `#1 #2 #5`; the file's number in front when there are several. */
function framesOf(step: Step, manyFiles: boolean): string {
  const file = manyFiles ? `${step.leg.flow.capture + 1}:` : ''
  if (step.frame === step.lastFrame) return `#${file}${step.frame}`
  const contiguous = step.lastFrame - step.frame === step.segments - 1
  if (step.kind === 'handshake' && !contiguous)
    return step.rows.map((row) => `#${file}${row.frame}`).join(' ')
  return `#${file}${step.frame}–${step.lastFrame}`
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
    `flow ${step.leg.flow.stream} · flags ${first.flags}${numbers === '' ? '' : ` · ${numbers}`}${size}${marks}`,
  )
}

function silenceRow(
  item: Extract<Item, { kind: 'silence' }>,
  focus: FlowReport,
  legs: Legs,
  longest: readonly number[],
): SilenceRow {
  const own = legs.legs.find((leg) => leg.flow === focus) as Leg
  const idle = focus.verdict.class === 'keepalive-race' || focus.close.phase === 'between-requests'
  const isProbe = /keep_alive|probe|retransmission/.test(item.next.first.marks.join())
  const what = !item.afterData || isProbe ? 'without a packet' : idle ? 'idle' : 'without a byte'
  // From the last byte, but a repeat or a probe ends it: then only the packets were missing.
  const matters = item.seconds >= (longest[1] ?? 0) && item.seconds >= 0.3 * (longest[0] ?? 0)
  return {
    kind: 'silence',
    seconds: item.seconds,
    label: `${duration(item.seconds)} ${what}`,
    size: matters ? 'long' : 'short',
    from: own.client,
    to: own.server,
  }
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

/** The bracket: from the byte (or handshake) that started the timer to the close that it caused. */
export function timerOf(items: readonly Item[], legs: Legs, focus: FlowReport): StoryTimer | null {
  const { timer, certainty } = focus.verdict
  const close = focus.close.first
  const own = legs.legs.find((leg) => leg.flow === focus)
  if (timer === null || close === null || own === undefined) return null
  const at = (index: number) => items[index] as Item
  const steps = items.map((item) => (item.kind === 'step' && item.step.leg === own ? item.step : null))
  const toRow = steps.findIndex((step) => step !== null && holdsFrame(step, close.frame))
  if (toRow < 0) return null
  let fromRow = -1
  let best = Infinity
  steps.slice(0, toRow).forEach((step, index) => {
    if (step === null) return
    const starts = step.kind === 'handshake' || carriesData(step.first)
    const error = Math.abs(
      close.time - (step.kind === 'handshake' ? step.lastTime : lastDataTime(step)) - timer.seconds,
    )
    // Among equally good starts the later one: a timer is set again by every byte.
    if (starts && error <= best + 0.05) {
      best = Math.min(best, error)
      fromRow = index
    }
  })
  if (fromRow < 0 || at(fromRow).kind !== 'step') return null
  const [component, ...rest] = (timer.setting ?? '').split('.')
  const setting = rest.join('.')
  const value = settingSeconds(timer.seconds)
  const lines =
    setting === ''
      ? [component === '' ? 'timer' : (component as string), value]
      : [setting, `${component as string} · ${value}`]
  if (certainty !== 'certain') lines.push(certainty)
  return { fromRow, toRow, lifeline: own.server, lines: lines.map(inertText) }
}
