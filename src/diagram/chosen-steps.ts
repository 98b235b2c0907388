import type { FlowReport } from '../result.js'
import { legWindow, type LegWindow } from './leg-window.js'
import { carriesData, SHORTEST_SILENCE, type Step } from './steps.js'
import { isPlainAck } from './words.js'

/** Rows above which acknowledgements that say nothing else are not drawn. */
const CALM_ROWS = 16
/** A ladder that has to leave out rows leaves out all that do not matter and stays this short. */
const SHORT_ROWS = 24
/** From this score on a step is part of the explanation, below it is company. */
const MATTERS = 70
/** Acknowledgements this soon after the last byte do not shorten a silence. */
const ACK_TAIL = 0.5

/** What stands in one row of the ladder. */
export type Item =
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'silence'; readonly seconds: number; readonly afterData: boolean; readonly next: Step }
  | {
      readonly kind: 'omitted'
      readonly steps: readonly Step[]
      readonly unseen: number
      readonly seconds: number
    }

/** The rows of a picture and what was left out without a row. */
export interface Choice {
  readonly items: readonly Item[]
  readonly bareAcks: number
}

/** Chooses what is drawn: everything when there is room, else what matters for the verdict, with a row that says what is missing. */
export function chooseSteps(all: readonly Step[], focus: FlowReport, maxRows: number): Choice {
  const windows = new Map(all.map((step) => [step.leg, legWindow(step.leg, focus)]))
  const belongs = (step: Step) => {
    const window = windows.get(step.leg) as LegWindow
    return step.lastTime >= window.from && step.time < window.to
  }
  const everything = arrange(all, (i) => belongs(all[i] as Step))
  if (everything.length <= Math.min(maxRows, CALM_ROWS)) return { items: everything, bareAcks: 0 }
  const steps = all.filter((step, i) => !isPlainAck(step) || !isCalm(all, i))
  const bareAcks = all.length - steps.length
  const calm = arrange(steps, (i) => belongs(steps[i] as Step))
  if (calm.length <= maxRows) return { items: calm, bareAcks }
  const scores = scoresOf(steps, focus)
  const own = steps.flatMap((step, i) => (belongs(step) ? [i] : []))
  const order = own.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
  for (let kept = Math.min(order.length, maxRows); kept > 0; kept--) {
    const shown = new Set(order.slice(0, kept))
    const items = arrange(steps, (i) => shown.has(i))
    const least = scores[order[kept - 1] as number] as number
    const isShort = items.length <= maxRows && (items.length <= SHORT_ROWS || least >= MATTERS)
    if (isShort || kept === 1) return { items, bareAcks }
  }
  return { items: [], bareAcks }
}

/** An acknowledgement that neither ends nor begins a silence. */
function isCalm(steps: readonly Step[], i: number): boolean {
  const before = steps[i - 1]
  const after = steps[i + 1]
  const step = steps[i] as Step
  if (before === undefined || step.time - before.lastTime >= SHORTEST_SILENCE) return false
  // The last row of a flow tells how long it was seen to live.
  return after !== undefined
}

/** Index of the step on which the verdict turns. */
export function decidingIndex(steps: readonly Step[], focus: FlowReport): number {
  const own = (step: Step) => step.leg.flow === focus
  const close = focus.close.first?.frame ?? -1
  const found = steps.findIndex((step) => own(step) && holdsFrame(step, close))
  if (found >= 0) return found
  const marked = steps.findIndex((step) => own(step) && step.first.part === 'deciding')
  return marked >= 0 ? marked : steps.length - 1
}

/** Whether one of the step's own ladder rows stands for this frame. */
export function holdsFrame(step: Step, frame: number): boolean {
  return step.rows.some((row) => row.frame <= frame && frame <= row.lastFrame)
}

