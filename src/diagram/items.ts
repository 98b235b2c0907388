import { ACK_TAIL, SHORTEST_SILENCE } from './policy.js'
import { carriesData, type Step } from './steps.js'
import { isPlainAck } from './words.js'

/** What stands in one row of the ladder. */
export type Item =
  | { readonly kind: 'step'; readonly step: Step }
  | {
      readonly kind: 'silence'
      readonly seconds: number
      readonly afterData: boolean
      readonly last: Step | null
      readonly next: Step
    }
  | {
      readonly kind: 'omitted'
      readonly steps: readonly Step[]
      readonly unseen: number
      readonly seconds: number
    }

/** Puts silences and left-out rows between the shown steps. */
export function arrange(
  steps: readonly Step[],
  belongs: (step: Step) => boolean,
  isShown: (index: number) => boolean,
): Item[] {
  const items: Item[] = []
  const unsure = unsureGaps(steps)
  let until = steps[0]?.time ?? 0
  let missing: Step[] = []
  let unseen = 0
  let since = until
  const flush = (now: number) => {
    const [only] = missing
    // A row that says that one row is missing could as well be that row.
    const spare = missing.length === 1 && unseen === 0 && only !== undefined && belongs(only)
    if (spare) items.push({ kind: 'step', step: only })
    else if (missing.length + unseen > 0) {
      items.push({ kind: 'omitted', steps: missing, unseen, seconds: now - since })
    }
    missing = []
    unseen = 0
  }
  const first = steps.findIndex((_, i) => isShown(i))
  const last = steps.findLastIndex((_, i) => isShown(i))
  steps.forEach((step, i) => {
    const gap = step.time - until
    const isSeen = i > first && i <= last && (isShown(i) || isShown(i - 1))
    if (gap >= SHORTEST_SILENCE && !unsure.has(i) && isSeen) {
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
      return {
        kind: 'silence',
        seconds: next.time - lastDataTime(before),
        afterData: true,
        last: before,
        next,
      }
    }
    if (!isPlainAck(before)) break
  }
  return { kind: 'silence', seconds: gap, afterData: false, last: null, next }
}

/** When the last new byte of a step was seen. */
export function lastDataTime(step: Step): number {
  return Math.max(step.time, ...step.rows.filter(carriesData).map((row) => row.lastTime))
}
