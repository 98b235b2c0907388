import type { FlowReport } from '../result.js'
import { legWindow, type LegWindow } from './leg-window.js'
import { carriesData, crossedFrame, type Step } from './steps.js'
import { arrange, type Item } from './items.js'
import { CALM_ROWS, SHORTEST_SILENCE, SHORT_ROWS, stepScores } from './policy.js'
import { isPlainAck } from './words.js'

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
  const inWay = acksInTheWay(all)
  const clear = all.filter((step) => !inWay.has(step))
  const everything = arrange(clear, belongs, (i) => belongs(clear[i] as Step))
  if (everything.length <= Math.min(maxRows, CALM_ROWS)) return { items: everything, bareAcks: inWay.size }
  const steps = clear.filter((step, i) => !isPlainAck(step) || !isCalm(clear, i))
  const bareAcks = all.length - steps.length
  const calm = arrange(steps, belongs, (i) => belongs(steps[i] as Step))
  if (calm.length <= maxRows) return { items: calm, bareAcks }
  const scores = scoresOf(steps, focus)
  const own = steps.flatMap((step, i) => (belongs(step) ? [i] : []))
  const order = own.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
  for (let kept = Math.min(order.length, maxRows); kept > 0; kept--) {
    const shown = new Set(order.slice(0, kept))
    const items = arrange(steps, belongs, (i) => shown.has(i))
    const least = scores[order[kept - 1] as number] as number
    const isShort = items.length <= maxRows && (items.length <= SHORT_ROWS || least >= stepScores.matters)
    if (isShort || kept === 1) return { items, bareAcks }
  }
  return { items: [], bareAcks }
}

/** Acknowledgements between two segments that crossed: where the lines slant they could not be read. */
function acksInTheWay(steps: readonly Step[]): ReadonlySet<Step> {
  const inWay = new Set<Step>()
  steps.forEach((step, i) => {
    const crossed = crossedFrame(step.first)
    if (crossed === null) return
    const between: Step[] = []
    for (let k = i - 1; k >= 0; k--) {
      const before = steps[k] as Step
      if (before.leg !== step.leg) continue
      if (holdsFrame(before, crossed)) {
        for (const each of between) inWay.add(each)
        return
      }
      if (isPlainAck(before)) between.push(before)
    }
  })
  return inWay
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
function decidingIndex(steps: readonly Step[], focus: FlowReport): number {
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
  const crossed = new Set(steps.map((step) => crossedFrame(step.first)).filter((frame) => frame !== null))
  const lastExchange = lastMessages(steps, deciding)
  const silence = longestSilence(steps, deciding)
  return steps.map((step, i) => {
    const { first } = step
    const own = step.leg.flow === focus
    const distance = i < deciding ? (deciding - i) * stepScores.beforeShare : i - deciding
    const tie = Math.min(distance, stepScores.farthest) * stepScores.provenShare
    const begins = i < stepScores.beginningSteps ? stepScores.beginning : 0
    let score = Math.max(i < deciding ? stepScores.before : stepScores.after, begins)
    score -= Math.min(distance, stepScores.farthest)
    if (isPlainAck(step)) score -= stepScores.plainAck
    if (first.status !== null && first.status >= 400) score = Math.max(score, stepScores.error - distance)
    if (lastExchange.has(i)) score = stepScores.lastExchange
    if (i === silence || i === silence - 1) score = Math.max(score, stepScores.silence)
    if (first.icmpFrom !== undefined) score = Math.max(score, stepScores.icmp)
    if (step.kind === 'handshake' || (first.flags.startsWith('S') && i < 2)) score = stepScores.handshake
    if (/[FR]/.test(first.flags))
      score = Math.max(
        score,
        stepScores.close - Math.min(distance, stepScores.farthestClose) * stepScores.closeShare,
      )
    if (i === steps.length - 1) score = Math.max(score, stepScores.last)
    if (own && (first.part === 'evidence' || evidence.has(first.frame))) score = stepScores.evidence - tie
    if (own && crossed.has(first.frame)) score = stepScores.crossed
    if (own && (first.part === 'deciding' || crossedFrame(first) !== null)) score = stepScores.crossing - tie
    return i === deciding ? stepScores.deciding : score
  })
}

/** The step that ended the longest silence up to the close; −1: there was none. */
function longestSilence(steps: readonly Step[], deciding: number): number {
  let longest = SHORTEST_SILENCE
  let found = -1
  let until = steps[0]?.time ?? 0
  steps.slice(0, deciding + 1).forEach((step, i) => {
    if (step.time - until >= longest) {
      longest = step.time - until
      found = i
    }
    until = Math.max(until, step.lastTime)
  })
  return found
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