/** How much each step matters: the close and its proof first, then the last exchange, the beginning, and what is near the close. */
function scoresOf(steps: readonly Step[], focus: FlowReport): number[] {
  const deciding = decidingIndex(steps, focus)
  const evidence = new Set(focus.verdict.evidence.map((each) => each.frame))
  const crossed = new Set(steps.map((step) => step.first.crosses).filter((frame) => frame !== null))
  const lastExchange = lastMessages(steps, deciding)
  return steps.map((step, i) => {
    const { first } = step
    const own = step.leg.flow === focus
    const distance = i < deciding ? (deciding - i) * 0.5 : i - deciding
    let score = Math.max(i < deciding ? 50 : 60, i < 4 ? 54 : 0) - Math.min(distance, 40)
    if (isPlainAck(step)) score -= 30
    if (first.status !== null && first.status >= 400) score = Math.max(score, 72 - distance)
    if (lastExchange.has(i)) score = 76
    if (step.kind === 'handshake' || (first.flags.startsWith('S') && i < 2)) score = 78
    if (/[FR]/.test(first.flags)) score = Math.max(score, 80 - Math.min(distance, 30) / 2)
    if (i === steps.length - 1) score = Math.max(score, 82)
    if (own && (first.part === 'evidence' || evidence.has(first.frame)))
      score = 90 - Math.min(distance, 40) / 10
    if (own && crossed.has(first.frame)) score = 99
    if (own && (first.part === 'deciding' || first.crosses !== null))
      score = 100 - Math.min(distance, 40) / 10
    return i === deciding ? 110 : score
  })
}

/** The last request and response of each leg before the close, and the last byte of any kind. */
function lastMessages(steps: readonly Step[], deciding: number): Set<number> {
  const found = new Map<string, number>()
  steps.slice(0, deciding).forEach((step, i) => {
    if (!carriesData(step.first)) return
    found.set(`${step.leg.flow.stream} ${step.first.message ?? step.first.from}`, i)
    found.set(`${step.leg.flow.stream} last`, i)
  })
  return new Set(found.values())
}

/** Puts silences and left-out rows between the shown steps. */
function arrange(steps: readonly Step[], isShown: (index: number) => boolean): Item[] {
  const items: Item[] = []
  const unsure = unsureGaps(steps)
  let until = steps[0]?.time ?? 0
  let missing: Step[] = []
  let unseen = 0
  let since = until
  const flush = (now: number) => {
    const [only] = missing
    if (missing.length === 1 && unseen === 0) items.push({ kind: 'step', step: only as Step })
    else if (missing.length + unseen > 0) {
      items.push({ kind: 'omitted', steps: missing, unseen, seconds: now - since })
    }
    missing = []
    unseen = 0
  }
  steps.forEach((step, i) => {
    const gap = step.time - until
    if (gap >= SHORTEST_SILENCE && !unsure.has(i) && (isShown(i) || isShown(i - 1))) {
      flush(until)
      items.push(silence(steps, i, gap))
    }
    if (missing.length + unseen === 0) since = until
    until = Math.max(until, step.lastTime)
    unseen += step.omittedBefore
    if (isShown(i)) {
      flush(step.time)
      items.push({ kind: 'step', step })
      since = until
    } else missing.push(step)
    unseen += step.omittedAfter
  })
  flush(until)
  return items
}

/** Steps before which rows of some flow are missing: a pause there is not known to be a silence. */
function unsureGaps(steps: readonly Step[]): Set<number> {
  const unsure = new Set<number>()
  steps.forEach((step, i) => {
    if (step.omittedBefore === 0) return
    for (let k = i; k >= 0 && (k === i || (steps[k] as Step).leg.flow !== step.leg.flow); k--) unsure.add(k)
  })
  return unsure
}

/** A silence before step `i`: counted from the last byte when only its acknowledgement came after it. */
function silence(steps: readonly Step[], i: number, gap: number): Item {
  const next = steps[i] as Step
  const until = next.time - gap
  for (let k = i - 1; k >= 0; k--) {
    const before = steps[k] as Step
    if (until - before.lastTime > ACK_TAIL) break
    if (carriesData(before.first) && before.kind === 'segments') {
      return { kind: 'silence', seconds: next.time - lastDataTime(before), afterData: true, next }
    }
    if (!isPlainAck(before)) break
  }
  return { kind: 'silence', seconds: gap, afterData: false, next }
}

/** When the last new byte of a step was seen. */
export function lastDataTime(step: Step): number {
  return Math.max(step.time, ...step.rows.filter(carriesData).map((row) => row.lastTime))
}
