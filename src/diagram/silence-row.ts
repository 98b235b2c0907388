import { holdsFrame } from './chosen-steps.js'
import { lastDataTime, type Item } from './items.js'
import type { Leg } from './legs.js'
import { SAME_MOMENT } from './policy.js'
import { carriesData, crossedFrame, type Step } from './steps.js'
import type { SilenceRow } from './story.js'
import { duration } from './units.js'
import { isPlainAck } from './words.js'

type Silence = Extract<Item, { kind: 'silence' }>

/** How long nothing was said, and by which leg. `own`: the leg whose verdict is told. */
export function silenceRow(items: readonly Item[], item: Silence, own: Leg, isLong: boolean): SilenceRow {
  const { flow } = own
  const betweenRequests = flow.verdict.class === 'keepalive-race' || flow.close.phase === 'between-requests'
  const closed = closedSilence(items, item, own)
  const last = closed?.last ?? item.last
  // While a request waits for its response nobody is idle, however the flow ended later.
  const idle = betweenRequests && last?.first.message !== 'request'
  const isProbe = /keep_alive|probe|retransmission/.test(item.next.first.marks.join())
  const afterData = item.afterData || closed !== null
  const what = !afterData || isProbe ? 'without a packet' : idle ? 'idle' : 'without a byte'
  // An idle time is about the connection that idled, any other pause about the one that ended it.
  const endsIt = Math.abs(item.next.time - (flow.close.first?.time ?? -Infinity)) < SAME_MOMENT
  const leg = idle || endsIt ? own : item.next.leg
  const seconds = closed?.seconds ?? item.seconds
  return {
    kind: 'silence',
    seconds,
    label: `${duration(seconds)} ${what}`,
    shortLabel: duration(seconds),
    size: isLong ? 'long' : 'short',
    from: leg.client,
    to: leg.server,
  }
}

/**
 * The silence of the leg that is told, from its last byte to its close, where those are what stands around the row: another leg speaks a
 * few milliseconds before or after, and the sentence above the picture says how long this one was silent. null: the row is about another
 * silence.
 */
function closedSilence(
  items: readonly Item[],
  item: Silence,
  own: Leg,
): { readonly last: Step; readonly seconds: number } | null {
  const close = own.flow.close.first
  const at = items.indexOf(item)
  if (close === null || !endsWith(items.slice(at + 1), own, close.frame)) return null
  const last = lastOf(items.slice(0, at), own)
  if (last === null) return null
  const from = lastDataTime(last)
  const near = (a: number, b: number): boolean => Math.abs(a - b) < SAME_MOMENT
  return near(close.time, item.next.time) && near(from, item.next.time - item.seconds)
    ? { last, seconds: close.time - from }
    : null
}

/** The leg's next step is its close, or crosses it on the way. */
function endsWith(after: readonly Item[], own: Leg, close: number): boolean {
  const steps = after.flatMap((each) => (each.kind === 'step' && each.step.leg === own ? [each.step] : []))
  const end = steps.findIndex((step) => holdsFrame(step, close))
  const crossed = steps.slice(0, end + 1).map((step) => crossedFrame(step.first))
  const crosses = (step: Step, index: number): boolean =>
    crossed[index] !== null || crossed.some((frame) => frame !== null && holdsFrame(step, frame))
  return end >= 0 && steps.slice(0, end).every(crosses)
}

/** The step with the leg's last byte before a silence; null: something else of it stands there, or rows were left out. */
function lastOf(before: readonly Item[], own: Leg): Step | null {
  const item = before.findLast((each) => !isPassedOver(each, own))
  if (item?.kind !== 'step') return null
  return carriesData(item.step.first) && item.step.kind === 'segments' ? item.step : null
}

/** Of another leg, or an acknowledgement. */
function isPassedOver(item: Item, own: Leg): boolean {
  return item.kind === 'step' && (item.step.leg !== own || isPlainAck(item.step))
}
